import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { EmissionsForecastOptions } from './emissions-forecast.ts';

const HELP = `
From the imported load_kwh (with pv_kwh the net of both) and a column of the grid's intensity, or of generation by source:
direct_intensity_g_per_kwh and lifecycle_intensity_g_per_kwh. While the node does not run; nothing is published.

Example:
  gridcommons participant carbon forecast --intensity direct_intensity_g_per_kwh --horizon 48 --dir north`;

const MOST_HOURS = 96;

function hours(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= MOST_HOURS) return value;
  throw new InvalidArgumentError(`Expected a whole number of hours from 1 to ${MOST_HOURS}.`);
}

/** `participant carbon forecast`: what own consumption will emit. */
export function registerEmissionsForecast(
  carbon: Command,
  output: (command: Command) => CommandOutput,
): void {
  carbon
    .command('forecast')
    .description('what own consumption will emit, with intervals; nothing is published')
    .requiredOption('--intensity <column>', 'of the grid, such as intensity_g_per_kwh')
    .option('--horizon <hours>', `how far, at most ${MOST_HOURS}`, hours, 24)
    .option('--at <instant>', 'first hour, ISO 8601 (default: the end of the readings)')
    .option('--zone <zone>', 'of local days (default: that of the imported files)')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async (options: DirectoryOption & EmissionsForecastOptions, command: Command) => {
      const { emissionsText, forecastEmissions } = await import('./emissions-forecast.ts');
      const forecast = await forecastEmissions(resolve(options.dir), options);
      output(command).result(forecast, emissionsText(forecast));
    });
}
