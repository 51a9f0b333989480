/*
 * Accuracy of the one-shot ridge on public data, from encrypted sums: a platform and a node for each site, each a process of
 * its own. Beside it the same from sums in clear, what each site can do alone, seasonal naive forecasts and published errors.
 * `npm run bench:forecast`; `--set ETTh1` for one set, `--set intensity` for
 * the carbon intensity of grids, `--set ols` for the check of the method alone; the last line is JSON.
 */
import { arch, cpus } from 'node:os';
import { testEnvironment } from '#config';
import { isoInstant } from '#core';
import {
  compareMethods,
  DAY_AHEAD_RIDGE,
  type Comparison,
  fitRidge,
  meanScores,
  type MethodScores,
  narrowAutocovariances,
  plainSum,
  type RidgeModelConfig,
  scoreGlobal,
} from '#forecasting';
import { inWorkspace } from '../apps/cli/demo/workspace.ts';
import { hasData, horizonsOf, type NamedSet, readEtt, readHomes, ridgeOf } from './forecast/data-sets.ts';
import { checkLeastSquares, type LeastSquaresCheck } from './forecast/ordinary-least-squares.ts';
import { AGREEMENT, EncryptedCommunity, type SiteFile } from './forecast/encrypted-community.ts';
import { type IntensityRow, measureIntensities } from './forecast/intensity.ts';
import { measureSpeed } from './forecast/speed.ts';

const { lambdas } = DAY_AHEAD_RIDGE;

const onlyJson = process.argv.includes('--json');
const print = (text: string): void => void (onlyJson ? process.stderr : process.stdout).write(`${text}\n`);

interface Row {
  readonly encrypted: MethodScores;
  readonly autocovariances: MethodScores;
  readonly plain: MethodScores;
  readonly personal: MethodScores;
  readonly local: MethodScores;
  readonly naive24: MethodScores;
  readonly naive168: MethodScores;
  readonly published: Readonly<Record<string, number>>;
  /** Where the refined shared ridge is better than the site's own and both naive forecasts. */
  readonly shareOfSitesAhead: number;
  /** From the card to the model at every site: full moments of this horizon; autocovariances of all horizons at once. */
  readonly seconds: { readonly moments: number; readonly autocovariances: number };
}

/** A column for each task: what has been summed once is not summed otherwise. None is load, whose values cannot be negative. */
const columnOf = (statistic: RidgeModelConfig['statistic'], horizon: number): string =>
  `net_${statistic === 'moments' ? horizon : 'all'}_kwh`;

function filesOf(set: NamedSet): SiteFile[] {
  const horizons = horizonsOf(set);
  const columns = [
    ...horizons.map((horizon) => columnOf('moments', horizon)),
    columnOf('autocovariances', 0),
  ];
  return set.series.map(({ startMs, resolutionMs, values }, site) => {
    const rows = Array.from(values, (value, i) => {
      const text = Number.isNaN(value) ? '' : String(value);
      return [isoInstant(startMs + i * resolutionMs), ...columns.map(() => text)].join(',');
    });
    return {
      name: `site-${site + 1}`,
      csv: `${[['timestamp', ...columns].join(','), ...rows].join('\n')}\n`,
    };
  });
}

async function rowsOf(set: NamedSet, community: EncryptedCommunity): Promise<Record<number, Row>> {
  const horizons = horizonsOf(set);
  const longest = ridgeOf(set, horizons.at(-1)!, 'autocovariances', lambdas);
  const near = await community.round(columnOf('autocovariances', 0), longest, set.days);
  const rows: Record<number, Row> = {};
  for (const horizon of horizons) {
    const comparison: Comparison = { ...set, config: ridgeOf(set, horizon, 'moments', lambdas) };
    const exact = await community.round(columnOf('moments', horizon), comparison.config, set.days);
    const shorter = { ...longest, horizon };
    const autocovariances = scoreGlobal(
      { ...set, config: shorter },
      fitRidge(narrowAutocovariances(near.sum, longest, horizon), shorter),
    );
    const { global, ...alone } = compareMethods(comparison, fitRidge(exact.sum, comparison.config));
    const plain = scoreGlobal(comparison, fitRidge(plainSum(comparison), comparison.config));
    const { personal, local, naive24, naive168 } = alone;
    const rivals = [local, naive24, naive168];
    const ahead = personal.filter(({ mse }, site) => rivals.every((rival) => mse < rival[site]!.mse));
    rows[horizon] = {
      encrypted: meanScores(global),
      autocovariances: meanScores(autocovariances),
      plain: meanScores(plain),
      personal: meanScores(personal),
      local: meanScores(local),
      naive24: meanScores(naive24),
      naive168: meanScores(naive168),
      published: set.published[horizon] ?? {},
      shareOfSitesAhead: ahead.length / personal.length,
      seconds: { moments: exact.seconds, autocovariances: near.seconds },
    };
    tell(set.name, horizon, rows[horizon]);
  }
  return rows;
}

const figures = ({ mse, mae }: MethodScores): string => `${mse.toFixed(4)}/${mae.toFixed(4)}`;

function tell(name: string, horizon: number, row: Row): void {
  const { published, shareOfSitesAhead, seconds, ...methods } = row;
  const scores = Object.entries(methods).map(([method, of]) => `${method} ${figures(of)}`);
  const others = Object.entries(published).map(([model, mse]) => `${model} ${mse}`);
  print(`${name} ${horizon}: ${[...scores, ...others].join('  ')}`);
  print(`  refined, ahead of own ridge and both naive at ${(100 * shareOfSitesAhead).toFixed(0)} % of sites`);
  print(
    `  rounds ${seconds.moments.toFixed(1)} s, ${seconds.autocovariances.toFixed(1)} s for every horizon`,
  );
}

const asPercent = (value: number): string => `${value.toFixed(2)} %`;

function tellIntensity(grid: string, { mape, naive24, encrypted, personal, published }: IntensityRow): void {
  const others = Object.entries(published).map(([model, value]) => `  ${model} ${value} %`);
  print(
    `${grid}, intensity of the next day: own ridge ${asPercent(mape)}  shared, encrypted ${asPercent(encrypted)}  refined ${asPercent(personal)}  yesterday ${asPercent(naive24)}${others.join('')}`,
  );
}

async function judged(set: NamedSet) {
  print(`${set.name}: ${set.series.length} sites, importing and enrolling`);
  const rows = await inWorkspace(undefined, async (workspace) => {
    const community = await EncryptedCommunity.open(workspace, filesOf(set), set.zone, set.days.test.endMs);
    try {
      return await rowsOf(set, community);
    } finally {
      await community.close();
    }
  });
  const all = Object.values(rows);
  const average = (of: (row: Row) => number) => all.reduce((sum, row) => sum + of(row), 0) / all.length;
  const agree = all.every(({ encrypted, plain }) => Math.abs(encrypted.mse / plain.mse - 1) < AGREEMENT);
  if (!agree) process.exitCode = 1;
  return {
    ...rows,
    averageMse: average(({ encrypted }) => encrypted.mse),
    averageMsePersonal: average(({ personal }) => personal.mse),
    averageMseAutocovariances: average((row) => row.autocovariances.mse),
    encryptedAgreesWithPlain: agree,
  };
}

/** The published ordinary least squares by code of ours: that splits, windows and errors are the ones that others report. */
function check(set: NamedSet): LeastSquaresCheck {
  const found = checkLeastSquares(set, 720, 336);
  const { mse, published, agrees, seconds } = found;
  print(
    `${set.name} 720 → 336, ordinary least squares: mse ${mse.toFixed(4)}, published ${published} (${seconds.toFixed(1)} s)`,
  );
  if (!agrees) process.exitCode = 1;
  return found;
}

const started = performance.now();
const folder = testEnvironment().dataDir;
const only = process.argv.includes('--set') ? process.argv[process.argv.indexOf('--set') + 1] : undefined;
print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? arch()}`);
const result: Record<string, unknown> = {};
if (only === undefined || only === 'speed') {
  const speed = await measureSpeed();
  print(
    `${speed.sites} sites × ${speed.hours} h: site ${speed.siteSeconds.toFixed(3)} s, solve ${speed.solveSeconds.toFixed(3)} s, round ${speed.roundSeconds.toFixed(1)} s`,
  );
  result['speed'] = speed;
}
if (hasData(folder)) {
  const etth1 = readEtt(folder, 'ETTh1');
  const checks = only === undefined || only === 'ols' || only === etth1.name ? { ols720: check(etth1) } : {};
  if (only === 'ols') result[etth1.name] = checks;
  for (const set of [readHomes(folder), etth1, readEtt(folder, 'ETTh2')])
    if (only === undefined || only === set.name)
      result[set.name] = { ...(await judged(set)), ...(set === etth1 ? checks : {}) };
  if (only === undefined || only === 'intensity') {
    const { rows, ...round } = await measureIntensities(folder);
    for (const [grid, row] of Object.entries(rows)) tellIntensity(grid, row);
    for (const [grid, row] of Object.entries(round.daysAhead))
      for (const [method, byDay] of Object.entries(row))
        print(`${grid}, days 1 to 4 ahead, ${method}: ${byDay.map(asPercent).join('  ')}`);
    print(`  one encrypted round of six grids ${round.seconds.toFixed(1)} s`);
    if (!round.encryptedAgreesWithPlain) process.exitCode = 1;
    result['intensity'] = { ...rows, ...round };
  }
} else {
  print(`skipped: no data in ${folder}`);
}
process.stdout.write(
  `${JSON.stringify({ ...result, seconds: (performance.now() - started) / 1_000, node: process.version, cpu: cpus()[0]?.model })}\n`,
);
