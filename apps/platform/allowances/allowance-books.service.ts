import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Vintage } from '#allowances';
import { type Clock, DomainError } from '#core';
import { isDisclosable, type Side, type Withheld } from '#market';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  encodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { AllowanceTradeRow } from './allowances.entities.ts';
import { requireVintage, waitingOrders } from './vintage.ts';

/** A trade reaches a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;
const MAX_DEPTH = 50;

export interface AllowanceLevel {
  readonly priceMinorPerTonne: number;
  readonly tonnes: number;
}

/** What everybody may know of a vintage's order book: sums, and only of enough organisations. */
export interface PublicAllowanceBook extends Vintage {
  readonly bids: readonly AllowanceLevel[];
  readonly asks: readonly AllowanceLevel[];
  /** Why no levels are told. */
  readonly withheld: Withheld | null;
  readonly tradedTonnes: number | null;
  readonly lastPriceMinorPerTonne: number | null;
  /** Why nothing of trades is told. */
  readonly tradesWithheld: Withheld | null;
}

/** One trade as one of its parties sees it: the other is not told. */
export interface OwnTrade extends Pick<
  AllowanceTradeRow,
  'scheme' | 'year' | 'tonnes' | 'priceMinorPerTonne' | 'tradedAt'
> {
  readonly id: string;
  readonly side: Side;
  readonly orderId: string;
  readonly participantId: string;
}

export interface FoundTrade {
  readonly cursor: string;
  readonly node: OwnTrade;
}

/** Shows order books of allowances to the community, and trades to their parties. */
@Injectable()
export class AllowanceBooksService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws RULE_SET_MISSING, BOOK_DEPTH */
  book(asked: Vintage, depth: number): Promise<PublicAllowanceBook> {
    const vintage = requireVintage(asked);
    if (!(Number.isInteger(depth) && depth >= 1 && depth <= MAX_DEPTH)) {
      throw new DomainError('BOOK_DEPTH', `expected 1–${MAX_DEPTH} levels a side, got ${depth}`, 'limit');
    }
    const nowMs = this.clock.nowMs();
    // Orders of all members are summed by the system: each of them sees its own only.
    return this.database.asSystem(async (manager) => ({
      scheme: vintage.scheme,
      year: vintage.year,
      ...(await levelsOf(manager, vintage, { depth, nowMs })),
      ...(await tradesOf(manager, vintage)),
    }));
  }

  /** The own organisation's trades of a vintage, as they came. @throws RULE_SET_MISSING */
  async trades(principal: Principal, asked: Vintage, page: PageArgs): Promise<Connection<OwnTrade>> {
    const vintage = requireVintage(asked);
    const [after] = decodeCursor(page.after, 1) ?? [];
    const own = await this.#own(principal, vintage, requireInteger(after ?? '0'), pageSize(page.first) + 1);
    return connectionOf(own, page.first, ({ id }) => [id]);
  }

  /** Own trades of a vintage after a cursor, or from now on. @throws RULE_SET_MISSING, CURSOR_MALFORMED */
  async follow(
    principal: Principal,
    asked: Vintage,
    after: string | null,
  ): Promise<AsyncIterableIterator<FoundTrade>> {
    const vintage = requireVintage(asked);
    const [start] = decodeCursor(after, 1) ?? [];
    const from = start === undefined ? await this.#newest(principal, vintage) : requireInteger(start);
    const read = async (sequence: string): Promise<FoundTrade[]> =>
      (await this.#own(principal, vintage, sequence, FOLLOW_PAGE)).map((node) => ({
        cursor: encodeCursor([node.id]),
        node,
      }));
    return followCursor({ read, cursorOf: ({ node }) => node.id }, from, POLL_MS);
  }

  async #newest(principal: Principal, { scheme, year }: Vintage): Promise<string> {
    const newest = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOne(AllowanceTradeRow, { where: { scheme, year }, order: { sequence: 'DESC' } }),
    );
    return newest?.sequence ?? '0';
  }

  /** Row-level security shows a tenant the trades it is a party of. */
  #own(
    { organisationId }: Principal,
    { scheme, year }: Vintage,
    after: string,
    limit: number,
  ): Promise<OwnTrade[]> {
    return this.database.asTenant(organisationId, async (manager) => {
      const rows = await manager
        .createQueryBuilder(AllowanceTradeRow, 'trade')
        .where('trade.scheme = :scheme AND trade.year = :year AND trade.sequence > :after', {
          scheme,
          year,
          after,
        })
        .orderBy('trade.sequence')
        .limit(limit)
        .getMany();
      return rows.map((row) => ownTrade(row, organisationId));
    });
  }
}

function ownTrade(row: AllowanceTradeRow, organisationId: string): OwnTrade {
  const isBuyer = row.buyerTenantId === organisationId;
  return {
    id: row.sequence,
    scheme: row.scheme,
    year: row.year,
    side: isBuyer ? 'buy' : 'sell',
    orderId: isBuyer ? row.buyOrderId : row.sellOrderId,
    participantId: isBuyer ? row.buyerParticipantId : row.sellerParticipantId,
    tonnes: row.tonnes,
    priceMinorPerTonne: row.priceMinorPerTonne,
    tradedAt: row.tradedAt,
  };
}

/** A participant's organisation is its party: an order's member here is the organisation already. */
const itself = (organisationId: string): string => organisationId;

async function levelsOf(
  manager: EntityManager,
  vintage: Vintage,
  { depth, nowMs }: { readonly depth: number; readonly nowMs: number },
): Promise<Pick<PublicAllowanceBook, 'bids' | 'asks' | 'withheld'>> {
  const parties = await waitingOrders(manager, vintage, nowMs)
    .select('o.side', 'side')
    .addSelect('o.tenantId', 'member')
    .distinct()
    .getRawMany<{ side: Side; member: string }>();
  if (!isDisclosable(parties, [], itself)) return { bids: [], asks: [], withheld: 'FEW_PARTIES' };
  const side = async (of: Side): Promise<AllowanceLevel[]> => {
    const rows = await waitingOrders(manager, vintage, nowMs)
      .andWhere('o.side = :side', { side: of })
      .select('o.priceMinorPerTonne', 'price')
      .addSelect('sum(o.leftTonnes)', 'tonnes')
      .groupBy('o.priceMinorPerTonne')
      .orderBy('o.priceMinorPerTonne', of === 'buy' ? 'DESC' : 'ASC')
      .limit(depth)
      .getRawMany<{ price: string; tonnes: string }>();
    return rows.map(({ price, tonnes }) => ({ priceMinorPerTonne: Number(price), tonnes: Number(tonnes) }));
  };
  return { bids: await side('buy'), asks: await side('sell'), withheld: null };
}

async function tradesOf(
  manager: EntityManager,
  { scheme, year }: Vintage,
): Promise<Pick<PublicAllowanceBook, 'tradedTonnes' | 'lastPriceMinorPerTonne' | 'tradesWithheld'>> {
  const of = () =>
    manager
      .createQueryBuilder(AllowanceTradeRow, 'trade')
      .where('trade.scheme = :scheme AND trade.year = :year', { scheme, year });
  const parties = await of()
    .select('trade.buyerTenantId', 'buyer')
    .addSelect('trade.sellerTenantId', 'seller')
    .distinct()
    .getRawMany<{ buyer: string; seller: string }>();
  if (!isDisclosable([], parties, itself))
    return { tradedTonnes: null, lastPriceMinorPerTonne: null, tradesWithheld: 'FEW_PARTIES' };
  const sum = await of().select('sum(trade.tonnes)', 'tonnes').getRawOne<{ tonnes: string }>();
  const last = await of().orderBy('trade.sequence', 'DESC').limit(1).getOne();
  return {
    tradedTonnes: Number(sum!.tonnes),
    lastPriceMinorPerTonne: last!.priceMinorPerTonne,
    tradesWithheld: null,
  };
}
