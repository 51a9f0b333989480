import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import { requireFile } from './share-commands.ts';
import { STORAGE_METHODS, type StorageMethod } from './share-methods.ts';

interface StorageOptions {
  readonly method: StorageMethod;
  readonly input?: string;
  readonly schema?: boolean;
}

const HELP = `
core: what a community with shared storage pays, and an allocation nobody gains by leaving.
equilibrium: how much each firm builds; alone, coalition and allocation are capacities.
lease: storage capacity above its owners' reserve at one price.

Example:
  echo '{"members": [{"id": "A", "peak": 10, "capacity": 5}, {"id": "B", "peak": 6, "capacity": 8}],
    "pricePeak": 0.3, "priceOffPeak": 0.12}' | gridcommons market storage --method core --input - --json`;

export function registerStorageCommands(market: Command, outputOf: OutputOf): void {
  market
    .command('storage')
    .description('share storage, invest in it, lease it')
    .addOption(new Option('--method <method>', 'what of it').choices(STORAGE_METHODS).makeOptionMandatory())
    .addOption(
      new Option('--input <file>', 'members and prices as JSON, - for standard input').conflicts('schema'),
    )
    .option('--schema', 'print the JSON Schema of the input instead')
    .addHelpText('after', HELP)
    .action(async (options: StorageOptions, command: Command) => {
      requireFile(options, command);
      const { printStorageSchema, storageFile } = await import('./storage.ts');
      if (options.input === undefined) printStorageSchema(options.method, outputOf(command));
      else await storageFile(options.input, options.method, outputOf(command));
    });
}
