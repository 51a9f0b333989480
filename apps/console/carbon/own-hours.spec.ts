import { describe, expect, it } from '@jest/globals';
import { hourShown } from './hour-shown.ts';
import { coverageByHour, ownHours } from './own-hours.ts';

const intensities = [
  { start: '2026-05-15T10:00:00Z', kgCo2ePerKwh: '0.5' },
  { start: '2026-05-15T11:00:00Z', kgCo2ePerKwh: '0.25' },
];

describe('own hours', () => {
  it('adds slots and participants up by local hour, at the intensity of the hour they are in', () => {
    const hours = ownHours(
      [
        { startsAt: '2026-05-15T10:00:00Z', consumedWh: 1_000, coveredWh: 500 },
        { startsAt: '2026-05-15T10:30:00Z', consumedWh: 2_000, coveredWh: 0 },
        { startsAt: '2026-05-15T11:00:00Z', consumedWh: 4_000, coveredWh: 4_000 },
        { startsAt: '2026-05-15T11:00:00Z', consumedWh: null, coveredWh: null },
      ],
      intensities,
      'Europe/Berlin',
    );
    expect(hours).toEqual([
      { day: '2026-05-15', hour: 12, consumedWh: 3_000, coveredWh: 500, kilograms: 1.5 },
      { day: '2026-05-15', hour: 13, consumedWh: 4_000, coveredWh: 4_000, kilograms: 1 },
    ]);
    const shares = coverageByHour(hours);
    expect(shares[12]!.share).toBeCloseTo(1 / 6);
    expect([shares[13]!.share, shares[14]!.share]).toEqual([1, null]);
  });

  it('knows no emissions of an hour whose intensity is not known', () => {
    const accounts = [
      { startsAt: '2026-05-16T10:00:00Z', consumedWh: 1, coveredWh: 0 },
      { startsAt: '2026-05-16T10:15:00Z', consumedWh: 1, coveredWh: 0 },
    ];
    expect(ownHours(accounts, intensities, 'UTC')).toEqual([
      { day: '2026-05-16', hour: 10, consumedWh: 2, coveredWh: 0, kilograms: null },
    ]);
  });

  it('shows the hour that runs, and where none does the newest', () => {
    const rows = intensities.map(({ start }, i) => ({ start, grams: i }));
    expect(hourShown(rows, Date.parse('2026-05-15T10:59:59Z'))).toEqual({ ...rows[0], isNow: true });
    expect(hourShown(rows, Date.parse('2026-05-15T12:00:00Z'))).toEqual({ ...rows[1], isNow: false });
  });
});
