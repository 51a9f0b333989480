import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import type { TaskCard } from '#federation';
import type { SiteNode } from '../node/node.ts';
import { rangeDoubt, requireFitSeries, scaleDoubt } from './fitness.ts';

const START_MS = Date.parse('2026-01-05T00:00Z');
const HOURS = 24 * 28;
const lively = (hour: number) => 1 + 0.4 * Math.sin((2 * Math.PI * hour) / 24) + 0.1 * Math.sin(hour * hour);
const hourly = (valueAt: (hour: number) => number, hours = HOURS) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: hours }, (_, hour) => valueAt(hour)),
});
const leaping = hourly((hour) => lively(hour) * (hour < HOURS / 2 ? 1 : 1000));

const codeOf = (valueAt: (hour: number) => number, windowSteps = 192) =>
  rangeDoubt('load_kwh', hourly(valueAt), windowSteps)?.code ?? null;

describe('readings of a range', () => {
  it.each<[string | null, (hour: number) => number]>([
    [null, lively],
    ['SERIES_CONSTANT', () => 3],
    ['SERIES_CONSTANT', (hour) => (hour % 5 === 0 ? Number.NaN : 0)],
    ['SERIES_MOSTLY_MISSING', (hour) => (hour % 5 < 3 ? Number.NaN : lively(hour))],
    ['SERIES_TOO_SHORT', (hour) => (hour < 191 ? lively(hour) : Number.NaN)],
    ['SERIES_TOO_SHORT', () => Number.NaN],
  ])('are unfit by %s where they are', (code, valueAt) => expect(codeOf(valueAt)).toBe(code));

  it('tell how many there are, and no value', () => {
    expect(
      rangeDoubt(
        'load_kwh',
        hourly(() => 73_195.5),
        10,
      )!.reason,
    ).not.toContain('73');
  });
});

describe('the scale of a series', () => {
  it('is in doubt where it leaps, and where it misses the declared total', () => {
    expect(scaleDoubt('load_kwh', leaping, undefined)).toMatchObject({ code: 'SERIES_SCALE_SUSPECT' });
    expect(scaleDoubt('load_kwh', hourly(lively), 8_766_000)).toMatchObject({ code: 'SERIES_SCALE_SUSPECT' });
    expect(scaleDoubt('load_kwh', hourly(lively), 8_766)).toBeNull();
  });

  it('that a declared total confirms is not', () => {
    expect(scaleDoubt('load_kwh', leaping, 500 * 8_766)).toBeNull();
  });
});

const nodeWith = (series: typeof leaping) =>
  ({
    directory: { path: '/nowhere' },
    clock: { nowMs: () => Number.POSITIVE_INFINITY },
    readings: {
      regular: async (_: string, { startMs, endMs }: { startMs: number; endMs: number }) => {
        const at = (ms: number) => Math.max(0, (ms - START_MS) / HOUR_MS);
        const values = series.values.subarray(at(startMs), at(endMs));
        return { ...series, startMs: Math.max(startMs, START_MS), values };
      },
    },
  }) as unknown as SiteNode;

describe('a card over a range', () => {
  const card = {
    model: { lookback: 168, horizon: 24, stepMinutes: 60 },
    data: {
      series: ['load_kwh'],
      zone: '+00:00',
      train: { start: '2026-01-19T00:00:00Z' },
      validation: { end: '2026-02-02T00:00:00Z' },
    },
  } as unknown as TaskCard;
  it('is refused where the series leaps to it from the readings before, which alone would show nothing', async () => {
    await expect(requireFitSeries(nodeWith(leaping), card)).rejects.toMatchObject({
      code: 'SERIES_SCALE_SUSPECT',
      kind: 'forbidden',
    });
    await expect(requireFitSeries(nodeWith(hourly(lively)), card)).resolves.toBeUndefined();
  });
});
