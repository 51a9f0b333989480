import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type ResidualMarket, residualExchange } from './residual-exchange.ts';
import { residualMix, type ResidualSource } from './residual-mix.ts';

const refused = (code: string) => expect.objectContaining({ code });
const coal: ResidualSource = { source: 'coal', generationKwh: 600, emissionsKg: 540, trackedKwh: 100, trackedKg: 90 }; // prettier-ignore
const wind: ResidualSource = { source: 'wind', generationKwh: 400, emissionsKg: 0, trackedKwh: 300, trackedKg: 0 }; // prettier-ignore

const byMarket = (markets: readonly ResidualMarket[]) =>
  Object.fromEntries(residualExchange(markets).markets.map((each) => [each.market, each]));

describe('residual mix', () => {
  it('is what is not tracked, by what is not tracked', () => {
    // (540 − 90) / (1000 − 400)
    const mix = residualMix([coal, wind]);
    expect(mix.kgPerKwh?.toNumber()).toBe(0.75);
    expect([...mix.untracked.kwhBySource].map(([name, kwh]) => [name, kwh.toNumber()])).toEqual([
      ['coal', 500],
      ['wind', 100],
    ]);
  });

  it('is none where everything is tracked, rather than zero', () => {
    expect(residualMix([{ ...wind, trackedKwh: 400 }]).kgPerKwh).toBeNull();
  });

  it('refuses more tracked than there is, a source twice, and amounts below zero', () => {
    expect(() => residualMix([{ ...wind, trackedKwh: 401 }])).toThrow(refused('RESIDUAL_OVERTRACKED'));
    expect(() => residualMix([wind, wind])).toThrow(refused('RESIDUAL_SOURCE_REPEATED'));
    expect(() => residualMix([{ ...wind, emissionsKg: -1 }])).toThrow(refused('RESIDUAL_INVALID'));
  });

  it('with what is tracked makes up all emissions', () => {
    const source = fc
      .record({
        generation: fc.integer({ min: 1, max: 1_000 }),
        tracked: fc.integer({ min: 0, max: 1_000 }),
        factor: fc.integer({ min: 0, max: 9 }),
      }) // prettier-ignore
      .map(({ generation, tracked, factor }) => ({
        generationKwh: generation,
        emissionsKg: generation * factor,
        trackedKwh: Math.min(tracked, generation),
        trackedKg: Math.min(tracked, generation) * factor,
      }));
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 6 }), (drawn) => {
        const mix = residualMix(drawn.map((each, i) => ({ ...each, source: String(i) })));
        const residual = mix.kgPerKwh?.times(mix.untracked.kwh).toNumber() ?? 0;
        expect(residual + mix.trackedKg.toNumber()).toBeCloseTo(mix.totalKg.toNumber(), 9);
        const factors = drawn.map(({ emissionsKg, generationKwh }) => emissionsKg / generationKwh);
        const value = mix.kgPerKwh?.toNumber() ?? factors[0]!;
        expect(value).toBeGreaterThanOrEqual(Math.min(...factors) - 1e-9);
        expect(value).toBeLessThanOrEqual(Math.max(...factors) + 1e-9);
      }),
    );
  });
});

describe('residual mixes of markets that trade certificates', () => {
  const north: ResidualMarket = { market: 'north', sources: [coal], consumptionKwh: 400, claimedKwh: 0 };
  const south: ResidualMarket = { market: 'south', sources: [wind], consumptionKwh: 600, claimedKwh: 400 };

  it('fill deficits from surpluses', () => {
    // north: 500 untracked for 400 consumed, 100 of coal left over; south: 100 of wind for 200, 100 wanted
    const { north: left, south: filled } = byMarket([north, south]);
    expect(left?.surplusKwh.toNumber()).toBe(100);
    expect(left?.kgPerKwh?.toNumber()).toBe(0.9);
    expect(filled?.surplusKwh.toNumber()).toBe(-100);
    // (0 + 100 · 0.9) / 200
    expect(filled?.kgPerKwh?.toNumber()).toBe(0.45);
    expect(filled?.mix.get('coal')?.toNumber()).toBe(0.5);
  });

  it('leaves a mix alone where a market has what it needs, and has none where nothing is left unclaimed', () => {
    expect(byMarket([north])['north']?.kgPerKwh?.toNumber()).toBe(0.9);
    expect(byMarket([{ ...south, claimedKwh: 600 }])['south']?.kgPerKwh).toBeNull();
  });

  it('refuses a market twice and more claims than consumption', () => {
    expect(() => residualExchange([north, north])).toThrow(refused('RESIDUAL_MARKET_REPEATED'));
    expect(() => residualExchange([{ ...south, claimedKwh: 601 }])).toThrow(refused('RESIDUAL_OVERCLAIMED'));
  });
});
