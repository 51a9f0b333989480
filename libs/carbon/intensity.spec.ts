import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { parseIntensityCsv } from './index.ts';

const HEADER = 'timestamp,grid_kgco2e_per_kwh';
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');
// oxlint-disable-next-line node/no-process-env -- a test may be pointed at another copy
const dataDir = process.env['DATA_DIR'] ?? '../shared/data';
const demoFile = join(dataDir, 'demo-grid-intensity.csv');
const describePublished = existsSync(demoFile) ? describe : describe.skip;

describe('parseIntensityCsv', () => {
  it('reads hours in time order as exact decimals', () => {
    const series = parseIntensityCsv(
      `\uFEFFzone,${HEADER}\r\nX,2026-01-01T00:00:00+01:00,0.4100\r\nX,2026-01-01T01:00:00+01:00,0\r\n`,
    );
    expect(series).toEqual({
      hours: [
        { startMs: Date.UTC(2025, 11, 31, 23), kgCo2ePerKwh: '0.41' },
        { startMs: Date.UTC(2026, 0, 1), kgCo2ePerKwh: '0' },
      ],
      findings: [],
    });
  });

  it('keeps both hours of the autumn change apart by their offsets', () => {
    const { hours, findings } = parseIntensityCsv(
      csv('2026-10-25T02:00+02:00,0.3', '2026-10-25T02:00+01:00,0.4', '2026-10-25T03:00+01:00,0.5'),
    );
    expect(hours.map(({ kgCo2ePerKwh }) => kgCo2ePerKwh)).toEqual(['0.3', '0.4', '0.5']);
    expect(findings).toEqual([]);
  });

  it('reports gaps, duplicates and disorder as findings', () => {
    const { hours, findings } = parseIntensityCsv(
      csv(
        '2026-01-01T05:00Z,0.5',
        '2026-01-01T00:00Z,0.1',
        '2026-01-01T01:00Z,0.2',
        '2026-01-01T01:00Z,0.20',
      ),
    );
    expect(hours).toHaveLength(3);
    expect(findings).toEqual([
      { kind: 'unsorted', line: 3, startMs: Date.UTC(2026, 0, 1), hours: 0 },
      { kind: 'duplicate', line: 5, startMs: Date.UTC(2026, 0, 1, 1), hours: 1 },
      { kind: 'gap', line: 2, startMs: Date.UTC(2026, 0, 1, 2), hours: 3 },
    ]);
  });

  it.each([
    ['time,grid_kgco2e_per_kwh\n2026-01-01T00:00Z,0.1', 'INTENSITY_HEADER', 1, 'timestamp'],
    ['timestamp,gco2\n2026-01-01T00:00Z,0.1', 'INTENSITY_HEADER', 1, 'grid_kgco2e_per_kwh'],
    ['', 'INTENSITY_HEADER', 1, 'timestamp'],
    [HEADER, 'INTENSITY_EMPTY', 2, 'timestamp'],
    [csv('2026-01-01T00:00Z,0.1', '2026-01-01T01:00,0.1'), 'INTENSITY_TIMESTAMP', 3, 'timestamp'],
    [csv('2026-01-01T00:30Z,0.1'), 'INTENSITY_TIMESTAMP', 2, 'timestamp'],
    [csv('2026-02-30T00:00Z,0.1'), 'INTENSITY_TIMESTAMP', 2, 'timestamp'],
    [csv('2026-01-01T00:00Z,0.1', '2026-01-01T06:00+05:30,0.1'), 'INTENSITY_OFF_GRID', 3, 'timestamp'],
    [csv('2026-01-01T00:00Z,0.1', '2026-01-01T00:00Z,0.2'), 'INTENSITY_CONFLICT', 3, 'grid_kgco2e_per_kwh'],
    ...['', '-0.1', '410', '1e-3', 'NaN', '0,1', '.5'].map((cell): [string, string, number, string] => [
      csv(`2026-01-01T00:00Z,${cell}`),
      'INTENSITY_VALUE',
      2,
      'grid_kgco2e_per_kwh',
    ]),
  ])('refuses %j with %s at line %i, column %s', (text, code, line, column) => {
    expect(() => parseIntensityCsv(text)).toThrow(
      expect.objectContaining({ code, data: expect.objectContaining({ line, column }) as unknown }),
    );
  });

  it('accounts for every hour between the first and the last: read or named as a gap', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1 }), (offsets) => {
        const rows = offsets.map((hour) => `${new Date(hour * HOUR_MS).toISOString()},0.${hour + 1}`);
        const { hours, findings } = parseIntensityCsv(csv(...rows));
        const gaps = findings.filter(({ kind }) => kind === 'gap').reduce((sum, gap) => sum + gap.hours, 0);
        expect(hours.length + gaps).toBe(Math.max(...offsets) - Math.min(...offsets) + 1);
        expect(hours.map(({ startMs }) => startMs / HOUR_MS)).toEqual(offsets.toSorted((a, b) => a - b));
      }),
    );
  });
});

describePublished(`published figures (${demoFile})`, () => {
  it('reads a year of a real grid', () => {
    const { hours, findings } = parseIntensityCsv(readFileSync(demoFile, 'utf8'));
    expect(hours).toHaveLength(8760);
    expect(findings).toEqual([]);
    expect(hours[0]).toEqual({ startMs: Date.parse('2016-07-31T23:00:00-08:00'), kgCo2ePerKwh: '0.170724' });
  });
});
