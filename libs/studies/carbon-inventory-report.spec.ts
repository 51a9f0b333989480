import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type CarbonReport, reportBytes, reportRows, verifyReport } from '#carbon';
import { hashJson, type Json } from '#core';
import { requireInput } from '#inputs';
import { carbonReportInput, carbonReportStudy, STUDY_REPORT_METHODS, verifyReportBytes } from '#studies';
import { documentOf, rowsOf } from './carbon-inventory-rows.ts';
import { UNHEARD } from './study.ts';

const hour = (n: number): string => `2026-01-01T0${n}:00:00Z`;

/** Every kind of activity: hours, gases, a given figure, leased and sold energy, certificates. */
const INVENTORY = {
  period: { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' },
  matching: 'hourly',
  grids: [
    {
      zone: 'DE',
      factorKgPerKwh: 0.38,
      residualFactorKgPerKwh: '0.7',
      lifecycleFactorKgPerKwh: 0.45,
      lossOfDelivered: 0.05,
      factorSource: 'operator',
      hours: [
        { start: hour(0), factorKgPerKwh: 0.3 },
        { start: hour(1), factorKgPerKwh: 0.5 },
      ],
    },
  ],
  activities: [
    { kind: 'stationary', id: 'boiler', fuel: 'natural-gas', amount: '1000.5', unit: 'kWh', upstreamFactorKgPerKwh: 0.03 }, // prettier-ignore
    { kind: 'mobile', id: 'van', amount: 100, unit: 'litre', factorKgPerLitre: 2.5, primary: true },
    { kind: 'leak', id: 'chiller', gas: 'SF6', leakedKg: '0.1' },
    { kind: 'given', id: 'waste', scope3Category: 5, emissionsKg: 12, biogenicCo2Kg: 3, source: 'supplier' },
    {
      kind: 'purchased',
      id: 'office',
      zone: 'DE',
      hours: [
        { start: hour(0), consumptionKwh: 100 },
        { start: hour(1), consumptionKwh: '50.5' },
        { start: hour(2), consumptionKwh: null },
      ],
    },
    { kind: 'purchased', id: 'leased', zone: 'DE', consumptionKwh: 10, scope3Category: 8 },
    { kind: 'own-generation', id: 'roof', zone: 'DE', consumptionKwh: 20, factorId: 'pv-rooftop/direct/ipcc-ar5', attributesSoldKwh: 5 }, // prettier-ignore
  ],
  instruments: [
    {
      kind: 'certificate',
      id: 'go',
      market: 'DE',
      activities: ['office'],
      energyKwh: 30,
      vintage: 2026,
      retired: true,
      factorKgPerKwh: 0,
      hours: [{ start: hour(1), energyKwh: 30 }],
    },
  ],
};

const report = async (change: object = {}): Promise<CarbonReport> =>
  carbonReportStudy.run(
    requireInput(
      { subject: { name: 'North works' }, inventory: { ...INVENTORY, ...change } },
      carbonReportInput,
    ),
    {},
    UNHEARD,
  );

const van = (id: string, factorKgPerKm: string) => ({ kind: 'mobile', id, amount: 1, unit: 'km', factorId: 'wind-onshore/direct/ipcc-ar5', factorKgPerKm }); // prettier-ignore

const first = <T>([head, ...rest]: readonly T[], change: Partial<T>): T[] => [{ ...head!, ...change }, ...rest]; // prettier-ignore

describe('a report of an inventory', () => {
  it('has the lines, totals of both accounts, every factor and every row of the input', async () => {
    const made = await report();
    expect(made).toMatchObject({ method: 'gridcommons/inventory/1', resolution: 'total' });
    // 100 × 0.3 + 50.5 × 0.5 of the office; 20 kWh from the roof at 0
    expect(made.indicators).toMatchObject({ scope2LocationKg: '55.25' });
    const scope2 = made.total.filter(({ scope, account }) => scope === 2 && account === 'location');
    expect(scope2.map(({ gramsCo2e }) => gramsCo2e)).toEqual(['55250']);
    const used = new Set(made.lines.map(({ factorId }) => factorId));
    expect(made.factors.map(({ id }) => id).toSorted()).toEqual([...used].toSorted());
    expect(made.factors.find(({ id }) => id === 'electricity/DE/hours')!.hours).toHaveLength(2);
    expect(made.inputs.filter(({ at }) => /hours\[/.test(String(at)))).toHaveLength(6);
    expect(made.flags).toContainEqual({ flag: 'missing', about: 'hours-without-reading: office, 1', start: null }); // prettier-ignore
    const rows = reportRows(made).filter(({ locationGrams }) => locationGrams !== null);
    expect(rows.map(({ input }) => input['id'])).toEqual(INVENTORY.activities.map(({ id }) => id));
  });

  it('adds its totals up to what the inventory says of each scope', async () => {
    const { total, indicators } = await report();
    const grams = (scope: number, other: string): number =>
      total
        .filter((each) => each.scope === scope && each.account !== other)
        .reduce((sum, { gramsCo2e }) => sum + Number(gramsCo2e), 0);
    const said = (key: string): number => 1_000 * Number(indicators[key]);
    expect(grams(1, '')).toBeCloseTo(said('scope1Kg'), 6);
    expect(grams(2, 'location')).toBeCloseTo(said('scope2MarketKg'), 6);
    expect(grams(3, '')).toBeCloseTo(said('scope3Kg'), 6);
    expect(said('scope1Kg') + said('scope2MarketKg') + said('scope3Kg')).toBeCloseTo(said('marketBasedKg'), 6); // prettier-ignore
  });

  it('verifies as its bytes, and where one was flipped does not', async () => {
    const bytes = reportBytes(await report());
    expect(await verifyReportBytes(bytes)).toMatchObject({ verified: true });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= mask;
        const { verified, checks } = await verifyReportBytes(changed);
        expect(verified).toBe(false);
        expect(checks.at(-1)).toMatchObject({ ok: false, code: expect.any(String) });
      }),
      { numRuns: 150 },
    );
  });

  it('names what a forger changed who sealed it anew', async () => {
    const made = await report();
    const row = (at: string, change: object) =>
      made.inputs.map((each) => (each['at'] === at ? { ...each, ...change } : each));
    const cases: [object, string, string][] = [
      [{ inputs: row('activities[1]', { amount: 101 }) }, 'lines', 'REPORT_DIFFERS'],
      [{ inputs: row('activities[1]', { amount: 100, added: 1 }) }, 'inputs', 'INPUT_KEY_UNKNOWN'],
      [{ inputs: row('grids[0]/hours[1]', { factorKgPerKwh: '0.4' }) }, 'inputs', 'REPORT_FACTOR'],
      [{ inputs: made.inputs.toReversed() }, 'inputs', 'REPORT_INPUT'],
      [{ inputs: row('activities[1]', { at: '__proto__' }) }, 'inputs', 'REPORT_INPUT'],
      [{ factors: first(made.factors, { value: '0' }) }, 'inputs', 'REPORT_FACTOR'],
      [{ factors: made.factors.slice(1) }, 'inputs', 'REPORT_FACTOR'],
      [{ parameters: { ...made.parameters, matching: 'annual' } }, 'inputs', 'REPORT_INPUT'],
      [{ resolution: 'day' }, 'inputs', 'REPORT_PERIOD'],
      [{ lines: first(made.lines, { gramsCo2e: '1' }) }, 'lines', 'REPORT_DIFFERS'],
      [{ totals: first(made.totals, { grams: 1 }) }, 'totals', 'REPORT_DIFFERS'],
      [{ total: first(made.total, { quantity: '1' }) }, 'total', 'REPORT_DIFFERS'],
      [{ indicators: { ...made.indicators, scope1Kg: '1' } }, 'indicators', 'REPORT_DIFFERS'],
      [{ flags: [] }, 'flags', 'REPORT_DIFFERS'],
      [{ dataQuality: { ...made.dataQuality, rows: 1 } }, 'dataQuality', 'REPORT_DIFFERS'],
    ];
    for (const [change, name, code] of cases) {
      const { hash: _hash, signature: _signature, ...body } = { ...made, ...change };
      const forged = { ...body, hash: await hashJson(body as unknown as Json), signature: null };
      const { verified, checks } = await verifyReport(forged, {}, STUDY_REPORT_METHODS);
      expect({ verified, ...checks.at(-1) }).toMatchObject({ verified: false, name, code });
    }
  });

  it('gives each of two factors of one name an id', async () => {
    const made = await report({ activities: [van('a', '0.1'), van('b', '0.2')], instruments: [] });
    expect(made.factors.map(({ id, value }) => [id, value])).toEqual([
      ['wind-onshore/direct/ipcc-ar5#2', '0.1'],
      ['wind-onshore/direct/ipcc-ar5#3', '0.2'],
    ]);
    expect(await verifyReportBytes(reportBytes(made))).toMatchObject({ verified: true });
  });

  it.each([
    ['INVENTORY_PERIOD_MISSING', { period: undefined }],
    ['REPORT_EMPTY', { activities: [{ kind: 'purchased', id: 'a', consumptionKwh: 1 }] }],
    ['ACTIVITY_REPEATED', { activities: [INVENTORY.activities[1], INVENTORY.activities[1]] }],
    [
      'ACTIVITY_REPEATED',
      {
        activities: [
          { kind: 'purchased', id: 'a', consumptionKwh: 1 },
          { kind: 'given', id: 'a', emissionsKg: 1, source: 's' },
        ],
        instruments: [],
      },
    ],
  ])('refuses with %s', async (code, change) => {
    await expect(report(change)).rejects.toMatchObject({ code });
  });
});

describe('rowsOf', () => {
  it('is undone by documentOf whatever the document holds', () => {
    const key = fc.string({ minLength: 1 }).filter((each) => !['__proto__', 'at'].includes(each));
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: Json; node: Json }>((tie) => ({
      tree: fc.dictionary(key, tie('node'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(leaf, { maxLength: 12 }),
        fc.array(tie('tree'), { maxLength: 12 }),
        tie('tree'),
      ) as fc.Arbitrary<Json>,
    }));
    fc.assert(
      fc.property(tree, (document) => {
        const rows = JSON.parse(JSON.stringify(rowsOf(document))) as ReturnType<typeof rowsOf>;
        expect(JSON.parse(JSON.stringify(documentOf(rows)))).toEqual(JSON.parse(JSON.stringify(document)));
      }),
      { numRuns: 200 },
    );
  });
});
