import { describe, expect, it } from '@jest/globals';
import { CERTIFICATE, codesOf, GRID, OFFICE, refused, told } from '../../test/harness/inventory.ts';
import type { InventoryResult } from './index.ts';

const CONTRACT = { kind: 'contract', id: 'ppa', market: 'DE', energyKwh: 200, factorKgPerKwh: '0.05' };
const SUPPLIER = { kind: 'supplier', id: 'city', market: 'DE', factorKgPerKwh: '0.5' };

const marketLines = ({ lines }: InventoryResult) =>
  lines
    .filter(({ account, matching }) => account === 'market' && matching === 'annual')
    .map(({ tier, instrument, quantity, emissionsKg }) => [tier, instrument, quantity, emissionsKg]);

const at = (hour: number): string => `2026-03-29T${String(hour).padStart(2, '0')}:00:00Z`;

describe('scope 2', () => {
  it('is told by the grid and by instruments: certificates, contracts, the supplier’s rate, the residual mix', () => {
    const energy = { ...SUPPLIER, energyKwh: 100 };
    const result = told({ instruments: [energy, CONTRACT, CERTIFICATE] });
    expect(marketLines(result)).toEqual([
      ['certificate', 'go', 300, 0],
      ['contract', 'ppa', 200, 10],
      ['supplier', 'city', 100, 50],
      ['residual-mix', null, 400, 280],
    ]);
    expect(result.totals).toMatchObject({ scope2LocationKg: 400, scope2MarketKg: 340 });
    expect(result.scope2.annual).toMatchObject({ coveredKwh: 600, coveredShare: 0.6 });
    // Nothing is the sum of the two accounts.
    expect(result.totals.locationBasedKg).toBe(400);
    expect(result.totals.marketBasedKg).toBe(340);
  });

  it('is all at the supplier’s rate that nothing else covers', () => {
    expect(marketLines(told({ instruments: [SUPPLIER, CERTIFICATE] }))).toEqual([
      ['certificate', 'go', 300, 0],
      ['supplier', 'city', 700, 350],
    ]);
  });

  it('falls back on the grid average where no residual mix is known, and says so', () => {
    const result = told({ grids: [{ zone: 'DE', factorKgPerKwh: '0.4' }], instruments: [CERTIFICATE] });
    expect(result.totals.scope2MarketKg).toBe(280);
    expect(codesOf(result)).toEqual(['no-residual-mix']);
  });

  it('covers no more than is consumed; the rest of an instrument is told as unused', () => {
    const result = told({ instruments: [{ ...CERTIFICATE, energyKwh: 1_500 }] });
    expect(result.scope2.annual).toMatchObject({ marketKg: 0, coveredKwh: 1_000, coveredShare: 1 });
    expect(result.instruments[0]).toMatchObject({ usedKwh: { annual: 1_000 }, unusedKwh: { annual: 500 } });
  });

  it.each([
    ['not-retired', { retired: false }],
    ['not-exclusive', { exclusive: false }],
    ['vintage', { vintage: 2024 }],
    ['no-activity-in-market', { market: 'FR' }],
    ['no-activity-in-market', { carrier: 'heat' }],
    ['no-activity-in-market', { activities: ['factory'] }],
  ])('does not count an instrument that is ineligible: %s', (reason, of) => {
    const result = told({ instruments: [{ ...CERTIFICATE, ...of }] });
    expect(result.instruments).toMatchObject([{ id: 'go', eligible: false, reasons: [reason] }]);
    expect(result.flags).toContainEqual({ code: 'instrument-ineligible', of: 'go', detail: reason });
    expect(result.totals).toMatchObject({ scope2LocationKg: 400, scope2MarketKg: 700 });
  });

  it('takes vintages near the period as far as is said', () => {
    const early = { ...CERTIFICATE, vintage: { start: '2025-10-01T00:00:00Z', end: '2026-01-01T00:00:00Z' } };
    expect(told({ instruments: [early] }).instruments[0]?.eligible).toBe(false);
    expect(told({ instruments: [early], vintageMonthsBefore: 6 }).instruments[0]?.eligible).toBe(true);
    const local = { start: '2025-12-31T23:00:00Z', end: '2026-12-31T23:00:00Z' };
    expect(told({ period: local, instruments: [CERTIFICATE] }).instruments[0]?.eligible).toBe(true);
  });

  it('refuses a certificate in two instruments, by the unit', () => {
    const units = { certificateId: 'gc-7', firstUnit: 0, lastUnit: 299 };
    const again = { ...CERTIFICATE, id: 'go again', certificateId: 'gc-7', firstUnit: 299, lastUnit: 400 };
    expect(() => told({ instruments: [{ ...CERTIFICATE, ...units }, again] })).toThrow(
      refused('INSTRUMENT_CLAIMED_TWICE'),
    );
    const next = { ...again, firstUnit: 300 };
    expect(told({ instruments: [{ ...CERTIFICATE, ...units }, next] }).scope2.annual.coveredKwh).toBe(600);
  });

  it('gives instruments to the activities they name, before those for any', () => {
    const factory = { ...OFFICE, id: 'factory' };
    const forOffice = { ...CERTIFICATE, id: 'z', activities: ['office'], energyKwh: 1_000 };
    const forAny = { ...CERTIFICATE, id: 'a', energyKwh: 1_000 };
    const result = told({ activities: [OFFICE, factory], instruments: [forAny, forOffice] });
    expect(result.scope2.annual).toMatchObject({ coveredKwh: 2_000, marketKg: 0 });
  });

  it('answers with the zone that a zone is a part of, marked as an estimate', () => {
    const us = { zone: 'US', factorKgPerKwh: '0.37', residualFactorKgPerKwh: '0.4' };
    const office = { ...OFFICE, zone: 'US-CAL-CISO' };
    const national = told({
      grids: [us],
      activities: [office],
      instruments: [{ ...CERTIFICATE, market: 'US' }],
    });
    expect(national.totals).toMatchObject({ scope2LocationKg: 370, scope2MarketKg: 280 });
    expect(codesOf(national)).toEqual(['estimated']);
    const own = { zone: 'US-CAL-CISO', factorKgPerKwh: '0.2' };
    expect(told({ grids: [us, own], activities: [office] }).totals.scope2LocationKg).toBe(200);
  });

  it('tells own generation by its source, and by the residual mix what its attributes were sold of', () => {
    const roof = { kind: 'own-generation', id: 'roof', zone: 'DE', consumptionKwh: 500, factorKgPerKwh: 0 };
    expect(told({ activities: [roof] }).totals).toMatchObject({ scope2LocationKg: 0, scope2MarketKg: 0 });
    const sold = told({ activities: [{ ...roof, attributesSoldKwh: 200 }] });
    expect(sold.totals).toMatchObject({ scope2LocationKg: 0, scope2MarketKg: 140 });
    expect(() => told({ activities: [{ ...roof, attributesSoldKwh: 501 }] })).toThrow(
      refused('ATTRIBUTES_OVERSOLD'),
    );
  });

  it('counts losses of a grid of one’s own for its owner', () => {
    const losses = { kind: 'grid-losses', id: 'feeders', zone: 'DE', consumptionKwh: 50 };
    expect(told({ activities: [losses] }).totals).toMatchObject({ scope2LocationKg: 20, scope2MarketKg: 35 });
  });

  it('refuses marginal factors, mixed bases and other GWP sets', () => {
    expect(() => told({ grids: [{ ...GRID, averaging: 'marginal' }] })).toThrow(refused('AVERAGING_MIXED'));
    expect(() => told({ grids: [{ ...GRID, basis: 'lifecycle' }] })).toThrow(refused('BASIS_MIXED'));
    expect(() => told({ instruments: [{ ...CERTIFICATE, basis: 'lifecycle' }] })).toThrow(
      refused('BASIS_MIXED'),
    );
    expect(() => told({ grids: [{ ...GRID, factorGwpSet: 'AR4' }] })).toThrow(refused('GWP_SET_MIXED'));
    expect(told({ grids: [{ ...GRID, factorGwpSet: 'AR5' }] }).totals.scope2LocationKg).toBe(400);
  });

  it('tells a technology’s shipped factor, and which', () => {
    const wind = { kind: 'contract', id: 'ppa', market: 'DE', energyKwh: 200, technology: 'wind-onshore' };
    const result = told({ basis: 'lifecycle', instruments: [wind] });
    expect(result.lines.find(({ instrument }) => instrument === 'ppa')).toMatchObject({ emissionsKg: 2.2, factorId: 'wind-onshore/lifecycle/ipcc-ar5' }); // prettier-ignore
    expect(() => told({ instruments: [{ kind: 'supplier', id: 'city', market: 'DE' }] })).toThrow(
      refused('FACTOR_MISSING'),
    );
  });
});

describe('hour by hour', () => {
  const hours = [100, 100, 0].map((consumptionKwh, i) => ({ start: at(i), consumptionKwh }));
  const office = { kind: 'purchased', id: 'office', zone: 'DE', hours };
  const grid = {
    ...GRID,
    hours: [0.1, 0.5, 0.9].map((factorKgPerKwh, i) => ({ start: at(i), factorKgPerKwh })),
  };
  const solar = {
    kind: 'contract',
    id: 'pv',
    market: 'DE',
    factorKgPerKwh: 0,
    hours: [{ start: at(1), energyKwh: 150 }],
  };

  it('is told beside the year: excess of an hour expires', () => {
    const result = told({ grids: [grid], activities: [office], instruments: [solar] });
    expect(result.scope2.annual).toMatchObject({ locationKg: 80, marketKg: 35, coveredKwh: 150 });
    // 100 · 0.1 + 100 · 0.5; and 100 · 0.7 where the sun did not shine
    expect(result.scope2.hourly).toMatchObject({ locationKg: 60, marketKg: 70, coveredKwh: 100 });
    expect(result.totals.scope2LocationKg).toBe(80);
    expect(told({ grids: [grid], activities: [office], matching: 'hourly' }).totals.scope2LocationKg).toBe(
      60,
    );
  });

  it('leaves an hour without a factor out of its total and says of how much', () => {
    const gap = { zone: 'DE', hours: [{ start: at(0), factorKgPerKwh: '0.1' }] };
    const result = told({ grids: [gap], activities: [office], listHours: true });
    expect(result.scope2.hourly).toMatchObject({ locationKg: 10, incomplete: true });
    expect(result.lines).toContainEqual(expect.objectContaining({ account: 'location', matching: 'hourly', quantity: 100, emissionsKg: null, flags: ['factor-missing'] })); // prettier-ignore
    expect(result.hours?.map(({ locationKg }) => locationKg)).toEqual([10, null, null]);
    expect(codesOf(result)).toContain('mean-of-hours');
  });

  it('takes the annual factor where the grid has no hours, and instruments without hours for nothing', () => {
    const result = told({ activities: [office], instruments: [CERTIFICATE, SUPPLIER] });
    expect(result.scope2.annual).toMatchObject({ locationKg: 80, marketKg: 0, coveredKwh: 200 });
    expect(result.scope2.hourly).toMatchObject({ locationKg: 80, marketKg: 100, coveredKwh: 200 });
    expect(codesOf(result)).toContain('annual-factor-for-hours');
  });

  it('keeps what has no hours in both, and says so', () => {
    const annual = { ...OFFICE, id: 'branch' };
    const result = told({ grids: [grid], activities: [office, annual], instruments: [solar, CERTIFICATE] });
    expect(result.scope2.hourly?.consumptionKwh).toBe(result.scope2.annual.consumptionKwh);
    expect(result.flags).toContainEqual({
      code: 'no-hours',
      of: 'branch',
      detail: 'energy, location, hourly',
    });
  });

  it('tells unread hours and zero hours apart', () => {
    const unread = { ...office, hours: [...hours, { start: at(3), consumptionKwh: null }] };
    const result = told({ grids: [grid], activities: [unread] });
    expect(result.flags).toContainEqual({ code: 'hours-without-reading', of: 'office', detail: '1' });
    expect(result.scope2.hourly).toMatchObject({ locationKg: 60, incomplete: false });
  });

  it('knows hours by their instants: a day of 25 hours has two hours of one name', () => {
    const twice = ['2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00'].map((start) => ({ start, consumptionKwh: 10 })); // prettier-ignore
    expect(told({ activities: [{ ...office, hours: twice }] }).scope2.hourly?.consumptionKwh).toBe(20);
    const same = ['2026-10-25T02:00:00+02:00', '2026-10-25T00:00:00Z'].map((start) => ({ start, consumptionKwh: 10 })); // prettier-ignore
    expect(() => told({ activities: [{ ...office, hours: same }] })).toThrow(refused('HOUR_REPEATED'));
  });

  it('refuses hours outside the period and hours that are not what the whole is', () => {
    const late = [{ start: '2027-01-01T00:00:00Z', consumptionKwh: 1 }];
    expect(() => told({ activities: [{ ...office, hours: late }] })).toThrow(refused('HOUR_OUTSIDE_PERIOD'));
    expect(() => told({ activities: [{ ...office, consumptionKwh: 199 }] })).toThrow(
      refused('HOURS_AND_TOTAL'),
    );
    expect(() => told({ instruments: [{ ...solar, energyKwh: 151 }] })).toThrow(refused('INSTRUMENT_HOURS'));
  });
});

describe('missing things', () => {
  it('are null and flagged where a factor is missing, and the totals are incomplete', () => {
    const abroad = { ...OFFICE, id: 'abroad', zone: 'XX' };
    const result = told({ activities: [OFFICE, abroad] });
    expect(result.lines.filter(({ activity }) => activity === 'abroad')).toMatchObject([{ emissionsKg: null }, { emissionsKg: null }]); // prettier-ignore
    expect(result.location).toMatchObject({ emissionsKg: 400, incomplete: true });
    expect(told({ activities: [abroad] }).totals.scope2LocationKg).toBeNull();
  });

  it('are told of zero activity and of scopes that nothing was reported for', () => {
    const result = told({ activities: [{ ...OFFICE, consumptionKwh: 0 }] });
    expect(result.totals).toMatchObject({ scope2LocationKg: 0, scope1Kg: null, scope3Kg: null });
    expect(result.scope2.annual.coveredShare).toBeNull();
    expect(codesOf(result)).toEqual(['zero-activity']);
  });

  it('are refused where no amount, factor or period is there', () => {
    expect(() => told({ activities: [{ kind: 'purchased', id: 'x' }] })).toThrow(refused('ACTIVITY_AMOUNT'));
    const boiler = { kind: 'stationary', id: 'x', amount: 1, unit: 'TJ' };
    expect(() => told({ activities: [boiler] })).toThrow(refused('FACTOR_MISSING'));
    expect(() => told({ activities: [OFFICE, OFFICE] })).toThrow(refused('ACTIVITY_REPEATED'));
    expect(() => told({ activities: [{ kind: 'leak', id: 'x', gas: 'SF6' }] })).toThrow(
      refused('LEAK_AMOUNT'),
    );
  });
});
