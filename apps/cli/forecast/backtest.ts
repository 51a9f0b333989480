import { DomainError, requireZone } from '#core';
import { requireAbsent, writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';
import type { InputOptions } from '../task/input-options.ts';
import { backtestInputs, type PlaceOptions, underClearSky, wantedColumns } from './backtest-inputs.ts';
import { judge, type JudgeOptions } from './judge.ts';
import { backtestReport } from './report.ts';
import { readTable, sitesOf } from './sites.ts';
import { type BacktestResult, summaryOf } from './summary.ts';
import { findingLines, findingsOf } from './table-findings.ts';

export interface BacktestOptions extends Omit<JudgeOptions, 'inputs'>, InputOptions, PlaceOptions {
  readonly data: readonly string[];
  readonly sites: 'columns' | 'files';
  readonly target?: string;
  /** A file to write the report to. */
  readonly report?: string;
}

/** Judges the methods on files. @throws FILE_…, CSV_…, COLUMN_…, OPTION_…, PLACE_INVALID, HOLIDAYS_UNKNOWN, SITES_DIFFER, SPLIT_…, SERIES_…, TEST_EMPTY, RIDGE_CONFIG_INVALID, MOMENTS_EMPTY, ZONE_UNKNOWN */
export async function backtest(options: BacktestOptions, output: Output): Promise<void> {
  const started = performance.now();
  if (options.sites === 'files' && options.target === undefined)
    throw new DomainError('OPTION_MISSING', 'expected --target with --sites files, got none');
  requireZone(options.zone);
  if (options.report !== undefined) await requireAbsent(options.report);
  const inputs = await backtestInputs(options);
  const wanted = wantedColumns(options.target, inputs);
  const tables = await Promise.all(options.data.map((path) => readTable(path, wanted)));
  const sites = underClearSky(sitesOf(tables, options.target), inputs);
  const progress = output.progress();
  const tell = (step: string, share?: number): void => progress.at(share ?? null, step);
  const judged = await judge(sites, { ...options, inputs }, tell).finally(() => progress.end());
  const names = sites.map(({ name }) => name);
  const { statistic, stepMinutes, cycle: cycleWithInputs } = judged.comparison.config;
  const found: BacktestResult = {
    sites: names,
    stepMinutes,
    statistic,
    cycle: judged.cycle,
    inputs: inputs && { ...inputs.terms, cycle: cycleWithInputs },
    zone: options.zone,
    ...summaryOf(names, judged),
    missingSteps: tables.reduce((sum, { table }) => sum + table.missingSteps, 0),
    repeatedRows: tables.reduce((sum, { table }) => sum + table.repeatedRows, 0),
    findings: findingsOf(tables),
    seconds: (performance.now() - started) / 1_000,
  };
  const { report } = options;
  if (report !== undefined)
    await writeNewFile(
      report,
      backtestReport({ files: tables.map(({ name }) => name), options, judged, result: found }),
    );
  const result = report === undefined ? found : { ...found, report };
  output.result(result, textOf(result));
}

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

type Figures = Pick<NonNullable<BacktestResult['methods'][string]>, 'mse' | 'mae' | 'skill'>;

/** Of a method: null where it was not tried, NaN where the file holds too little before the test part to repeat. */
export function figuresOf(scores: Figures | null): string {
  if (scores === null) return 'fewer sites than a sum needs';
  const { mse, mae, skill } = scores;
  if (Number.isNaN(mse)) return 'nothing to judge: the file is too short for it';
  return `mse ${mse.toFixed(4)}  mae ${mae.toFixed(4)}  skill ${skill.toFixed(3)}`;
}

function textOf({
  sites,
  stepMinutes,
  statistic,
  cycle,
  methods,
  quantiles,
  quantilesOf,
  findings,
  seconds,
  report,
}: BacktestResult): string {
  const head = `${counted(sites.length, 'site')}, steps of ${stepMinutes} min, ${statistic}, cycle of ${cycle} steps, ${seconds.toFixed(1)} s`;
  const rows = Object.entries(methods).map(
    ([method, scores]) => `  ${method.padEnd(14)} ${figuresOf(scores)}`,
  );
  const { coverage } = quantiles;
  const intervals = ([50, 80, 90] as const).map(
    (nominal) => `${(100 * coverage[nominal]).toFixed(1)} % within ${nominal} %`,
  );
  const written = report === undefined ? [] : [`report: ${report}`];
  const fan = `  intervals of ${quantilesOf}: ${intervals.join(', ')}`;
  return [head, ...rows, fan, ...findingLines(findings), ...written].join('\n');
}
