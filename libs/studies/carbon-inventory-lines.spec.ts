import { describe, expect, it } from '@jest/globals';
import { CERTIFICATE, OFFICE, refused, told } from '../../test/harness/inventory.ts';

describe('fuels', () => {
  const boiler = { kind: 'stationary', id: 'boiler', fuel: 'natural-gas', amount: 100, unit: 'TJ' };

  it.each([
    // 100 · (56 100 + 1 · GWP of CH4 + 0.1 · GWP of N2O)
    ['AR4', 100 * (56_100 + 25 + 29.8)],
    ['AR5', 100 * (56_100 + 28 + 26.5)],
    ['AR6', 100 * (56_100 + 27 + 27.3)],
  ])('burn to CO2, CH4 and N2O under %s', (gwpSet, kg) => {
    const result = told({ gwpSet, activities: [boiler] });
    expect(result.totals.scope1Kg).toBe(kg);
    expect(result.lines[0]?.kgCo2eByGas).toMatchObject({ CO2: 5_610_000 });
  });

  it('take a GWP set of one’s own', () => {
    const gwpSet = { id: 'SAR', source: 'IPCC SAR WGI (1995), Table 2.9', gwp100: { CH4: 21, N2O: 310 } };
    expect(told({ gwpSet, activities: [boiler] }).totals.scope1Kg).toBe(100 * (56_100 + 21 + 31));
  });

  it('on a gross calorific value need a ratio for a net factor', () => {
    const gross = { ...boiler, unit: 'MWh', amount: 1_000, calorific: 'gcv' };
    expect(() => told({ activities: [gross] })).toThrow(refused('CALORIFIC_MIXED'));
    expect(told({ activities: [{ ...gross, ncvPerGcv: '0.9' }] }).lines[0]).toMatchObject({ quantity: 3.24, unit: 'TJ' }); // prettier-ignore
  });

  it('are told by a factor of any unit that the amount can be told in', () => {
    const diesel = { kind: 'mobile', id: 'truck', amount: 1, unit: 'm3' };
    expect(told({ activities: [{ ...diesel, factorKgPerLitre: '2.7' }] }).totals.scope1Kg).toBe(2_700);
    const dense = { ...diesel, kgPerLitre: '0.84', factorKgPerTonne: 3_200 };
    expect(told({ activities: [dense] }).totals.scope1Kg).toBe(2_688);
    const heating = { ...diesel, mjPerLitre: 36, factorKgPerGj: 74 };
    expect(told({ activities: [heating] }).totals.scope1Kg).toBe(2_664);
    const distance = { ...diesel, amount: 500, unit: 'km', factorKgPerKm: '0.9' };
    expect(told({ activities: [distance] }).totals.scope1Kg).toBe(450);
    const freight = { ...diesel, scope3Category: 4, amount: 500, unit: 'tkm', factorKgPerTkm: '0.1' };
    expect(told({ activities: [freight] }).totals.scope3Kg).toBe(50);
    expect(() => told({ activities: [{ ...diesel, factorKgPerKm: 1 }] })).toThrow(
      refused('FUEL_CONVERSION_MISSING'),
    );
    expect(() => told({ activities: [{ ...diesel, factorKgPerLitre: 1, factorKgPerKg: 1 }] })).toThrow(
      refused('FACTOR_TWICE'),
    );
  });

  it('of biogenic carbon stand apart with their CO2 and count with the rest', () => {
    const wood = told({ activities: [{ ...boiler, fuel: 'wood-waste', amount: 1 }] });
    expect(wood.totals).toMatchObject({ scope1Kg: 30 * 28 + 4 * 265, biogenicCo2Kg: 112_000 });
    const kg = { CO2: '2.6', CH4: '0.001' };
    const blend = {
      kind: 'mobile',
      id: 'b7',
      amount: 100,
      unit: 'litre',
      gasFactors: { unit: 'litre', kg },
      biogenicShare: '0.07',
    };
    expect(told({ activities: [blend] }).totals).toMatchObject({
      // 100 · 2.6 · 0.93 + 100 · 0.001 · 28
      scope1Kg: 244.6,
      biogenicCo2Kg: 18.2,
    });
    const opaque = {
      kind: 'mobile',
      id: 'b7',
      amount: 1,
      unit: 'litre',
      factorKgPerLitre: 2,
      biogenicShare: '0.1',
    };
    expect(() => told({ activities: [opaque] })).toThrow(refused('BIOGENIC_SPLIT_UNKNOWN'));
  });

  it('have upstream emissions of scope 3 category 3, hydrogen nothing else', () => {
    const hydrogen = {
      kind: 'stationary',
      id: 'h2',
      amount: 10,
      unit: 'kg',
      factorKgPerKg: 0,
      upstreamFactorKgPerKg: 11,
    };
    const { totals, factors } = told({ activities: [hydrogen] });
    expect(totals).toMatchObject({ scope1Kg: 0, scope3Kg: 110 });
    expect(factors.map(({ id, basis }) => [id, basis])).toEqual([
      ['h2', 'direct'],
      ['h2/upstream', null],
    ]);
  });

  it('and gases that leak have the potentials of the set, blends by their parts', () => {
    const leaks = [
      { kind: 'leak', id: 'switchgear', gas: 'SF6', charge: { kg: 100, leakShare: '0.01' } },
      { kind: 'leak', id: 'cooling', gas: 'R-410A', leakedKg: 2 },
    ];
    expect(told({ activities: leaks }).totals.scope1Kg).toBe(23_500 + 2 * (677 / 2 + 3_170 / 2));
    expect(() => told({ activities: [{ ...leaks[1], gas: 'R-1' }] })).toThrow(refused('GWP_GAS_UNKNOWN'));
  });
});

describe('scope 3 category 3 of purchased energy', () => {
  const loss = { lossOfGeneration: '0.2' };

  it('tells losses of generation as r / (1 − r) of combustion or of the life cycle, as declared', () => {
    expect(told({ activities: [{ ...OFFICE, ...loss }] }).category3.tdLossesKg).toBe(100);
    const lifecycle = { ...OFFICE, ...loss, lossBasis: 'lifecycle', lifecycleFactorKgPerKwh: '0.6' };
    // 1000 · 0.6 · 0.25; upstream 1000 · (0.6 − 0.4 − 0.15)
    expect(told({ activities: [lifecycle] }).category3).toMatchObject({ tdLossesKg: 150, upstreamKg: 50 });
  });

  it('takes combustion, and losses where they are in it, out of the life cycle', () => {
    const energy = { ...OFFICE, ...loss, lifecycleFactorKgPerKwh: '0.6' };
    expect(told({ activities: [energy] }).category3.upstreamKg).toBe(100);
    const apart = { ...energy, lifecycleIncludesLosses: false };
    expect(told({ activities: [apart] }).category3.upstreamKg).toBe(200);
    expect(() => told({ activities: [{ ...OFFICE, lifecycleFactorKgPerKwh: '0.3' }] })).toThrow(
      refused('UPSTREAM_NEGATIVE'),
    );
    expect(() => told({ activities: [{ ...OFFICE, ...loss, lossOfDelivered: 0 }] })).toThrow(
      refused('LOSS_TWICE'),
    );
  });

  it('counts energy that is sold on by its life cycle', () => {
    const retail = { kind: 'resold', id: 'retail', soldKwh: 400, lifecycleFactorKgPerKwh: '0.5' };
    expect(told({ activities: [retail] }).category3).toMatchObject({ resoldKg: 200, totalKg: 200 });
  });

  it('does not depend on certificates', () => {
    const activities = [{ ...OFFICE, ...loss }];
    const [without, covered] = [[], [CERTIFICATE]].map((instruments) => told({ activities, instruments }));
    expect(covered!.category3).toEqual(without!.category3);
    expect(covered!.totals.scope2LocationKg).toBe(without!.totals.scope2LocationKg);
  });
});

describe('what stands beside the totals', () => {
  const measured = {
    uncertaintyPercent: 3,
    factorUncertaintyPercent: 4,
    quality: { time: 1, geography: 3 },
    primary: true,
  };

  it('is uncertainty by line and total, weighted data quality and the primary share', () => {
    const boiler = { kind: 'stationary', id: 'boiler', amount: 100, unit: 'kg', factorKgPerKg: 4, uncertaintyPercent: 10, factorUncertaintyPercent: 0 }; // prettier-ignore
    const office = { ...OFFICE, ...measured, factorKgPerKwh: '0.4' };
    const { location, lines, uncertaintyPercent } = told({ grids: [], activities: [office, boiler] });
    expect(lines.find(({ activity }) => activity === 'office')?.uncertaintyPercent).toBe(5);
    // √((400 · 5)² + (400 · 10)²) / 800
    expect(uncertaintyPercent.location).toBeCloseTo(Math.sqrt(400 ** 2 * 125) / 800, 12);
    expect(location.dataQuality).toEqual({ score: 2, judgedShare: 0.5, primaryShare: 0.5 });
    expect(told({}).uncertaintyPercent.location).toBeNull();
  });

  it('is the base year, told anew where changes are significant', () => {
    const baseYear = {
      year: 2020,
      emissionsKg: 500,
      changes: [
        { id: 'plant', kind: 'acquisition', effectKg: 100 },
        { id: 'more', kind: 'organic-growth', effectKg: 50 },
      ],
    };
    expect(told({ baseYear }).baseYear).toMatchObject({
      restated: true,
      emissionsKg: 600,
      currentKg: 400,
      counted: ['plant'],
    });
    expect(told({ baseYear: { ...baseYear, account: 'market' } }).baseYear?.currentKg).toBe(700);
  });

  it('is every factor with its source, once', () => {
    const { factors } = told({ activities: [OFFICE, { ...OFFICE, id: 'branch' }] });
    expect(factors.map(({ id }) => id)).toEqual(['electricity/DE', 'electricity/DE/residual-mix']);
    for (const { source } of factors) expect(source).not.toBe('');
  });
});
