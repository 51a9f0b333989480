import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PrivacyTerms, TaskCard, TaskState } from '#federation';
import { SiteDirectory } from '../node/site-directory.ts';
import { PrivacyCharges, privacyLosses } from './privacy-charges.ts';

const PRIVACY = { epsilon: 1, delta: 1e-6, rhoPerStep: 0.01 } as PrivacyTerms;
const cardOf = (series: string) =>
  ({
    learning: null,
    privacy: PRIVACY,
    data: { series, train: { start: '2026-01-01T00:00:00Z' }, validation: { end: '2026-02-01T00:00:00Z' } },
  }) as unknown as TaskCard;
const stateOf = (series: string) =>
  ({ card: cardOf(series), cardHash: series, step: 0, attempt: 1 }) as unknown as TaskState;

describe('what sums take of readings', () => {
  let path = '';
  let directory: SiteDirectory;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'charges-'));
    directory = new SiteDirectory(path);
  });
  afterEach(() => rmSync(path, { recursive: true }));

  it('is taken of load and PV by a sum over their net, once for an attempt', () => {
    const charges = new PrivacyCharges(directory);
    const before = charges.lossAfter(cardOf('load_kwh'), 'next', null)!.epsilon;
    charges.charge(stateOf('net_kwh'), PRIVACY, null);
    charges.charge(stateOf('net_kwh'), PRIVACY, null);
    expect(
      privacyLosses(directory)
        .map(({ series }) => series)
        .toSorted(),
    ).toEqual(['load_kwh', 'net_kwh', 'pv_kwh']);
    for (const series of ['load_kwh', 'pv_kwh', 'net_kwh'])
      expect(charges.lossAfter(cardOf(series), 'next', null)!.epsilon).toBeGreaterThan(before);
    expect(charges.lossAfter(cardOf('heat_kwh'), 'next', null)!.epsilon).toBe(before);
  });

  it('counts against the net what the load alone has lost', () => {
    const charges = new PrivacyCharges(directory);
    const before = charges.lossAfter(cardOf('net_kwh'), 'next', null)!.epsilon;
    charges.charge(stateOf('load_kwh'), PRIVACY, null);
    expect(charges.lossAfter(cardOf('net_kwh'), 'next', null)!.epsilon).toBeGreaterThan(before);
    expect(charges.lossAfter(cardOf('pv_kwh'), 'next', null)!.epsilon).toBe(before);
  });
});
