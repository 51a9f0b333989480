import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  generateSigningKey,
  HOUR_MS,
  interval,
  isoInstant,
  requireSignature,
  signJson,
  type SigningKey,
} from '#core';
import { CORRECTION_CONTEXT, correctionStatement } from '#market';
import type { FederationLoop } from '../federation/federation-loop.ts';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { dueCorrections, type SignedCorrection } from './delivery-corrections.ts';
import { MarketLoop } from './market-loop.ts';
import { SessionJournal } from './session-journal.ts';

const START = Date.UTC(2026, 2, 2);
const DAY_END = START + 24 * HOUR_MS;
const UNTIL = isoInstant(DAY_END + 48 * HOUR_MS);
const OWN = '00000000-0000-4000-8000-00000000000a';
const ORDERED = [7, 8];
const slot = (hour: number) => interval(START + hour * HOUR_MS, START + (hour + 1) * HOUR_MS);

const meter = (netImportWh: number) => ({ netImportWh, netExportWh: 0 });

const page = (nodes: object[]) => ({
  edges: nodes.map((each) => ({ node: each })),
  pageInfo: { hasNextPage: false, endCursor: null },
});

describe('dueCorrections', () => {
  const stated = new Map([[slot(0).startMs, { ...meter(5), version: 1 }], [slot(1).startMs, { ...meter(5), version: 10 }]]); // prettier-ignore

  it('are of slots whose meter says something else than was stated last', () => {
    expect(dueCorrections([slot(0)], stated, new Set(), () => meter(5))).toEqual([]);
    expect(dueCorrections([slot(0)], stated, new Set(), () => meter(6))).toEqual([
      { ...meter(6), slot: slot(0), version: 2, reason: 'METER_CORRECTED' },
    ]);
  });

  it('are the first statement where the platform has none', () => {
    const first = { ...meter(5), version: 1, reason: 'LATE_READING' };
    expect(dueCorrections([slot(2)], stated, new Set(), () => meter(5))).toEqual([
      { ...first, slot: slot(2) },
    ]);
    expect(dueCorrections([slot(0)], stated, new Set([slot(0).startMs]), () => meter(5))).toEqual([
      { ...first, slot: slot(0) },
    ]);
  });

  it('leave what is not metered, and what was stated as often as may be', () => {
    expect(dueCorrections([slot(0)], stated, new Set(), () => undefined)).toEqual([]);
    expect(dueCorrections([slot(1)], stated, new Set(), () => meter(6))).toEqual([]);
  });
});

const pass = (loop: MarketLoop): Promise<unknown> =>
  loop.step().catch((error: unknown) => {
    // What comes after needs a model this test does not have.
    if (!(error instanceof TypeError)) throw error;
  });

interface Input {
  readonly statements?: readonly { readonly startsAt: string; readonly netImportWh: number }[];
  readonly corrections?: readonly SignedCorrection[];
}

describe('a node whose readings change after settlement', () => {
  let path: string;
  let node: SiteNode;
  let signing: SigningKey;
  let kwh: number;
  let revision: number;
  let platform: { state: string; missing: number[]; correctionsUntil: string | null; nowMs: number };
  let sent: Input[];

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-corrections-'));
    const directory = new SiteDirectory(path);
    signing = await generateSigningKey();
    [kwh, revision, sent] = [1, 1, []];
    platform = { state: 'CLEARED', missing: [], correctionsUntil: null, nowMs: DAY_END };
    node = {
      directory,
      identity: { signing },
      enrolment: { participantId: OWN, publish: {} },
      client: { traffic: {}, request: async (query: string, variables: object) => reply(query, variables) },
      readings: {
        columns: async () => ['load_kwh'],
        revision: async () => revision,
        hourly: async (_: string, { startMs, endMs }: { startMs: number; endMs: number }) => ({
          startMs,
          values: new Float64Array((endMs - startMs) / HOUR_MS).fill(kwh),
        }),
      },
      clock: { nowMs: () => platform.nowMs },
      report: () => undefined,
    } as unknown as SiteNode;
    const journal = new SessionJournal(directory);
    journal.take({ id: 'real', startMs: START, endMs: DAY_END, resolutionMinutes: 60 });
    const orders = ORDERED.map((hour) => ({
      id: `${hour}-0`,
      startsAt: isoInstant(slot(hour).startMs),
      side: 'buy' as const,
      quantityWh: 1_000,
      pricePerMwh: 30_000,
    }));
    const signature = await signJson(signing.privateKey, 'gridcommons/order/1', {});
    await journal.orders('real', async () => orders.map((order) => ({ ...order, signature })));
  });

  afterEach(() => rmSync(path, { recursive: true }));

  function reply(query: string, variables: object): unknown {
    if (query.includes('marketSessions')) {
      const { state, correctionsUntil } = platform;
      const day = { startsAt: isoInstant(START), endsAt: isoInstant(DAY_END) };
      const terms = { product: 'energy', resolutionMinutes: 60, retailPerMwh: 30_000, feedInPerMwh: 8_000 };
      return { marketSessions: page([{ id: 'real', state, correctionsUntil, ...day, ...terms }]) };
    }
    if (query.includes('marketSettlements')) {
      const missingHours = platform.missing.map((hour) => isoInstant(slot(hour).startMs));
      return { marketSettlements: page([{ participantId: OWN, missingHours }]) };
    }
    if (query.includes('marketTrades')) {
      // The last was not ordered.
      const trades = [...ORDERED, 12].map((hour) => ({
        startsAt: isoInstant(slot(hour).startMs),
        buyerParticipantId: OWN,
        sellerParticipantId: 'other',
        quantityWh: 500,
        buyPricePerMwh: 20_000,
        sellPricePerMwh: 20_000,
      }));
      return { marketTrades: page(trades) };
    }
    sent.push((variables as { input: Input }).input);
    return { submitDeliveryStatements: { accepted: 0 }, correctDeliveryStatements: { accepted: 0 } };
  }

  const started = () =>
    new MarketLoop(node, { model: { epochs: { validation: { endMs: DAY_END } } } } as unknown as FederationLoop); // prettier-ignore
  const corrections = () => sent.flatMap((input) => input.corrections ?? []);
  const settle = (missing: number[] = []) => {
    platform = { ...platform, state: 'SETTLED', correctionsUntil: UNTIL, missing };
  };

  it('states the slots it ordered anew, once, under its signature', async () => {
    const loop = started();
    await pass(loop);
    settle();
    await pass(loop);
    expect(corrections()).toEqual([]);
    [kwh, revision] = [2, 2];
    await pass(loop);
    await pass(loop);
    expect(
      corrections().map(({ startsAt, version, reason, netImportWh }) => [
        startsAt,
        version,
        reason,
        netImportWh,
      ]),
    ).toEqual(ORDERED.map((hour) => [isoInstant(slot(hour).startMs), 2, 'METER_CORRECTED', 2_000]));
    for (const { startsAt, signature, ...statement } of corrections()) {
      const of = interval(Date.parse(startsAt), Date.parse(startsAt) + HOUR_MS);
      const value = correctionStatement({ session: 'real', participant: OWN, interval: of, ...statement });
      await requireSignature(signing.publicKey, CORRECTION_CONTEXT, value, signature);
    }
    // A file that changes other hours asks for another look, which finds nothing to say; what was said is repeated.
    revision = 3;
    const before = new Set(corrections().map(({ signature }) => signature));
    await pass(loop);
    expect(new Set(corrections().map(({ signature }) => signature))).toEqual(before);
  });

  it('says after a restart what it said before, however its readings changed meanwhile', async () => {
    await pass(started());
    settle();
    [kwh, revision] = [2, 2];
    await pass(started());
    [kwh, revision] = [3, 3];
    sent = [];
    await pass(started());
    expect(corrections().map(({ version, netImportWh }) => [version, netImportWh])).toEqual([
      [2, 2_000],
      [2, 2_000],
      [3, 3_000],
      [3, 3_000],
    ]);
  });

  it('states first what was settled without a statement', async () => {
    kwh = Number.NaN;
    const loop = started();
    await pass(loop);
    settle(ORDERED);
    [kwh, revision] = [2, 2];
    await pass(loop);
    expect(corrections().map(({ version, reason }) => [version, reason])).toEqual([
      [1, 'LATE_READING'],
      [1, 'LATE_READING'],
    ]);
    // Not settled yet, so still missing for the platform.
    [kwh, revision, sent] = [3, 3, []];
    await pass(loop);
    expect(corrections().filter(({ netImportWh }) => netImportWh === 3_000)).toMatchObject([
      { version: 2 },
      { version: 2 },
    ]);
  });

  it('says nothing once the window has closed', async () => {
    const loop = started();
    await pass(loop);
    settle();
    [kwh, revision] = [2, 2];
    platform = { ...platform, nowMs: Date.parse(UNTIL) };
    await pass(loop);
    expect(corrections()).toEqual([]);
  });

  it('states at delivery what it stated before a restart', async () => {
    await pass(started());
    [kwh, revision] = [2, 2];
    await pass(started());
    expect(sent.map(({ statements }) => statements!.map(({ netImportWh }) => netImportWh))).toEqual([
      [1_000, 1_000],
      [1_000, 1_000],
    ]);
  });
});
