import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const HOUR_MS = 3_600_000;

describe('participant carbon portrait', () => {
  let directory: string;
  const portrait = (...options: string[]) =>
    run(['participant', 'carbon', 'portrait', '--dir', join(directory, 'site'), ...options]);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-portrait-'));
    // Four weeks from a Monday on: evenings on weekdays, noons at weekends.
    const rows = Array.from({ length: 28 * 24 }, (_, hour) => {
      const isWeekend = Math.floor(hour / 24) % 7 >= 5;
      const at = new Date(Date.UTC(2026, 0, 5) + hour * HOUR_MS).toISOString();
      return `${at},${hour % 24 === (isWeekend ? 12 : 19) ? 4 : 0.5}`;
    });
    const file = join(directory, 'meter.csv');
    await writeFile(file, ['timestamp,load_kwh', ...rows].join('\n'));
    const parameters = ['participant', 'import', file, '--zone', 'UTC', '--dir', join(directory, 'site')];
    await run(parameters);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('tells the kinds of days of the imported readings, and sends nothing', async () => {
    const { exitCode, stdout } = await portrait('--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'gridcommons/portrait/1',
      from: '2026-01-05T00:00:00Z',
      to: '2026-02-02T00:00:00Z',
      zone: 'UTC',
      days: 28,
      kinds: [
        { label: 'evening-peak', shareOfDays: 20 / 28, shareOfWeekends: 0 },
        { label: 'midday-peak', shareOfDays: 8 / 28, shareOfWeekends: 1 },
      ],
      published: null,
    });
    const people = await portrait('--from', '2026-01-05', '--to', '2026-01-26');
    expect(people.stdout).toMatch(
      /^21 days from 2026-01-05T00:00:00Z .*\nevening-peak: 71\.4 % of days.*\nmidday-peak: 28\.6 %/,
    );
    expect(people.stdout).toMatch(/\nnothing was sent\n$/);
  });

  it.each([
    ['NOT_ENROLLED', ['--publish']],
    ['PORTRAIT_TOO_SHORT', ['--from', '2026-01-05', '--to', '2026-01-12']],
  ])('refuses with %s', async (code, options) => {
    const { exitCode, stderr } = await portrait('--json', ...options);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});
