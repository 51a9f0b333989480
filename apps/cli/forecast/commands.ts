import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import { integerWithin } from '../platform/commands.ts';
import type { BacktestOptions } from './backtest.ts';
import { withInputs } from '../task/input-options.ts';
import { registerExport } from './export-command.ts';
import { registerRegistryCommands } from './registry-commands.ts';

const HELP = `
Each column of numbers of the file (CSV, may be gzipped, any unit) is a site; or each file is one, with its column --target. Every
step of the test part is an issue time; errors are in squared (mse) and plain (mae) standard deviations of a site's training
part, averaged over horizon, issue times and sites; skill is 1 − mse over that of the better of the two naive methods. With
--json also by site (bySite), by hour, weekday and steps ahead, and how quantiles of personal did. --report draws all that.

Splits: ett (12, 4 and 4 months of 30 days), shares such as 7:1:2, or four dates or instants in UTC, comma-separated: begin
of training, of validation, of test, and the end.

Methods: naive24 and naive168 (the last day, the last week, over and over), local (each site's own ridge), global (one shared ridge),
cycleGlobal (the same after each site has removed its own cycle), personal (that refined by each site), encrypted (cycleGlobal
from a threshold-encrypted sum; four sites or more). Penalty and cycle are chosen on the validation part. With --calendar,
--holidays, --ahead or --past also localInputs, globalInputs and personalInputs: the same ridges, which see the file's columns
of these names and the calendar beside the --target; intervals are then those of personalInputs. --issues midnights learns
these from, and judges all methods at, the midnights of --zone. --ahead clear_sky_w_m2 is no column of the file: it is the
irradiance under a cloudless sky at --latitude and --longitude, and needs times that are UTC or say their offset.

What is doubtful in the files, rows out of order or twice, wall clocks, interval ends, zeros for what was not measured, changes of
unit, life-cycle intensities, is told and changes nothing.

Example:
  gridcommons forecast backtest --data ETTh1.csv.gz --lookback 336 --horizon 96 --split ett --json
  gridcommons forecast backtest --data load.csv --lookback 168 --horizon 24 --split 7:1:2 --zone Europe/Berlin --report load.html
  gridcommons forecast backtest --data load.csv --target zone_a --lookback 168 --horizon 24 --split 6:2:2
  gridcommons forecast backtest --data north.csv south.csv --sites files --target load_kwh --lookback 168 --horizon 24 \\
    --split 2025-01-01,2025-09-01,2025-11-01,2026-01-01
  gridcommons forecast backtest --data grid.csv --target intensity --lookback 72 --horizon 24 --split 6:2:2 \\
    --ahead wind_m_per_s temperature_c --past coal_mw gas_mw --holidays DE --issues midnights`;

const RECONCILE_HELP = `
Nodes form a tree; leaves are what is measured, every other node the sum of its children. Forecasts of each node, made apart,
become ones that add up. \`residuals\` are past errors of the same forecasts, which wls and mint weigh the nodes by.

Example:
  echo '{"method": "ols",
    "nodes": [{"id": "both"}, {"id": "a", "parent": "both"}, {"id": "b", "parent": "both"}],
    "base": {"both": [10], "a": [4], "b": [3]}}' | gridcommons forecast reconcile --input - --json`;

interface ReconcileOptions {
  readonly input?: string;
  readonly schema?: boolean;
}

/** `forecast …`: forecasters on data from files, without a platform; what is published on one, and its models and products. */
export function registerForecastCommands(program: Command, outputOf: OutputOf): void {
  const forecast = program
    .command('forecast')
    .description('forecasters on data from files; published forecasts, models and products');
  registerExport(forecast, outputOf);
  registerReconcile(forecast, outputOf);
  registerRegistryCommands(forecast, outputOf);
  const judging = forecast
    .command('backtest')
    .description('errors of the shared ridge and of its rivals at every step of a test part')
    .requiredOption('--data <file...>', 'CSV with a header, a time and columns of numbers; may be gzipped')
    .requiredOption('--lookback <steps>', 'what a forecast sees', integerWithin(2, 4_032))
    .requiredOption('--horizon <steps>', 'how far it looks ahead', integerWithin(1, 4_032))
    .requiredOption('--split <how>', 'ett, shares such as 7:1:2, or four dates')
    .addOption(
      new Option('--sites <what>', 'what a site is').choices(['columns', 'files']).default('columns'),
    )
    .option('--target <column>', 'this column only; with --sites files the one of each file')
    .addOption(
      new Option('--cycle <name>', 'what each site removes by itself')
        .choices(['auto', 'day', 'week', 'none'])
        .default('auto'),
    )
    .addOption(
      new Option('--statistic <kind>', 'what sites add up')
        .choices(['moments', 'autocovariances'])
        .default('moments'),
    )
    .option('--zone <zone>', 'whose days, weeks and hours: an IANA zone or an offset', '+00:00');
  withInputs(judging)
    .option('--latitude <degrees>', 'of --ahead clear_sky_w_m2; north is positive')
    .option('--longitude <degrees>', 'the same; east is positive')
    .option('--report <file>', 'a page with charts, to a new HTML file')
    .addHelpText('after', HELP)
    .action(async (options: BacktestOptions, command: Command) => {
      const { backtest } = await import('./backtest.ts');
      await backtest(options, outputOf(command));
    });
}

function registerReconcile(forecast: Command, outputOf: OutputOf): void {
  forecast
    .command('reconcile')
    .description('make forecasts of members, groups and their sum add up')
    .addOption(
      new Option('--input <file>', 'the forecasts as JSON, - for standard input').conflicts('schema'),
    )
    .option('--schema', 'print the JSON Schema of the input instead')
    .addHelpText('after', RECONCILE_HELP)
    .action(async (options: ReconcileOptions, command: Command) => {
      if (options.input === undefined && options.schema !== true) {
        command.error("error: required option '--input <file>' not specified", {
          code: 'commander.missingMandatoryOptionValue',
        });
      }
      const { reconcileFile, printSchema } = await import('./reconcile.ts');
      if (options.input === undefined) printSchema(outputOf(command));
      else await reconcileFile(options.input, outputOf(command));
    });
}
