import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant, localDay } from '#core';
import { requireDeclaration } from '#market';
import { SiteDirectory } from '../node/site-directory.ts';
import { DefaultsJournal, type SignedDeclaration } from './defaults-journal.ts';
import { defaultsAfter, ownDefaults } from './site-defaults.ts';

const ZONE = 'Europe/Berlin';
const DAY = localDay(ZONE, '2026-10-24');
const SESSION = {
  id: 's',
  product: 'energy',
  zone: ZONE,
  currency: 'EUR',
  startMs: DAY.startMs,
  endMs: DAY.endMs,
  resolutionMinutes: 60,
  retailPerMwh: 30_000,
  feedInPerMwh: 8_000,
  gateClosesAt: isoInstant(DAY.startMs),
  closedAt: null,
} as const;

const bid = (startMs: number, side: 'buy' | 'sell', quantityWh: number, pricePerMwh: number) => ({
  id: `${startMs}-${pricePerMwh}`,
  startsAt: isoInstant(startMs),
  side,
  quantityWh,
  pricePerMwh,
  signature: 's',
});

describe('what a site bid, as the default orders of the days after', () => {
  it('is of each slot the one step that is worth most at a limit at which all of it is worth it', () => {
    const orders = [
      bid(DAY.startMs, 'buy', 1_000, 27_800),
      bid(DAY.startMs, 'buy', 3_000, 19_000),
      bid(DAY.startMs + HOUR_MS, 'sell', 500, 10_200),
    ];
    const draft = defaultsAfter(SESSION, orders, 7);
    expect(draft).toEqual({
      declaration: 'after-s',
      product: 'energy',
      resolutionMinutes: 60,
      zone: ZONE,
      currency: 'EUR',
      firstDay: '2026-10-25',
      lastDay: '2026-10-31',
      orders: [
        { from: '00:00', until: '01:00', side: 'buy', quantityWh: 4_000, pricePerMwh: 19_000 },
        { from: '01:00', until: '02:00', side: 'sell', quantityWh: 500, pricePerMwh: 10_200 },
      ],
    });
    expect(() => requireDeclaration(draft!)).not.toThrow();
  });

  it('has the hour that is there twice in autumn once', () => {
    const day = localDay(ZONE, '2026-10-25');
    const twice = [2, 3].map((n) => bid(day.startMs + n * HOUR_MS, 'buy', 100 * n, 20_000));
    expect(defaultsAfter({ ...SESSION, startMs: day.startMs, endMs: day.endMs }, twice, 1)).toMatchObject({
      firstDay: '2026-10-26',
      orders: [{ from: '02:00', until: '03:00', quantityWh: 200 }],
    });
  });

  it('of a day or of quarters is of the same slots', () => {
    const quarter = { ...SESSION, resolutionMinutes: 15 };
    expect(defaultsAfter(quarter, [bid(DAY.endMs - HOUR_MS / 4, 'buy', 1, 20_000)], 1)?.orders).toMatchObject(
      [{ from: '23:45', until: '24:00' }],
    );
    const whole = { ...SESSION, resolutionMinutes: 1440 };
    expect(defaultsAfter(whole, [bid(DAY.startMs, 'buy', 1, 20_000)], 1)?.orders).toMatchObject([
      { from: '00:00', until: '24:00' },
    ]);
  });

  it('is nothing where it bid for nothing', () => {
    expect(defaultsAfter(SESSION, [], 7)).toBeNull();
  });
});

const declared = (declaration: string, quantityWh: number): SignedDeclaration => ({
  declaration,
  product: 'energy',
  resolutionMinutes: 60,
  zone: ZONE,
  currency: 'EUR',
  firstDay: '2026-10-24',
  lastDay: '2026-10-24',
  orders: [{ from: '07:00', until: '08:00', side: 'buy', quantityWh, pricePerMwh: 20_000 }],
  signature: 's',
});

describe('default orders that a site declared itself', () => {
  let path: string;
  let journal: DefaultsJournal;
  const standing = (change: object = {}) =>
    ownDefaults(journal, 'north', { ...SESSION, ...change }).map(({ quantityWh }) => quantityWh);

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-defaults-'));
    journal = new DefaultsJournal(new SiteDirectory(path));
  });

  afterEach(() => rmSync(path, { recursive: true }));

  it('may have been placed, the newest of them, and no others', () => {
    expect(standing()).toEqual([]);
    journal.declare(declared('first', 1));
    journal.declare(declared('second', 2));
    expect(standing()).toEqual([2]);
    expect(standing({ currency: 'CHF' })).toEqual([]);
  });

  it('may not have been once revoked before the gate or withdrawn', () => {
    journal.declare(declared('first', 1));
    journal.declare(declared('second', 2));
    journal.revoke('second', DAY.startMs - 1);
    journal.revoke('second', DAY.startMs + 1);
    expect(standing()).toEqual([1]);
    expect(standing({ closedAt: isoInstant(DAY.startMs - 2) })).toEqual([2]);
    journal.withdraw('s');
    expect(standing()).toEqual([]);
    expect(standing({ id: 'other' })).toEqual([1]);
  });
});
