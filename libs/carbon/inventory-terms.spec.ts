import { describe, expect, it } from '@jest/globals';
import { restateBaseYear, type BaseYearChange } from './base-year.ts';
import { dataQuality, pedigreeScore } from './data-quality.ts';
import { Exact } from './exact.ts';
import { lossOfDelivered, upstreamFactor } from './grid-losses.ts';
import { isoCategory } from './inventory-line.ts';
import { leakedKg } from './leakage.ts';
import { ofLeased, ownPart } from './leased-share.ts';

const refused = (code: string) => expect.objectContaining({ code });

const change = (effectKg: number, of: Partial<BaseYearChange> = {}): BaseYearChange => ({
  id: `change of ${effectKg}`,
  kind: 'acquisition',
  effectKg,
  existedInBaseYear: true,
  reportedElsewhere: false,
  ...of,
});
const restate = (...changes: BaseYearChange[]) =>
  restateBaseYear({ emissionsKg: 1_000, thresholdPercent: 5, changes });

describe('one’s own part of a leased building', () => {
  it('is area over occupied area, exact', () => {
    const office = { areaM2: 200, buildingAreaM2: 2_000, occupancyShare: '0.75' };
    expect(ofLeased(1_500, office).toNumber()).toBe(200);
    expect(ofLeased(10, { share: '0.3' }).toNumber()).toBe(3);
    expect(ownPart(new Exact(7), null).toNumber()).toBe(7);
  });

  it('is neither more than all nor of nothing', () => {
    expect(() => ofLeased(1, { share: '1.1' })).toThrow(refused('ALLOCATION_INVALID'));
    const empty = { areaM2: 0, buildingAreaM2: 100, occupancyShare: 0 };
    expect(() => ofLeased(1, empty)).toThrow(refused('ALLOCATION_INVALID'));
    const crowded = { areaM2: 80, buildingAreaM2: 100, occupancyShare: '0.5' };
    expect(() => ofLeased(1, crowded)).toThrow(refused('ALLOCATION_INVALID'));
  });
});

describe('gas that escaped', () => {
  it('is measured, balanced or screened', () => {
    expect(leakedKg({ leakedKg: '1.5' }).toNumber()).toBe(1.5);
    // 20 + 50 − 10 − 5 − 25 = 30
    const stock = { startKg: 20, purchasedKg: 50, recoveredKg: 10, capacityChangeKg: 5, endKg: 25 };
    expect(leakedKg(stock).toNumber()).toBe(30);
    expect(leakedKg({ chargeKg: 40, leakShare: '0.05' }).toNumber()).toBe(2);
    expect(() => leakedKg({ ...stock, endKg: 60 })).toThrow(refused('LEAKAGE_NEGATIVE'));
  });
});

describe('grid losses', () => {
  it('as a share of generation are r / (1 − r) of what is delivered', () => {
    expect(lossOfDelivered({ of: 'delivered', ratio: '0.1' }).toNumber()).toBe(0.1);
    expect(lossOfDelivered({ of: 'generation', share: '0.2' }).toNumber()).toBe(0.25);
    expect(() => lossOfDelivered({ of: 'generation', share: 1 })).toThrow(refused('LOSS_INVALID'));
    expect(() => lossOfDelivered({ of: 'delivered', ratio: '-0.1' })).toThrow(refused('LOSS_INVALID'));
  });

  it('and combustion are taken out of the life cycle, which is no less than they', () => {
    expect(upstreamFactor('0.5', '0.4', '0.04').toNumber()).toBe(0.06);
    expect(() => upstreamFactor('0.42', '0.4', '0.04')).toThrow(refused('UPSTREAM_NEGATIVE'));
  });
});

describe('data quality', () => {
  it('is the mean of the indicators judged, weighted by emissions', () => {
    expect(pedigreeScore({ technology: 1, time: 2, geography: 3 }).toNumber()).toBe(2);
    expect(() => pedigreeScore({})).toThrow(refused('QUALITY_INVALID'));
    expect(() => pedigreeScore({ time: 6 })).toThrow(refused('QUALITY_INVALID'));
    // (300 · 1 + 100 · 5) / 400 = 2, of 500 kg of which 400 are judged
    const judged = dataQuality([
      { emissionsKg: 300, score: new Exact(1), primary: true },
      { emissionsKg: 100, score: new Exact(5), primary: false },
      { emissionsKg: 100, score: null, primary: null },
    ]);
    expect(judged.score?.toNumber()).toBe(2);
    expect(judged.judgedShare?.toNumber()).toBe(0.8);
    expect(judged.primaryShare?.toNumber()).toBe(0.6);
  });

  it('is unknown where nobody judged, and has no share of nothing', () => {
    expect(dataQuality([{ emissionsKg: 5, score: null, primary: null }])).toMatchObject({ score: null, primaryShare: null }); // prettier-ignore
    expect(dataQuality([])).toEqual({ score: null, judgedShare: null, primaryShare: null });
  });
});

describe('the base year', () => {
  it('is told anew from the threshold on, by one change or by several together', () => {
    expect(restate(change(49))).toMatchObject({ restated: false });
    expect(restate(change(50)).emissionsKg.toNumber()).toBe(1_050);
    expect(restate(change(30), change(30)).emissionsKg.toNumber()).toBe(1_060);
    expect(restate(change(-80, { kind: 'divestment' })).emissionsKg.toNumber()).toBe(920);
    // What cancels in the sum has changed the organisation all the same.
    expect(restate(change(80), change(-80))).toMatchObject({ restated: true });
  });

  it('is not told anew for growth, for what did not exist then, or for what another scope reports', () => {
    const { restated, notCounted } = restate(
      change(500, { kind: 'organic-growth' }),
      change(400, { existedInBaseYear: false }),
      change(300, { kind: 'outsourcing', reportedElsewhere: true }),
    );
    expect(restated).toBe(false);
    expect(notCounted.map(({ reason }) => reason)).toEqual(['organic', 'not-in-base-year', 'reported-in-another-scope']); // prettier-ignore
  });

  it('needs emissions of which a share can be told', () => {
    const nothing = { emissionsKg: 0, thresholdPercent: 5, changes: [] };
    expect(() => restateBaseYear(nothing)).toThrow(refused('BASE_YEAR_EMPTY'));
  });
});

describe('categories of ISO 14064-1', () => {
  it.each([
    [1, null, 1],
    [2, null, 2],
    [3, 3, 4],
    [3, 4, 3],
    [3, 8, 4],
    [3, 13, 5],
  ] as const)('scope %s, category %s → %s', (scope, scope3Category, iso) => {
    expect(isoCategory({ scope, scope3Category })).toBe(iso);
  });
});
