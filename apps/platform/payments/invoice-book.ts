import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type AgreementOrder, Invoice, type InvoiceKind } from './payments.entities.ts';

type Amounts = Pick<Invoice, 'currency' | 'amountMinor' | 'feeMinor' | 'sellerMinor'>;

/** Under the lock of its parties, so that the seller's numbers have no gap: what is rolled back has taken none. */
export async function issueInvoice(
  manager: EntityManager,
  { id: orderId, agreementId, consumerId, providerId }: AgreementOrder,
  kind: InvoiceKind,
  { currency, amountMinor, feeMinor, sellerMinor }: Amounts,
  nowMs: number,
): Promise<void> {
  const last = (await manager.maximum(Invoice, 'number', { providerId })) ?? 0;
  await manager.insert(Invoice, {
    id: randomUUID(),
    orderId,
    agreementId,
    consumerId,
    providerId,
    kind,
    number: last + 1,
    currency,
    amountMinor,
    feeMinor,
    sellerMinor,
    createdAt: new Date(nowMs),
  });
}
