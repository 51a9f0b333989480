import { randomUUID } from 'node:crypto';
import { HOUR_MS, type Interval } from '#core';
import { testEnvironment } from '#config';
import type { Side } from '#market';
import { Database } from '#persistence';
import { entities, migrations } from '../../apps/platform/features.ts';
import { Organisation, Participant } from '../../apps/platform/identity/identity.entities.ts';
import { MarketOrder, MarketSession } from '../../apps/platform/market/market.entities.ts';
import { createTestDatabase, type TestDatabase } from './database-template.ts';

export interface RowOrder {
  /** Index of the firm that places it. */
  readonly firm: number;
  /** Slot of the session, an hour long. */
  readonly hour: number;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

export interface Firm {
  readonly tenantId: string;
  readonly participantId: string;
}

/** A database with firms of one participant each, in which the market's rows are made without an API. */
export class MarketRows {
  private constructor(
    readonly database: Database,
    readonly firms: readonly Firm[],
    private readonly files: TestDatabase,
  ) {}

  static async open(firmCount: number): Promise<MarketRows> {
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
    const firms = Array.from({ length: firmCount }, () => ({
      tenantId: randomUUID(),
      participantId: randomUUID(),
    }));
    await database.asSystem(async (manager) => {
      for (const { tenantId, participantId: id } of firms) {
        await manager.insert(Organisation, { id: tenantId, name: 'Firm', legalId: `test:${tenantId}` });
        await manager.insert(Participant, { id, tenantId, signingKey: `s${id}`, agreementKey: `a${id}` });
      }
    });
    return new MarketRows(database, firms, files);
  }

  /** A closed session, run by the first firm, with these orders in it. */
  async closedSession(day: Interval, mechanism: string, orders: readonly RowOrder[]): Promise<string> {
    const id = randomUUID();
    await this.database.asSystem(async (manager) => {
      await manager.insert(MarketSession, {
        id,
        tenantId: this.firms[0]!.tenantId,
        zone: 'Europe/Berlin',
        startsAt: new Date(day.startMs),
        endsAt: new Date(day.endMs),
        retailPerMwh: 30_000,
        feedInPerMwh: 8_000,
        currency: 'EUR',
        mechanism,
        powers: [],
        state: 'CLOSED',
      });
      const rows = orders.map(({ firm, hour, ...terms }, n) => ({
        ...this.firms[firm]!,
        ...terms,
        sessionId: id,
        orderId: `o${n}`,
        startsAt: new Date(day.startMs + hour * HOUR_MS),
        signature: `s${n}`,
        receivedAt: new Date(day.startMs + n),
      }));
      await manager.insert(MarketOrder, rows);
    });
    return id;
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.files.drop();
  }
}
