import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './harness/command-line.ts';

const YEAR = {
  subject: { name: 'North works' },
  inventory: {
    period: { start: '2026-01-01T00:00Z', end: '2027-01-01T00:00Z' },
    grids: [{ zone: 'DE', factorKgPerKwh: 0.38, residualFactorKgPerKwh: 0.7, lossOfDelivered: 0.05 }],
    activities: [
      { kind: 'mobile', id: 'van', amount: 100, unit: 'litre', factorKgPerLitre: 2.5 },
      { kind: 'purchased', id: 'office', zone: 'DE', consumptionKwh: 1_000 },
    ],
  },
};

describe('carbon report of an inventory', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const report = (name: string, input: string, format: string) =>
    run(['carbon', 'report', '--json', '--input', input, '--format', format, '--out', at(name)], {
      stdin: JSON.stringify(YEAR),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inventory-report-'));
    await report('year.json', '-', 'json');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('verifies offline with both accounts apart; a changed row does not', async () => {
    const verified = await run(['carbon', 'verify', at('year.json'), '--json']);
    expect(verified.exitCode).toBe(0);
    const text = await readFile(at('year.json'), 'utf8');
    // 100 × 2.5; 1 000 × 0.38 or 0.7; 5 % of 380 lost
    expect(JSON.parse(text)).toMatchObject({
      indicators: { scope1Kg: '250', scope2LocationKg: '380', scope2MarketKg: '700', scope3Kg: '19', locationBasedKg: '649', marketBasedKg: '969' }, // prettier-ignore
    });
    await writeFile(at('changed.json'), text.replace('"amount":100', '"amount":101'));
    const changed = await run(['carbon', 'verify', at('changed.json'), '--json']);
    expect(changed.exitCode).toBe(1);
    const { checks } = JSON.parse(changed.stdout) as { checks: object[] };
    expect(checks.at(-1)).toMatchObject({ name: 'hash', ok: false, code: 'REPORT_HASH' });
  });

  it('is written as CSV of every row, workbook and PDF', async () => {
    expect((await report('year.csv', at('year.json'), 'csv')).exitCode).toBe(0);
    const rows = (await readFile(at('year.csv'), 'utf8')).trimEnd().split('\r\n');
    // the inventory itself, its grid, its two activities
    expect(rows).toHaveLength(5);
    expect(rows.find((row) => row.startsWith('activities[1],'))).toMatch(
      /,399000,719000,gridcommons\/inventory\/1,[0-9a-f]{64}$/,
    );
    for (const [format, mark] of [
      ['pdf', '%PDF-'],
      ['xlsx', 'PK'],
    ] as const) {
      expect((await report(`year.${format}`, at('year.json'), format)).exitCode).toBe(0);
      const head = (await readFile(at(`year.${format}`))).subarray(0, mark.length);
      expect(head.toString('latin1')).toBe(mark);
    }
  });
});
