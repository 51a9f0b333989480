import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './harness/command-line.ts';

const DAY = {
  subject: { name: 'North works' },
  period: { start: '2026-05-11T22:00Z', end: '2026-05-12T22:00Z', zone: 'Europe/Berlin' },
  hours: Array.from({ length: 24 }, (_, n) => ({
    start: new Date(Date.UTC(2026, 4, 11, 22 + n)).toISOString(),
    importKwh: '1.2',
    attributedKwh: n === 12 ? 0.4 : 0,
  })),
  grid: { id: 'de', basis: 'direct', source: 'operator', factorKgPerKwh: 0.38 },
  local: 'pv-rooftop/direct/ipcc-ar5',
};

describe('carbon report and carbon verify', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const report = (name: string, ...options: string[]) =>
    run(['carbon', 'report', '--json', '--out', at(name), ...options], { stdin: JSON.stringify(DAY) });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carbon-report-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('write a report that verifies offline; a changed byte does not', async () => {
    const { exitCode, stdout } = await report('day.json', '--input', '-');
    expect({ exitCode, answer: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      // 24 × 1 200 Wh × 0.38 g/Wh; 400 Wh of it at 0
      answer: { file: at('day.json'), format: 'json', total: [{ grams: 10_944 }, { grams: 10_792 }] },
    });
    const verified = await run(['carbon', 'verify', at('day.json'), '--json']);
    expect(verified.exitCode).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, signedBy: null });

    const text = await readFile(at('day.json'), 'utf8');
    await writeFile(at('changed.json'), text.replace('"importWh":1200', '"importWh":1201'));
    const changed = await run(['carbon', 'verify', at('changed.json'), '--json']);
    expect(changed.exitCode).toBe(1);
    const { checks } = JSON.parse(changed.stdout) as { checks: object[] };
    expect(checks.at(-1)).toMatchObject({ name: 'hash', ok: false, code: 'REPORT_HASH' });
    const told = await run(['carbon', 'verify', at('changed.json')]);
    expect(told.stdout).toMatch(/✗ hash +REPORT_HASH: .*\nNOT VERIFIED\n$/);
  });

  it('write every input row of a verified report as CSV, and refuse one that is not', async () => {
    expect((await report('again.csv', '--input', at('day.json'), '--format', 'csv')).exitCode).toBe(0);
    const rows = (await readFile(at('again.csv'), 'utf8')).trimEnd().split('\r\n');
    expect(rows).toHaveLength(25);
    expect(rows[0]).toMatch(
      /^start,attributedWh,gridCarbonFreeShare,importWh,locationGramsCo2e,marketGramsCo2e,/,
    );
    expect(rows[13]).toMatch(
      /^2026-05-12T10:00:00Z,400,,1200,456,304,gridcommons\/scope2-hourly\/1,[0-9a-f]{64}$/,
    );
    const refused = await report('never.csv', '--input', at('changed.json'), '--format', 'csv');
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'REPORT_HASH' } });
  });

  it('write PDF and workbook of the same report', async () => {
    for (const [format, mark] of [
      ['pdf', '%PDF-'],
      ['xlsx', 'PK'],
    ] as const) {
      const written = await report(`day.${format}`, '--input', at('day.json'), '--format', format);
      expect(written.exitCode).toBe(0);
      const head = (await readFile(at(`day.${format}`))).subarray(0, mark.length);
      expect(head.toString('latin1')).toBe(mark);
    }
  });

  it('replace no file, and need one for what is no text', async () => {
    const taken = await report('day.json', '--input', '-');
    expect(JSON.parse(taken.stderr)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    const nowhere = await run(['carbon', 'report', '--input', at('day.json'), '--format', 'csv', '--json']);
    expect(JSON.parse(nowhere.stderr)).toMatchObject({ error: { code: 'REPORT_OUT' } });
    const shown = await run(['carbon', 'report', '--input', at('day.json'), '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ format: 'gridcommons/carbon-report/1' });
  });
});
