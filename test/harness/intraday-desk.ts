import { randomUUID } from 'node:crypto';
import { testEnvironment } from '#config';
import { generateSigningKey, HOUR_MS, interval, localDay, signJson, type SigningKey } from '#core';
import {
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
  type Side,
  type TimeInForce,
} from '#market';
import { Database } from '#persistence';
import { entities, migrations } from '../../apps/platform/features.ts';
import { Organisation, Participant } from '../../apps/platform/identity/identity.entities.ts';
import { IntradayService } from '../../apps/platform/intraday/intraday.service.ts';
import { IntradayBooksService } from '../../apps/platform/intraday/intraday-books.service.ts';
import { MarketSession, MarketTrade } from '../../apps/platform/market/market.entities.ts';
import type { Principal } from '../../apps/platform/pipeline/principal.ts';
import { createTestDatabase, type TestDatabase } from './database-template.ts';

export const DAY = localDay('Europe/Berlin', '2026-03-29');
export const SLOT = interval(DAY.startMs + 2 * HOUR_MS, DAY.startMs + 3 * HOUR_MS);
export const GATE_MS = SLOT.startMs - 5 * 60_000;

export interface Trader extends Principal {
  readonly key: SigningKey;
}

export interface IntradayTerms {
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly timeInForce?: TimeInForce;
  readonly expiresAtMs?: number | null;
}

/** The order books of one slot on a database of their own, and four traders: the first two of one firm. */
export class IntradayDesk {
  readonly intraday: IntradayService;
  readonly books: IntradayBooksService;
  nowMs = DAY.startMs;
  sessionId = '';

  private constructor(
    private readonly files: TestDatabase,
    readonly database: Database,
    readonly traders: readonly [Trader, Trader, Trader, Trader],
  ) {
    this.intraday = new IntradayService(database, this.clock);
    this.books = new IntradayBooksService(database, this.clock);
  }

  static async open(): Promise<IntradayDesk> {
    const files = await createTestDatabase(testEnvironment().databaseUrl);
    const { dataDir, url } = files;
    const database = await Database.open({
      dataDir,
      url,
      poolSize: 4,
      statementMs: 30_000,
      entities,
      migrations,
    });
    const firms = [randomUUID(), randomUUID(), randomUUID()] as const;
    await database.asSystem((manager) =>
      manager.insert(
        Organisation,
        firms.map((id) => ({ id, name: 'Firm', legalId: `test:${id}` })),
      ),
    );
    const enrol = (tenantId: string) => enrolled(database, tenantId);
    return new IntradayDesk(files, database, [
      await enrol(firms[0]),
      await enrol(firms[0]),
      await enrol(firms[1]),
      await enrol(firms[2]),
    ]);
  }

  get clock() {
    return { nowMs: () => this.nowMs };
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.files.drop();
  }

  /** Empty books in a session that has just been cleared. */
  async newSession(): Promise<void> {
    this.sessionId = randomUUID();
    this.nowMs = DAY.startMs;
    await this.database.asSystem((manager) =>
      manager.insert(MarketSession, {
        id: this.sessionId,
        tenantId: this.traders[0].organisationId,
        zone: 'Europe/Berlin',
        startsAt: new Date(DAY.startMs),
        endsAt: new Date(DAY.endMs),
        gateClosesAt: null,
        retailPerMwh: 30_000,
        feedInPerMwh: 8_000,
        currency: 'EUR',
        mechanism: 'uniform-price',
        powers: [],
        intradayLeadMinutes: 5,
        state: 'CLEARED',
      }),
    );
  }

  async place(trader: Trader, id: string, terms: IntradayTerms) {
    const order = { timeInForce: 'gtd' as const, expiresAtMs: null, ...terms };
    const statement = intradayOrderStatement({
      session: this.sessionId,
      participant: trader.id,
      order: id,
      interval: SLOT,
      ...order,
    });
    const signature = await signJson(trader.key.privateKey, INTRADAY_ORDER_CONTEXT, statement);
    return this.intraday.submit(trader, this.sessionId, [{ id, startMs: SLOT.startMs, ...order, signature }]);
  }

  async cancel(trader: Trader, orderId: string) {
    const { sessionId } = this;
    const statement = intradayCancelStatement({ session: sessionId, participant: trader.id, order: orderId });
    const signature = await signJson(trader.key.privateKey, INTRADAY_CANCEL_CONTEXT, statement);
    return this.intraday.cancel(trader, { sessionId, orderId, signature });
  }

  trades(): Promise<MarketTrade[]> {
    const { sessionId } = this;
    return this.database.asSystem((manager) => manager.findBy(MarketTrade, { sessionId }));
  }

  publicBook() {
    return this.books.book(this.traders[3], this.sessionId, SLOT.startMs, 50);
  }
}

async function enrolled(database: Database, tenantId: string): Promise<Trader> {
  const [id, key] = [randomUUID(), await generateSigningKey()];
  await database.asSystem((manager) =>
    manager.insert(Participant, { id, tenantId, signingKey: key.publicKey, agreementKey: id }),
  );
  return { kind: 'participant', id, organisationId: tenantId, roles: ['firm'], key };
}
