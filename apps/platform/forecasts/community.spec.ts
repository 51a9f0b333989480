import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { hierarchyOf, projection, reconcile, swansonMean, swansonVariance } from '#forecasting';
import { type CommunityTerms, communityHours, type PublishedForecast, reconciledWith } from './community.ts';

const forecast = (
  organisationId: string,
  [p10, p50, p90]: readonly [number, number, number],
  intervalStartMs = 0,
): PublishedForecast => ({ organisationId, intervalStartMs, p10, p50, p90 });
const FIVE = ['a', 'b', 'c', 'd', 'e'].map((id) => forecast(id, [90, 100, 110]));
const OWN = forecast('operator', [580, 600, 620]);
const TERMS: CommunityTerms = { operatorId: 'operator', participants: 5, correlation: 1, floorWh: 0 };
const hourOf = (forecasts: readonly PublishedForecast[], terms: Partial<CommunityTerms> = {}) =>
  communityHours(forecasts, { ...TERMS, ...terms })[0]!;

describe('sums of published forecasts', () => {
  it('are those of the members, their intervals as correlated as is said', () => {
    expect(hourOf(FIVE)).toEqual({
      intervalStartMs: 0,
      method: 'bottom-up',
      community: { organisations: 5, meanWh: 500, p10Wh: 450, p50Wh: 500, p90Wh: 550 },
      group: null,
    });
    // √(5·10²) = 22.4.
    expect(hourOf(FIVE, { correlation: 0 }).community).toMatchObject({ p10Wh: 478, p50Wh: 500, p90Wh: 522 });
  });

  it('come by hour in time order, hours without a member left out', () => {
    const later = FIVE.map((of) => ({ ...of, intervalStartMs: HOUR_MS }));
    const hours = communityHours([...later, { ...OWN, intervalStartMs: 7 * HOUR_MS }, ...FIVE], TERMS);
    expect(hours.map(({ intervalStartMs }) => intervalStartMs)).toEqual([0, HOUR_MS]);
  });

  it('tell nothing of fewer than four organisations, however many participants they have', () => {
    const three = [...FIVE.slice(0, 3), forecast('a', [1, 2, 3])];
    expect(hourOf(three).community).toEqual({
      organisations: 3,
      meanWh: null,
      p10Wh: null,
      p50Wh: null,
      p90Wh: null,
    });
    expect(hourOf([...three, OWN], { participants: 4 }).community.meanWh).toBeNull();
  });

  it('of a group are told where four are in it and four or none besides', () => {
    const nine = Array.from({ length: 9 }, (_, i) => forecast(`${i}`, [90, 100, 110]));
    const group = (size: number) =>
      hourOf(nine, { group: new Set(nine.slice(0, size).map(({ organisationId }) => organisationId)) })
        .group!;
    expect([3, 4, 5, 6, 8, 9].map((size) => group(size).meanWh)).toEqual([null, 400, 500, null, null, 900]);
    expect(group(4)).toEqual({ organisations: 4, meanWh: 400, p10Wh: 360, p50Wh: 400, p90Wh: 440 });
  });

  it("meet the operator's forecast where every participant has published", () => {
    // Variances 0.6·10² a member, 0.6·50² their sum, 0.6·20² the operator's: 2500/2900 of its 100 more.
    const { method, community } = hourOf([...FIVE, OWN]);
    const weight = 2_500 / 2_900;
    expect(method).toBe('wls');
    expect(community).toMatchObject({
      meanWh: Math.round(500 + 100 * weight),
      p10Wh: Math.round(450 + (580 - 450) * weight),
      p90Wh: Math.round(550 + (620 - 550) * weight),
    });
    expect(hourOf([...FIVE, OWN], { participants: 6 })).toMatchObject({
      method: 'bottom-up',
      community: { meanWh: 500 },
    });
  });

  it('add up: those of a group are of the same members as the community’s', () => {
    const eight = [...FIVE, ...['f', 'g', 'h'].map((id) => forecast(id, [0, 40, 200]))];
    const all = new Set(eight.map(({ organisationId }) => organisationId));
    const parts = [new Set(['a', 'b', 'c', 'f']), new Set(['d', 'e', 'g', 'h']), all];
    const own = forecast('operator', [700, 900, 1_000]);
    const hours = parts.map((group) => hourOf([...eight, own], { participants: 8, group }));
    const [first, second, together] = hours.map(({ group }) => group!.meanWh!);
    expect(hours[0]!.method).toBe('wls');
    expect(together).toBe(hours[0]!.community.meanWh);
    // Each is rounded by itself.
    expect(Math.abs(first! + second! - together!)).toBeLessThanOrEqual(1);
  });

  it('are the weighted least squares of the members’ covariance', () => {
    const hour = fc
      .tuple(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
      )
      .map(([p10, below, above]) => forecast('x', [p10, p10 + below, p10 + below + above]));
    fc.assert(
      fc.property(
        hour,
        fc.array(hour, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (own, members, rho) => {
          const m = members.length + 1;
          const spreads = [own, ...members].map((of) => Math.sqrt(swansonVariance(of)));
          const covariance = Float64Array.from({ length: m * m }, (_, at) => {
            const [i, j] = [Math.floor(at / m), at % m];
            const correlation = i === j ? 1 : i === 0 || j === 0 ? 0 : rho;
            return correlation * spreads[i]! * spreads[j]!;
          });
          const nodes = members.map((_, i) => ({ id: `${i}`, parent: 'all' }));
          const tree = hierarchyOf([{ id: 'all' }, ...nodes]);
          const [sum, ...leaves] = reconcile(
            tree,
            projection(tree, covariance),
            Float64Array.from([own, ...members], swansonMean),
          );
          const reconciled = reconciledWith(own, members, rho)!;
          expect(reconciled.sum.mean).toBeCloseTo(sum!, 6);
          expect(reconciled.members.map(swansonMean)).toEqual(leaves.map((leaf) => expect.closeTo(leaf, 6)));
          expect(reconciled.sum.p10).toBeLessThanOrEqual(reconciled.sum.p50);
          expect(reconciled.sum.p50).toBeLessThanOrEqual(reconciled.sum.p90);
        },
      ),
    );
  });

  it('stay as published where nobody admits an error, and never fall below nothing', () => {
    const sure = FIVE.map((of) => ({ ...of, p10: 100, p90: 100 }));
    const own = forecast('operator', [600, 600, 600]);
    expect(hourOf([...sure, own])).toMatchObject({ method: 'bottom-up', community: { meanWh: 500 } });
    const group = new Set(FIVE.map(({ organisationId }) => organisationId));
    const nothing = forecast('operator', [0, 1, 2]);
    const low = FIVE.map((of) => ({ ...of, p10: 0 }));
    expect(hourOf([...low, nothing], { group }).group).toMatchObject({ p10Wh: 0 });
    expect(hourOf([...low, nothing], { group, floorWh: -Infinity }).group!.p10Wh).toBeLessThan(0);
  });
});
