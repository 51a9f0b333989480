import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import { readsFile } from '../file-verb.ts';

const HELP = `
The rules of a compliance year are data: the year's of China's power sector (2019 to 2024), or \`ruleSet\` in the input, one's own in
the same form. Gap = verified − held: a deficit above zero. With orders, deficits and surpluses meet in an order book.

Example:
  echo '{"year": 2024, "members": [{"id": "plant", "units": [{"id": "1", "class": "coal-above-300-mw",
    "outputMwh": 1000000, "heatGj": 200000, "loadFactor": 0.6, "verifiedTonnes": 830000}]}]}' |
    gridcommons carbon allowances --input - --json`;

/** `carbon allowances`: from outputs and emissions to allocations, gaps, trades and forecasts. */
export function registerAllowanceCommands(carbon: Command, outputOf: OutputOf): void {
  const allowances = carbon
    .command('allowances')
    .description('allocation, obligation and gap of a compliance year, docking of deficits and surpluses')
    .addHelpText('after', HELP);
  readsFile(allowances, outputOf, async () => (await import('./allowances.ts')).allowancesVerb);
}
