import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock, HOUR_MS, localDay } from '#core';
import { balances } from '#ledger';
import { contributionHash } from '#market';
import { APP_ROLE, type Database, SYSTEM_ROLE } from '#persistence';
import { LedgerEntry } from '../ledger/ledger.entities.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { ClearingService } from './clearing.service.ts';
import { toContribution } from './contributions.ts';
import { MarketDelivery, MarketSession, MarketTrade } from './market.entities.ts';
import {
  MarketContribution,
  MarketDeliveryCorrection,
  MarketReputation,
  MarketSettlementVersion,
} from './settlement.entities.ts';
import { SettlementService } from './settlement.service.ts';
import { MarketRows, type RowOrder } from '../../../test/harness/market-rows.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const CLOCK = fixedClock(DAY.endMs);
const FIRMS = 4;
const ORDERS: readonly RowOrder[] = [0, 1].flatMap((hour) =>
  [0, 1, 2, 3].map((firm): RowOrder => {
    const side = firm < 2 ? 'buy' : 'sell';
    return { firm, hour, side, quantityWh: 1_001 + 100 * firm, pricePerMwh: 20_000 - 1_000 * firm };
  }),
);
const queue = { enqueue: async () => undefined, process: () => undefined, close: async () => undefined };

let rows: MarketRows;
const settling = (database: Database = rows.database) =>
  new SettlementService(database, new LedgerService(rows.database), CLOCK);

beforeAll(async () => {
  rows = await MarketRows.open(FIRMS);
}, 60_000);

afterAll(() => rows.close());

/** A cleared session; every party has stated 1 000 Wh of import in each hour it traded. */
async function statedSession(): Promise<string> {
  const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
  await new ClearingService(rows.database, CLOCK, queue, new LedgerService(rows.database)).clear(id);
  await rows.database.asSystem(async (manager) => {
    const trades = await manager.findBy(MarketTrade, { sessionId: id });
    const parties = new Map(
      trades.flatMap(({ startsAt, ...trade }) => [
        [`${startsAt.getTime()} ${trade.buyerParticipantId}`, { startsAt, participantId: trade.buyerParticipantId, tenantId: trade.buyerTenantId }] as const, // prettier-ignore
        [`${startsAt.getTime()} ${trade.sellerParticipantId}`, { startsAt, participantId: trade.sellerParticipantId, tenantId: trade.sellerTenantId }] as const, // prettier-ignore
      ]),
    );
    await manager.insert(
      MarketDelivery,
      [...parties.values()].map((party) => ({ ...party, sessionId: id, netImportWh: 1_000, netExportWh: 0, signature: 's', receivedAt: new Date(DAY.endMs) })), // prettier-ignore
    );
  });
  return id;
}

const correct = (sessionId: string, firm: number, netImportWh: number, version = 2) =>
  rows.database.asSystem((manager) =>
    manager.insert(MarketDeliveryCorrection, {
      ...rows.firms[firm]!,
      sessionId,
      startsAt: new Date(DAY.startMs),
      version,
      netImportWh,
      netExportWh: 0,
      reason: 'METER_CORRECTED',
      signature: 's',
      receivedAt: new Date(DAY.endMs),
    }),
  );

/** All that settlements of a session came to; what is drawn or counted over all sessions left out. */
const resultOf = (id: string): Promise<unknown[]> =>
  rows.database.asSystem(async (manager) => [
    await manager.query(
      `SELECT participant_id, version, local_minor, deviation_minor, savings_minor, difference_minor
       FROM market_settlement WHERE session_id = $1 ORDER BY participant_id, version`,
      [id],
    ),
    await manager.query(
      `SELECT version, corrections, savings_minor FROM market_settlement_version WHERE session_id = $1 ORDER BY version`,
      [id],
    ),
    await manager.query(
      `SELECT type, replace(reference, $1, '') AS reference, postings::text FROM ledger_entry
       WHERE reference LIKE $1 || '%' ORDER BY type, reference`,
      [id],
    ),
  ]);

/** The process ends before the transaction commits. */
const dying = (): Database =>
  ({
    asSystem: (work: Parameters<Database['asSystem']>[0]) =>
      rows.database.asSystem(async (manager) => {
        await work(manager);
        throw new Error('killed');
      }),
  }) as unknown as Database;

describe('a settlement of corrections', () => {
  it('that is killed is found by the reconciler, and ends where one that was not does', async () => {
    const [undisturbed, killed] = [await statedSession(), await statedSession()];
    for (const id of [undisturbed, killed]) {
      await settling().settle(id);
      await correct(id, 0, 5_000);
    }
    expect(new Set(await settling().unfinished())).toEqual(new Set([undisturbed, killed]));
    await settling().settle(undisturbed);
    await expect(settling(dying()).settle(killed)).rejects.toThrow('killed');
    expect(await settling().unfinished()).toEqual([killed]);
    await settling().settle(killed);
    await settling().settle(killed);
    expect(await settling().unfinished()).toEqual([]);
    expect(await resultOf(killed)).toEqual(await resultOf(undisturbed));
  });

  it('books every version once however many jobs run at once, and the books stay balanced', async () => {
    const id = await statedSession();
    await settling().settle(id);
    for (let version = 2; version <= 5; version++) {
      // Each is settled before the next comes.
      await correct(id, version % FIRMS, 700 * version, Math.floor(version / 4) + 2);
      await Promise.all([1, 2, 3].map(() => settling().settle(id)));
    }
    const [, versions] = (await resultOf(id)) as [unknown, { version: number; corrections: number }[]];
    expect(versions.map(({ version, corrections }) => [version, corrections])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
    const { entries, settled } = await rows.database.asSystem(async (manager) => ({
      entries: await manager.find(LedgerEntry),
      settled: await manager.query<{ account: string; minor: string }[]>(
        `SELECT 'participant:' || participant_id AS account, sum(difference_minor) AS minor
         FROM market_settlement WHERE session_id = $1 GROUP BY participant_id`,
        [id],
      ),
    }));
    const own = entries.filter(({ reference }) => reference.startsWith(id));
    const booked = balances(own).get('EUR')!;
    for (const { account, minor } of settled) expect(booked.get(account) ?? 0).toBe(Number(minor));
    expect([...booked.values()].reduce((a, b) => a + b, 0)).toBe(0);
    expect((await new LedgerService(rows.database).verify()).verified).toBe(true);
  });

  it('leaves a session without corrections as it is', async () => {
    const id = await statedSession();
    await settling().settle(id);
    const before = await resultOf(id);
    await settling().settle(id);
    expect(await resultOf(id)).toEqual(before);
    const session = await rows.database.asSystem((manager) => manager.findOneByOrFail(MarketSession, { id }));
    expect(session).toMatchObject({
      state: 'SETTLED',
      settlementVersion: 1,
      settledAt: new Date(DAY.endMs),
    });
  });
});

const message = (round: number, kind: string, sender: string) => ({ round, kind, sender });

describe('a certificate', () => {
  it('counts the rounds its organisation has an upload in, and keeps its hash through the database', async () => {
    const [firm, other] = rows.firms as [(typeof rows.firms)[0], (typeof rows.firms)[0]];
    const taskId = randomUUID();
    const messages = [
      message(1, 'upload', firm.tenantId),
      message(2, 'upload', firm.tenantId),
      message(2, 'upload', other.tenantId),
      message(3, 'ready', firm.tenantId),
      message(2, 'upload', firm.tenantId),
    ];
    await rows.database.asSystem(async (manager) => {
      await manager.query(
        `INSERT INTO federation_task (id, tenant_id, card, card_hash, phase, round, head_index, head_hash, window_ends_at)
         VALUES ($1, $2, '{}', $3, 'done', 3, 5, 'h', now())`,
        [taskId, firm.tenantId, `hash of ${taskId}`],
      );
      for (const { tenantId } of [firm, other])
        await manager.query('INSERT INTO federation_member (tenant_id, task_id) VALUES ($1, $2)', [
          tenantId,
          taskId,
        ]);
      for (const [index, each] of messages.entries())
        await manager.query(
          `INSERT INTO federation_entry (task_id, "index", previous, hash, message, message_hash)
           VALUES ($1, $2, 'p', $3, $4, $5)`,
          [taskId, index, `e${index}`, JSON.stringify(each), `m${index}`],
        );
    });
    const id = await statedSession();
    await settling().settle(id);
    const certificates = await rows.database.asSystem((manager) =>
      manager.findBy(MarketContribution, { sessionId: id }),
    );
    const roundsOf = ({ participantId }: (typeof rows.firms)[0]) =>
      certificates.find((each) => each.participantId === participantId)?.dataRounds;
    expect([roundsOf(firm), roundsOf(other)]).toEqual([2, 1]);
    for (const certificate of certificates)
      expect(await contributionHash(toContribution(certificate))).toBe(certificate.hash);
  });
});

describe('what was stated, settled and certified', () => {
  const TABLES = [
    'market_settlement',
    'market_settlement_version',
    'market_delivery_correction',
    'market_contribution',
  ];

  it.each(TABLES)('is changed by neither role: %s', async (table) => {
    for (const role of [APP_ROLE, SYSTEM_ROLE]) {
      const [granted] = await rows.database.asSystem((manager) =>
        manager.query<{ update: boolean; delete: boolean }[]>(
          `SELECT has_table_privilege($1, $2, 'UPDATE') AS update, has_table_privilege($1, $2, 'DELETE') AS delete`,
          [role, table],
        ),
      );
      expect(granted).toEqual({ update: false, delete: false });
    }
  });

  it('is seen by its member only, totals by the organiser, reputations by everybody', async () => {
    const id = await statedSession();
    await settling().settle(id);
    await correct(id, 1, 3_000);
    await settling().settle(id);
    const seenBy = (firm: number) =>
      rows.database.asTenant(rows.firms[firm]!.tenantId, async (manager) => ({
        corrections: await manager.countBy(MarketDeliveryCorrection, { sessionId: id }),
        versions: await manager.countBy(MarketSettlementVersion, { sessionId: id }),
        tenants: new Set((await manager.find(MarketContribution)).map(({ tenantId }) => tenantId)),
        reputations: await manager.count(MarketReputation),
      }));
    const reputations = (await seenBy(2)).reputations;
    expect(reputations).toBeGreaterThan(0);
    expect(await seenBy(0)).toEqual({ corrections: 0, versions: 2, tenants: new Set([rows.firms[0]!.tenantId]), reputations }); // prettier-ignore
    expect(await seenBy(1)).toEqual({ corrections: 1, versions: 0, tenants: new Set([rows.firms[1]!.tenantId]), reputations }); // prettier-ignore
    expect(await seenBy(3)).toMatchObject({ corrections: 0, versions: 0 });
  });

  it('is corrected in nobody else’s name', async () => {
    const id = await statedSession();
    const forged = rows.database.asTenant(rows.firms[0]!.tenantId, (manager) =>
      manager.insert(MarketDeliveryCorrection, {
        ...rows.firms[1]!,
        sessionId: id,
        startsAt: new Date(DAY.startMs + HOUR_MS),
        version: 2,
        netImportWh: 1,
        netExportWh: 0,
        reason: 'METER_CORRECTED',
        signature: 's',
        receivedAt: new Date(DAY.endMs),
      }),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it('stands in tables that the entities agree with', async () => {
    const drift = await rows.database.schemaDrift();
    expect(drift.filter((query) => /market_|carbon_account/.test(query))).toEqual([]);
  });
});
