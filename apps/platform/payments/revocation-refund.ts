import { type EntityManager, MoreThan } from 'typeorm';
import { divideRefund, parsePriceModel, refundOnRevocation } from '#exchange';
import type { DataAgreement } from '../agreements/agreements.entities.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { issueInvoice } from './invoice-book.ts';
import { AgreementOrder, AgreementUsage, Invoice } from './payments.entities.ts';
import { bookPayment } from './wallet-book.ts';

/**
 * Gives back what the provider's revocation leaves unused, in its own transaction, under the locks of the parties and of the uses;
 * again it gives nothing.
 * @throws WALLET_INSUFFICIENT where the provider has spent it
 */
export async function refundRevoked(
  manager: EntityManager,
  ledger: LedgerService,
  { id: agreementId, price }: Pick<DataAgreement, 'id' | 'price'>,
  atMs: number,
): Promise<void> {
  const model = parsePriceModel(price);
  const orders = await manager.find(AgreementOrder, { where: { agreementId }, order: { period: 'ASC' } });
  const wasRead = await wasAnythingRead(manager, agreementId);
  for (const order of orders) {
    if (await manager.existsBy(Invoice, { orderId: order.id, kind: 'CREDIT_NOTE' })) continue;
    const { periodStart, periodEnd, amountMinor: paidMinor, feeMinor, sellerMinor } = order;
    const period =
      periodStart === null || periodEnd === null
        ? null
        : { startMs: periodStart.getTime(), endMs: periodEnd.getTime() };
    const refundMinor = refundOnRevocation(model, { paidMinor, period, wasRead }, atMs);
    if (refundMinor === 0) continue;
    const refund = divideRefund(refundMinor, { paidMinor, feeMinor, sellerMinor: [sellerMinor] });
    const { consumerId, providerId, currency } = order;
    const event = { consumerId, providerId, currency, memo: `agreement ${agreementId} revoked`, atMs };
    const booked = { ...event, direction: 'REFUND', reference: `refund ${order.id}` } as const;
    await bookPayment(manager, ledger, booked, refund);
    const amounts = { currency, amountMinor: refundMinor, feeMinor: refund.feeMinor };
    await issueInvoice(
      manager,
      order,
      'CREDIT_NOTE',
      { ...amounts, sellerMinor: refund.sellerMinor[0]! },
      atMs,
    );
  }
}

/** What was handed out counts, readings or not: a delivered file need not say how many it holds. A read that found nothing does not. */
function wasAnythingRead(manager: EntityManager, agreementId: string): Promise<boolean> {
  return manager.exists(AgreementUsage, {
    where: [
      { agreementId, readings: MoreThan(0) },
      { agreementId, bytes: MoreThan(0) },
    ],
  });
}
