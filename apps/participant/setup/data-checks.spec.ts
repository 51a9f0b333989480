import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { type DataFile, dataChecks, storedChecks } from './data-checks.ts';

const START = Date.UTC(2026, 0, 5);

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'data-checks-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const lively = (hour: number) => 2 + Math.sin((2 * Math.PI * hour) / 24) + Math.sin(hour * hour) / 4;

function csv(
  hours: number,
  valueAt: (hour: number) => number | string,
  header = 'timestamp,load_kwh',
): string {
  const rows = Array.from({ length: hours }, (_, h) => `${isoInstant(START + h * HOUR_MS)},${valueAt(h)}`);
  return `${[header, ...rows].join('\n')}\n`;
}

const checked = async (text: string, more: Partial<DataFile> = {}) => {
  const file = join(workspace, 'readings.csv');
  writeFileSync(file, text);
  const checks = await dataChecks({ file, ...more });
  return Object.fromEntries(checks.map(({ check, ...rest }) => [check, rest]));
};

describe('a file of readings', () => {
  it('tells rows, resolution, span and gaps, and no reading', async () => {
    const checks = await checked(csv(336, (h) => (h === 100 ? '' : lively(h).toFixed(3))));
    expect(checks).toMatchObject({
      data: {
        status: 'ok',
        found: expect.stringMatching(
          /readings.csv: 336 rows every 60 min; 2026-01-05T00:00:00Z to 2026-01-19T00:00:00Z, zone \S+; load_kwh 335 readings, 1 missing$/,
        ),
      },
      units: { status: 'ok' },
      'look-back': { status: 'ok' },
    });
    expect(JSON.stringify(checks)).not.toContain(lively(5).toFixed(3));
  });

  it.each([
    ['', {}, 'CSV_EMPTY'],
    ['timestamp,load_kwh\n', {}, 'CSV_EMPTY'],
    ['timestamp,load_kwh\n2026-01-05 00:00,1\n', {}, 'CSV_ZONE_REQUIRED'],
    [csv(48, lively, 'timestamp,load'), {}, 'CSV_HEADER'],
    [csv(48, lively), { zone: 'Europe/Nowhere' }, 'ZONE_UNKNOWN'],
    ['timestamp,a_kwh,b_kwh\n', { column: 'load_kwh' }, 'CSV_HEADER'],
    [csv(48, lively), { file: '/nowhere.csv' }, 'FILE_UNREADABLE'],
  ])('%j fails', async (text, more, code) => {
    expect(await checked(text, more)).toMatchObject({ data: { status: 'failed', code } });
  });

  it('without a name for its column is read under the one it is given', async () => {
    const { data } = await checked(csv(336, lively, 'Zeit,Verbrauch'), { column: 'load_kwh' });
    expect(data).toMatchObject({ status: 'ok', found: expect.stringContaining('load_kwh 336 readings') });
  });

  it('that is short, constant, of two units or full of gaps is doubtful', async () => {
    expect(await checked(csv(191, lively))).toMatchObject({
      'look-back': {
        status: 'warning',
        code: 'SERIES_TOO_SHORT',
        found: expect.stringContaining('191 readings'),
      },
    });
    expect(await checked(csv(192, lively))).toMatchObject({ 'look-back': { status: 'ok' } });
    expect(await checked(csv(336, () => 1))).toMatchObject({
      'look-back': { status: 'warning', code: 'SERIES_CONSTANT' },
    });
    expect(await checked(csv(672, (h) => lively(h) * (h < 336 ? 1 : 1_000)))).toMatchObject({
      units: { status: 'warning', code: 'SERIES_SCALE_SUSPECT' },
    });
    const gaps = csv(336, lively)
      .split('\n')
      .filter((_, row) => row < 100 || row > 200);
    expect(await checked(gaps.join('\n'))).toMatchObject({ findings: { status: 'warning', code: 'GAP' } });
  });
});

const noted = (days: number, leftOut: { code: 'SERIES_SCALE_SUSPECT'; reason: string } | null = null) => ({
  column: 'load_kwh',
  from: isoInstant(START),
  to: isoInstant(START + days * 24 * HOUR_MS),
  present: days * 48,
  missing: days * 48,
  leftOut,
});

describe('readings that are stored', () => {
  it('are judged by what is noted of them: half of the quarter-hours are half of the hours', () => {
    expect(storedChecks(null)).toMatchObject([{ status: 'warning', code: 'READINGS_NONE' }]);
    expect(storedChecks([noted(16)]).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(storedChecks([noted(15)])).toMatchObject([{}, {}, { code: 'SERIES_TOO_SHORT' }]);
    const suspect = noted(16, { code: 'SERIES_SCALE_SUSPECT', reason: 'leaps' });
    expect(storedChecks([suspect])).toMatchObject([{}, { code: 'SERIES_SCALE_SUSPECT', found: 'leaps' }, {}]);
  });
});
