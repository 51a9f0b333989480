/* What one encrypted round of many sites costs, on generated data: site, sum and solve. */
import { DAY_MS, HOUR_MS, interval } from '#core';
import {
  DAY_AHEAD_RIDGE,
  fitRidge,
  type RidgeModelConfig,
  siteAutocovariances,
  statisticOf,
} from '#forecasting';
import { EncryptedSums, parametersFor } from '../../apps/cli/forecast/encrypted-sums.ts';

const SITES = 53;
const HOURS = 26_304;
const CONFIG: RidgeModelConfig = { ...DAY_AHEAD_RIDGE, lookback: 336 };
const START_MS = Date.UTC(2023, 0, 1);
const DAYS = HOURS / 24;
const EPOCHS = {
  train: interval(START_MS, START_MS + Math.floor(DAYS * 0.75) * DAY_MS),
  validation: interval(START_MS + Math.floor(DAYS * 0.75) * DAY_MS, START_MS + DAYS * DAY_MS),
};

export interface Speed {
  readonly sites: number;
  readonly hours: number;
  /** Median over the sites. */
  readonly siteSeconds: number;
  readonly solveSeconds: number;
  /** Keys, statistics, encryption, answers, sum and solve, one after the other on one core. */
  readonly roundSeconds: number;
}

export async function measureSpeed(): Promise<Speed> {
  const series = Array.from({ length: SITES }, (_, site) => generated(site));
  const started = performance.now();
  const { count, bound } = statisticOf(CONFIG);
  const params = parametersFor(count(CONFIG), SITES, { lanes: 1, bound: bound(CONFIG, HOURS) });
  using sums = await EncryptedSums.open(SITES, params);
  const siteMs: number[] = [];
  const vectors = new Map(
    series.map((one, site) => {
      const before = performance.now();
      const vector = siteAutocovariances(one, '+00:00', EPOCHS, CONFIG);
      siteMs.push(performance.now() - before);
      return [site, vector] as const;
    }),
  );
  const sum = sums.of(vectors, 1);
  const solving = performance.now();
  fitRidge(sum, CONFIG);
  const ended = performance.now();
  return {
    sites: SITES,
    hours: HOURS,
    siteSeconds: siteMs.toSorted((a, b) => a - b)[Math.floor(SITES / 2)]! / 1_000,
    solveSeconds: (ended - solving) / 1_000,
    roundSeconds: (ended - started) / 1_000,
  };
}

/** A day, a week and a year with noise that remembers the hour before. */
function generated(site: number) {
  let [state, noise] = [site + 1, 0];
  const values = Float64Array.from({ length: HOURS }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    noise = 0.8 * noise + state / 2 ** 30 - 1;
    const rhythm = Math.sin((2 * Math.PI * i) / 24) + 0.4 * Math.sin((2 * Math.PI * i) / 168);
    return 3 + site / 10 + rhythm + Math.cos((2 * Math.PI * i) / 8_766) + 0.3 * noise;
  });
  return { startMs: START_MS, resolutionMs: HOUR_MS, values };
}
