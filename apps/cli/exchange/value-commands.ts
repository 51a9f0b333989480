import { type Command, InvalidArgumentError } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { ValueOptions } from './value.ts';

const HELP = `
One of three inputs: utilities of coalitions of players; utilities of coalitions of groups, whose members share by the card's
rule; or the sellers' data in plain, where the utility is by how much the squared error of a ridge regression on the
validation rows falls. Sellers of the same data are one class. Exact up to 12, above from random orders with standard errors.

Example:
  echo '{"players": ["A", "B"], "values": {"A": 1, "B": 2, "A,B": 4}, "amountMinor": 1000}' |
    gridcommons exchange value --input - --json`;

/** `exchange value`. */
export function registerValueCommands(program: Command, outputOf: OutputOf): void {
  const value = program
    .command('exchange')
    .description('data that change hands')
    .command('value')
    .description("what each contributor's data are worth, and its part of a payment")
    .option('--samples <orders>', 'random orders where there are too many contributors', orders, 2000)
    .option('--seed <number>', 'of the random orders', seed, 0)
    .addHelpText('after', HELP);
  readsFile(value, outputOf, async (_options: ValueOptions) => (await import('./value.ts')).valueVerb);
}

const orders = (text: string): number => whole(text, 2, 1_000_000);
const seed = (text: string): number => whole(text, 0, 2 ** 32 - 1);

function whole(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
}
