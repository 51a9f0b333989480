import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, fixedClock, HOUR_MS, localDay } from '#core';
import { MarketDelivery, MarketSession } from '../market/market.entities.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CertificateExpiryService } from './certificate-expiry.service.ts';
import { CertificateClaim, CertificateRow } from './certificates.entities.ts';
import { CertificatesService } from './certificates.service.ts';
import { MarketRows } from '../../../test/harness/market-rows.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const NOW = fixedClock(DAY.endMs);

let rows: MarketRows;
let service: CertificatesService;

beforeAll(async () => {
  rows = await MarketRows.open(3);
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
async function settledSession(): Promise<string> {
  const id = await rows.closedSession(DAY, 'uniform-price', []);
  const stated = [0, 1, 2].flatMap((hour) =>
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
    await manager.update(MarketSession, { id }, { state: 'SETTLED', settlementVersion: 1 });
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

  it('cannot be made, changed or seen past the registry', async () => {
    const { tenantId } = rows.firms[1]!;
    const [own] = await rows.database.asTenant(tenantId, (manager) => manager.find(CertificateRow));
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
