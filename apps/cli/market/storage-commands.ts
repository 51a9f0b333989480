import { type Command, Option } from 'commander';
import type { StorageMethod } from '#studies';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

const METHODS = ['core', 'equilibrium', 'lease'] satisfies StorageMethod[];

const HELP = `
core: what a community with shared storage pays, and an allocation nobody gains by leaving.
equilibrium: how much each firm builds; alone, coalition and allocation are capacities.
lease: storage capacity above its owners' reserve at one price.

Example:
  echo '{"members": [{"id": "A", "peak": 10, "capacity": 5}, {"id": "B", "peak": 6, "capacity": 8}],
    "pricePeak": 0.3, "priceOffPeak": 0.12}' | gridcommons market storage --method core --input - --json`;

export function registerStorageCommands(market: Command, outputOf: OutputOf): void {
  const storage = market
    .command('storage')
    .description('share storage, invest in it, lease it')
    .addOption(new Option('--method <method>', 'what of it').choices(METHODS).makeOptionMandatory())
    .addHelpText('after', HELP);
  readsFile(storage, outputOf, async ({ method }: { method: StorageMethod }) =>
    (await import('./storage.ts')).storageVerb(method),
  );
}
