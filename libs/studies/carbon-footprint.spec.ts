import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type CarbonReport, footprintId, type ProductFootprint } from '#carbon';
import { requireInput } from '#inputs';
import {
  carbonReportInput,
  carbonReportStudy,
  footprintOfReport,
  footprintTerms,
  productFootprint,
} from '#studies';
import { UNHEARD } from './study.ts';

const period = { start: '2025-01-01T00:00:00Z', end: '2026-01-01T00:00:00Z' };
const subject = { name: 'North works', participantId: '6c1d4c5e-0b6f-4c57-9e4b-2f8f4b7f8a10' };
const QUALITY = { technology: 1, geography: 2, time: 3 };
const ROOF = { kind: 'own-generation', id: 'roof', consumptionKwh: 300, factorKgPerKwh: '0.04', factorGwpSet: 'AR5', primary: true, quality: QUALITY }; // prettier-ignore
const WIND = { kind: 'own-generation', id: 'wind', consumptionKwh: '100', factorKgPerKwh: '0.01', factorGwpSet: 'AR5', primary: false, quality: { ...QUALITY, time: 5 } }; // prettier-ignore

/** With a factor of ten-thousand-millionths of a kg a kWh. */
const roofOf = (id: string, consumptionKwh: number, n: number) => ({ ...ROOF, id, consumptionKwh, factorKgPerKwh: `0.${String(n).padStart(10, '0')}` }); // prettier-ignore

const reportOf = async (input: object): Promise<CarbonReport> =>
  carbonReportStudy.run(requireInput({ subject, ...input }, carbonReportInput), {}, UNHEARD);
const inventoryOf = (activities: object[], change: object = {}): Promise<CarbonReport> =>
  reportOf({ inventory: { period, basis: 'lifecycle', activities, ...change } });

const TERMS = { productIds: ['urn:gtin:1'], geographyCountry: 'DE', crossSectoralStandards: ['PACT-3.0'] };
const AT = { createdMs: Date.UTC(2026, 0, 2) };
const footprintOf = (report: CarbonReport, terms: object = {}, making: object = AT): ProductFootprint =>
  footprintOfReport(report, requireInput({ ...TERMS, ...terms }, footprintTerms), { ...AT, ...making });

/** Two hours of what a site drew from the grid, of it some bought locally. */
const hoursOf = (basis: string): Promise<CarbonReport> =>
  reportOf({
    period: { start: '2025-06-01T10:00:00Z', end: '2025-06-01T13:00:00Z' },
    hours: [
      { start: '2025-06-01T10:00:00Z', importKwh: 3, attributedKwh: 1 },
      { start: '2025-06-01T11:00:00Z', importKwh: 4 },
    ],
    grid: { id: 'de', basis, source: 'operator', factorKgPerKwh: '0.5', gwpSet: 'AR6-2024' },
    local: { id: 'roof', basis, source: 'maker', subject: 'pv', factorKgPerKwh: '0.04', gwpSet: 'AR5' },
  });

describe('the footprint of a report', () => {
  it('has every property that the data model asks for, and the emissions of a kWh', async () => {
    const report = await inventoryOf([ROOF, WIND]);
    const footprint = footprintOf(report, { companyIds: ['urn:lei:1'] });
    expect(footprint).toEqual({
      id: footprintId(footprint),
      specVersion: '3.0.3',
      created: '2026-01-02T00:00:00Z',
      status: 'Active',
      companyName: 'North works',
      companyIds: [`urn:uuid:${subject.participantId}`, 'urn:lei:1'],
      productIds: ['urn:gtin:1'],
      productNameCompany: 'Electricity',
      productDescription: expect.any(String),
      comment: expect.stringContaining(report.hash),
      pcf: {
        declaredUnitOfMeasurement: 'kilowatt hour',
        declaredUnitAmount: '1',
        productMassPerDeclaredUnit: '0',
        referencePeriodStart: period.start,
        referencePeriodEnd: period.end,
        geographyCountry: 'DE',
        boundaryProcessesDescription: expect.any(String),
        // (300 · 0.04 + 100 · 0.01) / 400
        pcfExcludingBiogenicUptake: '0.0325',
        pcfIncludingBiogenicUptake: '0.0325',
        fossilGhgEmissions: '0.0325',
        fossilCarbonContent: '0',
        packagingEmissionsIncluded: false,
        ipccCharacterizationFactors: ['AR5'],
        crossSectoralStandards: ['PACT-3.0'],
        exemptedEmissionsPercent: '0',
        secondaryEmissionFactorSources: expect.arrayContaining([
          { name: expect.any(String), version: 'roof/own' },
        ]),
        // 12 of 13 kg; time (12 · 3 + 1 · 5) / 13
        primaryDataShare: '92.307692',
        dqi: { technologicalDQR: '1', geographicalDQR: '2', temporalDQR: '3.153846' },
      },
    });
  });

  it('is of the activities named alone', async () => {
    const report = await inventoryOf([ROOF, WIND]);
    expect(footprintOf(report, { activities: ['wind'] }).pcf).toMatchObject({
      pcfExcludingBiogenicUptake: '0.01',
      ipccCharacterizationFactors: ['AR5'],
      primaryDataShare: '0',
    });
  });

  it('counts one account of what a site drew, over the hours that were read', async () => {
    const report = await hoursOf('lifecycle');
    const of = (account: string) => footprintOf(report, { account }).pcf;
    // 0.5, and (6 · 0.5 + 0.04) / 7
    expect(of('location')).toMatchObject({ pcfExcludingBiogenicUptake: '0.5' });
    expect(of('market')).toMatchObject({
      pcfExcludingBiogenicUptake: '0.434286',
      ipccCharacterizationFactors: ['AR5', 'AR6'],
    });
  });

  it('counts fuel with what is upstream of it by the energy said to be supplied', async () => {
    const gas = { kind: 'stationary', id: 'chp', amount: 1_000, unit: 'kWh', factorKgPerKwh: '0.2', upstreamFactorKgPerKwh: '0.03', factorGwpSet: 'AR5' }; // prettier-ignore
    const report = await inventoryOf([gas], { basis: 'direct' });
    expect(footprintOf(report, { activities: ['chp'], suppliedKwh: '400' }).pcf).toMatchObject({ pcfExcludingBiogenicUptake: '0.575' }); // prettier-ignore
    expect(() => footprintOf(report, { activities: ['chp'] })).toThrow(expect.objectContaining({ code: 'FOOTPRINT_ENERGY' })); // prettier-ignore
  });

  it('is rounded once, to six places of a kg, whatever the readings were', async () => {
    const kwh = fc.integer({ min: 1, max: 10 ** 9 });
    const factor = fc.integer({ min: 0, max: 10 ** 9 });
    await fc.assert(
      fc.asyncProperty(kwh, kwh, factor, factor, async (a, b, f, g) => {
        const { pcf } = footprintOf(await inventoryOf([roofOf('a', a, f), roofOf('b', b, g)]));
        const scaled = (BigInt(a) * BigInt(f) + BigInt(b) * BigInt(g)) * 2n;
        const whole = BigInt(a + b) * 10_000n;
        const micrograms = (scaled + whole) / (2n * whole);
        expect(Math.round(Number(pcf['pcfExcludingBiogenicUptake']) * 10 ** 6)).toBe(Number(micrograms));
        expect(String(pcf['pcfExcludingBiogenicUptake'])).toMatch(/^\d+(?:\.\d{1,6})?$/);
      }),
      { numRuns: 30 },
    );
  });

  it('is of an activity in spite of one that begins alike and lacks a factor', async () => {
    const alike = { kind: 'purchased', id: 'roof-2', consumptionKwh: 1 };
    const report = await inventoryOf([ROOF, alike]);
    expect(footprintOf(report, { activities: ['roof'], suppliedKwh: '1' })).toMatchObject({
      status: 'Active',
    });
    expect(() => footprintOf(report, { activities: ['roof', 'roof-2'] })).toThrow('activities');
  });

  it.each([
    ['FOOTPRINT_ACTIVITY', [ROOF], {}, { activities: ['roof', 'none'] }],
    ['FOOTPRINT_ACTIVITY', [{ kind: 'mobile', id: 'van', amount: 1, unit: 'km', factorKgPerKm: 1 }], {}, {}],
    ['FOOTPRINT_BASIS', [ROOF], { basis: 'direct' }, {}],
    ['FOOTPRINT_ACTIVITY', [{ ...ROOF, consumptionKwh: 0 }, WIND], {}, { activities: ['roof'] }],
    ['FOOTPRINT_ENERGY', [ROOF], {}, { suppliedKwh: '0' }],
    ['FOOTPRINT_GWP', [{ ...ROOF, factorGwpSet: undefined }], {}, {}],
    ['FOOTPRINT_INCOMPLETE', [ROOF, { kind: 'purchased', id: 'a', consumptionKwh: 1 }], {}, {}],
    [
      'FOOTPRINT_BIOGENIC',
      [{ kind: 'given', id: 'wood', emissionsKg: 1, biogenicCo2Kg: 2, source: 'us' }],
      {},
      { activities: ['wood'], suppliedKwh: '1', ipccCharacterizationFactors: ['AR6'] },
    ],
  ])('is refused with %s', async (code, activities, change, terms) => {
    const defined = JSON.parse(JSON.stringify(activities)) as object[];
    const report = await inventoryOf(defined, change);
    expect(() => footprintOf(report, terms)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused of hours by combustion alone', async () => {
    const report = await hoursOf('direct');
    expect(() => footprintOf(report)).toThrow(expect.objectContaining({ code: 'FOOTPRINT_BASIS' }));
  });

  it.each([
    { geographyRegionOrSubregion: 'Europe' },
    { geographyCountry: undefined },
    { productIds: [] },
    { productIds: ['roof'] },
    { crossSectoralStandards: ['PEF', 'PEF'] },
    { dqi: { technologicalDQR: '6', geographicalDQR: '1', temporalDQR: '1' } },
    { suppliedKwh: '-1' },
  ])('takes no terms with %j', (terms) => {
    expect(() => requireInput({ ...TERMS, ...terms }, footprintTerms)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' })); // prettier-ignore
  });

  it('needs a company', async () => {
    const report = await inventoryOf([ROOF]);
    const nobody = { ...report, subject: { name: 'North works', participantId: null } };
    expect(() => footprintOf(nobody)).toThrow(expect.objectContaining({ code: 'FOOTPRINT_COMPANY' }));
    expect(footprintOf(nobody, { companyIds: ['urn:lei:1'] }).companyIds).toEqual(['urn:lei:1']);
  });
});

describe('the id of a footprint', () => {
  it('is that of its content: neither of when it was made nor of its status', async () => {
    const report = await inventoryOf([ROOF]);
    const one = footprintOf(report);
    expect(footprintOf(report, {}, { createdMs: 0 }).id).toBe(one.id);
    expect(footprintId({ ...one, status: 'Deprecated' })).toBe(one.id);
    expect(footprintOf(report, { productNameCompany: 'Other' }).id).not.toBe(one.id);
    expect(footprintOf(report, {}, { precedingPfIds: [one.id] }).id).not.toBe(one.id);
    expect(one.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('the schema of footprints', () => {
  it.each([
    [{ status: 'Old' }, {}],
    [{ specVersion: '2.0.0' }, {}],
    [{ precedingPfIds: [] }, {}],
    [{ validityPeriodStart: '2025-12-31T00:00:00Z' }, {}],
    [{ validityPeriodEnd: '2029-01-01T00:00:01Z' }, {}],
    [{}, { referencePeriodEnd: period.start }],
    [{}, { referencePeriodStart: '2025-01-01' }],
    [{}, { pcfExcludingBiogenicUptake: '1e3' }],
    [{}, { fossilGhgEmissions: '-1' }],
    [{}, { biogenicCO2Uptake: '1' }],
    [{}, { packagingGhgEmissions: '1' }],
    [{}, { declaredUnitAmount: '0.0' }],
    [{}, { geographyCountrySubdivision: 'DE-BW' }],
    [{}, { declaredUnitOfMeasurement: 'kWh' }],
  ])('refuses %j and %j', async (change, pcf) => {
    const footprint = footprintOf(await inventoryOf([ROOF]));
    const changed = { ...footprint, ...change, pcf: { ...footprint.pcf, ...pcf } };
    expect(() => requireInput(changed, productFootprint)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' })); // prettier-ignore
  });

  it('takes a validity period within three years of the reference period', async () => {
    const footprint = footprintOf(await inventoryOf([ROOF]));
    const validity = {
      validityPeriodStart: '2026-01-01T00:00:00Z',
      validityPeriodEnd: '2029-01-01T00:00:00Z',
    };
    expect(requireInput({ ...footprint, ...validity }, productFootprint)).toMatchObject(validity);
  });
});
