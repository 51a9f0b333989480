import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import { withPlatform } from '../platform/commands.ts';
import type { ExportOptions } from './export.ts';

const HELP = `
The rows are those of the GraphQL query \`forecasts\`, in the order of publication: every version, unless --latest, --frozen or --as-of
chooses one of each interval; p10, p50 and p90 are in \`unit\`, those of energies stand in whole Wh beside it. Days under a price are charged as they are read; those without an agreement are left out, and
the result names their terms.

Examples:
  gridcommons forecast export --from 2026-05-01T00:00Z --to 2026-06-01T00:00Z --format parquet --output may.parquet
  gridcommons forecast export --from 2026-05-12T00:00+02:00 --to 2026-05-13T00:00+02:00 --series net --frozen --format csv --output day.csv`;

/** `forecast export`. */
export function registerExport(forecast: Command, outputOf: OutputOf): void {
  withPlatform(forecast.command('export'))
    .description('published forecasts of a range of time into a file')
    .requiredOption('--from <instant>', 'first interval start, ISO 8601 with an offset')
    .requiredOption('--to <instant>', 'before this interval start; at most 366 days later')
    .addOption(
      new Option('--format <format>', 'of the file').choices(['csv', 'arrow', 'parquet']).default('csv'),
    )
    .requiredOption('--out, --output <file>', 'new file; it appears when it is whole')
    .option('--series <name>', 'this one only: load, pv, net, or a column such as price_eur_per_mwh')
    .option('--product <id>', 'only what publishers say is of this forecast product')
    .option('--organisation <id...>', 'these publishers only')
    .option('--latest', 'only versions that no later one supersedes')
    .option('--frozen', 'only the version that counted when the gate closed')
    .option('--gate <name>', 'which gate, with --frozen (default: day-ahead)')
    .option('--as-of <instant>', 'only what was known then')
    .addHelpText('after', HELP)
    .action(async (options: ExportOptions, command: Command) => {
      const { exportForecasts } = await import('./export.ts');
      await exportForecasts(options, outputOf(command));
    });
}
