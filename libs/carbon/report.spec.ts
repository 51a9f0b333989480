import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { generateSigningKey, hashJson, HOUR_MS, isoInstant, type Json } from '#core';
import {
  builtInFactor,
  type CarbonReport,
  factorById,
  gridFactor,
  makeReport,
  REPORT_FORMAT,
  type ReportBasis,
  reportMethodNamed,
  reportRows,
  SCOPE2_METHOD,
  scope2Inventory,
  verifyReport,
} from '#carbon';

const START = Date.UTC(2026, 4, 11, 22);
const method = reportMethodNamed(SCOPE2_METHOD);
const pv = factorById('pv-rooftop/lifecycle/ipcc-ar5');
const hour = (n: number): number => START + n * HOUR_MS;

interface Day {
  readonly importWh: readonly number[];
  readonly attributedWh?: readonly number[];
  readonly grid?: readonly string[];
  readonly share?: string | null;
}

function basisOf(
  { importWh, attributedWh = [], grid, share = null }: Day,
  change: Partial<ReportBasis> = {},
) {
  const starts = importWh.map((_, n) => hour(n));
  const kgCo2ePerKwhByHour = new Map(starts.map((startMs, n) => [startMs, grid?.[n] ?? '0.4']));
  const source = { id: 'grid/test', basis: 'lifecycle', zone: 'DE', source: 'made up' } as const;
  return {
    format: REPORT_FORMAT,
    subject: { name: 'North works', participantId: null },
    period: { start: isoInstant(START), end: isoInstant(hour(24)), zone: 'Europe/Berlin' },
    resolution: 'day',
    method: SCOPE2_METHOD,
    parameters: { grid: 'grid/test', local: pv.id },
    factors: [gridFactor(source, { kgCo2ePerKwhByHour }, starts), builtInFactor(pv)],
    inputs: importWh.map((wh, n) => ({
      start: isoInstant(hour(n)),
      importWh: wh,
      attributedWh: attributedWh[n] ?? 0,
      gridCarbonFreeShare: share,
    })),
    ...change,
  } satisfies ReportBasis;
}

const reportOf = (day: Day, change: Partial<ReportBasis> = {}): Promise<CarbonReport> =>
  makeReport(basisOf(day, change), method);

const fullDay: Day = { importWh: Array.from({ length: 24 }, () => 1_000), attributedWh: [400, 2_000] };

describe('a report of hourly scope 2', () => {
  it('shows each hour as quantity × factor and adds up what it shows', async () => {
    const { lines, total, indicators, dataQuality, flags } = await reportOf(fullDay);
    // 24 × 1 000 Wh × 0.4 g/Wh; 400 + 1 000 Wh of it from PV at 0.041 g/Wh
    expect(total).toMatchObject([
      { scope: 2, account: 'location', quantity: '24000', gramsCo2e: '9600', grams: 9_600 },
      { scope: 2, account: 'market', quantity: '24000', gramsCo2e: '9097.4', grams: 9_097 },
    ]);
    expect(lines.filter(({ start }) => start === isoInstant(START))).toMatchObject([
      { account: 'location', factorId: 'grid/test', quantity: '1000', gramsCo2e: '400' },
      { account: 'market', factorId: pv.id, quantity: '400', gramsCo2e: '16.4' },
      { account: 'market', factorId: 'grid/test', quantity: '600', gramsCo2e: '240' },
    ]);
    expect(indicators).toEqual({
      locationKgPerKwh: '0.400000',
      marketKgPerKwh: '0.379058',
      matchedShare: '0.058333',
      cfeScore: null,
    });
    expect(dataQuality).toEqual({ expectedRows: 24, rows: 24, countedRows: 24, completeness: '1.000000' });
    expect(flags).toEqual([]);
  });

  it('agrees with the hourly inventory whatever the hours hold', async () => {
    const wh = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 24, maxLength: 24 });
    const factors = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 24, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(wh, wh, factors, async (importWh, attributedWh, micro) => {
        const grid = micro.map((value) => (value / 1e6).toFixed(6));
        const report = await reportOf({ importWh, attributedWh, grid });
        const inventory = scope2Inventory(
          importWh.map((each, n) => ({
            intervalStartMs: hour(n),
            importWh: each,
            attributedWh: attributedWh[n]!,
          })),
          {
            id: 'grid/test',
            basis: 'lifecycle',
            kgCo2ePerKwhByHour: new Map(grid.map((kg, n) => [hour(n), kg])),
          },
          pv,
        );
        expect(report.total.map(({ grams }) => grams)).toEqual([
          inventory.locationGrams,
          inventory.marketGrams,
        ]);
        expect(reportRows(report).map(({ marketGrams }) => marketGrams)).toEqual(
          inventory.hours.map(({ marketGrams }) => marketGrams),
        );
        expect((await verifyReport(report)).verified).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('counts no hour it does not know, and says which', async () => {
    const { flags, dataQuality, total } = await reportOf(
      { importWh: [1_000, 1_000] },
      { period: { start: isoInstant(START), end: isoInstant(hour(3)), zone: 'UTC' }, resolution: 'total' },
    );
    expect(total[0]).toMatchObject({ grams: 800 });
    expect(flags).toEqual([{ flag: 'missing', about: 'reading', start: isoInstant(hour(2)) }]);
    expect(dataQuality).toMatchObject({ expectedRows: 3, countedRows: 2, completeness: '0.666667' });
    const basis = basisOf({ importWh: [1_000, 1_000] });
    const [grid, local] = basis.factors;
    const factors = [{ ...grid!, hours: grid!.hours!.slice(1) }, local!];
    const { flags: noFactor } = await makeReport({ ...basis, factors }, method);
    expect(noFactor[0]).toEqual({ flag: 'missing', about: 'factor', start: isoInstant(START) });
  });

  it('scores carbon-free energy only where the share of the grid is known in every hour', async () => {
    const { indicators } = await reportOf({ ...fullDay, share: '0.5' });
    // (1 400 + 22 600 × 0.5) / 24 000
    expect(indicators['cfeScore']).toBe('0.529167');
    const nothing = await reportOf({ importWh: [0], share: '0.5' });
    expect(nothing.indicators).toMatchObject({ cfeScore: null, matchedShare: null });
  });

  it.each([
    ['day', 4],
    ['week', 2],
    ['month', 2],
    ['year', 1],
    ['total', 1],
  ] as const)('adds up by local %s', async (resolution, parts) => {
    // Saturday 30 May to Tuesday 2 June in Berlin
    const startMs = Date.UTC(2026, 4, 29, 22);
    const starts = Array.from({ length: 96 }, (_, n) => startMs + n * HOUR_MS);
    const basis = basisOf({ importWh: [1] });
    const { totals, total } = await reportOf(
      { importWh: [1] },
      {
        resolution,
        period: {
          start: isoInstant(startMs),
          end: isoInstant(startMs + 96 * HOUR_MS),
          zone: 'Europe/Berlin',
        },
        factors: [
          { ...basis.factors[0]!, hours: starts.map((ms) => ({ start: isoInstant(ms), value: '0.4' })) },
          builtInFactor(pv),
        ],
        inputs: starts.map((ms) => ({ ...basis.inputs[0]!, start: isoInstant(ms), importWh: 1_000 })),
      },
    );
    expect(totals).toHaveLength(2 * parts);
    const sum = totals.filter(({ account }) => account === 'location').reduce((g, { grams }) => g + grams, 0);
    expect(sum).toBe(total[0]!.grams);
  });

  it.each([
    [
      'REPORT_INPUT',
      { inputs: [{ start: isoInstant(START), importWh: -1, attributedWh: 0, gridCarbonFreeShare: null }] },
    ],
    [
      'REPORT_INPUT',
      { inputs: [{ start: isoInstant(hour(24)), importWh: 1, attributedWh: 0, gridCarbonFreeShare: null }] },
    ],
    [
      'REPORT_INPUT',
      { inputs: [{ start: isoInstant(START), importWh: 1, attributedWh: 0, gridCarbonFreeShare: '1.2' }] },
    ],
    ['REPORT_INPUT', { inputs: [{ start: isoInstant(START), importWh: 1 }] }],
    ['REPORT_FACTOR', { parameters: { grid: pv.id, local: null } }],
    ['REPORT_FACTOR', { parameters: { grid: 'grid/test', local: 'unknown' } }],
    ['REPORT_FACTOR', { parameters: { grid: 'grid/test', local: null } }],
    [
      'REPORT_PERIOD',
      { period: { start: isoInstant(START), end: isoInstant(START + 90 * 60_000), zone: 'UTC' } },
    ],
    [
      'REPORT_PERIOD',
      { period: { start: isoInstant(START), end: isoInstant(START + 800 * 24 * HOUR_MS), zone: 'UTC' } },
    ],
    [
      'ZONE_UNKNOWN',
      { period: { start: isoInstant(START), end: isoInstant(hour(24)), zone: 'Mars/Olympus' } },
    ],
    ['REPORT_EMPTY', { inputs: [] }],
  ] satisfies [string, Partial<ReportBasis>][])('refuses with %s %j', async (code, change) => {
    await expect(reportOf({ importWh: [1_000], attributedWh: [100] }, change)).rejects.toMatchObject({
      code,
    });
  });
});

/** What a forger would do: change, and seal anew. */
async function resealed(report: CarbonReport, change: Partial<CarbonReport>): Promise<CarbonReport> {
  const { hash: _hash, signature: _signature, ...body } = { ...report, ...change };
  return { ...body, hash: await hashJson(body as unknown as Json), signature: null };
}

const failing = async (report: CarbonReport, expected = {}) => {
  const { verified, checks } = await verifyReport(report, expected);
  const { name, code } = checks.at(-1)!;
  return { verified, name, code };
};

describe('verifyReport', () => {
  it('accepts what was made, signed or not', async () => {
    const pair = await generateSigningKey();
    const signed = await makeReport(
      basisOf(fullDay, { subject: { name: 'North', participantId: 'p' } }),
      method,
      { participantId: 'p', ...pair },
    );
    expect(await verifyReport(signed, { publicKey: pair.publicKey })).toMatchObject({
      verified: true,
      signedBy: pair.publicKey,
    });
    const other = await generateSigningKey();
    expect(await failing(signed, { publicKey: other.publicKey })).toEqual({ verified: false, name: 'signature', code: 'REPORT_SIGNER' }); // prettier-ignore
    const unsigned = { ...signed, signature: null };
    expect(await failing(unsigned)).toMatchObject({ verified: true });
    expect(await failing(unsigned, { publicKey: pair.publicKey })).toMatchObject({ code: 'REPORT_UNSIGNED' });
    const stolen = { ...signed, signature: { ...signed.signature!, participantId: 'q' } };
    expect(await failing(stolen)).toMatchObject({ name: 'signature', code: 'REPORT_SIGNER' });
    const foreign = { ...signed, signature: { ...signed.signature!, publicKey: other.publicKey } };
    expect(await failing(foreign)).toMatchObject({ name: 'signature', code: 'SIGNATURE_INVALID' });
  });

  it('names what a forger changed who sealed it anew', async () => {
    const report = await reportOf(fullDay);
    const [line, ...lines] = report.lines;
    const [sum] = report.total;
    const cases: [Partial<CarbonReport>, string, string][] = [
      [{ method: 'gridcommons/scope2-hourly/99' }, 'method', 'REPORT_METHOD_UNKNOWN'],
      [{ factors: [report.factors[0]!, { ...report.factors[1]!, value: '0' }] }, 'factors', 'REPORT_FACTOR'],
      [{ factors: [...report.factors, report.factors[0]!] }, 'factors', 'REPORT_FACTOR'],
      [{ factors: [...report.factors, { ...report.factors[1]!, id: 'pv-own' }] }, 'inputs', 'REPORT_FACTOR'],
      [{ factors: [{ ...report.factors[0]!, value: '0' }, report.factors[1]!] }, 'inputs', 'REPORT_FACTOR'],
      [
        {
          factors: [
            {
              ...report.factors[0]!,
              hours: [...report.factors[0]!.hours!, { start: isoInstant(hour(24)), value: '0' }],
            },
            report.factors[1]!,
          ],
        },
        'inputs',
        'REPORT_FACTOR',
      ],
      [{ parameters: { ...report.parameters, totalGrams: 0 } }, 'inputs', 'REPORT_FACTOR'],
      [{ inputs: [{ ...report.inputs[0]!, grams: 0 }, ...report.inputs.slice(1)] }, 'inputs', 'REPORT_INPUT'],
      [{ period: { ...report.period, zone: 'verified by an auditor' } }, 'inputs', 'ZONE_UNKNOWN'],
      [{ inputs: report.inputs.slice(1) }, 'lines', 'REPORT_DIFFERS'],
      [{ inputs: [report.inputs[1]!, report.inputs[0]!] }, 'inputs', 'REPORT_INPUT'],
      [{ lines: [{ ...line!, gramsCo2e: '1' }, ...lines] }, 'lines', 'REPORT_DIFFERS'],
      [{ totals: [] }, 'totals', 'REPORT_DIFFERS'],
      [{ total: [{ ...sum!, grams: 1 }, report.total[1]!] }, 'total', 'REPORT_DIFFERS'],
      [{ indicators: { ...report.indicators, cfeScore: '1' } }, 'indicators', 'REPORT_DIFFERS'],
      [{ flags: [{ flag: 'estimated', about: 'x', start: null }] }, 'flags', 'REPORT_DIFFERS'],
      [{ disclosures: [] }, 'disclosures', 'REPORT_DIFFERS'],
      [{ dataQuality: { ...report.dataQuality, rows: 1 } }, 'dataQuality', 'REPORT_DIFFERS'],
    ];
    for (const [change, name, code] of cases) {
      expect(await failing(await resealed(report, change))).toEqual({ verified: false, name, code });
    }
    expect(await failing({ ...report, resolution: 'total' })).toEqual({ verified: false, name: 'hash', code: 'REPORT_HASH' }); // prettier-ignore
  });
});
