import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '#core';
import { forecastOwn, INPUT_PENALTIES, type OwnForecastRequest } from './index.ts';

const START = Date.UTC(2025, 2, 1);
const DAYS = 120;
const HORIZON = 48;

/** A uniform number in [−1, 1) of a hash of i. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
/** Wind of the day, and an hour's intensity, g/kWh: a daily cycle, less wind, and what nobody knows. */
const windAt = (i: number): number => 8 + 4 * noise(Math.floor(i / 24));
const gramsAt = (i: number): number =>
  400 + 100 * Math.sin((2 * Math.PI * i) / 24) - 20 * windAt(i) + 8 * noise(i + 0.5);

const column = (of: (i: number) => number, hours = 24 * DAYS + HORIZON) => ({
  startMs: START,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: hours }, (_, i) => of(i)),
});
const request = (of: Partial<OwnForecastRequest> = {}): OwnForecastRequest => ({
  series: column(gramsAt),
  zone: 'Europe/Berlin',
  issueMs: START + DAYS * DAY_MS,
  lookback: 48,
  horizon: HORIZON,
  inputTerms: null,
  inputs: { columns: new Map(), isHoliday: () => false },
  coverages: [0.5, 0.9],
  least: 0,
  ...of,
});
const WEATHER = {
  inputTerms: {
    calendar: false,
    holidays: null,
    ahead: ['wind'],
    past: [],
    issues: 'every-step',
    penalties: INPUT_PENALTIES,
  },
  inputs: { columns: new Map([['wind', column(windAt)]]), isHoliday: () => false },
} as const;

describe('forecastOwn', () => {
  it('is better than both seasonal naive forecasts where there is something to know, on days that chose nothing', () => {
    const { backtest } = forecastOwn(request(WEATHER));
    expect(backtest.skill).toBeGreaterThan(0.5);
    expect(backtest.byDay.map(({ throughHour }) => throughHour)).toEqual([24, 48]);
    for (const day of backtest.byDay) expect(day.mae!).toBeLessThan(day.naiveMae!);
    expect(backtest.mapePercentByHour).toHaveLength(HORIZON);
    // 120 days: 24 of them in the test part, the last of which has no second day.
    expect(backtest.issues).toBeGreaterThanOrEqual(22);
    expect(backtest.issues).toBeLessThanOrEqual(24);
  });

  it('has intervals one within the other that hold about the share they are meant to', () => {
    const { median, intervals, backtest } = forecastOwn(request(WEATHER));
    const [half, most] = intervals;
    for (const [h, value] of median.entries()) {
      expect(most!.lower[h]!).toBeLessThanOrEqual(half!.lower[h]!);
      expect(half!.lower[h]!).toBeLessThanOrEqual(value);
      expect(half!.upper[h]!).toBeGreaterThanOrEqual(value);
      expect(most!.upper[h]!).toBeGreaterThanOrEqual(half!.upper[h]!);
    }
    for (const { coverage, held } of backtest.intervals) expect(Math.abs(held! - coverage)).toBeLessThan(0.1);
  });

  it('foretells what comes, at midnights and at any other hour', () => {
    for (const hour of [0, 9]) {
      const issueMs = START + (DAYS - 1) * DAY_MS + hour * HOUR_MS;
      const { median } = forecastOwn(request({ ...WEATHER, issueMs, horizon: 24 }));
      const first = (issueMs - START) / HOUR_MS;
      const errors = [...median].map((value, h) => Math.abs(value - gramsAt(first + h)));
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(20);
    }
  });

  it('reads nothing of the series at or after the issue time', () => {
    const known = forecastOwn(request({ issueMs: START + 100 * DAY_MS }));
    const later = column((i) => (i < 2_400 ? gramsAt(i) : 9_999));
    expect(forecastOwn(request({ issueMs: START + 100 * DAY_MS, series: later }))).toEqual(known);
  });

  it.each([
    ['SERIES_TOO_SHORT', { issueMs: START + 10 * DAY_MS }],
    ['HISTORY_TOO_SHORT', { issueMs: START + 25 * DAY_MS, horizon: 96 }],
    ['SERIES_SPARSE', { series: column((i) => (i % 3 === 0 ? gramsAt(i) : Number.NaN)) }],
    ['RIDGE_CONFIG_INVALID', { lookback: 1 }],
  ])('refuses with %s', (code, of) => {
    expect(() => forecastOwn(request(of))).toThrow(expect.objectContaining({ code }));
  });
});
