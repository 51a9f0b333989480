import { type Command, Option } from 'commander';
import { blockOrders, MECHANISMS } from '#market';
import type { OutputOf } from '../output.ts';
import { registerCommunityCommands } from './community-commands.ts';
import { registerContributionCommands } from './contribution-commands.ts';
import { registerShareCommands } from './share-commands.ts';
import { registerDeviceCommands } from './device-commands.ts';
import { registerGameCommands } from './game-commands.ts';
import { registerStorageCommands } from './storage-commands.ts';

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
  readonly report?: boolean;
}

/** `market …`: mechanisms on a book from a file, without a platform. */
export function registerMarketCommands(program: Command, outputOf: OutputOf): void {
  const market = program.command('market').description('market mechanisms on inputs from a file');
  registerCommunityCommands(market, outputOf);
  registerShareCommands(market, outputOf);
  registerContributionCommands(market, outputOf);
  registerGameCommands(market, outputOf);
  registerStorageCommands(market, outputOf);
  registerDeviceCommands(market, outputOf);
  market
    .command('clear')
    .description('clear a book of orders')
    .addOption(
      new Option('--mechanism <mechanism>', 'how it clears, see `market mechanisms`')
        .choices([...MECHANISMS, blockOrders].map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--input <file>', 'the book as JSON, - for standard input').conflicts('schema'))
    .option('--schema', 'print the JSON Schema of the input instead')
    .option('--report', 'say why prices are what they are and what a unit more is worth')
    .addHelpText('after', HELP)
    .action(async (options: ClearOptions, command: Command) => {
      if (options.input === undefined && options.schema !== true) {
        command.error("error: required option '--input <file>' not specified", {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
      const { clearInputFile, printSchema } = await import('./clear-verbs.ts');
      if (options.input === undefined) printSchema(options.mechanism, outputOf(command));
      else {
        const { mechanism, input, report = false } = options;
        await clearInputFile(mechanism, input, outputOf(command), { report });
      }
    });
  market
    .command('mechanisms')
    .description('list the mechanisms with what each promises')
    .addHelpText('after', '\nExample:\n  gridcommons market mechanisms --json')
    .action(async (_options: object, command: Command) => {
      const { listMechanisms } = await import('./mechanisms.ts');
      listMechanisms(outputOf(command));
    });
}
