import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { type Payment, priceOf } from '#exchange';
import { Database } from '#persistence';
import { agreementNotFound, standingRefused } from '../agreements/agreement-gate.ts';
import { withStanding } from '../agreements/agreement-standing.ts';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { lockParties, partyOf, requireConsumer, requireParty } from '../agreements/party.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { requireKeyForm } from '../pipeline/idempotency-key.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { issueInvoice } from './invoice-book.ts';
import { AgreementOrder, AgreementUsage } from './payments.entities.ts';
import { partsOf, recordParts } from './revenue-shares.service.ts';
import { paymentOf, periodAt, pricedOf, type Quote, quoteOf } from './quote.ts';
import { bookPayment } from './wallet-book.ts';

export interface PayRequest {
  readonly agreementId: string;
  readonly idempotencyKey: string;
  /** The most it may cost, in minor units. */
  readonly maxMinor?: number | null;
  /** Of a subscription; absent: the one that runs. */
  readonly period?: number | null;
}

export interface RevenueStatement {
  readonly agreementId: string;
  readonly idempotencyKey: string;
  readonly revenueMinor: number;
  readonly maxMinor?: number | null;
}

/** What an idempotency key stands for. */
type Request = Pick<PayRequest, 'agreementId' | 'idempotencyKey' | 'period'> &
  Partial<Pick<RevenueStatement, 'revenueMinor'>>;

type NewOrder = Pick<
  AgreementOrder,
  'period' | 'periodStart' | 'periodEnd' | 'revenueMinor' | 'idempotencyKey'
>;

/** Orders: what an agreement costs, and its payment, which opens it, in one transaction. */
@Injectable()
export class AgreementOrdersService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** For either party. @throws AGREEMENT_NOT_FOUND, AGREEMENT_FREE, PERIODS_RANGE */
  async quote(principal: Principal, agreementId: string, periods: number): Promise<Quote> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const agreement = await agreementOf(manager, principal, agreementId);
      const from = periodAt(agreement, pricedOf(agreement), this.clock.nowMs());
      return quoteOf(agreement, { from, count: periods });
    });
  }

  /**
   * Pays an agreement, or a period of its subscription, once: another try gets the order that is there. For readings and a share of
   * revenue the order costs nothing and says that the consumer agrees to be charged as it reads and states.
   * @throws AGREEMENT_NOT_FOUND, PARTY_OTHER, AGREEMENT_FREE, ORDER_ABOVE_MAX, WALLET_INSUFFICIENT, WALLET_DEBT_OPEN, PERIODS_RANGE,
   *   IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_MALFORMED and as the agreement's standing says
   */
  pay(principal: Principal, { maxMinor, ...request }: PayRequest): Promise<AgreementOrder> {
    const { agreementId, idempotencyKey } = request;
    return this.#order(principal, request, async (manager, agreement, nowMs) => {
      const price = pricedOf(agreement);
      const period = request.period ?? periodAt(agreement, price, nowMs);
      const known = await manager.findOneBy(AgreementOrder, { agreementId, period });
      if (known !== null) return known;
      if (price.kind !== 'subscription' && period !== 0) throw periodOther(period);
      const quote = quoteOf(agreement, { from: period, count: 1 });
      requireWithin(quote.paidMinor, maxMinor);
      const paid = quote.periods[0]?.interval;
      const order = {
        idempotencyKey,
        period,
        periodStart: paid === undefined ? null : new Date(paid.startMs),
        periodEnd: paid === undefined ? null : new Date(paid.endMs),
        revenueMinor: null,
      };
      return this.#settle(manager, agreement, { order, payment: quote, nowMs });
    });
  }

  /**
   * What the consumer earned with the data since it last said so, and its share of that, paid at once.
   * @throws AGREEMENT_UNPAID before `pay`, PRICE_KIND_OTHER, PRICE_USAGE, and as `pay`
   */
  declareRevenue(principal: Principal, statement: RevenueStatement): Promise<AgreementOrder> {
    const { agreementId, idempotencyKey, revenueMinor } = statement;
    return this.#order(principal, statement, async (manager, agreement, nowMs) => {
      const price = pricedOf(agreement);
      if (price.kind !== 'revenueShare') {
        throw new DomainError(
          'PRICE_KIND_OTHER',
          `expected a share of revenue, got ${price.kind}`,
          'conflict',
        );
      }
      if (agreement.paidAt === null) throw standingRefused('UNPAID');
      const payment = paymentOf(priceOf(price, { revenueMinor }));
      requireWithin(payment.paidMinor, statement.maxMinor);
      const period = await manager.countBy(AgreementOrder, { agreementId });
      const order = { idempotencyKey, period, periodStart: null, periodEnd: null, revenueMinor };
      return this.#settle(manager, agreement, { order, payment, nowMs });
    });
  }

  /** Of either side, newest first. */
  orders(principal: Principal, page: PageArgs): Promise<Connection<AgreementOrder>> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(AgreementOrder, 'entry'), page, 'DESC'),
    );
  }

  /** What was read under an agreement, for either party, newest first. @throws AGREEMENT_NOT_FOUND */
  usage(principal: Principal, agreementId: string, page: PageArgs): Promise<Connection<AgreementUsage>> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      await agreementOf(manager, principal, agreementId);
      const query = manager.createQueryBuilder(AgreementUsage, 'entry').where({ agreementId });
      return pageByCreation(query, page, 'DESC');
    });
  }

  /** As the system, which sees all: whose agreement it is has to be looked at here. */
  #order(
    principal: Principal,
    request: Request,
    pay: (manager: EntityManager, agreement: DataAgreement, nowMs: number) => Promise<AgreementOrder>,
  ): Promise<AgreementOrder> {
    const { agreementId, idempotencyKey } = request;
    requireKeyForm(idempotencyKey);
    return this.database.asSystem(async (manager) => {
      const found = await agreementOf(manager, principal, agreementId);
      requireParty(partyOf(principal, found), 'consumer');
      await lockParties(manager, found);
      const key = { consumerId: principal.organisationId, idempotencyKey };
      const known = await manager.findOneBy(AgreementOrder, key);
      if (known !== null) return requireSame(known, request);
      const agreement = await agreementOf(manager, principal, agreementId);
      const nowMs = this.clock.nowMs();
      await requirePayable(manager, agreement, nowMs);
      return pay(manager, agreement, nowMs);
    });
  }

  async #settle(
    manager: EntityManager,
    agreement: DataAgreement,
    { order, payment, nowMs }: { order: NewOrder; payment: Payment; nowMs: number },
  ): Promise<AgreementOrder> {
    const { id: agreementId, consumerId, providerId } = agreement;
    const { kind: priceKind, currency } = pricedOf(agreement);
    const parties = { agreementId, consumerId, providerId };
    const { paidMinor: amountMinor, feeMinor, sellerMinor } = payment;
    const amounts = { currency, amountMinor, feeMinor, sellerMinor: sellerMinor[0]! };
    const row = { id: randomUUID(), ...parties, ...order, ...amounts, priceKind, createdAt: new Date(nowMs) };
    await manager.insert(AgreementOrder, row);
    const memo = `agreement ${agreementId}`;
    const event = { consumerId, providerId, currency, memo, atMs: nowMs, reference: `order ${row.id}` };
    const parts = await partsOf(manager, agreement.dataSetId, sellerMinor[0]!);
    await bookPayment(manager, this.ledger, event, payment, parts);
    await recordParts(manager, agreement, row, parts);
    if (amountMinor > 0) await issueInvoice(manager, row, 'INVOICE', amounts, nowMs);
    if (agreement.paidAt === null) {
      await manager.update(DataAgreement, { id: agreementId }, { paidAt: new Date(nowMs) });
    }
    return row;
  }
}

/** @throws AGREEMENT_NOT_FOUND also for another's */
async function agreementOf(
  manager: EntityManager,
  { organisationId }: Principal,
  id: string,
): Promise<DataAgreement> {
  const agreement = isUuid(id) ? await manager.findOneBy(DataAgreement, { id }) : null;
  if (agreement === null || ![agreement.consumerId, agreement.providerId].includes(organisationId)) {
    throw agreementNotFound();
  }
  return agreement;
}

/** Before it begins an agreement may be paid, after its end not. */
async function requirePayable(
  manager: EntityManager,
  agreement: DataAgreement,
  nowMs: number,
): Promise<void> {
  const [{ standing } = { standing: 'AGREED' as const }] = await withStanding(manager, [agreement], nowMs);
  if (standing === 'IN_FORCE' || standing === 'UNPAID' || standing === 'NOT_YET_VALID') return;
  throw standingRefused(standing);
}

/** @throws IDEMPOTENCY_KEY_REUSED */
function requireSame(known: AgreementOrder, { agreementId, period, revenueMinor }: Request): AgreementOrder {
  const isSame =
    known.agreementId === agreementId &&
    (period ?? known.period) === known.period &&
    known.revenueMinor === (revenueMinor ?? null);
  if (isSame) return known;
  throw new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'expected a new key, got one used for another order',
    'conflict',
  );
}

/** @throws ORDER_ABOVE_MAX */
function requireWithin(amountMinor: number, maxMinor: number | null | undefined): void {
  if (maxMinor === null || maxMinor === undefined || amountMinor <= maxMinor) return;
  throw new DomainError(
    'ORDER_ABOVE_MAX',
    `expected at most ${maxMinor} minor units, got ${amountMinor}`,
    'conflict',
    { amountMinor },
  );
}

const periodOther = (period: number): DomainError =>
  new DomainError('PERIODS_RANGE', `expected no period of a price without any, got ${period}`);
