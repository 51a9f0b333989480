import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Evaluation } from './site-round.ts';
import { type NetworkTerms, weightCount } from './network.ts';
import type { LearningTerms } from './terms.ts';
import { readAggregate, siteUpdate, UPDATE_BOUND, updateLength } from './update.ts';

const NETWORK: NetworkTerms = { architecture: 'mlp', lookback: 3, horizon: 2, hidden: 2, seed: 1 };
const COUNT = weightCount(NETWORK);
const VOTE = { quorum: 2 };
const FEDAVG: LearningTerms = {
  optimiser: { kind: 'fedavg', serverLearningRate: 1 },
  localEpochs: 1,
  batchSize: 1,
  learningRate: 0.1,
  clip: 2,
  rowsScale: 1000,
};
const SCAFFOLD: LearningTerms = {
  ...FEDAVG,
  optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 0.5 },
};
const START = new Float32Array(COUNT).fill(0.25);

const vectors = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: COUNT, maxLength: COUNT });
const sites = fc.record({
  delta: vectors,
  change: vectors,
  rows: fc.integer({ min: 1, max: 2000 }),
  trainLoss: fc.double({ min: 0, max: 10, noNaN: true }),
  validationRows: fc.integer({ min: 1, max: 900 }),
  committedLoss: fc.double({ min: 0, max: 10, noNaN: true }),
  loss: fc.double({ min: 0, max: 10, noNaN: true }),
});
type Site = ReturnType<(typeof sites)['generate']>['value'];

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const clipped = (values: readonly number[], limit: number) =>
  values.map((value) => value * Math.min(1, limit / norm(values)));
const weightOf = (rows: number) => Math.min(1, rows / 1000);

function updateOf(site: Site, terms: LearningTerms): Float64Array {
  const validation: Evaluation = {
    rows: site.validationRows,
    squaredError: site.loss * site.validationRows * 2,
    absoluteError: (site.loss / 2) * site.validationRows * 2,
  };
  const change = Float64Array.from(clipped(site.change, 0.5));
  const training = {
    weights: START.map((value, i) => value + site.delta[i]!),
    steps: 1,
    rows: site.rows,
    trainLoss: site.trainLoss,
    ...(terms === SCAFFOLD && { control: { own: change, change } }),
  };
  const committed = { ...validation, squaredError: site.committedLoss * site.validationRows * 2 };
  return siteUpdate(NETWORK, terms, { start: START, training, validation, committed });
}
const summed = (updates: readonly Float64Array[]) =>
  updates.reduce((sum, update) => sum.map((value, i) => value + update[i]!));
const weight = ({ rows }: Site) => weightOf(rows);
const validationWeight = ({ validationRows }: Site) => validationRows;
const mean = (list: readonly Site[], by: (site: Site) => number, value: (site: Site) => number) =>
  list.reduce((sum, site) => sum + by(site) * value(site), 0) / list.reduce((sum, site) => sum + by(site), 0);

describe.each([
  ['fedavg', FEDAVG],
  ['scaffold', SCAFFOLD],
])('updates of %s', (_, terms) => {
  it('stay within the bound whatever a site computes', () => {
    fc.assert(
      fc.property(sites, fc.double({ min: 1, max: 1e6, noNaN: true }), (site, factor) => {
        const wild = { ...site, delta: site.delta.map((value) => value * factor), loss: site.loss * factor };
        const update = updateOf(wild, terms);
        expect(update).toHaveLength(updateLength(NETWORK, terms));
        expect(update.every((value) => Math.abs(value) <= UPDATE_BOUND)).toBe(true);
      }),
    );
  });

  it('stay within the bound where all the length is in one entry', () => {
    fc.assert(
      fc.property(sites, fc.double({ min: 3, max: 1e6, noNaN: true }), (site, length) => {
        const delta = [length, ...START.slice(1).fill(0)];
        const update = updateOf({ ...site, rows: 1000, delta, change: delta }, terms);
        expect(Math.max(...update)).toBeLessThanOrEqual(UPDATE_BOUND);
        expect(update[0]).toBeCloseTo(1, 12);
      }),
    );
  });

  it('sum to the means over sites, weighted by their rows', () => {
    fc.assert(
      fc.property(fc.array(sites, { minLength: 1, maxLength: 6 }), (list) => {
        const aggregate = readAggregate(summed(list.map((site) => updateOf(site, terms))), NETWORK, terms);
        for (let i = 0; i < COUNT; i += 1) {
          const expected = mean(list, weight, ({ delta }) => clipped(delta, 2)[i]!);
          expect(aggregate.update[i]).toBeCloseTo(expected, 5);
          if (terms !== SCAFFOLD) continue;
          const change = mean(list, weight, (site) => clipped(site.change, 0.5)[i]!);
          expect(aggregate.controlChange![i]).toBeCloseTo(change, 8);
        }
        const { rows, trainLoss, validationLoss, validationMae } = aggregate.metrics;
        expect(rows).toBeCloseTo(
          list.reduce((sum, site) => sum + Math.min(1000, site.rows), 0),
          6,
        );
        expect(trainLoss).toBeCloseTo(
          mean(list, weight, (site) => site.trainLoss),
          6,
        );
        expect(validationLoss).toBeCloseTo(
          mean(list, validationWeight, ({ loss }) => loss),
          6,
        );
        expect(validationMae).toBeCloseTo(
          mean(list, validationWeight, ({ loss }) => loss / 2),
          6,
        );
      }),
    );
  });

  it('rounded to 2^-13, as three lanes carry them, keep metrics to 1e-3 and updates to 2^-12 of the clip', () => {
    fc.assert(
      fc.property(fc.array(sites, { minLength: 2, maxLength: 16 }), (list) => {
        const exact = list.map((site) => updateOf({ ...site, rows: 500 + (site.rows % 500) }, terms));
        const coarse = exact.map((update) => update.map((value) => Math.round(value * 2 ** 13) / 2 ** 13));
        const [a, b] = [exact, coarse].map((updates) => readAggregate(summed(updates), NETWORK, terms));
        for (let i = 0; i < COUNT; i += 1) {
          expect(Math.abs(a!.update[i]! - b!.update[i]!)).toBeLessThanOrEqual(2 * 2 ** -12);
        }
        expect(Math.abs(a!.metrics.trainLoss - b!.metrics.trainLoss)).toBeLessThan(1e-3);
        expect(Math.abs(a!.metrics.rows - b!.metrics.rows)).toBeLessThan(0.01 * list.length);
      }),
    );
  });
});

describe('a ballot', () => {
  it('sums the losses of both models and the sites that are worse off', () => {
    const terms = { ...FEDAVG, vote: VOTE };
    fc.assert(
      fc.property(fc.array(sites, { minLength: 1, maxLength: 6 }), (list) => {
        const { ballot } = readAggregate(summed(list.map((site) => updateOf(site, terms))), NETWORK, terms);
        expect(ballot!.candidateLoss).toBeCloseTo(
          mean(list, validationWeight, ({ loss }) => loss),
          6,
        );
        expect(ballot!.committedLoss).toBeCloseTo(
          mean(list, validationWeight, ({ committedLoss }) => committedLoss),
          6,
        );
        expect(ballot!.harmed).toBe(list.filter(({ loss, committedLoss }) => loss > committedLoss).length);
        expect(ballot!.weight).toBeCloseTo(
          list.reduce((sum, site) => sum + weight(site), 0),
          6,
        );
      }),
    );
  });

  it('takes four entries more, and none without a vote', () => {
    const terms = { ...FEDAVG, vote: VOTE };
    expect(updateLength(NETWORK, terms)).toBe(updateLength(NETWORK, FEDAVG) + 4);
    const sum = new Float64Array(updateLength(NETWORK, FEDAVG)).fill(0.5);
    expect(readAggregate(sum, NETWORK, FEDAVG).ballot).toBeUndefined();
  });

  it('of a model that exploded is cut like every loss', () => {
    const terms = { ...FEDAVG, vote: VOTE };
    const training = { weights: START, rows: 1000, trainLoss: Infinity };
    const validation = { rows: 1000, squaredError: Infinity, absoluteError: Infinity };
    const committed = { rows: 1000, squaredError: 2000, absoluteError: 2000 };
    const update = siteUpdate(NETWORK, terms, { start: START, training, validation, committed });
    const { ballot, metrics } = readAggregate(update, NETWORK, terms);
    expect(ballot).toEqual({
      candidateLoss: 64,
      committedLoss: 1,
      harmed: 1,
      weight: 1,
      validationWeight: 1,
    });
    expect(metrics.trainLoss).toBe(64);
  });
});

describe('sums that cannot be read', () => {
  const empty = new Float64Array(updateLength(NETWORK, FEDAVG));
  it.each([
    ['UPDATE_LENGTH', empty.slice(1)],
    ['UPDATE_NOT_FINITE', empty.map(() => Number.NaN)],
    ['UPDATE_EMPTY', empty],
  ])('are refused with %s', (code, sum) => {
    expect(() => readAggregate(sum, NETWORK, FEDAVG)).toThrow(expect.objectContaining({ code }));
  });

  it('a site refuses to send what is no number', () => {
    const training = { weights: START, steps: 1, rows: 1, trainLoss: 1 };
    const validation = { rows: 1, squaredError: Number.NaN, absoluteError: 1 };
    expect(() => siteUpdate(NETWORK, FEDAVG, { start: START, training, validation })).toThrow(
      expect.objectContaining({ code: 'UPDATE_NOT_FINITE' }),
    );
  });

  it('a site without windows adds zeros', () => {
    const training = { weights: START, steps: 0, rows: 0, trainLoss: Number.NaN };
    const validation = { rows: 0, squaredError: 0, absoluteError: 0 };
    expect(siteUpdate(NETWORK, FEDAVG, { start: START, training, validation })).toEqual(empty);
  });
});
