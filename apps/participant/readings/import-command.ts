import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';

const HELP = `
A column's name ends in its unit; one that does not is named and not read. Energy is summed over longer steps, all else averaged.
  energy            load_kwh, pv_kwh, …_kwh           power        load_kw, …_w, …_mw
  price             price_eur_per_mwh, …_ct_per_kwh   temperature  temperature_c, …_k
  carbon intensity  …_g_per_kwh, …_kgco2e_per_kwh     irradiance   …_w_per_m2
  wind, rain        …_m_per_s, …_km_per_h, …_mm_per_h cloud, humidity …_percent   pressure …_hpa
load_… and pv_… are never below zero; prices, temperatures, net_… may be. Where load_kwh and pv_kwh are there and no net_kwh is, tasks
may name net_kwh. A file's columns share one resolution, 15, 20, 30 or 60 min; another file may have another.

A file is read whole or not at all. What is doubtful in it is a finding, the gravest first: gaps, duplicates, hours that no clock
shows, interval ends, zeros, units. A later file's values supersede earlier ones, which are kept. A column whose level leaps as
another unit would, or that does not come to its declared yearly total, is left out of tasks; status says why.

A Parquet file has the same columns; its timestamps are instants, or wall clocks in --zone. Of a Green Button file (ESPI XML) the
electricity in Wh is read: load_kwh, or import_kwh and export_kwh where energy flows both ways.

Examples:
  gridcommons participant import readings.csv --dir north --zone Europe/Berlin
  gridcommons participant import usage.xml --dir north
  gridcommons participant import hourly.csv --dir north --interval-ends --expect-annual-kwh 4200 pv_kwh=5100
  gridcommons participant import meter.csv --dir north --check-against operator.csv`;

interface ImportCommandOptions extends DirectoryOption {
  readonly format?: string;
  readonly zone?: string;
  readonly intervalEnds?: boolean;
  readonly column?: string;
  readonly expectAnnualKwh?: readonly string[];
  readonly checkAgainst?: string;
}

/** `participant import`: stores a file of readings and says what is doubtful in it. */
export function registerImport(participant: Command, output: (command: Command) => CommandOutput): void {
  participant
    .command('import')
    .argument('<file>', 'CSV, Parquet or Green Button')
    .description(
      'store readings: CSV or Parquet with timestamp,<name>_<unit>…, timestamp = interval start; Green Button',
    )
    .option(...DIR)
    .option('--format <format>', 'csv, green-button or parquet; absent: as the file begins')
    .option('--zone <zone>', 'IANA zone of local timestamps without offset, and of local days')
    .option('--interval-ends', 'timestamps are the ends of their intervals')
    .option('--column <name_unit>', 'of a file with one column of values: what it is, as load_kwh')
    .option(
      '--expect-annual-kwh <[column=]kwh...>',
      'what a year comes to by a bill or contract (load_kwh where no column is named); kept',
    )
    .option('--check-against <file>', 'compare columns of the same name with those of another source')
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions, command: Command) => {
      const { parseTotals } = await import('./declared-totals.ts');
      const { importReadings } = await import('./import-readings.ts');
      const { renderImportReport } = await import('./import-report.ts');
      const { SiteDirectory } = await import('../node/site-directory.ts');
      const { zone, intervalEnds, column, expectAnnualKwh = [], checkAgainst } = options;
      const { requireColumn, requireFormat } = await import('./file-formats.ts');
      const annualKwh = parseTotals(expectAnnualKwh);
      new SiteDirectory(resolve(options.dir)).create();
      const progress = output(command).progress();
      const report = await importReadings(resolve(options.dir), resolve(file), {
        annualKwh,
        tell: (step) => progress.at(null, step),
        ...(options.format === undefined ? {} : { format: requireFormat(options.format) }),
        ...(zone === undefined ? {} : { zone }),
        ...(intervalEnds === undefined ? {} : { intervalEnds }),
        ...(column === undefined ? {} : { column: requireColumn(column) }),
        ...(checkAgainst === undefined ? {} : { checkAgainst: resolve(checkAgainst) }),
      }).finally(() => progress.end());
      output(command).result(report, renderImportReport(report));
    });
}
