import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock, generateSigningKey, HOUR_MS, localDay, signJson } from '#core';
import {
  type DefaultDeclaration,
  DEFAULTS_CONTEXT,
  defaultsStatement,
  isDefaultOrder,
  MAX_BLOCK_ORDERS,
} from '#market';
import { type Database, insertRows } from '#persistence';
import { Participant } from '../identity/identity.entities.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { ClearingService } from './clearing.service.ts';
import { declarationsFor, placeDefaults } from './default-placement.ts';
import { MarketDefaultDeclaration, MarketDefaultPlacement } from './defaults.entities.ts';
import { DefaultsService } from './defaults.service.ts';
import { MarketOrder, MarketSession } from './market.entities.ts';
import { MarketRows } from '../../../test/harness/market-rows.ts';

const ZONE = 'Europe/Berlin';
const CLOCK = fixedClock(localDay(ZONE, '2026-03-01').startMs);
const DECLARED_AT = new Date(CLOCK.nowMs() - HOUR_MS);

let rows: MarketRows;
let days = 0;

const queue = { enqueue: async () => undefined, process: () => undefined, close: async () => undefined };

beforeAll(async () => {
  rows = await MarketRows.open(3);
}, 60_000);

afterAll(() => rows.close());

/** Of a day of its own, so that no other session takes it. */
async function closedSession(mechanism = 'uniform-price'): Promise<{ id: string; date: string }> {
  days += 1;
  const date = `2026-05-${String(days).padStart(2, '0')}`;
  return { id: await rows.closedSession(localDay(ZONE, date), mechanism, []), date };
}

async function declare(firm: number, date: string, change: Partial<DefaultDeclaration> = {}): Promise<void> {
  const { tenantId, participantId } = rows.firms[firm]!;
  const { privateKey, publicKey } = await generateSigningKey();
  const {
    participant,
    declaration: declarationId,
    ...terms
  } = {
    participant: participantId,
    declaration: `of ${date}`,
    product: 'energy' as const,
    resolutionMinutes: 60,
    zone: ZONE,
    currency: 'EUR',
    firstDay: date,
    lastDay: date,
    orders: [{ from: '07:00', until: '09:00', side: 'buy' as const, quantityWh: 1_000, pricePerMwh: 20_000 }],
    ...change,
  };
  const statement = defaultsStatement({ participant, declaration: declarationId, ...terms });
  const signature = await signJson(privateKey, DEFAULTS_CONTEXT, statement);
  await rows.database.asSystem(async (manager) => {
    await manager.update(Participant, { id: participantId }, { signingKey: publicKey });
    const key = { tenantId, participantId, declarationId };
    await manager.insert(MarketDefaultDeclaration, { ...key, ...terms, signature, declaredAt: DECLARED_AT });
  });
}

const clearing = (database: Database = rows.database) =>
  new ClearingService(database, CLOCK, queue, new LedgerService(rows.database));

const ordersOf = (sessionId: string): Promise<MarketOrder[]> =>
  rows.database.asSystem((manager) => manager.findBy(MarketOrder, { sessionId }));

const placementsOf = (sessionId: string): Promise<MarketDefaultPlacement[]> =>
  rows.database.asSystem((manager) =>
    manager.find(MarketDefaultPlacement, { where: { sessionId }, order: { participantId: 'ASC' } }),
  );

describe('default orders at the gate', () => {
  it('are placed and certified once by whoever clears, all at a time or after one that died', async () => {
    const { id, date } = await closedSession();
    await declare(0, date);
    const dying = {
      asSystem: (work: Parameters<Database['asSystem']>[0]) =>
        rows.database.asSystem(async (manager) => {
          await work(manager);
          throw new Error('killed');
        }),
    } as unknown as Database;
    await expect(clearing(dying).clear(id)).rejects.toThrow('killed');
    expect(await ordersOf(id)).toEqual([]);
    await Promise.all([1, 2, 3].map(() => clearing().clear(id)));
    await clearing().clear(id);
    expect((await ordersOf(id)).map(({ orderId }) => orderId).toSorted()).toEqual(['default:0', 'default:1']);
    expect(await placementsOf(id)).toMatchObject([
      { reason: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    const entries = await rows.database.asSystem((manager) =>
      manager.query('SELECT FROM ledger_entry WHERE reference LIKE $1', [`${id}%`]),
    );
    expect(entries).toHaveLength(1);
  });

  it('are not those of a declaration that its participant did not sign', async () => {
    const { id, date } = await closedSession();
    await declare(0, date);
    await rows.database.asSystem((manager) =>
      manager.query(
        `UPDATE market_default_declaration SET orders = replace(orders::text, '20000', '99999')::json WHERE first_day = $1`,
        [date],
      ),
    );
    await clearing().clear(id);
    expect(await ordersOf(id)).toEqual([]);
    expect(await placementsOf(id)).toMatchObject([{ reason: 'SIGNATURE_INVALID', hash: null }]);
  });

  it('are not read from declarations revoked before it', async () => {
    const { id, date } = await closedSession();
    for (const n of [1, 2, 3]) await declare(0, date, { declaration: `revoked ${n}` });
    const gateMs = CLOCK.nowMs();
    const atGate = () =>
      rows.database.asSystem(async (manager) => {
        const session = await manager.findOneByOrFail(MarketSession, { id });
        return (await declarationsFor(manager, session, gateMs)).map(({ declarationId }) => declarationId);
      });
    for (const [declarationId, atMs] of [
      ['revoked 1', gateMs - 1],
      ['revoked 2', gateMs],
    ] as const) {
      await rows.database.asSystem((manager) =>
        manager.update(MarketDefaultDeclaration, { declarationId }, { revokedAt: new Date(atMs) }),
      );
    }
    expect((await atGate()).toSorted()).toEqual(['revoked 2', 'revoked 3']);
  });

  it('are declared no more once thousands of days to come were, even if all of them are revoked', async () => {
    const { tenantId, participantId } = rows.firms[1]!;
    const { privateKey, publicKey } = await generateSigningKey();
    const draft = {
      declaration: 'one-more',
      product: 'energy' as const,
      resolutionMinutes: 60,
      zone: ZONE,
      currency: 'EUR',
      firstDay: '2027-01-01',
      lastDay: '2027-01-01',
      orders: [
        { from: '07:00', until: '09:00', side: 'buy' as const, quantityWh: 1_000, pricePerMwh: 20_000 },
      ],
    };
    const signature = await signJson(privateKey, DEFAULTS_CONTEXT, defaultsStatement({ ...draft, participant: participantId })); // prettier-ignore
    const { declaration: _id, ...terms } = draft;
    const revoked = Array.from({ length: 2_000 }, (_, n) => ({
      ...terms,
      tenantId,
      participantId,
      declarationId: `r${n}`,
      signature: 's',
      declaredAt: DECLARED_AT,
      revokedAt: DECLARED_AT,
      revocationSignature: 's',
    }));
    await rows.database.asSystem(async (manager) => {
      await manager.update(Participant, { id: participantId }, { signingKey: publicKey });
      await insertRows(manager, MarketDefaultDeclaration, revoked);
    });
    const principal = {
      kind: 'participant' as const,
      id: participantId,
      organisationId: tenantId,
      roles: [],
    };
    const declareOneMore = () =>
      new DefaultsService(rows.database, CLOCK).declare(principal, { ...draft, signature });
    await expect(declareOneMore()).rejects.toMatchObject({ code: 'DEFAULTS_LIMIT' });
    await rows.database.asSystem((manager) =>
      manager.delete(MarketDefaultDeclaration, { participantId, declarationId: 'r0' }),
    );
    expect(await declareOneMore()).toMatchObject({ declarationId: 'one-more' });
  });

  it('that do not all fit beside the orders that came are those declared first', async () => {
    const { id, date } = await closedSession('block-orders');
    const { firms, database } = rows;
    const { startMs } = localDay(ZONE, date);
    const placed = Array.from({ length: MAX_BLOCK_ORDERS - 3 }, (_, n) => ({
      ...firms[2]!,
      sessionId: id,
      orderId: `o${n}`,
      startsAt: new Date(startMs),
      side: 'buy' as const,
      quantityWh: 1,
      pricePerMwh: 1,
      signature: 's',
      receivedAt: DECLARED_AT,
    }));
    await database.asSystem((manager) => insertRows(manager, MarketOrder, placed));
    await declare(0, date);
    await declare(1, date);
    await database.asSystem(async (manager) => {
      const later = { participantId: firms[0]!.participantId, firstDay: date };
      await manager.update(MarketDefaultDeclaration, later, { declaredAt: new Date(+DECLARED_AT + 1) });
      await placeDefaults(manager, await manager.findOneByOrFail(MarketSession, { id }), CLOCK.nowMs());
    });
    const standing = (await ordersOf(id)).filter(({ orderId }) => isDefaultOrder(orderId));
    expect(standing.map(({ participantId }) => participantId)).toEqual(
      [1, 1].map((n) => firms[n]!.participantId),
    );
    const refused = (await placementsOf(id)).filter(({ reason }) => reason !== null);
    expect(refused).toMatchObject([
      { participantId: firms[0]!.participantId, reason: 'SESSION_ORDERS_LIMIT' },
    ]);
  });
});

const as = (firm: number, statement: string, parameters: unknown[] = []): Promise<unknown> =>
  rows.database.asTenant(rows.firms[firm]!.tenantId, (manager) => manager.query(statement, parameters));

describe('default orders in the database', () => {
  const [OWN, RIVAL] = [0, 2];
  let sessionId: string;

  beforeAll(async () => {
    const { id, date } = await closedSession();
    sessionId = id;
    await declare(OWN, date);
    await clearing().clear(id);
    const { tenantId, participantId } = rows.firms[OWN]!;
    await as(OWN, `INSERT INTO market_default_withdrawal VALUES ($1, $2, $3, 's', now())`, [
      tenantId,
      id,
      participantId,
    ]);
  });

  it.each(['market_default_declaration', 'market_default_withdrawal', 'market_default_placement'])(
    'are shown to their tenant alone: %s',
    async (table) => {
      expect(await as(OWN, `SELECT FROM ${table}`)).not.toEqual([]);
      expect(await as(RIVAL, `SELECT FROM ${table}`)).toEqual([]);
    },
  );

  it.each([
    ["UPDATE market_default_declaration SET orders = '[]'", /permission denied/],
    ['DELETE FROM market_default_declaration', /permission denied/],
    ['DELETE FROM market_default_withdrawal', /permission denied/],
    ['UPDATE market_default_placement SET hash = NULL', /permission denied/],
    ['INSERT INTO market_default_placement SELECT * FROM market_default_placement', /permission denied/],
  ])('are not changed by their tenant: %s', async (statement, refusal) => {
    await expect(as(OWN, statement)).rejects.toThrow(refusal);
  });

  it("are not declared, revoked or withdrawn in another's name", async () => {
    const { tenantId, participantId } = rows.firms[OWN]!;
    await expect(
      as(
        RIVAL,
        `INSERT INTO market_default_declaration VALUES ($1, $2, 'd', 'energy', 60, 'UTC', 'EUR', 'a', 'b', '[]', 's', now())`,
        [tenantId, participantId],
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      as(RIVAL, `INSERT INTO market_default_withdrawal VALUES ($1, $2, $3, 's', now())`, [
        tenantId,
        sessionId,
        participantId,
      ]),
    ).rejects.toThrow(/row-level security/);
    expect(await as(RIVAL, 'UPDATE market_default_declaration SET revoked_at = now() RETURNING 1')).toEqual([
      [],
      0,
    ]);
  });
});
