import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Combination, clipAggregate, combineAggregates } from './robust.ts';
import { lengthOf } from './site-round.ts';
import { DAY_AHEAD_LEARNING, type LearningTerms } from './terms.ts';
import type { Aggregate } from './update.ts';

const LENGTH = 3;
const metricsOf = (rows: number, loss: number) => ({
  rows,
  trainLoss: loss,
  validationLoss: loss,
  validationMae: loss,
});
const groupOf = (...update: number[]): Aggregate => ({
  update: Float64Array.from(update),
  metrics: metricsOf(1, 1),
});
const entry = fc.double({ min: -9, max: 9, noNaN: true });
const group = fc.array(entry, { minLength: LENGTH, maxLength: LENGTH }).map((update) => groupOf(...update));
const wild = fc
  .array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: LENGTH, maxLength: LENGTH })
  .map((update) => groupOf(...update));

describe('groups of sites', () => {
  it('have a median and a trimmed mean, place by place', () => {
    const groups = [groupOf(1, 10), groupOf(2, 30), groupOf(99, -70), groupOf(3, 20)];
    expect([...combineAggregates(groups, 'median').update]).toEqual([2.5, 15]); // (2 + 3) / 2, (10 + 20) / 2
    expect([...combineAggregates(groups, 'trimmed-mean').update]).toEqual([2.5, 15]);
    expect([...combineAggregates(groups.slice(1), 'median').update]).toEqual([3, 20]);
  });

  it('are not dragged outside the honest range by fewer than half', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 3, maxLength: 6 }), wild, (honest, hostile) => {
        for (const how of ['median', 'trimmed-mean'] as const) {
          const { update } = combineAggregates([...honest, hostile], how);
          update.forEach((value, i) => {
            const all = honest.map((one) => one.update[i]!);
            expect(value).toBeGreaterThanOrEqual(Math.min(...all) - 1e-9);
            expect(value).toBeLessThanOrEqual(Math.max(...all) + 1e-9);
          });
        }
      }),
    );
  });

  it('do not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 6 }), (groups) => {
        for (const how of ['median', 'trimmed-mean'] as const) {
          expect(combineAggregates(groups.toReversed(), how).update).toEqual(
            combineAggregates(groups, how).update,
          );
        }
      }),
    );
  });

  it('are no longer than one honest update, and shortened without turning', () => {
    const terms: LearningTerms = {
      ...DAY_AHEAD_LEARNING,
      clip: 2,
      optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 0.5 },
    };
    fc.assert(
      fc.property(wild, ({ update, metrics }) => {
        const clipped = clipAggregate({ update, metrics, controlChange: update }, terms);
        const factor = Math.min(1, 2 / lengthOf(update));
        for (const [i, value] of update.entries()) expect(clipped.update[i]).toBeCloseTo(value * factor, 9);
        expect(lengthOf(clipped.controlChange!)).toBeLessThanOrEqual(0.5 + 1e-12);
        expect(clipped.metrics).toBe(metrics);
      }),
    );
  });

  it('pool their losses by rows, and control variates like updates', () => {
    const [a, b] = [
      { ...groupOf(1), controlChange: Float64Array.of(4), metrics: metricsOf(1, 2) },
      { ...groupOf(3), controlChange: Float64Array.of(8), metrics: metricsOf(3, 6) },
    ];
    const { controlChange, metrics } = combineAggregates([a, b], 'median');
    expect(controlChange).toEqual(Float64Array.of(6));
    expect(metrics).toEqual(metricsOf(4, 5)); // (1 · 2 + 3 · 6) / 4
    const unjudged = { ...b, metrics: { ...metricsOf(3, 6), validationLoss: Number.NaN } };
    expect(combineAggregates([a, unjudged], 'median').metrics.validationLoss).toBe(2);
  });

  it.each<[string, Combination, number]>([
    ['GROUPS_MISSING', 'median', 0],
    ['GROUPS_MISSING', 'mean', 0],
    ['GROUPS_MANY', 'mean', 2],
  ])('are refused with %s for a %s of %i', (code, how, count) => {
    const groups = Array.from({ length: count }, () => groupOf(1));
    expect(() => combineAggregates(groups, how)).toThrow(expect.objectContaining({ code }));
  });

  it('a mean takes the one group as it is', () => {
    const one = groupOf(1, 2, 3);
    expect(combineAggregates([one], 'mean')).toBe(one);
  });
});
