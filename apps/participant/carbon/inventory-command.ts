import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { OwnInventory } from './own-inventory.ts';

const HELP = `
Computed here, from the readings in the directory, while the node does not run; nothing of it leaves. The hours' grid factors
come from the platform, so do the attributes of energy that was bought locally and delivered. Terms are keys of the input of
\`gridcommons carbon inventory\`: \`grids\` with a residual mix, \`instruments\`, further \`activities\`; and \`columns\`: what other
imported columns of energy are.

Examples:
  gridcommons participant carbon inventory --from 2026-01-01T00:00:00+01:00 --to 2027-01-01T00:00:00+01:00 --dir north
  gridcommons participant carbon inventory --from 2026-03-01T00:00Z --to 2026-04-01T00:00Z --terms terms.json --output march.json --dir north
  with terms.json: {"grids": [{"zone": "DE", "residualFactorKgPerKwh": "0.6"}],
    "columns": {"gas_kwh": {"kind": "stationary", "fuel": "natural-gas", "calorific": "gcv", "ncvPerGcv": "0.9"}}}`;

interface InventoryOptions extends DirectoryOption {
  readonly from: string;
  readonly to: string;
  readonly terms?: string;
  readonly output?: string;
}

/** `participant carbon inventory`. */
export function registerInventory(carbon: Command, output: (command: Command) => CommandOutput): void {
  carbon
    .command('inventory')
    .description('the hourly and annual inventory of the site’s own readings over a period')
    .requiredOption('--from <instant>', 'start, ISO 8601, on an hour')
    .requiredOption('--to <instant>', 'end, exclusive')
    .option('--terms <file>', 'what is said beside the readings, as JSON')
    .option('--output <file>', 'write the JSON document there; whole or not at all')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: InventoryOptions, command: Command) => {
      const { inventoryOfSite } = await import('./inventory-of-site.ts');
      const told = await inventoryOfSite(resolve(options.dir), options);
      output(command).result(told, textOf(told));
    });
}

const shown = (kg: number | null): string => (kg === null ? '–' : `${Number(kg.toPrecision(9))} kgCO2e`);

function textOf({ scope2, totals, columns, flags }: OwnInventory): string {
  const accounts = [['annual', scope2.annual] as const, ['hourly', scope2.hourly] as const];
  const notes = [...new Set(flags.map(({ code, of }) => `${code}: ${of}`))];
  return [
    `scope 1: ${shown(totals.scope1Kg)}`,
    ...accounts.map(([name, of]) =>
      of === null
        ? `scope 2, ${name}: –`
        : `scope 2, ${name}: ${shown(of.locationKg)} location-based, ${shown(of.marketKg)} market-based, ${of.coveredKwh} of ${of.consumptionKwh} kWh covered`,
    ),
    `scope 3: ${shown(totals.scope3Kg)}`,
    ...columns.map(
      ({ column, activity, reason, hours, hoursWithoutReading }) =>
        `${column}: ${activity === null ? `not counted (${reason})` : `${hours} hours, ${hoursWithoutReading} without a reading`}`,
    ),
    ...notes,
  ].join('\n');
}
