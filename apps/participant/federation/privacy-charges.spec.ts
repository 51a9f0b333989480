import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PrivacyTerms, TaskCard, TaskState } from '#federation';
import { SiteDirectory } from '../node/site-directory.ts';
import { PrivacyCharges, privacyLosses } from './privacy-charges.ts';

const PRIVACY: PrivacyTerms = {
  unit: 'organisation',
  mechanism: 'discrete-gaussian',
  epsilon: 4,
  delta: 1e-6,
  clip: 80,
  honest: 2,
  rhoPerStep: 0.1,
  sigmaSquared: 100,
  noiseBound: 1_000,
};
const stateOf = (step: number, ...series: string[]): TaskState => {
  const epochs = {
    train: { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' },
    validation: { start: '2026-02-01T00:00:00Z', end: '2026-03-01T00:00:00Z' },
  };
  const card = { learning: null, privacy: PRIVACY, data: { series, ...epochs } } as unknown as TaskCard;
  return { card, cardHash: 'a'.repeat(64), step, attempt: 1 } as unknown as TaskState;
};

describe('what a sum of several series costs', () => {
  let directory: SiteDirectory;
  beforeEach(() => {
    directory = new SiteDirectory(mkdtempSync(join(tmpdir(), 'gridcommons-charges-')));
  });
  afterEach(() => rmSync(directory.path, { recursive: true }));

  const charge = (state: TaskState, epsilon?: number) =>
    new PrivacyCharges(directory).charge(
      state,
      PRIVACY,
      epsilon === undefined ? null : { epsilon, delta: 1e-6 },
    );
  const foreseen = (...series: string[]) =>
    new PrivacyCharges(directory).lossAfter(stateOf(1, ...series).card, 'b'.repeat(64), null)!.epsilon;
  const losses = () => privacyLosses(directory).map(({ series, epsilon }) => [series, epsilon]);

  it('is charged to each of them, once', () => {
    charge(stateOf(0, 'load_kwh', 'pv_kwh'));
    const [[, epsilon]] = losses() as [[string, number]];
    expect(losses()).toEqual([
      ['load_kwh', epsilon],
      ['pv_kwh', epsilon],
    ]);
    charge(stateOf(0, 'load_kwh', 'pv_kwh'));
    expect(losses()).toEqual([
      ['load_kwh', epsilon],
      ['pv_kwh', epsilon],
    ]);
  });

  it('is charged to none where one of them has no budget left, and foretold by the one that has least', () => {
    charge(stateOf(0, 'pv_kwh'));
    const before = losses();
    expect(() => charge(stateOf(1, 'load_kwh', 'pv_kwh'), 3)).toThrow(
      expect.objectContaining({
        code: 'PRIVACY_BUDGET_EXCEEDED',
        message: expect.stringContaining('pv_kwh'),
      }),
    );
    expect(losses()).toEqual(before);
    expect(foreseen('load_kwh', 'pv_kwh')).toBe(foreseen('pv_kwh'));
    expect(foreseen('load_kwh')).toBeLessThan(foreseen('pv_kwh'));
  });

  it('is taken of load and PV by a sum over their net, once for an attempt', () => {
    const before = foreseen('load_kwh');
    charge(stateOf(0, 'net_kwh'));
    charge(stateOf(0, 'net_kwh'));
    expect(new Set(losses().map(([series]) => series))).toEqual(new Set(['load_kwh', 'net_kwh', 'pv_kwh']));
    for (const series of ['load_kwh', 'pv_kwh', 'net_kwh']) expect(foreseen(series)).toBeGreaterThan(before);
    expect(foreseen('heat_kwh')).toBe(before);
  });

  it('counts against the net what the load alone has lost', () => {
    const before = foreseen('net_kwh');
    charge(stateOf(0, 'load_kwh'));
    expect(foreseen('net_kwh')).toBeGreaterThan(before);
    expect(foreseen('pv_kwh')).toBe(before);
  });
});
