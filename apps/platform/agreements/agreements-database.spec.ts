import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { assertReadable, type ReadRequest } from './agreement-gate.ts';

const [FROM, UNTIL] = [Date.parse('2026-12-01T00:00Z'), Date.parse('2026-12-02T00:00Z')];
const POLICY = {
  permission: [{ action: 'use', constraint: [{ leftOperand: 'count', operator: 'lteq', rightOperand: 2 }] }],
};

describe('agreements in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [provider, consumer, stranger] = [randomUUID(), randomUUID(), randomUUID()];
  const [dataSetId, offerId] = [randomUUID(), randomUUID()];

  const run = (tenant: string, statement: string, values: unknown[] = []) =>
    database.asTenant(tenant, (manager) => manager.query(statement, values));
  const asSystem = (statement: string, values: unknown[] = []) =>
    database.asSystem((manager) => manager.query(statement, values));

  /** A negotiation that has come to an agreement, with its finalisation unless told. */
  async function agreement(price: string | null = null, finalised = true): Promise<string> {
    const [negotiationId, id] = [randomUUID(), randomUUID()];
    const negotiated = [negotiationId, consumer, provider, offerId, dataSetId, POLICY, price];
    await run(consumer, NEGOTIATION, [...negotiated, 'consumer']);
    await run(
      consumer,
      `INSERT INTO negotiation_messages (negotiation_id, consumer_id, provider_id, type, sender, automatic, state, created_at)
       VALUES ($1, $2, $3, 'ContractRequestMessage', 'consumer', false, 'REQUESTED', now())`,
      [negotiationId, consumer, provider],
    );
    const agreed = "UPDATE negotiations SET state = 'AGREED', agreement_id = $2 WHERE id = $1";
    await run(provider, agreed, [negotiationId, id]);
    await run(provider, AGREEMENT, [id, ...negotiated, new Date(FROM), new Date(UNTIL)]);
    if (finalised) await event(provider, id, 'FINALISED');
    return id;
  }
  const NEGOTIATION = `INSERT INTO negotiations (id, consumer_pid, consumer_id, provider_id, offer_id, data_set_id, request_hash,
      state, rounds, offered_by, policy, policy_hash, price, opened_by, valid_from, expires_at, created_at, changed_at)
    VALUES ($1, $1::uuid::text, $2, $3, $4, $5, 'h', 'REQUESTED', 1, 'consumer', $6, 'h', $7, $8, now(), now(), now(), now())`;
  const AGREEMENT = `INSERT INTO data_agreements (id, negotiation_id, consumer_id, provider_id, offer_id, data_set_id, policy,
      policy_hash, price, valid_from, valid_until, hash, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'h', $8, $9, $10, 'h', $9)`;

  const event = (
    tenant: string,
    id: string,
    type: string,
    {
      sender = tenant === consumer ? 'consumer' : 'provider',
      successor = null,
    }: { sender?: string; successor?: string | null } = {},
  ) =>
    run(
      tenant,
      `INSERT INTO agreement_events (agreement_id, consumer_id, provider_id, type, sender, successor_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, now())`,
      [id, consumer, provider, type, sender, successor],
    );

  const read = (agreementId: string, request: Partial<ReadRequest> = {}, tenant = consumer) =>
    database.asTenant(tenant, (manager) =>
      assertReadable(manager, {
        agreementId,
        consumer,
        dataSetId,
        action: 'use',
        at: FROM,
        useId: 'version 1',
        ...request,
      }),
    );

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [provider, consumer, stranger]) {
      await run(id, "INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [id, id]);
    }
    await asSystem(
      `INSERT INTO data_sets (id, tenant_id, key, title, description, keywords, carrier, kind, licence, zone, status, created_at,
         listed_at)
       VALUES ($1, $2, 'load', 'Load', '', '{}', 'electricity', 'readings', 'CC-BY-4.0', 'UTC', 'listed', now(), now())`,
      [dataSetId, provider],
    );
    await asSystem(
      `INSERT INTO data_offers (id, tenant_id, data_set_id, policy, policy_hash, valid_from, status, created_at)
       VALUES ($1, $2, $3, $4, 'h', now(), 'LISTED', now())`,
      [offerId, provider, dataSetId, POLICY],
    );
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('are shown to their two parties and nobody else, with all that belongs to them', async () => {
    const id = await agreement();
    await read(id);
    await run(
      consumer,
      `INSERT INTO transfers VALUES ($1, 'x', $2, $3, $4, 'f', 'h', 'REQUESTED', null, null, now(), now())`,
      [randomUUID(), id, consumer, provider],
    );
    for (const table of [
      'negotiations',
      'negotiation_messages',
      'data_agreements',
      'agreement_events',
      'agreement_uses',
      'transfers',
    ]) {
      const rows = (tenant: string) => run(tenant, `SELECT * FROM ${table}`);
      for (const party of [consumer, provider]) expect(await rows(party)).not.toEqual([]);
      expect(await rows(stranger)).toEqual([]);
    }
  });

  it('are immutable, whoever asks; of a free one the provider says once that it is paid', async () => {
    const id = await agreement();
    for (const change of ["policy_hash = 'x'", 'valid_until = null']) {
      const changed = asSystem(`UPDATE data_agreements SET ${change} WHERE id = $1`, [id]);
      await expect(changed).rejects.toThrow(/immutable/);
      const forged = run(provider, `UPDATE data_agreements SET ${change} WHERE id = $1`, [id]);
      await expect(forged).rejects.toThrow(/permission denied/);
    }
    await expect(asSystem('DELETE FROM data_agreements')).rejects.toThrow(/permission denied/);
    const pay = 'UPDATE data_agreements SET paid_at = now() WHERE id = $1';
    await run(provider, pay, [id]);
    await expect(asSystem(pay, [id])).rejects.toThrow(/immutable/);
  });

  it('cost what they cost: no party writes that a priced one is paid, its payment does', async () => {
    const id = await agreement('{"kind": "flat", "currency": "EUR", "amountMinor": 5}');
    const pay = 'UPDATE data_agreements SET paid_at = now() WHERE id = $1';
    for (const party of [consumer, provider])
      await expect(run(party, pay, [id])).rejects.toThrow(/its payment/);
    await expect(read(id)).rejects.toMatchObject({ code: 'AGREEMENT_UNPAID' });
    await asSystem(pay, [id]);
    expect(await read(id)).toMatchObject({ agreementId: id, consumer, provider, revocationEpoch: 0 });
  });

  it('are what was negotiated, by the word of the provider', async () => {
    const id = await agreement();
    const [{ negotiation_id: negotiation }] = await run(
      consumer,
      'SELECT negotiation_id FROM data_agreements WHERE id = $1',
      [id],
    );
    const other = [randomUUID(), negotiation, consumer, provider, offerId, dataSetId];
    for (const party of [consumer, provider]) {
      const made = run(party, AGREEMENT, [...other, POLICY, null, new Date(FROM), null]);
      await expect(made).rejects.toThrow(/row-level security/);
    }
    await expect(event(consumer, id, 'REVOKED')).rejects.toThrow(/row-level security/);
    const unfinished = await agreement(null, false);
    await expect(event(consumer, unfinished, 'FINALISED')).rejects.toThrow(/row-level security/);
    await expect(event(stranger, id, 'RETIRED')).rejects.toThrow(/row-level security/);
  });

  it('are made by the consumer of an automatic offer at its listed price only', async () => {
    const price = '{"kind": "flat"}';
    const priced = randomUUID();
    await asSystem(
      `INSERT INTO data_offers (id, tenant_id, data_set_id, policy, policy_hash, price, valid_from, status, created_at)
       VALUES ($1, $2, $3, $4, 'h', $5, now(), 'LISTED', now())`,
      [priced, provider, dataSetId, POLICY, price],
    );
    await run(provider, 'INSERT INTO automatic_offers VALUES ($1, $2, now())', [priced, provider]);
    const made = async (at: string | null): Promise<unknown> => {
      const [negotiationId, id] = [randomUUID(), randomUUID()];
      const negotiated = [negotiationId, consumer, provider, priced, dataSetId, POLICY, at];
      await run(consumer, NEGOTIATION, [...negotiated, 'consumer']);
      const agreed = "UPDATE negotiations SET state = 'AGREED', agreement_id = $2 WHERE id = $1";
      await run(consumer, agreed, [negotiationId, id]);
      return run(consumer, AGREEMENT, [id, ...negotiated, new Date(FROM), null]);
    };
    for (const at of [null, '{"kind": "flat", "amountMinor": 1}']) {
      await expect(made(at)).rejects.toThrow(/row-level security/);
    }
    await made(price);
    // Not once it is withdrawn, though the consumer, which has an agreement about it, sees it still.
    await run(provider, "UPDATE data_offers SET status = 'WITHDRAWN' WHERE id = $1", [priced]);
    expect(await run(consumer, 'SELECT id FROM data_offers WHERE id = $1', [priced])).toHaveLength(1);
    expect(await run(stranger, 'SELECT id FROM data_offers WHERE id = $1', [priced])).toEqual([]);
    await expect(made(price)).rejects.toThrow(/row-level security/);
  });

  it('begin with the word of the side that is named as beginning, about an offer of the provider', async () => {
    const open = (by: string, openedBy: string, offer = offerId) =>
      run(by, NEGOTIATION, [randomUUID(), consumer, provider, offer, dataSetId, POLICY, null, openedBy]);
    await open(consumer, 'consumer');
    await open(provider, 'provider');
    for (const [by, openedBy] of [[provider, 'consumer'], [consumer, 'provider'], [stranger, 'provider'], [consumer, 'x']] as const) {
      await expect(open(by, openedBy)).rejects.toThrow(/row-level security/);
    } // prettier-ignore
    await expect(open(provider, 'provider', randomUUID())).rejects.toThrow(/row-level security/);
  });

  it('keep what was said: nobody changes a message or an event, or speaks for the other side', async () => {
    await agreement();
    for (const table of ['negotiation_messages', 'agreement_events', 'agreement_uses']) {
      await expect(asSystem(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
      await expect(run(consumer, `DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
    }
    const forged = run(
      consumer,
      `INSERT INTO negotiation_messages (negotiation_id, consumer_id, provider_id, type, sender, automatic, state, created_at)
       SELECT id, consumer_id, provider_id, 'ContractAgreementMessage', 'provider', false, 'AGREED', now()
       FROM negotiations LIMIT 1`,
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it('are read from the first millisecond of their validity to before its end', async () => {
    const id = await agreement();
    for (const at of [FROM, FROM + 1, UNTIL - 1]) {
      expect(await read(id, { at })).toMatchObject({ validFromMs: FROM, validUntilMs: UNTIL });
    }
    await expect(read(id, { at: FROM - 1 })).rejects.toMatchObject({ code: 'AGREEMENT_NOT_YET_VALID' });
    for (const at of [UNTIL, UNTIL + 1]) {
      await expect(read(id, { at })).rejects.toMatchObject({ code: 'AGREEMENT_EXPIRED' });
    }
  });

  it('are not found by others, for another data set or under another name', async () => {
    const id = await agreement();
    for (const request of [
      { consumer: stranger },
      { consumer: provider },
      { dataSetId: randomUUID() },
      { dataSetId: 'x' },
      { agreementId: randomUUID() },
      { agreementId: 'x' },
    ]) {
      await expect(read(id, request)).rejects.toMatchObject({
        code: 'AGREEMENT_NOT_FOUND',
        kind: 'not-found',
      });
    }
    await expect(read(id, {}, stranger)).rejects.toMatchObject({ code: 'AGREEMENT_NOT_FOUND' });
  });

  it('are not read before they are final, nor once revoked: the epoch rises, the next read is refused', async () => {
    const id = await agreement(null, false);
    await expect(read(id)).rejects.toMatchObject({ code: 'AGREEMENT_NOT_FINALISED' });
    await event(provider, id, 'FINALISED');
    expect((await read(id)).revocationEpoch).toBe(0);
    await event(provider, id, 'REVOKED');
    await expect(read(id)).rejects.toMatchObject({ code: 'AGREEMENT_REVOKED', kind: 'forbidden' });
  });

  it('count uses, not reads of one use, and a refused read counts nothing', async () => {
    const id = await agreement();
    for (let n = 0; n < 3; n += 1) await read(id);
    await read(id, { useId: 'version 2' });
    for (let n = 0; n < 2; n += 1) {
      await expect(read(id, { useId: 'version 3' })).rejects.toMatchObject({
        code: 'POLICY_DENIED',
        data: { reasons: ['CONSTRAINT_NOT_MET'] },
      });
    }
    expect(await read(id)).toMatchObject({ agreementId: id });
    expect(
      await run(consumer, 'SELECT use_id FROM agreement_uses WHERE agreement_id = $1', [id]),
    ).toHaveLength(2);
  });

  it('are ended by each party as it may, by the database itself', async () => {
    const [id, other] = [await agreement(), await agreement()];
    for (const [tenant, type, more] of [
      [provider, 'RETIRED', {}],
      [provider, 'RETIRED', { sender: 'consumer' }],
      [consumer, 'RETIRED', { sender: 'provider' }],
      [consumer, 'REVOKED', {}],
      [consumer, 'REVOKED', { sender: 'provider' }],
      [provider, 'SUPERSEDED', { successor: other }],
      [consumer, 'SUPERSEDED', {}],
      [consumer, 'SUPERSEDED', { successor: id }],
      [provider, 'REVOKED', { successor: other }],
      [consumer, 'LAPSED', {}],
      [provider, 'LAPSED', {}],
      [provider, 'ANOTHER', {}],
    ] as const) {
      await expect(event(tenant, id, type, more)).rejects.toThrow(/row-level security/);
    }
    await event(consumer, id, 'RETIRED');
    await event(provider, other, 'REVOKED');
    const unfinished = await agreement(null, false);
    await expect(event(provider, unfinished, 'LAPSED', { sender: 'consumer' })).rejects.toThrow(
      /row-level security/,
    );
    await event(consumer, unfinished, 'LAPSED');
  });

  it('are looked up in the tables of the platform alone', async () => {
    const rows = await asSystem(
      `SELECT proname, proconfig FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND proname ~ 'holds_agreement|agreement_finalised'`,
    );
    expect(rows).toHaveLength(3);
    for (const row of rows as { proconfig: string[] }[]) {
      expect(row.proconfig).toEqual(['search_path=pg_catalog, public, pg_temp']);
    }
  });

  it('let of two uses at once only as many through as the policy has left', async () => {
    const id = await agreement();
    const uses = await Promise.allSettled([1, 2, 3, 4].map((n) => read(id, { useId: `use ${n}` })));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});
