import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError, HOUR_MS, interval } from '#core';
import {
  lineageOf,
  type Operation,
  quantityWh,
  Registry,
  totalsOf,
  verifyEvents,
  verifyLineage,
} from './index.ts';
import type { IssueOperation } from './operation.ts';

const hour = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);
const meter = (n: number): string => n.toString(16).padStart(64, '0');

const issue = (id: string, wh: number, change: Partial<IssueOperation> = {}): IssueOperation => ({
  type: 'issue',
  id,
  kind: 'production',
  meter: meter(1),
  interval: hour(0),
  area: 'DK1',
  technology: change.kind === 'consumption' ? null : 'pv',
  trial: false,
  intensityKgPerKwh: null,
  expiresMs: null,
  supplements: null,
  owner: 'a',
  wh,
  start: 1,
  ...change,
});

const use = (id: string, wh: number, change: Partial<IssueOperation> = {}): IssueOperation =>
  issue(id, wh, { kind: 'consumption', meter: meter(2), ...change });

const run = (...operations: readonly Operation[]): Registry => {
  const registry = new Registry();
  for (const operation of operations) registry.run(operation);
  return registry;
};

const states = (registry: Registry) =>
  registry.standing
    .all()
    .map(({ issue: of, start, end, owner, state }) => `${of}:${start}-${end} ${owner} ${state}`)
    .toSorted();

const claim = (production: string, consumption: string, wh: number | null = null): Operation => ({
  type: 'claim',
  production,
  consumption,
  wh,
  within: 'hour',
});

describe('a registry of certificates', () => {
  it('numbers Wh from start to end and splits off the low numbers', () => {
    const registry = run(
      issue('p', 100, { start: 11 }),
      { type: 'transfer', certificate: 'p', wh: 30, to: 'b' },
      { type: 'split', certificate: 'p:41-110', wh: 1 },
    );
    expect(states(registry)).toEqual(['p:11-40 b live', 'p:41-41 a live', 'p:42-110 a live']);
  });

  it('claims equal parts of production and consumption of one hour', () => {
    const registry = run(issue('p', 70), use('c', 40), use('d', 40, { meter: meter(3) }), {
      type: 'match',
      owner: null,
      order: 'time',
    });
    expect(registry.claims.map(({ wh }) => wh)).toEqual([40, 30]);
    expect(states(registry)).toEqual([
      'c:1-40 a claimed',
      'd:1-30 a claimed',
      'd:31-40 a live',
      'p:1-40 a claimed',
      'p:41-70 a claimed',
    ]);
  });

  it('does not match what lies in other hands, hours, areas, or is on trial', () => {
    const others: Partial<IssueOperation>[] = [
      { owner: 'b' },
      { interval: hour(1) },
      { area: 'DK2' },
      { trial: true },
    ];
    for (const other of others) {
      const registry = run(issue('p', 10), use('c', 10, other), {
        type: 'match',
        owner: null,
        order: 'time',
      });
      expect(registry.claims).toEqual([]);
    }
  });

  it.each<[string, readonly Operation[], Operation]>([
    ['CERTIFICATE_OVERLAP', [issue('p', 5)], issue('q', 5)],
    ['CERTIFICATE_OVERLAP', [issue('p', 5)], issue('q', 5, { interval: interval(HOUR_MS / 2, HOUR_MS) })],
    ['CERTIFICATE_OVERLAP', [issue('p', 5)], issue('q', 5, { supplements: 'p', area: 'DK2' })],
    [
      'CERTIFICATE_OVERLAP',
      [issue('p', 5), issue('q', 5, { supplements: 'p' })],
      issue('r', 5, { supplements: 'p' }),
    ],
    ['CERTIFICATE_INTERVAL', [], issue('p', 5, { interval: interval(0, HOUR_MS + 1) })],
    ['CERTIFICATE_QUANTITY', [], issue('p', 0)],
    ['CERTIFICATE_QUANTITY', [], issue('p', 2, { start: Number.MAX_SAFE_INTEGER })],
    ['CERTIFICATE_ISSUE', [], issue('p', 5, { meter: 'roof' })],
    ['CERTIFICATE_ISSUE', [], use('c', 5, { technology: 'pv' })],
    ['ISSUE_DUPLICATE', [issue('p', 5)], issue('p', 5, { interval: hour(1) })],
    ['ISSUE_UNKNOWN', [], issue('p', 5, { supplements: 'o' })],
    ['CERTIFICATE_QUANTITY', [issue('p', 5)], { type: 'split', certificate: 'p', wh: 5 }],
    ['CERTIFICATE_OWNER', [issue('p', 5)], { type: 'transfer', certificate: 'p', wh: 2, to: 'a' }],
    ['CERTIFICATE_UNKNOWN', [], { type: 'withdraw', certificate: 'p', wh: null }],
    [
      'CERTIFICATE_AMBIGUOUS',
      [issue('p', 5), { type: 'split', certificate: 'p', wh: 1 }],
      { type: 'withdraw', certificate: 'p', wh: null },
    ],
    ['CERTIFICATE_NOT_LIVE', [issue('p', 5), use('c', 5), claim('p', 'c')], claim('p', 'c')],
    ['CLAIM_QUANTITY', [issue('p', 5), use('c', 5)], claim('p', 'c', 6)],
    ['CLAIM_KINDS', [issue('p', 5), use('c', 5)], claim('c', 'p')],
    ['CLAIM_OWNER', [issue('p', 5), use('c', 5, { owner: 'b' })], claim('p', 'c')],
    ['CLAIM_AREA', [issue('p', 5), use('c', 5, { area: 'DK2' })], claim('p', 'c')],
    ['CLAIM_TIME', [issue('p', 5), use('c', 5, { interval: hour(1) })], claim('p', 'c')],
    ['CLAIM_TRIAL', [issue('p', 5), use('c', 5, { trial: true })], claim('p', 'c')],
    [
      'CHARGE_INTERVAL',
      [issue('p', 5)],
      { type: 'charge', storage: 's', certificate: 'p', wh: null, interval: hour(1) },
    ],
  ])('refuses with %s and changes nothing', (code, before, operation) => {
    const registry = run(...before);
    const as = states(registry);
    expect(() => registry.run(operation)).toThrow(expect.objectContaining({ code }));
    expect(states(registry)).toEqual(as);
  });

  it('issues only the difference in a supplement of the newest issue of an interval', () => {
    const registry = run(
      issue('p', 5),
      issue('q', 3, { supplements: 'p' }),
      issue('r', 1, { supplements: 'q' }),
    );
    expect(totalsOf(registry.standing, 'production').issuedWh).toBe(9);
    verifyEvents(registry.standing.events);
    // What was supplemented is no part of the history of the supplement's Wh.
    const [, , r] = registry.standing.all();
    const lineage = lineageOf(r!, registry.standing.events);
    expect(lineage.events).toHaveLength(1);
    verifyLineage(lineage);
  });

  it('expires what is live when its time has come', () => {
    const registry = run(
      issue('p', 5, { expiresMs: 2 * HOUR_MS }),
      issue('q', 5, { interval: hour(1), expiresMs: 3 * HOUR_MS }),
      { type: 'expire', atMs: 2 * HOUR_MS },
    );
    expect(states(registry)).toEqual(['p:1-5 a expired', 'q:1-5 a live']);
  });

  it('lets claims reach as far as they say, in time', () => {
    const registry = run(issue('p', 5), use('c', 5, { interval: hour(24) }), {
      ...claim('p', 'c'),
      within: 'day',
    } as Operation);
    expect(registry.claims).toHaveLength(1);
  });
});

describe('conservation', () => {
  const owners = fc.constantFrom('a', 'b');
  const ids = fc.constantFrom('p0', 'p1', 'p2', 'p3', 'c0', 'c1', 'c2', 'd0');
  const part = fc.option(fc.integer({ min: 1, max: 30 }));
  const n = fc.integer({ min: 0, max: 3 });
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc
      .record({ id: n, wh: fc.integer({ min: 1, max: 60 }), owner: owners, at: n, kind: fc.boolean() })
      .map(({ id, wh, owner, at, kind }): Operation =>
        kind
          ? issue(`p${id}`, wh, {
              owner,
              interval: hour(at),
              intensityKgPerKwh: '0.04',
              expiresMs: at * HOUR_MS,
            })
          : use(`c${id}`, wh, { owner, interval: hour(at), meter: meter(2 + id) }),
      ),
    fc.record({ type: fc.constant('transfer' as const), certificate: ids, wh: part, to: owners }),
    fc.record({ type: fc.constant('withdraw' as const), certificate: ids, wh: part }),
    fc.record({ production: ids, consumption: ids, wh: part }).map((of) => claim(of.production, of.consumption, of.wh)), // prettier-ignore
    fc.record({ type: fc.constant('match' as const), owner: fc.option(owners), order: fc.constantFrom('time' as const, 'largest-first' as const) }), // prettier-ignore
    fc.record({ type: fc.constant('expire' as const), atMs: n.map((at) => at * HOUR_MS) }),
    fc.record({ type: fc.constant('charge' as const), storage: fc.constant('s'), certificate: ids, wh: part, interval: n.map(hour) }), // prettier-ignore
    fc.record({ type: fc.constant('discharge' as const), storage: fc.constant('s'), id: fc.constantFrom('d0', 'd1'), meter: fc.constant(meter(9)), interval: n.map((at) => hour(4 + at)), owner: owners, wh: fc.integer({ min: 1, max: 20 }), efficiency: fc.constantFrom('0.9', '1', '0.333'), expiresMs: fc.constant(null) }), // prettier-ignore
  );

  it('keeps every issued Wh in one certificate, claims none twice, and leaves a history that verifies', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const registry = new Registry();
        for (const each of operations) {
          try {
            registry.run(each);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
        }
        const { standing } = registry;
        for (const kind of ['production', 'consumption'] as const) {
          const { issuedWh, ...of } = totalsOf(standing, kind);
          expect(Object.values(of).reduce((sum, wh) => sum + wh, 0)).toBe(issuedWh);
        }
        const numbers = standing
          .all()
          .flatMap(({ issue: of, start, end }) =>
            Array.from({ length: end - start + 1 }, (_, i) => `${of} ${start + i}`),
          );
        expect(new Set(numbers).size).toBe(numbers.length);
        const claimedWh = registry.claims.reduce((sum, { wh }) => sum + wh, 0);
        expect(totalsOf(standing, 'production').claimedWh).toBe(claimedWh);
        expect(totalsOf(standing, 'consumption').claimedWh).toBe(claimedWh);
        const inStore = [...registry.stores().values()].flat().reduce((sum, { wh }) => sum + wh, 0);
        expect(inStore).toBeLessThanOrEqual(totalsOf(standing, 'production').storedWh);
        expect(verifyEvents(standing.events).certificates).toHaveLength(standing.all().length);
        for (const each of standing.all()) {
          expect(quantityWh(each)).toBeGreaterThan(0);
          verifyLineage(lineageOf(each, standing.events));
        }
      }),
    );
  });
});
