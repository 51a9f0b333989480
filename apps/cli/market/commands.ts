import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';

const HELP = `
Quantities are plain numbers in one unit (\`unit\`, default kWh), prices are per that unit; decimals may be strings.

Example:
  echo '{"orders": [
    {"id": "b1", "member": "north", "side": "buy", "quantity": "1.5", "price": 0.30},
    {"id": "s1", "member": "south", "side": "sell", "quantity": 2, "price": "0.10"}
  ]}' | gridcommons market clear --mechanism uniform-price --input - --json`;

interface ClearOptions {
  readonly mechanism: string;
  readonly input?: string;
  readonly schema?: boolean;
}

/** `market …`: mechanisms on a book from a file, without a platform. */
export function registerMarketCommands(program: Command, outputOf: OutputOf): void {
  program
    .command('market')
    .description('market mechanisms on inputs from a file')
    .command('clear')
    .description('clear a book of orders')
    .addOption(
      new Option('--mechanism <mechanism>', 'how it clears').choices(['uniform-price']).makeOptionMandatory(),
    )
    .addOption(new Option('--input <file>', 'the book as JSON, - for standard input').conflicts('schema'))
    .option('--schema', 'print the JSON Schema of the input instead')
    .addHelpText('after', HELP)
    .action(async (options: ClearOptions, command: Command) => {
      if (options.input === undefined && options.schema !== true) {
        command.error("error: required option '--input <file>' not specified", {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
      const { clearFile, printSchema } = await import('./clear.ts');
      if (options.input === undefined) printSchema(outputOf(command));
      else await clearFile(options.mechanism, options.input, outputOf(command));
    });
}
