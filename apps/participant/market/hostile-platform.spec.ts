import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, fixedClock, generateSigningKey, HOUR_MS, isoInstant, signJson } from '#core';
import type { FederationLoop } from '../federation/federation-loop.ts';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { DefaultsJournal } from './defaults-journal.ts';
import { IntradayJournal } from './intraday-journal.ts';
import { MarketLoop } from './market-loop.ts';
import { daysOfNode, SessionJournal } from './session-journal.ts';

const START = Date.UTC(2026, 2, 2);
const DAY_END = START + 24 * HOUR_MS;
const OWN = '00000000-0000-4000-8000-00000000000a';
const ORDERED_HOUR = 7;

interface Input {
  readonly statements?: readonly { readonly startsAt: string }[];
  readonly locationGrams?: number;
}

interface Claims {
  sessions: {
    id: string;
    state: string;
    phase?: string;
    startMs: number;
    endMs: number;
    resolutionMinutes?: number;
  }[];
  tradedHours: number[];
  gridKgByHour: (hour: number) => string;
}

/** Keeps a node from bidding anew. */
const tooCoarse = () => Promise.reject(new DomainError('READINGS_TOO_COARSE', 'expected others, got these'));

const page = (edges: object[]) => ({ edges, pageInfo: { hasNextPage: false, endCursor: null } });

/** A platform whose sessions, trades and intensities are whatever would make a node tell most. */
describe('a node before a market that is invented', () => {
  let path: string;
  let node: SiteNode;
  let claims: Claims;
  let sent: { query: string; input: Input }[];
  let events: string[];
  let journal: SessionJournal;

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-market-'));
    const directory = new SiteDirectory(path);
    const signing = await generateSigningKey();
    [sent, events] = [[], []];
    claims = { sessions: [], tradedHours: [], gridKgByHour: () => '0.4' };
    node = {
      directory,
      identity: { signing },
      enrolment: { participantId: OWN, publish: { forecasts: true, orders: true, emissions: true } },
      client: { traffic: {}, request: async (query: string, variables: object) => reply(query, variables) },
      readings: {
        columns: async () => ['load_kwh'],
        hourly: async (_: string, { startMs, endMs }: { startMs: number; endMs: number }) => ({
          startMs,
          values: Float64Array.from({ length: (endMs - startMs) / HOUR_MS }, (_value, i) => 1 + i / 1_000),
        }),
      },
      clock: fixedClock(DAY_END),
      report: (event: string) => void events.push(event),
    } as unknown as SiteNode;
    journal = new SessionJournal(directory);
    journal.take({ id: 'real', startMs: START, endMs: DAY_END, resolutionMinutes: 60 });
    const order = {
      id: `${ORDERED_HOUR}-0`,
      startsAt: isoInstant(START + ORDERED_HOUR * HOUR_MS),
      side: 'buy',
      quantityWh: 1_000,
      pricePerMwh: 30_000,
    } as const;
    const signature = await signJson(signing.privateKey, 'gridcommons/order/1', { ...order });
    await journal.orders('real', async () => [{ ...order, signature }]);
  });

  afterEach(() => rmSync(path, { recursive: true }));

  function reply(query: string, variables: object): unknown {
    if (query.includes('marketSessions')) {
      const nodes = claims.sessions.map(({ startMs, endMs, ...session }) => ({
        product: 'energy',
        resolutionMinutes: 60,
        correctionsUntil: null,
        zone: 'UTC',
        currency: 'EUR',
        gateClosesAt: null,
        closedAt: null,
        ...session,
        startsAt: isoInstant(startMs),
        endsAt: isoInstant(endMs),
        retailPerMwh: 30_000,
        feedInPerMwh: 8_000,
      }));
      return { marketSessions: { edges: nodes.map((session) => ({ node: session })) } };
    }
    if (query.includes('marketTrades')) {
      const trades = claims.tradedHours.map((hour) => ({
        startsAt: isoInstant(START + hour * HOUR_MS),
        buyerParticipantId: OWN,
        sellerParticipantId: 'other',
        quantityWh: 500,
        buyPricePerMwh: 20_000,
        sellPricePerMwh: 20_000,
      }));
      return { marketTrades: page(trades.map((trade) => ({ node: trade }))) };
    }
    if (query.includes('gridIntensity')) {
      const hours = Array.from({ length: 24 }, (_, hour) => ({
        start: isoInstant(START + hour * HOUR_MS),
        kgCo2ePerKwh: claims.gridKgByHour(hour),
      }));
      return { gridIntensity: { series: { id: 'grid/x', basis: 'direct' }, hours } };
    }
    if (query.includes('carbonAccounts')) return { carbonAccounts: page([]) };
    const { input } = variables as { input: Input };
    sent.push({ query, input });
    const { statements = [] } = input;
    return { submitDeliveryStatements: { accepted: statements.length }, publishEmissions: { version: 1 } };
  }

  /** Whoever starts the process again has an empty memory and the same directory. */
  async function pass(defaultDays = 0): Promise<void> {
    const model = { epochs: { validation: { endMs: DAY_END } } };
    const federation = { model } as unknown as FederationLoop;
    await new MarketLoop(node, federation, null, defaultDays).step().catch((error: unknown) => {
      // Scores are computed after everything was sent, from a model this test does not have.
      if (!(error instanceof TypeError)) throw error;
    });
  }

  const statedHours = () =>
    sent.flatMap(({ input }) =>
      (input.statements ?? []).map(({ startsAt }) => (Date.parse(startsAt) - START) / HOUR_MS),
    );

  it('states the hour it ordered, of all the hours it is said to have traded', async () => {
    claims.sessions = [{ id: 'real', state: 'CLEARED', startMs: START, endMs: DAY_END }];
    claims.tradedHours = Array.from({ length: 24 }, (_, hour) => hour);
    await pass();
    expect(statedHours()).toEqual([ORDERED_HOUR]);
    expect(events).toContain('trades-not-ordered');
  });

  it('states an hour that its owner ordered intraday, by hand and while it runs, and no other for it', async () => {
    const day = { startMs: START, endMs: DAY_END };
    const order = {
      id: 'i',
      startsAt: isoInstant(START + 9 * HOUR_MS),
      side: 'buy',
      quantityWh: 600,
      pricePerMwh: 20_000,
      timeInForce: 'gtd',
      expiresAt: null,
      signature: 's',
    } as const;
    new IntradayJournal(node.directory).append({ session: 'real', day, resolutionMinutes: 60 }, order);
    claims.sessions = [{ id: 'real', state: 'CLEARED', startMs: START, endMs: DAY_END }];
    claims.tradedHours = Array.from({ length: 24 }, (_, hour) => hour);
    await pass();
    expect(statedHours()).toEqual([ORDERED_HOUR, 9]);
  });

  it('states an hour that it declared a default order of, in one session of the day, and takes no other then', async () => {
    const before = { startMs: START - 24 * HOUR_MS, endMs: START };
    new DefaultsJournal(node.directory).declare({
      declaration: 'd',
      product: 'energy',
      resolutionMinutes: 60,
      zone: 'UTC',
      currency: 'EUR',
      firstDay: '2026-03-01',
      lastDay: '2026-03-01',
      orders: [{ from: '05:00', until: '06:00', side: 'buy', quantityWh: 600, pricePerMwh: 20_000 }],
      signature: 's',
    });
    claims.sessions = ['silent', 'invented'].map((id) => ({ id, state: 'CLEARED', ...before }));
    claims.tradedHours = Array.from({ length: 24 }, (_, hour) => hour - 24);
    await pass();
    expect(statedHours()).toEqual([5 - 24]);
    expect(events).toEqual(['traded-by-default', 'trades-not-ordered', 'deliveries', 'skipped']);
    expect(() =>
      new SessionJournal(node.directory).take({ id: 'late', ...before, resolutionMinutes: 60 }),
    ).toThrow(expect.objectContaining({ code: 'DAY_TAKEN' }));
  });

  describe('that opens a session in which it bid already', () => {
    beforeEach(() => {
      node = { ...node, clock: fixedClock(START), readings: { hourly: tooCoarse } } as unknown as SiteNode;
      claims.sessions = [{ id: 'real', state: 'OPEN', phase: 'BID', startMs: START, endMs: DAY_END }];
    });

    it('declares what it bid for the days after, and when it is started again says the same again', async () => {
      await pass(7);
      await pass(7);
      const line = { from: '07:00', until: '08:00', side: 'buy', quantityWh: 1_000, pricePerMwh: 30_000 };
      expect(new DefaultsJournal(node.directory).timed(OWN)).toMatchObject([
        { declaration: 'after-real', firstDay: '2026-03-03', lastDay: '2026-03-09', orders: [line] },
      ]);
      expect(sent).toHaveLength(2);
      expect(sent[0]).toEqual(sent[1]);
      expect(sent[0]!.input).toMatchObject({ declaration: 'after-real' });
    });

    it('declares nothing where its owner does not want that', async () => {
      await pass();
      expect({ declared: new DefaultsJournal(node.directory).timed(OWN), sent }).toEqual({
        declared: [],
        sent: [],
      });
    });
  });

  it('bids on no day for which its owner ordered intraday in another session', () => {
    const day = { startMs: DAY_END, endMs: DAY_END + 24 * HOUR_MS };
    const order = {
      id: 'i',
      startsAt: isoInstant(DAY_END),
      side: 'buy',
      quantityWh: 1,
      pricePerMwh: 1,
    } as const;
    new IntradayJournal(node.directory).append(
      { session: 'by hand', day, resolutionMinutes: 60 },
      { ...order, timeInForce: 'gtd', expiresAt: null, signature: 's' },
    );
    expect(() => journal.take({ id: 'other', ...day, resolutionMinutes: 60 })).toThrow(
      expect.objectContaining({ code: 'DAY_TAKEN' }),
    );
    expect(journal.took({ id: 'by hand', ...day, resolutionMinutes: 60 })).toBe(true);
  });

  it('states nothing of a day on which it took no part, whatever is said to have been traded', async () => {
    const before = { startMs: START - 24 * HOUR_MS, endMs: START };
    claims.sessions = [
      { id: 'invented', state: 'CLEARED', startMs: START, endMs: DAY_END },
      { id: 'earlier', state: 'CLEARED', ...before },
      { id: 'earlier', state: 'SETTLED', ...before },
    ];
    claims.tradedHours = Array.from({ length: 24 }, (_, hour) => hour);
    await pass();
    expect(sent).toEqual([]);
  });

  it.each(['CLEARED', 'SETTLED'])('notices a session that is of another day once %s', async (state) => {
    claims.sessions = [{ id: 'real', state, startMs: START, endMs: START + HOUR_MS }];
    await pass();
    expect({ sent, events }).toEqual({ sent: [], events: ['skipped'] });
  });

  it('states nothing of a session that was cancelled, and keeps its day taken', async () => {
    claims.sessions = [{ id: 'real', state: 'CANCELLED', startMs: START, endMs: DAY_END }];
    claims.tradedHours = [ORDERED_HOUR];
    await pass();
    expect({ sent, events }).toEqual({ sent: [], events: ['cancelled'] });
    expect(() =>
      journal.take({ id: 'again', startMs: START, endMs: DAY_END, resolutionMinutes: 60 }),
    ).toThrow(expect.objectContaining({ code: 'DAY_TAKEN' }));
  });

  it('frees the day of a session that was cancelled before it bid, and takes no part in that one again', async () => {
    const next = { startMs: DAY_END, endMs: DAY_END + 24 * HOUR_MS, resolutionMinutes: 60 };
    journal.take({ id: 'lots', ...next });
    claims.sessions = [{ id: 'lots', state: 'CANCELLED', ...next }];
    await pass();
    expect({ sent, events }).toEqual({ sent: [], events: ['cancelled'] });
    const restarted = new SessionJournal(node.directory);
    expect(() => restarted.take({ id: 'lots', ...next })).toThrow(
      expect.objectContaining({ code: 'SESSION_CHANGED' }),
    );
    expect(daysOfNode(node.directory)).toMatchObject([{ session: 'real' }]);
    expect(() => restarted.take({ id: 'again', ...next })).not.toThrow();
    expect(restarted.took({ id: 'lots', ...next })).toBe(false);
  });

  it('tells no quarter of an hour of a session that was of hours when it bid', async () => {
    claims.sessions = [
      { id: 'real', state: 'CLEARED', startMs: START, endMs: DAY_END, resolutionMinutes: 15 },
    ];
    claims.tradedHours = [ORDERED_HOUR];
    await pass();
    expect({ sent, events }).toEqual({ sent: [], events: ['skipped'] });
  });

  it('publishes totals of a day once, however often it is asked with other intensities', async () => {
    for (let hour = 0; hour < 3; hour++) {
      claims.gridKgByHour = (at) => (at === hour ? '1' : '0');
      claims.sessions = ['real', `second ${hour}`].map((id) => ({
        id,
        state: 'SETTLED',
        startMs: START,
        endMs: DAY_END,
      }));
      await pass();
    }
    const totals = new Set(sent.map(({ input }) => input.locationGrams));
    expect(sent.every(({ query }) => query.includes('publishEmissions'))).toBe(true);
    expect({ published: sent.length, different: totals.size }).toEqual({ published: 3, different: 1 });
  });

  it.each([
    ['SESSION_NOT_A_DAY', { id: 'hour', startMs: DAY_END, endMs: DAY_END + HOUR_MS }],
    ['SESSION_NOT_A_DAY', { id: 'year', startMs: DAY_END, endMs: DAY_END + 8_760 * HOUR_MS }],
    ['DAY_TAKEN', { id: 'shifted', startMs: START + HOUR_MS, endMs: DAY_END + HOUR_MS }],
    ['SESSION_CHANGED', { id: 'real', startMs: START + HOUR_MS, endMs: DAY_END + HOUR_MS }],
    ['SESSION_CHANGED', { id: 'real', startMs: START, endMs: DAY_END, resolutionMinutes: 15 }],
  ])('does not bid: %s', (code, session) => {
    expect(() => journal.take({ resolutionMinutes: 60, ...session })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
