import type { Command } from 'commander';
import { givenUnlessSchema, SCHEMA } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { AdminOptions } from '../platform/admin.ts';
import { integerWithin, withAccess, withPlatform } from '../platform/commands.ts';
import type { BatchOptions, CreateOptions, ListOptions, ReadOptions, UploadOptions } from './series.ts';

const HELP = `
Readings of a hosted series are stored in the clear: the operator of the platform can read them.

Examples:
  gridcommons series create --key load --unit Wh --zone Europe/Berlin --resolution PT15M --declare-open --key-file firm.key
  gridcommons series upload 1f0c… readings.csv --unit kWh --key-file firm.key
  echo '[{"start": "2026-01-01T00:00Z", "value": "12.5"}]' | gridcommons series ingest 1f0c… - --key-file firm.key
  gridcommons series read 1f0c… --from 2026-01-01T00:00Z --until 2027-01-01T00:00Z --resolution P1M --key-file firm.key`;

const INGEST_HELP = `
Rows are counted from 1. Exit code 0 where at least one row is taken or known already, with the counts and the rows refused;
exit code 1 (SERIES_ROWS_REFUSED) where none is.

Example:
  echo '[{"start": "2026-01-01T00:00Z", "value": "12.5"}]' | gridcommons series ingest 1f0c… - --key-file firm.key`;

interface IngestOptions extends AdminOptions, BatchOptions {
  readonly schema?: boolean;
}

const withBatch = (command: Command): Command =>
  command
    .option('--unit <unit>', "of the values (default: the series')")
    .option('--zone <zone>', "IANA zone of times without an offset (default: the series')");

/** `series …`: time series hosted on a platform in the clear. */
export function registerSeriesCommands(program: Command, outputOf: OutputOf): void {
  const series = program
    .command('series')
    .description('time series hosted on the platform in the clear')
    .addHelpText('after', HELP);
  registerWriting(series, outputOf);
  registerReading(series, outputOf);
}

function registerWriting(series: Command, outputOf: OutputOf): void {
  withAccess(series.command('create'))
    .description('a series others read under agreements about its data set')
    .requiredOption('--key <key>', 'own name of it')
    .requiredOption('--unit <unit>', 'Wh, kWh, J, W, kW, m3, therm …')
    .requiredOption('--zone <zone>', 'IANA zone of its local days')
    .requiredOption('--resolution <duration>', 'PT15M, PT30M, PT1H, P1D …')
    .option('--data-set <id>', 'own data set; without one nobody else reads it')
    .option('--declare-open', 'say that the operator of the platform can read it; needed')
    .action(async (options: AdminOptions & CreateOptions, command: Command) => {
      const { createSeries } = await import('./series.ts');
      await createSeries(options, outputOf(command));
    });
  withBatch(withAccess(series.command('ingest')))
    .description('up to 10 000 readings; rows that cannot be taken are told, the others are taken')
    .argument('[series]', 'its id')
    .argument('[file]', 'JSON: [{"start", "value", "quality"}]; - for standard input')
    .option(...SCHEMA)
    .addHelpText('after', INGEST_HELP)
    .action(
      async (id: string | undefined, file: string | undefined, options: IngestOptions, command: Command) => {
        const given = givenUnlessSchema(command, options.schema, [id, file]);
        const { ingestReadings, tellReadingsSchema } = await import('./series.ts');
        if (given === null) tellReadingsSchema(outputOf(command));
        else await ingestReadings(given[0], given[1], options, outputOf(command));
      },
    );
  withBatch(withAccess(series.command('upload')))
    .description(
      'a CSV file, all of it or nothing unless --skip-refused; the first row after the header is row 1',
    )
    .argument('<series>', 'its id')
    .argument('<file>', 'CSV with a header')
    .option('--start-column <name>', 'of the starts of intervals', 'start')
    .option('--value-column <name>', 'of the values', 'value')
    .option('--quality-column <name>', 'MEASURED, ESTIMATED or SUBSTITUTED, where the file has it', 'quality')
    .option('--skip-refused', 'take the other rows where some are refused', false)
    .action(async (id: string, file: string, options: AdminOptions & UploadOptions, command: Command) => {
      const { uploadReadings } = await import('./series.ts');
      await uploadReadings(id, file, options, outputOf(command));
    });
}

function registerReading(series: Command, outputOf: OutputOf): void {
  withPlatform(series.command('list'))
    .description('the own ones, and those of data sets there is or was an agreement about, oldest first')
    .option('--data-set <id>', 'of it alone')
    .option('--first <count>', 'how many', integerWithin(1, 100), 20)
    .option('--after <cursor>', 'the endCursor of the page before')
    .action(async (options: AdminOptions & ListOptions, command: Command) => {
      const { listSeries } = await import('./series.ts');
      await listSeries(options, outputOf(command));
    });
  withPlatform(series.command('show'))
    .description('a series, and to its owner the batches taken last')
    .argument('<series>', 'its id')
    .action(async (id: string, options: AdminOptions, command: Command) => {
      const { showSeries } = await import('./series.ts');
      await showSeries(id, options, outputOf(command));
    });
  withPlatform(series.command('read'))
    .description('up to 10 000 values of an interval')
    .argument('<series>', 'its id')
    .requiredOption('--from <instant>', 'ISO 8601')
    .requiredOption('--until <instant>', 'ISO 8601, exclusive')
    .option('--resolution <duration>', 'a coarser step: a multiple, P1D, P1M or P1Y')
    .option('--as-of <instant>', 'as it was known then')
    .option('--agreement <id>', "about its data set, for another's series")
    .action(async (id: string, options: AdminOptions & ReadOptions, command: Command) => {
      const { readSeries } = await import('./series.ts');
      await readSeries(id, options, outputOf(command));
    });
}
