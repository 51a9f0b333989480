import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { reportBytes } from '#carbon';
import { utf8 } from '#core';
import { requireInput } from '#inputs';
import { carbonReportInput, carbonReportStudy, reportOfBytes, verifyReportBytes } from '#studies';
import { UNHEARD } from './study.ts';

const input = (change: object = {}) =>
  requireInput(
    {
      subject: { name: 'North works' },
      period: { start: '2026-05-12T00:00+02:00', end: '2026-05-12T04:00+02:00', zone: 'Europe/Berlin' },
      hours: [
        { start: '2026-05-12T01:00+02:00', importKwh: '1.5', attributedKwh: 0.4 },
        { start: '2026-05-12T00:00+02:00', importKwh: 1 },
      ],
      grid: { id: 'grid', basis: 'direct', source: 'operator', factorKgPerKwh: '0.380' },
      local: 'pv-rooftop/direct/ipcc-ar5',
      ...change,
    },
    carbonReportInput,
  );
const report = async (change: object = {}) => carbonReportStudy.run(input(change), {}, UNHEARD);

describe('carbon-report', () => {
  it('makes whole Wh, UTC and order of plain figures', async () => {
    const { inputs, total, period } = await report();
    expect(period).toMatchObject({ start: '2026-05-11T22:00:00Z', end: '2026-05-12T02:00:00Z' });
    expect(inputs.map(({ start, importWh }) => [start, importWh])).toEqual([
      ['2026-05-11T22:00:00Z', 1_000],
      ['2026-05-11T23:00:00Z', 1_500],
    ]);
    // 2 500 Wh × 0.38 g/Wh; 400 Wh of it at 0
    expect(total.map(({ grams }) => grams)).toEqual([950, 798]);
  });

  it('takes hourly factors of the grid and a factor that is not built in', async () => {
    const grid = {
      id: 'g',
      basis: 'direct',
      source: 's',
      hours: [{ start: '2026-05-11T22:00Z', factorKgPerKwh: 1 }],
    };
    const local = { id: 'wind', subject: 'wind', basis: 'direct', source: 's', factorKgPerKwh: '0' };
    const { total, flags, factors } = await report({ grid, local });
    expect(total[0]).toMatchObject({ grams: 1_000 });
    expect(flags.map(({ about }) => about)).toEqual(['factor', 'reading', 'reading']);
    expect(factors.map(({ id }) => id)).toEqual(['g', 'wind']);
  });

  it('has of a longer series the hours of its period', async () => {
    const hours = ['2026-05-11T21:00Z', '2026-05-11T22:00Z', '2026-05-12T02:00Z'].map((start) => ({
      start,
      factorKgPerKwh: 1,
    }));
    const { factors } = await report({ grid: { id: 'g', basis: 'direct', source: 's', hours } });
    expect(factors[0]!.hours).toEqual([{ start: '2026-05-11T22:00:00Z', value: '1' }]);
  });

  it('takes an hour whose reading is null for one that was not read: flagged, in no total', async () => {
    const read = { start: '2026-05-11T22:00Z', importKwh: 1 };
    const unread = { start: '2026-05-11T23:00Z', importKwh: null };
    const { total, inputs, flags } = await report({ hours: [read, unread] });
    expect(inputs).toHaveLength(1);
    expect(total[0]).toMatchObject({ grams: 380 });
    expect(flags).toEqual((await report({ hours: [read] })).flags);
  });

  it.each([
    ['ENERGY_NOT_WHOLE', { hours: [{ start: '2026-05-11T22:00Z', importKwh: '0.0001' }] }],
    ['FACTOR_MISSING', { local: 'unknown' }],
    ['REPORT_GRID', { grid: { id: 'g', basis: 'direct', source: 's' } }],
    ['BASIS_MIXED', { local: 'pv-rooftop/lifecycle/ipcc-ar5' }],
    ['INSTANT_MALFORMED', { period: { start: '2026-05-12', end: '2026-05-13T00:00Z' } }],
    ['REPORT_PERIOD', { period: { start: '2000-01-01T00:00Z', end: '2026-05-13T00:00Z' } }],
  ])('refuses with %s', async (code, change) => {
    await expect(report(change)).rejects.toMatchObject({ code });
  });
});

describe('verifyReportBytes', () => {
  it('takes the bytes of a report and no others', async () => {
    const bytes = reportBytes(await report());
    expect(await verifyReportBytes(bytes)).toMatchObject({ verified: true });
    expect(reportOfBytes(bytes)).toEqual(await report());
    const text = new TextDecoder().decode(bytes);
    const others: [Uint8Array, string][] = [
      [utf8(`${text}\n`), 'REPORT_NOT_CANONICAL'],
      [utf8(`\uFEFF${text}`), 'REPORT_NOT_JSON'],
      [utf8(JSON.stringify(JSON.parse(text), null, 2)), 'REPORT_NOT_CANONICAL'],
      [utf8(text.replace('"disclosures"', '"disclosures":[],"disclosures"')), 'REPORT_NOT_CANONICAL'],
      [utf8('{}'), 'INPUT_INVALID'],
      [utf8(text.replace('{', '{"added":1,')), 'INPUT_KEY_UNKNOWN'],
      [utf8(text.replace('"period":{', '"period":{"constructor":{"prototype":1},')), 'INPUT_KEY_UNKNOWN'],
      [utf8('['.repeat(1_000_000) + ']'.repeat(1_000_000)), 'INPUT_INVALID'],
      [new Uint8Array([0xff]), 'REPORT_NOT_JSON'],
    ];
    for (const [other, code] of others) {
      const { verified, checks } = await verifyReportBytes(other);
      expect({ verified, checks }).toMatchObject({ verified: false, checks: [{ name: 'document', code }] });
    }
  });

  it('takes no content that its hash does not cover, wherever a key says __proto__', async () => {
    const text = new TextDecoder().decode(reportBytes(await report()));
    const places = [...text.matchAll(/\{(?!\})/g)].map(({ index }) => index + 1);
    for (const at of places) {
      for (const hidden of ['1', '{"grams":0}']) {
        // Canonical where it comes before all other keys: `_` is after capitals and before letters.
        const other = `${text.slice(0, at)}"__proto__":${hidden},${text.slice(at)}`;
        const { verified, checks } = await verifyReportBytes(utf8(other));
        expect({ verified, checks }).toMatchObject({
          verified: false,
          checks: [{ code: 'INPUT_KEY_UNKNOWN' }],
        });
      }
    }
    expect(Object.hasOwn(Object.prototype, 'grams')).toBe(false);
  });

  it('never passes where a byte was flipped', async () => {
    const bytes = reportBytes(await report());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= mask;
        const { verified, checks } = await verifyReportBytes(changed);
        expect(verified).toBe(false);
        expect(checks.at(-1)).toMatchObject({ ok: false, code: expect.any(String) });
      }),
      { numRuns: 2_000 },
    );
  });
});
