import { type EntityManager, MoreThan } from 'typeorm';
import { divideRefund, parsePriceModel, refundOnRevocation } from '#exchange';
import type { DataAgreement } from '../agreements/agreements.entities.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { issueInvoice } from './invoice-book.ts';
import { AgreementOrder, AgreementUsage, Invoice } from './payments.entities.ts';
import { bookRefund } from './wallet-book.ts';

/**
 * Gives back what the provider's revocation leaves unused, in its own transaction, under the locks of the parties and of the uses;
 * again it gives nothing. Of what the provider has spent it owes the rest.
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
    const event = { order, memo: `agreement ${agreementId} revoked`, atMs, reference: `refund ${order.id}` };
    await bookRefund(manager, ledger, event, refund);
    const amounts = { currency: order.currency, amountMinor: refundMinor, feeMinor: refund.feeMinor };
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
