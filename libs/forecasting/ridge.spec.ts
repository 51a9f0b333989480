import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sha256Hex } from '#core';
import type { RidgeModelConfig } from './config.ts';
import { momentCount } from './moments.ts';
import { fitLocal, fitRidge, modelBytes, personalise, type RidgeFit } from './ridge.ts';

const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 4,
  horizon: 2,
  cycle: 24,
  lambdas: [1e-3, 0.1, 10],
  inputs: null,
};
const P = 3;
const H = 2;

interface Row {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const vector = (length: number) =>
  fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: length, maxLength: length });
const rows = fc.array(fc.record({ x: vector(P), y: vector(H) }), { minLength: 8, maxLength: 25 });

const sumOver = (list: readonly Row[], term: (row: Row) => number) =>
  list.reduce((sum, row) => sum + term(row), 0);

function momentsOf(list: readonly Row[]): number[] {
  const flat: number[] = [];
  for (let i = 0; i < P; i += 1)
    for (let j = i; j < P; j += 1) flat.push(sumOver(list, ({ x }) => x[i]! * x[j]!));
  for (let i = 0; i < P; i += 1)
    for (let h = 0; h < H; h += 1) flat.push(sumOver(list, ({ x, y }) => x[i]! * y[h]!));
  return [...flat, sumOver(list, ({ y }) => y[0]! ** 2 + y[1]! ** 2), list.length];
}

const flat = (train: readonly Row[], validation: readonly Row[]) =>
  Float64Array.from([...momentsOf(train), ...momentsOf(validation)]);

/** Weights from the rows by the definition: gradient of Σ|y − xW|² + penalty·|W − W₀|² set to zero, by Gauss–Jordan. */
function ridgeOfRows(list: readonly Row[], lambda: number, start: ArrayLike<number>): number[] {
  const penalty = (lambda * sumOver(list, ({ x }) => x.reduce((sum, value) => sum + value * value, 0))) / P;
  const system = Array.from({ length: P }, (_, i) => [
    ...Array.from(
      { length: P },
      (_unused, j) => sumOver(list, ({ x }) => x[i]! * x[j]!) + (i === j ? penalty : 0),
    ),
    ...Array.from(
      { length: H },
      (_unused, h) => sumOver(list, ({ x, y }) => x[i]! * y[h]!) + penalty * start[i * H + h]!,
    ),
  ]);
  for (let i = 0; i < P; i += 1) {
    const pivot = system[i]![i]!;
    system[i] = system[i]!.map((value) => value / pivot);
    for (let k = 0; k < P; k += 1) {
      if (k === i) continue;
      const factor = system[k]![i]!;
      system[k] = system[k]!.map((value, c) => value - factor * system[i]![c]!);
    }
  }
  return system.flatMap((row) => row.slice(P));
}

function lossOfRows(list: readonly Row[], w: ArrayLike<number>): number {
  const squares = sumOver(list, ({ x, y }) =>
    y.reduce(
      (sum, value, h) => sum + (value - x.reduce((dot, xi, i) => dot + xi * w[i * H + h]!, 0)) ** 2,
      0,
    ),
  );
  return squares / (list.length * H);
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i += 1) expect(actual[i]).toBeCloseTo(expected[i]!, 6);
}

const ZERO = new Float64Array(P * H);
const split = fc.tuple(rows, rows);

describe('pooled ridge', () => {
  it('is the ridge of the rows for the penalty that validates best, fitted again on all of them', () => {
    fc.assert(
      fc.property(split, ([train, validation]) => {
        fc.pre(sumOver(train, ({ x }) => x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2) > 1e-3);
        const fit = fitRidge(flat(train, validation), CONFIG);
        const losses = CONFIG.lambdas.map((lambda) =>
          lossOfRows(validation, ridgeOfRows(train, lambda, ZERO)),
        );
        expectClose(fit.validationLosses, losses);
        expect(fit.validationLosses[CONFIG.lambdas.indexOf(fit.lambda)]).toBe(
          Math.min(...fit.validationLosses),
        );
        expectClose(fit.validationWeights, ridgeOfRows(train, fit.lambda, ZERO));
        expectClose(fit.weights, ridgeOfRows([...train, ...validation], fit.lambda, ZERO));
      }),
    );
  });

  it('refuses sums without a row and sums that are not those of rows', () => {
    const empty = new Float64Array(momentCount(CONFIG));
    expect(() => fitRidge(empty, CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_EMPTY', data: { part: 'train' } }),
    );
    const negative = Float64Array.from(empty, () => 1);
    negative[0] = -5;
    expect(() => fitRidge(negative, CONFIG)).toThrow(
      expect.objectContaining({ code: 'RIDGE_ILL_CONDITIONED' }),
    );
  });
});

describe('personalisation', () => {
  it('shrinks the site ridge towards the shared map, or keeps that map where it validates best', () => {
    fc.assert(
      fc.property(split, split, ([train, validation], [ownTrain, ownValidation]) => {
        fc.pre(sumOver(ownTrain, ({ x }) => x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2) > 1e-3);
        fc.pre(sumOver(train, ({ x }) => x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2) > 1e-3);
        const shared = fitRidge(flat(train, validation), CONFIG);
        const own = personalise(shared, flat(ownTrain, ownValidation), CONFIG);
        const kept = lossOfRows(ownValidation, shared.validationWeights);
        expect(lossOfRows(ownValidation, own.validationWeights)).toBeLessThanOrEqual(kept + 1e-9);
        const from = (list: readonly Row[], start: Float64Array) =>
          own.lambda === Infinity ? start : ridgeOfRows(list, own.lambda, start);
        expectClose(own.validationWeights, from(ownTrain, shared.validationWeights));
        expectClose(own.weights, from([...ownTrain, ...ownValidation], shared.weights));
      }),
    );
  });

  it('keeps the shared map where the site has no rows', () => {
    const line = Array.from({ length: 9 }, (_, i) => ({ x: [i % 2, i % 3, i % 5], y: [i % 3, 1] }));
    const shared = fitRidge(flat(line, line), CONFIG);
    const { lambda, weights } = personalise(shared, new Float64Array(momentCount(CONFIG)), CONFIG);
    expect({ lambda, weights }).toEqual({ lambda: Infinity, weights: shared.weights });
  });
});

describe('local-only ridge', () => {
  it('is personalisation of nothing', () => {
    fc.assert(
      fc.property(split, ([train, validation]) => {
        fc.pre(sumOver(train, ({ x }) => x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2) > 1e-3);
        const { lambda, validationWeights } = fitLocal(flat(train, validation), CONFIG);
        const losses = [Infinity, ...CONFIG.lambdas].map((tried) =>
          lossOfRows(validation, tried === Infinity ? ZERO : ridgeOfRows(train, tried, ZERO)),
        );
        expect(lossOfRows(validation, validationWeights)).toBeCloseTo(Math.min(...losses), 6);
        const expected = lambda === Infinity ? ZERO : ridgeOfRows(train, lambda, ZERO);
        expectClose(validationWeights, expected);
      }),
    );
  });
});

const body = (bytes: Uint8Array) => [...bytes.subarray(bytes.indexOf(0) + 1)];

describe('model bytes', () => {
  const line = Array.from({ length: 9 }, (_, i) => ({ x: [i % 2, i % 3, i % 5], y: [i % 3, 1] }));
  const fit = fitRidge(flat(line, line), CONFIG);
  const bytesOf = (one: RidgeFit) => modelBytes(new Map([['load', one]]), CONFIG);

  it('are the config, a zero byte, and doubles in little-endian order', () => {
    const bytes = bytesOf(fit);
    const header = bytes.indexOf(0);
    const terms: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, header)));
    expect(terms).toEqual({ series: ['load'], ...CONFIG });
    // λ, the inputs' penalty, 3 × 2 weights twice, three losses.
    expect(bytes.length - header - 1).toBe(8 * (2 + 6 + 6 + 3));
    expect(new DataView(bytes.buffer).getFloat64(header + 1 + 16, true)).toBe(fit.weights[0]);
  });

  it('are the same for the same sums and differ with the last bit of a weight', async () => {
    const again = fitRidge(flat(line, line), CONFIG);
    expect(await sha256Hex(bytesOf(again))).toBe(await sha256Hex(bytesOf(fit)));
    again.weights[5]! *= 1 + Number.EPSILON;
    expect(await sha256Hex(bytesOf(again))).not.toBe(await sha256Hex(bytesOf(fit)));
  });

  it('of several series hold one after the other, under their names', () => {
    const other = fitRidge(flat(line.slice(1), line), CONFIG);
    const both = (first: string, second: string) =>
      modelBytes(
        new Map([
          [first, fit],
          [second, other],
        ]),
        CONFIG,
      );
    expect(body(both('load', 'pv'))).toEqual([...body(bytesOf(fit)), ...body(bytesOf(other))]);
    expect(both('pv', 'load')).not.toEqual(both('load', 'pv'));
  });
});
