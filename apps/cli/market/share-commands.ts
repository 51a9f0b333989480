import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { ShareMethod, ShareOptions } from '#studies';
import { readsFile } from '../file-verb.ts';

const METHODS = [
  'nash',
  'barter',
  'shapley',
  'nucleolus',
  'prenucleolus',
  'per-capita-nucleolus',
  'core',
  'least-core',
  'contribution',
  'talmud',
] satisfies ShareMethod[];

const HELP = `
A game gives every coalition a value, names joined by commas in any order; costs are the game of their negatives.
core: the most central division, and whether it is in the core; least-core the same with its largest excess.

Examples:
  echo '{"players": ["A", "B"], "values": {"A": 1, "B": 2, "A,B": 4}}' |
    gridcommons market share --method nucleolus --input - --json
  echo '{"aggregatorGain": 120, "memberSavings": [{"id": "A", "saving": 10, "alpha": 1}]}' |
    gridcommons market share --method nash --input - --json`;

export function registerShareCommands(market: Command, outputOf: OutputOf): void {
  const share = market
    .command('share')
    .description('divide what a community gains together')
    .addOption(new Option('--method <method>', 'how it is divided').choices(METHODS).makeOptionMandatory())
    .option('--samples <orders>', 'shapley from so many random orders, with standard errors', wholeNumber)
    .option('--seed <number>', 'of the random orders', wholeNumber, 0)
    .addHelpText('after', HELP);
  readsFile(share, outputOf, async ({ method }: ShareOptions & { readonly method: ShareMethod }) =>
    (await import('./share.ts')).shareVerb(method),
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value < 2 ** 32) return value;
  throw new InvalidArgumentError('expected a whole number below 2^32');
}
