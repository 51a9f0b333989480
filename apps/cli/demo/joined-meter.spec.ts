import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { meteredDays } from './joined-meter.ts';

const directory = mkdtempSync(join(tmpdir(), 'gridcommons-meter-'));
afterAll(() => rmSync(directory, { recursive: true }));

function meter(name: string, offset: string): string {
  const file = join(directory, `${name}.csv`);
  const start = Date.UTC(2026, 0, 1);
  const rows = Array.from({ length: 72 }, (_, hour) => {
    const clock = new Date(start + hour * HOUR_MS).toISOString().slice(0, 19);
    return `${clock}${offset},0.5`;
  });
  writeFileSync(file, ['timestamp,load_kwh', ...rows].join('\n'));
  return file;
}

const BERLIN = { declared: undefined, usual: 'Europe/Berlin' };

describe('the days of a joined meter', () => {
  it('are those of the usual zone where the file keeps its time', async () => {
    expect(await meteredDays(meter('home', '+01:00'), BERLIN, 3)).toEqual({ days: 3, lastDay: '2026-01-03' });
  });

  it('are never guessed: a wall clock and the time of elsewhere need a zone', async () => {
    const clock = meter('clock', '');
    const brooklyn = meter('brooklyn', '-05:00');
    await expect(meteredDays(clock, BERLIN, 1)).rejects.toMatchObject({ code: 'CSV_ZONE_REQUIRED' });
    await expect(meteredDays(brooklyn, BERLIN, 1)).rejects.toMatchObject({
      code: 'ZONE_MISSING',
      message: expect.stringContaining('expected --zone, such as America/New_York'),
    });
    const newYork = { declared: 'America/New_York', usual: 'Europe/Berlin' };
    expect(await meteredDays(clock, newYork, 3)).toEqual({ days: 3, lastDay: '2026-01-03' });
    expect(await meteredDays(brooklyn, newYork, 3)).toEqual({ days: 3, lastDay: '2026-01-03' });
  });
});
