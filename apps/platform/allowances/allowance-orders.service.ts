import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import {
  ALLOWANCE_CANCEL_CONTEXT,
  ALLOWANCE_ORDER_CONTEXT,
  allowanceCancelStatement,
  allowanceOrderStatement,
  complianceYear,
  toBookOrder,
  type Vintage,
} from '#allowances';
import { type Clock, DomainError, isoInstant, requireSignature } from '#core';
import { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import { type IntradayOrderState, isOrderId, stateOf } from '../intraday/intraday-order.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { type PlacedAllowanceOrder, placeOrder } from './allowance-book.ts';
import { AllowanceOrderRow } from './allowances.entities.ts';
import { holdVintage, requireVintage } from './vintage.ts';

/** Each order that waits is read by those that come in: 200 open ones and 2 000 in all a participant and vintage. */
const MAX_OPEN_ORDERS = 200;
const MAX_ORDERS = 2_000;

/** An order as its organisation sees it, with what has become of it. */
export interface FollowedAllowanceOrder extends Pick<
  AllowanceOrderRow,
  | 'sequence'
  | 'participantId'
  | 'scheme'
  | 'year'
  | 'side'
  | 'tonnes'
  | 'priceMinorPerTonne'
  | 'timeInForce'
  | 'expiresAt'
  | 'receivedAt'
> {
  readonly id: string;
  readonly state: IntradayOrderState;
  readonly filledTonnes: number;
  readonly remainingTonnes: number;
}

export interface SignedAllowanceCancellation extends Vintage {
  readonly orderId: string;
  readonly signature: string;
}

/** Takes signed orders into the order book of a vintage and matches them as they come, under the vintage's lock. */
@Injectable()
export class AllowanceOrdersService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Places an order. The same again changes nothing and says what has become of it.
   * @throws PARTICIPANT_REQUIRED, RULE_SET_MISSING, ORDER_*, SIGNATURE_INVALID, ORDERS_LIMIT, ALLOWANCES_SHORT
   */
  async submit(
    principal: Principal,
    asked: Vintage,
    order: PlacedAllowanceOrder,
  ): Promise<FollowedAllowanceOrder> {
    const vintage = requireVintage(asked);
    requireAllowanceOrder(order, asked);
    const signingKey = await this.#signingKey(principal);
    const { id, signature, ...terms } = order;
    const statement = allowanceOrderStatement({
      ...terms,
      ...keyOf(asked),
      participant: principal.id,
      order: id,
    });
    await requireSignature(signingKey, ALLOWANCE_ORDER_CONTEXT, statement, signature);
    return this.database.asSystem(async (manager) => {
      await holdVintage(manager, vintage);
      const nowMs = this.clock.nowMs();
      const known = await find(manager, principal, asked, id);
      if (known !== null) {
        requireSameTerms(order, known);
        return followed(known, nowMs);
      }
      requireExpiry(order, nowMs);
      await requireRoom(manager, principal, { vintage: asked, nowMs });
      const owner = { tenantId: principal.organisationId, participantId: principal.id };
      return followed(await placeOrder(manager, this.ledger, vintage, { owner, order, nowMs }), nowMs);
    });
  }

  /**
   * Withdraws what waits of an order; again it changes nothing.
   * @throws PARTICIPANT_REQUIRED, RULE_SET_MISSING, SIGNATURE_INVALID, ORDER_UNKNOWN, ORDER_FINISHED
   */
  async cancel(
    principal: Principal,
    { orderId, signature, ...asked }: SignedAllowanceCancellation,
  ): Promise<FollowedAllowanceOrder> {
    const vintage = requireVintage(asked);
    const signingKey = await this.#signingKey(principal);
    const statement = allowanceCancelStatement({
      ...keyOf(asked),
      participant: principal.id,
      order: orderId,
    });
    await requireSignature(signingKey, ALLOWANCE_CANCEL_CONTEXT, statement, signature);
    return this.database.asSystem(async (manager) => {
      await holdVintage(manager, vintage);
      const nowMs = this.clock.nowMs();
      const row = await find(manager, principal, asked, orderId);
      if (row === null) {
        throw new DomainError(
          'ORDER_UNKNOWN',
          'expected an order of this participant in the book, got none of this id',
          'not-found',
        );
      }
      const { state } = followed(row, nowMs);
      if (state === 'OPEN') {
        row.ended = 'CANCELLED';
        row.cancelSignature = signature;
        await manager.save(row);
      } else if (state !== 'CANCELLED') {
        throw new DomainError(
          'ORDER_FINISHED',
          `expected an order that waits, got one that is ${state}`,
          'conflict',
          {
            state,
          },
        );
      }
      return followed(row, nowMs);
    });
  }

  /** The own organisation's orders of a vintage, as they came. */
  async list(
    principal: Principal,
    asked: Vintage,
    page: PageArgs,
  ): Promise<Connection<FollowedAllowanceOrder>> {
    const [after] = decodeCursor(page.after, 1) ?? [];
    const nowMs = this.clock.nowMs();
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(AllowanceOrderRow, {
        where: {
          ...keyOf(asked),
          tenantId: principal.organisationId,
          ...(after === undefined ? {} : { sequence: MoreThan(requireInteger(after)) }),
        },
        order: { sequence: 'ASC' },
        take: pageSize(page.first) + 1,
      }),
    );
    return connectionOf(
      rows.map((row) => followed(row, nowMs)),
      page.first,
      ({ sequence }) => [sequence],
    );
  }

  #signingKey(principal: Principal): Promise<string> {
    return this.database.asTenant(principal.organisationId, (manager) => signingKeyOf(manager, principal));
  }
}

const keyOf = ({ scheme, year }: Vintage): Vintage => ({ scheme, year });

const find = (
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  asked: Vintage,
  orderId: string,
): Promise<AllowanceOrderRow | null> =>
  isOrderId(orderId)
    ? manager.findOneBy(AllowanceOrderRow, { ...keyOf(asked), tenantId, participantId, orderId })
    : Promise.resolve(null);

function followed(row: AllowanceOrderRow, nowMs: number): FollowedAllowanceOrder {
  const {
    orderId,
    leftTonnes,
    ended,
    signature: _signature,
    cancelSignature: _cancel,
    tenantId: _tenant,
    ...terms
  } = row;
  const state = stateOf({ ended, expiresAt: row.expiresAt }, Infinity, nowMs);
  return {
    ...terms,
    id: orderId,
    state,
    filledTonnes: row.tonnes - leftTonnes,
    remainingTonnes: state === 'OPEN' ? leftTonnes : 0,
  };
}

/** @throws ORDER_ID, ORDER_QUANTITY, ORDER_PRICE, TONNES_TOO_LARGE, AMOUNT_TOO_LARGE, ORDER_EXPIRY */
function requireAllowanceOrder(order: PlacedAllowanceOrder, { year }: Vintage): void {
  if (!isOrderId(order.id)) {
    throw new DomainError('ORDER_ID', 'expected an order id of 1–64 letters, digits, _ or -, got another');
  }
  toBookOrder({ ...order, member: '' }, complianceYear(year));
  if (order.expiresAtMs !== null && order.timeInForce !== 'gtd')
    throw expiry('none of an order that does not wait');
}

function requireExpiry({ expiresAtMs }: PlacedAllowanceOrder, nowMs: number): void {
  if (expiresAtMs !== null && expiresAtMs <= nowMs) throw expiry(`one after ${isoInstant(nowMs)}`);
}

const expiry = (expected: string): DomainError =>
  new DomainError('ORDER_EXPIRY', `expected as expiry ${expected}, got another`);

/** @throws ORDER_CONFLICT */
function requireSameTerms(order: PlacedAllowanceOrder, known: AllowanceOrderRow): void {
  const same =
    order.side === known.side &&
    order.tonnes === known.tonnes &&
    order.priceMinorPerTonne === known.priceMinorPerTonne &&
    order.timeInForce === known.timeInForce &&
    order.expiresAtMs === (known.expiresAt?.getTime() ?? null);
  if (same) return;
  throw new DomainError(
    'ORDER_CONFLICT',
    `expected order ${order.id} as it was placed, got other terms`,
    'conflict',
    { order: order.id },
  );
}

/** @throws ORDERS_LIMIT */
async function requireRoom(
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  { vintage, nowMs }: { readonly vintage: Vintage; readonly nowMs: number },
): Promise<void> {
  const rows = await manager.find(AllowanceOrderRow, {
    where: { ...keyOf(vintage), tenantId, participantId },
  });
  const open = rows.filter((row) => followed(row, nowMs).state === 'OPEN').length;
  if (rows.length < MAX_ORDERS && open < MAX_OPEN_ORDERS) return;
  throw new DomainError(
    'ORDERS_LIMIT',
    `expected at most ${MAX_OPEN_ORDERS} open orders and ${MAX_ORDERS} of a compliance year, got more`,
    'limit',
  );
}
