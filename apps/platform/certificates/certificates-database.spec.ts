import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, fixedClock, HOUR_MS, localDay } from '#core';
import { MarketDelivery, MarketOrder, MarketSession, MarketTrade } from '../market/market.entities.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CertificateExpiryService } from './certificate-expiry.service.ts';
import { CertificateClaim, CertificateRow } from './certificates.entities.ts';
import { CertificatesService } from './certificates.service.ts';
import { attributeAndCertify } from './certify-session.ts';
import { MarketRows } from '../../../test/harness/market-rows.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const NOW = fixedClock(DAY.endMs);

let rows: MarketRows;
let service: CertificatesService;

beforeAll(async () => {
  rows = await MarketRows.open(4);
  service = new CertificatesService(rows.database, NOW);
}, 60_000);

afterAll(() => rows.close());

const principal = (firm: number): Principal => ({
  kind: 'participant',
  id: rows.firms[firm]!.participantId,
  organisationId: rows.firms[firm]!.tenantId,
  roles: ['firm'],
});

/** A settled session of slots of an hour; the first firm exported 1 000 Wh in each, the second imported 900. */
async function settledSession(zone = 'Europe/Berlin'): Promise<string> {
  const id = await rows.closedSession(DAY, 'uniform-price', []);
  const stated = [0, 1, 2, 3, 4, 5].flatMap((hour) =>
    [0, 1].map((firm) => ({
      ...rows.firms[firm]!,
      sessionId: id,
      startsAt: new Date(DAY.startMs + hour * HOUR_MS),
      netExportWh: firm === 0 ? 1_000 : 0,
      netImportWh: firm === 1 ? 900 : 0,
      signature: 's',
      receivedAt: new Date(DAY.endMs),
    })),
  );
  await rows.database.asSystem(async (manager) => {
    await manager.update(MarketSession, { id }, { zone, state: 'SETTLED', settlementVersion: 1 });
    await manager.insert(MarketDelivery, stated);
  });
  return id;
}

const issue = (sessionId: string, hour: number, quantityWh: number) =>
  service.issue(principal(0), {
    sessionId,
    participantId: rows.firms[0]!.participantId,
    startMs: DAY.startMs + hour * HOUR_MS,
    quantityWh,
  });

/** Issued to the first firm and passed to the second. */
async function bought(sessionId: string, hour: number, quantityWh: number): Promise<string> {
  const { id: certificateId } = await issue(sessionId, hour, quantityWh);
  const toParticipantId = rows.firms[1]!.participantId;
  const request = { certificateId, quantityWh: null, toParticipantId };
  return (await service.transfer(principal(0), request)).certificateId;
}

const greenBid = (sessionId: string, hour: number) => ({
  ...rows.firms[1]!,
  sessionId,
  orderId: 'green',
  startsAt: new Date(DAY.startMs + hour * HOUR_MS),
  side: 'buy' as const,
  quantityWh: 500,
  pricePerMwh: 10_000,
  terms: { preferences: { green: true } },
  signature: 's',
  receivedAt: new Date(DAY.startMs),
});

const tradeOf = (sessionId: string, hour: number) => ({
  id: randomUUID(),
  sessionId,
  startsAt: new Date(DAY.startMs + hour * HOUR_MS),
  buyerTenantId: rows.firms[1]!.tenantId,
  sellerTenantId: rows.firms[0]!.tenantId,
  buyerParticipantId: rows.firms[1]!.participantId,
  sellerParticipantId: rows.firms[0]!.participantId,
  buyOrderId: 'green',
  sellOrderId: 'sold',
  quantityWh: 500,
  buyPricePerMwh: 10_000,
  sellPricePerMwh: 10_000,
  venue: 'auction' as const,
});

const codesOf = async (requests: readonly Promise<unknown>[]): Promise<unknown[]> => {
  const settled = await Promise.allSettled(requests);
  const codes = settled.map((each) =>
    each.status === 'fulfilled' ? 'done' : (each.reason as { code?: unknown }).code,
  );
  return codes.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
};

describe('certificates in the database', () => {
  it('are claimed once of many requests at the same time', async () => {
    const certificateId = await bought(await settledSession(), 0, 1_000);
    const claims = [1, 2, 3, 4, 5].map(() => service.claim(principal(1), { certificateId, quantityWh: 400 }));
    expect(await codesOf(claims)).toEqual([...Array<string>(4).fill('CERTIFICATE_NOT_LIVE'), 'done']);
    const { participantId } = rows.firms[1]!;
    const claimed = await rows.database.asSystem((manager) =>
      manager.findBy(CertificateClaim, { participantId }),
    );
    expect(claimed.map(({ quantityWh }) => quantityWh)).toEqual([400]);
  });

  it('are claimed in parallel for no more than was imported', async () => {
    const session = await settledSession();
    const first = await bought(session, 1, 600);
    const second = await bought(session, 1, 400);
    const rest = [first, second].map((certificateId) =>
      service.claim(principal(1), { certificateId, quantityWh: null }),
    );
    expect(await codesOf(rest)).toEqual(['CLAIM_EXCEEDS_CONSUMPTION', 'done']);
    const other = await settledSession();
    // The same slot in another session: what was issued of it stays issued, what was claimed stays claimed.
    await expect(issue(other, 1, 1)).rejects.toMatchObject({ code: 'CERTIFICATE_EXCEEDS_EXPORT' });
  });

  it('are issued in parallel for no more than was exported', async () => {
    const session = await settledSession();
    expect(await codesOf([issue(session, 2, 600), issue(session, 2, 600), issue(session, 2, 400)])).toContain(
      'CERTIFICATE_EXCEEDS_EXPORT',
    );
    const startsAt = new Date(DAY.startMs + 2 * HOUR_MS);
    const issued = await rows.database.asSystem((manager) => manager.findBy(CertificateRow, { startsAt }));
    const total = issued.reduce((sum, { firstNumber, lastNumber }) => sum + lastNumber - firstNumber + 1, 0);
    expect(total).toBeLessThanOrEqual(1_000);
  });

  it('are issued for no more than the least that settled sessions say of one slot', async () => {
    const generous = await settledSession();
    const strict = await settledSession();
    const startsAt = new Date(DAY.startMs + 5 * HOUR_MS);
    await rows.database.asSystem((manager) =>
      manager.update(
        MarketDelivery,
        { sessionId: strict, participantId: rows.firms[0]!.participantId, startsAt },
        { netExportWh: 300 },
      ),
    );
    await expect(issue(generous, 5, 301)).rejects.toMatchObject({ code: 'CERTIFICATE_EXCEEDS_EXPORT' });
    expect(await issue(generous, 5, 300)).toMatchObject({ lastNumber: 300 });
  });

  it('are issued in every zone whose sessions a meter trades in, and claimed in their own alone', async () => {
    const hour = 3;
    const { id } = await issue(await settledSession(), hour, 400);
    const abroad = await settledSession('Europe/Paris');
    await rows.database.asSystem(async (manager) => {
      await manager.insert(MarketOrder, greenBid(abroad, hour));
      await manager.insert(MarketTrade, tradeOf(abroad, hour));
      const session = await manager.findOneByOrFail(MarketSession, { id: abroad });
      await attributeAndCertify(manager, session, { version: 1, atMs: NOW.nowMs() });
    });
    const { participantId } = rows.firms[1]!;
    const [bound] = await rows.database.asSystem((manager) =>
      manager.findBy(CertificateRow, { participantId, area: 'Europe/Paris', standing: true }),
    );
    expect(bound).toMatchObject({ firstNumber: 1, lastNumber: 500, bound: true });
    // The fourth firm's meter speaks in Paris only.
    const { participantId: toParticipantId } = rows.firms[3]!;
    const { certificateId } = await service.transfer(principal(0), { certificateId: id, quantityWh: null, toParticipantId }); // prettier-ignore
    await rows.database.asSystem((manager) =>
      manager.insert(MarketDelivery, {
        ...rows.firms[3]!,
        sessionId: abroad,
        startsAt: new Date(DAY.startMs + hour * HOUR_MS),
        netExportWh: 0,
        netImportWh: 900,
        signature: 's',
        receivedAt: new Date(DAY.endMs),
      }),
    );
    await expect(service.claim(principal(3), { certificateId, quantityWh: null })).rejects.toMatchObject({
      code: 'CLAIM_EXCEEDS_CONSUMPTION',
    });
  });

  it('are passed on with no endless history, which their next holder would have to keep', async () => {
    const { id: certificateId } = await issue(await settledSession(), 4, 10);
    const { participantId: toParticipantId, tenantId } = rows.firms[3]!;
    const pass = () => service.transfer(principal(0), { certificateId, quantityWh: null, toParticipantId });
    await rows.database.asSystem(async (manager) => {
      const { eventHash } = await manager.findOneByOrFail(CertificateRow, { id: certificateId });
      await manager.query(
        `INSERT INTO certificate_event (hash, statement, parents, at)
         SELECT 'long ' || n, '{}', ARRAY[CASE WHEN n = 1 THEN $1 ELSE 'long ' || n - 1 END], now() FROM generate_series(1, 999) n`,
        [eventHash],
      );
      await manager.update(CertificateRow, { id: certificateId }, { eventHash: 'long 999' });
    });
    await expect(pass()).rejects.toMatchObject({ code: 'CERTIFICATE_HISTORY' });
    const kept = () =>
      rows.database.asSystem((manager) => manager.findBy(CertificateRow, { tenantId, kind: 'production' }));
    const before = await kept();
    await rows.database.asSystem((manager) =>
      manager.update(CertificateRow, { id: certificateId }, { eventHash: 'long 998' }),
    );
    await pass();
    expect(await kept()).toHaveLength(before.length + 1);
  });

  it('cannot be made, changed or seen past the registry', async () => {
    const { tenantId } = rows.firms[1]!;
    const [own] = await rows.database.asTenant(tenantId, (manager) =>
      manager.findBy(CertificateRow, { standing: true }),
    );
    expect(own).toBeDefined();
    for (const change of [
      (id: string) => `UPDATE certificate SET state = 'live' WHERE id = '${id}'`,
      (id: string) => `DELETE FROM certificate WHERE id = '${id}'`,
      () => 'INSERT INTO certificate SELECT * FROM certificate',
      () => 'INSERT INTO certificate_event_holder SELECT tenant_id, event_hash FROM certificate',
    ]) {
      const changed = rows.database.asTenant(tenantId, (manager) => manager.query(change(own!.id)));
      await expect(changed).rejects.toThrow(/permission denied/);
    }
    const twice = rows.database.asSystem((manager) =>
      manager.insert(CertificateRow, Object.assign(new CertificateRow(), own, { id: randomUUID() })),
    );
    await expect(twice).rejects.toThrow(/certificate_standing_key/);
    for (const table of [
      'certificate',
      'certificate_issue',
      'certificate_event',
      'certificate_event_holder',
      'certificate_transfer',
      'certificate_claim',
      'certificate_shortfall',
    ]) {
      // prettier-ignore
      const seen = await rows.database.asTenant(rows.firms[2]!.tenantId, (manager) =>
        manager.query<object[]>(`SELECT * FROM ${table}`),
      );
      expect(seen).toEqual([]);
    }
  });

  it('expire by a job once their time has come, and not before', async () => {
    const states = async () => {
      const all = await rows.database.asSystem((manager) =>
        manager.findBy(CertificateRow, { standing: true }),
      );
      return new Set(all.map(({ state }) => state));
    };
    const registered: unknown[] = [];
    const jobs = { register: (job: unknown) => registered.push(job) } as never;
    await new CertificateExpiryService(rows.database, jobs, NOW).expire();
    expect(await states()).toEqual(new Set(['live', 'claimed']));
    await new CertificateExpiryService(rows.database, jobs, fixedClock(DAY.endMs + 730 * DAY_MS)).expire();
    expect(await states()).toEqual(new Set(['expired', 'claimed']));
  });
});
