import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import { SHARE_METHODS, type ShareOptions } from './share-methods.ts';

const HELP = `
A game gives every coalition a value, names joined by commas in any order; costs are the game of their negatives.
core: the most central division, and whether it is in the core; least-core the same with its largest excess.

Examples:
  echo '{"players": ["A", "B"], "values": {"A": 1, "B": 2, "A,B": 4}}' |
    gridcommons market share --method nucleolus --input - --json
  echo '{"aggregatorGain": 120, "memberSavings": [{"id": "A", "saving": 10, "alpha": 1}]}' |
    gridcommons market share --method nash --input - --json`;

export function registerShareCommands(market: Command, outputOf: OutputOf): void {
  market
    .command('share')
    .description('divide what a community gains together')
    .addOption(
      new Option('--method <method>', 'how it is divided').choices(SHARE_METHODS).makeOptionMandatory(),
    )
    .addOption(new Option('--input <file>', 'the game as JSON, - for standard input').conflicts('schema'))
    .option('--schema', 'print the JSON Schema of the input instead')
    .option('--samples <orders>', 'shapley from so many random orders, with standard errors', wholeNumber)
    .option('--seed <number>', 'of the random orders', wholeNumber, 0)
    .addHelpText('after', HELP)
    .action(async (options: ShareOptions, command: Command) => {
      requireFile(options, command);
      const { printShareSchema, shareFile } = await import('./share.ts');
      if (options.input === undefined) printShareSchema(options.method, outputOf(command));
      else await shareFile(options.input, options, outputOf(command));
    });
}

/** Either a file or the schema of one. */
export function requireFile(
  { input, schema }: { readonly input?: string; readonly schema?: boolean },
  command: Command,
): void {
  if (input !== undefined || schema === true) return;
  command.error("error: required option '--input <file>' not specified", {
    code: 'commander.missingMandatoryOptionValue',
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value < 2 ** 32) return value;
  throw new InvalidArgumentError('expected a whole number below 2^32');
}
