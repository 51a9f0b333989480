import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { MAX_READINGS, type Payment, type PriceModel, priceOf } from '#exchange';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { AgreementUsage } from './payments.entities.ts';
import { paymentOf } from './quote.ts';
import { bookPayment } from './wallet-book.ts';

export interface MeteredRead {
  readonly agreementId: string;
  readonly consumer: string;
  readonly provider: string;
  readonly price: PriceModel;
  /** Reads of one use count once: with the readings of its largest. Absent: a use of its own. */
  readonly useId?: string | undefined;
  readonly readings: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly at: number;
}

/** What is metered under an agreement so far, and the number of its next row. */
export async function meteredReadings(
  manager: EntityManager,
  agreementId: string,
): Promise<{ readonly readings: number; readonly next: number }> {
  const last = await manager.findOne(AgreementUsage, { where: { agreementId }, order: { sequence: 'DESC' } });
  if (last === null) return { readings: 0, next: 0 };
  return { readings: last.readingsBefore + last.readings, next: last.sequence + 1 };
}

/**
 * Meters a read, and where readings cost something charges for them, in the read's own system transaction and under the gate's
 * lock of the agreement's uses: what is not covered is not read.
 * @throws WALLET_INSUFFICIENT, WALLET_DEBT_OPEN, METERED_RANGE
 */
export async function meterRead(
  manager: EntityManager,
  ledger: LedgerService,
  read: MeteredRead,
): Promise<void> {
  const { agreementId, consumer: consumerId, provider: providerId, price, bytes, at } = read;
  requireMetered(read.readings, bytes);
  const id = randomUUID();
  const useId = read.useId ?? `#${id}`;
  const counted = await manager.maximum(AgreementUsage, 'useReadings', { agreementId, useId });
  if (counted !== null && counted >= read.readings) return;
  const readings = read.readings - (counted ?? 0);
  const { readings: readingsBefore, next: sequence } = await meteredReadings(manager, agreementId);
  const payment = chargeOf(price, readingsBefore, readings);
  await manager.insert(AgreementUsage, {
    id,
    agreementId,
    consumerId,
    providerId,
    sequence,
    useId,
    readings,
    readingsBefore,
    useReadings: read.readings,
    bytes,
    currency: price.kind === 'free' ? null : price.currency,
    amountMinor: payment.paidMinor,
    feeMinor: payment.feeMinor,
    createdAt: new Date(at),
  });
  if (price.kind !== 'perReading') return;
  const memo = `${readings} readings under agreement ${agreementId}`;
  const event = {
    consumerId,
    providerId,
    currency: price.currency,
    memo,
    atMs: at,
    reference: `usage ${id}`,
  };
  await bookPayment(manager, ledger, event, payment);
}

/** By the sum of all reads, and so its fee: a read cut in two costs what one costs. Only readings are paid as they are read. */
function chargeOf(price: PriceModel, readingsBefore: number, readings: number): Payment {
  if (price.kind !== 'perReading') return { paidMinor: 0, feeMinor: 0, sellerMinor: [0] };
  const before = paymentOf(priceOf(price, { readings: readingsBefore }));
  const after = paymentOf(priceOf(price, { readings: readingsBefore + readings }));
  const paidMinor = after.paidMinor - before.paidMinor;
  const feeMinor = after.feeMinor - before.feeMinor;
  return { paidMinor, feeMinor, sellerMinor: [paidMinor - feeMinor] };
}

function requireMetered(...counts: readonly number[]): void {
  if (counts.every((count) => Number.isSafeInteger(count) && count >= 0 && count <= MAX_READINGS)) return;
  throw new DomainError(
    'METERED_RANGE',
    `expected 0 to ${MAX_READINGS} readings and bytes, got another count`,
  );
}
