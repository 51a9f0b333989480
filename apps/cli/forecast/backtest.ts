import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DomainError } from '#core';
import {
  type Comparison,
  compareMethods,
  DAY_AHEAD_RIDGE,
  fitRidge,
  meanScores,
  type MethodScores,
  plainSum,
  positionOf,
  type RidgeFit,
  type RidgeModelConfig,
  scoreGlobal,
  type SplitDays,
  statisticOf,
} from '#forecasting';
import { type MeterSeries, type NumericTable, readNumericTable } from '#metering';
import { readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { EncryptedSums, parametersFor } from './encrypted-sums.ts';
import { splitOf } from './splits.ts';
import { type FileFinding, findingLines, findingsOf } from './table-findings.ts';

export interface BacktestOptions {
  readonly data: readonly string[];
  readonly lookback: number;
  readonly horizon: number;
  readonly split: string;
  readonly sites: 'columns' | 'files';
  readonly target?: string;
  readonly cycle: 'auto' | 'day' | 'week' | 'none';
  readonly statistic: RidgeModelConfig['statistic'];
}

/** `encrypted`: null with fewer sites than a sum may have. */
export interface BacktestResult {
  readonly sites: readonly string[];
  readonly stepMinutes: number;
  readonly statistic: string;
  /** Steps that each site removes; by the validation part unless told. */
  readonly cycle: number;
  readonly methods: Readonly<Record<string, MethodScores | null>>;
  /** Steps of the file's grid without a row. */
  readonly missingSteps: number;
  /** Rows of a time that another had before: the first counts. */
  readonly repeatedRows: number;
  /** What is doubtful in the files, the gravest first. */
  readonly findings: readonly FileFinding[];
  readonly seconds: number;
}

/** Progress, beside the result. */
const tell = (step: string): void => void process.stderr.write(`${step}\n`);

const MAX_BYTES = 512 * 2 ** 20;
const LEAST_SITES = 4;
const ZONE = '+00:00';

/** Judges the methods on files. @throws FILE_…, CSV_…, COLUMN_UNKNOWN, OPTION_MISSING, SITES_DIFFER, SPLIT_…, SERIES_…, TEST_EMPTY, RIDGE_CONFIG_INVALID, MOMENTS_EMPTY */
export async function backtest(options: BacktestOptions, output: Output): Promise<void> {
  const started = performance.now();
  if (options.sites === 'files' && options.target === undefined)
    throw new DomainError('OPTION_MISSING', 'expected --target with --sites files, got none');
  const tables = await Promise.all(options.data.map((path) => readTable(path, options.target)));
  const sites = sitesOf(tables);
  const judged = await judge(sites, options);
  const result: BacktestResult = {
    sites: sites.map(({ name }) => name),
    ...judged,
    missingSteps: tables.reduce((sum, { table }) => sum + table.missingSteps, 0),
    repeatedRows: tables.reduce((sum, { table }) => sum + table.repeatedRows, 0),
    findings: findingsOf(tables),
    seconds: (performance.now() - started) / 1_000,
  };
  output.result(result, report(result));
}

interface NamedTable {
  readonly name: string;
  readonly table: NumericTable;
}

async function readTable(path: string, target: string | undefined): Promise<NamedTable> {
  const bytes = await readInputFile(path, MAX_BYTES);
  const plain = path.endsWith('.gz') ? await unzipped(bytes, path) : bytes;
  try {
    return { name: basename(path), table: readNumericTable(textOf(plain), target) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${basename(path)}: ${error.message}`, error.kind, error.data);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('CSV_ENCODING', 'expected UTF-8 text, got other bytes');
  }
}

async function unzipped(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DomainError(
      'FILE_NOT_GZIP',
      `expected gzip of at most ${MAX_BYTES} bytes, got ${code}: ${path}`,
    );
  }
}

interface Site {
  readonly name: string;
  readonly series: MeterSeries;
}

/** @throws SITES_DIFFER where steps or spans are not the same */
function sitesOf(tables: readonly NamedTable[]): Site[] {
  const found = tables.flatMap(({ name, table }) =>
    table.columns.map((column) => ({
      name: tables.length > 1 ? `${name}:${column.name}` : column.name,
      series: column.series,
    })),
  );
  const spanOf = ({ series: { startMs, resolutionMs, values } }: Site): string =>
    `${values.length} steps of ${resolutionMs / 60_000} min from ${new Date(startMs).toISOString()}`;
  const [first] = found;
  const other = found.find((site) => spanOf(site) !== spanOf(first!));
  if (other)
    throw new DomainError(
      'SITES_DIFFER',
      `expected ${spanOf(first!)} as in ${first!.name}, got ${spanOf(other)} in ${other.name}`,
    );
  return found;
}

/** @throws SERIES_EMPTY, SERIES_CONSTANT where a site has nothing to learn from, TEST_EMPTY where none to be judged by */
function requireReadings(sites: readonly Site[], { train, test }: SplitDays, horizon: number): void {
  for (const { name, series } of sites) {
    const known = (from: number, to: number) =>
      series.values
        .subarray(positionOf(series, from), positionOf(series, to))
        .filter((value) => !Number.isNaN(value));
    const learnt = known(train.startMs, train.endMs);
    if (learnt.length === 0)
      throw new DomainError('SERIES_EMPTY', `expected values of ${name} to learn from, got none`);
    if (learnt.every((value) => value === learnt[0]))
      throw new DomainError('SERIES_CONSTANT', `expected values of ${name} that change, got one`);
    const steps = positionOf(series, test.endMs) - positionOf(series, test.startMs);
    if (steps < horizon || known(test.startMs, test.endMs).length === 0)
      throw new DomainError(
        'TEST_EMPTY',
        `expected ${horizon} steps with values of ${name} to judge by, got fewer`,
      );
  }
}

async function judge(sites: readonly Site[], options: BacktestOptions) {
  const { lookback, horizon, statistic } = options;
  const series = sites.map((site) => site.series);
  const stepMinutes = series[0]!.resolutionMs / 60_000;
  const days = splitOf(options.split, series[0]!);
  requireReadings(sites, days, horizon);
  const comparisonOf = (cycle: number): Comparison => ({
    series,
    zone: ZONE,
    days,
    issues: 'every-step',
    config: { ...DAY_AHEAD_RIDGE, statistic, stepMinutes, lookback, horizon, cycle },
  });
  const fitted = cyclesOf(options.cycle, stepMinutes).map((cycle) => {
    tell(`fitting with a cycle of ${cycle} steps`);
    const comparison = comparisonOf(cycle);
    return { comparison, fit: fitRidge(plainSum(comparison), comparison.config) };
  });
  const best = fitted.reduce((a, b) => (lossOf(b.fit) < lossOf(a.fit) ? b : a));
  const none = fitted.find(({ comparison }) => comparison.config.cycle === 1) ?? best;
  tell('judging every step of the test part');
  const {
    global: cycleGlobal,
    naive24,
    naive168,
    local,
    personal,
  } = compareMethods(best.comparison, best.fit);
  tell('the same from an encrypted sum');
  const encrypted = await encryptedFit(best.comparison);
  const { config } = best.comparison;
  return {
    stepMinutes,
    statistic,
    cycle: config.cycle,
    methods: {
      naive24: meanScores(naive24),
      naive168: meanScores(naive168),
      local: meanScores(local),
      global: meanScores(scoreGlobal(none.comparison, none.fit)),
      cycleGlobal: meanScores(cycleGlobal),
      personal: meanScores(personal),
      encrypted: encrypted && meanScores(scoreGlobal(best.comparison, encrypted)),
    },
  };
}

const lossOf = ({ validationLosses }: RidgeFit): number => Math.min(...validationLosses);

/** Candidates in steps; 1 is none: the mean alone is removed. */
function cyclesOf(name: BacktestOptions['cycle'], stepMinutes: number): number[] {
  const [day, week] = [1_440 / stepMinutes, 10_080 / stepMinutes];
  const cycles = { none: [1], day: [1, day], week: [1, week], auto: [1, day, week] }[name];
  return [...new Set(cycles)];
}

/** From the sum of real ciphertexts; null where the sites are too few for one. */
async function encryptedFit(comparison: Comparison): Promise<RidgeFit | null> {
  const { series, zone, days, config } = comparison;
  if (series.length < LEAST_SITES) return null;
  const { count, bound, ofSite } = statisticOf(config);
  const steps = (days.validation.endMs - days.train.startMs) / (config.stepMinutes * 60_000);
  const params = parametersFor(count(config), series.length, { lanes: 1, bound: bound(config, steps) });
  using sums = await EncryptedSums.open(series.length, params);
  const vectors = new Map(series.map((one, site) => [site, ofSite(one, zone, days, config)]));
  return fitRidge(sums.of(vectors, 1), config);
}

function report({
  sites,
  stepMinutes,
  statistic,
  cycle,
  methods,
  findings,
  seconds,
}: BacktestResult): string {
  const head = `${sites.length} sites, steps of ${stepMinutes} min, ${statistic}, cycle of ${cycle} steps, ${seconds.toFixed(1)} s`;
  const rows = Object.entries(methods).map(([method, scores]) => {
    const figures = scores
      ? `mse ${scores.mse.toFixed(4)}  mae ${scores.mae.toFixed(4)}`
      : 'fewer sites than a sum needs';
    return `  ${method.padEnd(12)} ${figures}`;
  });
  return [head, ...rows, ...findingLines(findings)].join('\n');
}
