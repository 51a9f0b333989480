import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { type AgreementOrder, WalletDebt } from './payments.entities.ts';
import { CLEARING_ACCOUNT, moveWallets, walletAccount } from './wallet-balances.ts';

/** How far a payment of debts may go on in one transaction: what is left over waits for the next that comes in. */
const MAX_PAYMENTS = 1_000;
const MAX_ROUNDS = 8;

interface DebtPayment {
  readonly id: string;
  readonly agreement_id: string;
  readonly consumer_id: string;
  readonly provider_id: string;
  readonly open_minor: string;
  /** Of it as much as the debtor's wallet still covers after its older debts. */
  readonly minor: string;
}

/** Records what a provider could not give back of an order. */
export async function openDebt(
  manager: EntityManager,
  { id: orderId, agreementId, consumerId, providerId, currency }: AgreementOrder,
  amountMinor: number,
  atMs: number,
): Promise<void> {
  const of = { orderId, agreementId, consumerId, providerId, currency };
  await manager.insert(WalletDebt, {
    id: randomUUID(),
    ...of,
    amountMinor,
    openMinor: amountMinor,
    createdAt: new Date(atMs),
  });
}

/** What an organisation owes, in minor units by currency. */
export async function owedBy(
  manager: EntityManager,
  providerId: string,
): Promise<readonly { readonly currency: string; readonly openMinor: number }[]> {
  const rows = await manager.query<{ currency: string; open: string }[]>(
    `SELECT currency, sum(open_minor) AS open FROM wallet_debts WHERE provider_id = $1 AND open_minor > 0
     GROUP BY currency ORDER BY currency`,
    [providerId],
  );
  return rows.map(({ currency, open }) => ({ currency, openMinor: Number(open) }));
}

/** @throws WALLET_DEBT_OPEN with what is open */
export async function requireNoDebt(
  manager: EntityManager,
  organisationId: string,
  currency?: string,
): Promise<void> {
  const owed = await owedBy(manager, organisationId);
  const open = owed
    .filter((each) => currency === undefined || each.currency === currency)
    .map((each) => `${each.openMinor} ${each.currency}`);
  if (open.length === 0) return;
  throw new DomainError(
    'WALLET_DEBT_OPEN',
    `expected a wallet without open debts, got one that owes ${open.join(', ')} in minor units`,
    'conflict',
    { open },
  );
}

/**
 * Pays debts, oldest first, of those into whose wallets something has come, and of those who were paid by it in turn: after it
 * an open debt has an empty wallet, but for what went around in a circle of debtors or beyond the limits of one transaction.
 */
export async function settleDebts(
  manager: EntityManager,
  ledger: LedgerService,
  received: readonly string[],
  event: { readonly currency: string; readonly atMs: number },
): Promise<void> {
  let debtors = received;
  let left = MAX_PAYMENTS;
  for (let round = 0; round < MAX_ROUNDS && debtors.length > 0 && left > 0; round += 1) {
    const payments = await duePayments(manager, debtors, event.currency, left);
    if (payments.length === 0) return;
    await payDebts(manager, ledger, payments, event);
    left -= payments.length;
    debtors = [...new Set(payments.map(({ consumer_id }) => consumer_id))];
  }
}

function duePayments(
  manager: EntityManager,
  debtors: readonly string[],
  currency: string,
  most: number,
): Promise<DebtPayment[]> {
  return manager.query(
    `SELECT id, agreement_id, consumer_id, provider_id, open_minor, least(open_minor, balance_minor - older) AS minor
     FROM (SELECT d.*, w.balance_minor,
         sum(d.open_minor) OVER (PARTITION BY d.provider_id ORDER BY d.created_at, d.id) - d.open_minor AS older
       FROM wallet_debts d JOIN wallet_balance w ON w.tenant_id = d.provider_id AND w.currency = d.currency
       WHERE d.provider_id = ANY($1) AND d.open_minor > 0 AND d.currency = $2) debts
     WHERE older < balance_minor ORDER BY created_at, id LIMIT $3`,
    [debtors, currency, most],
  );
}

async function payDebts(
  manager: EntityManager,
  ledger: LedgerService,
  payments: readonly DebtPayment[],
  { currency, atMs }: { readonly currency: string; readonly atMs: number },
): Promise<void> {
  const moves = new Map<string, number>();
  const move = (holder: string, minor: number) => moves.set(holder, (moves.get(holder) ?? 0) + minor);
  for (const { provider_id, consumer_id, minor } of payments) {
    move(provider_id, -Number(minor));
    move(consumer_id, Number(minor));
  }
  await moveWallets(manager, { currency, atMs }, moves);
  await manager.query(
    `UPDATE wallet_debts d SET open_minor = d.open_minor - paid.minor
     FROM unnest($1::uuid[], $2::bigint[]) AS paid (id, minor) WHERE d.id = paid.id`,
    [payments.map(({ id }) => id), payments.map(({ minor }) => minor)],
  );
  const booked = (payment: DebtPayment, type: 'paid' | 'received', holder: string, amountMinor: number) => ({
    draft: {
      type: `exchange.debt.${type}`,
      // What is open falls with each payment, so that none is booked twice.
      reference: `debt ${payment.id} of ${payment.open_minor}`,
      currency,
      memo: `agreement ${payment.agreement_id} revoked`,
      atMs,
      postings: [
        { account: walletAccount(holder), amountMinor },
        { account: CLEARING_ACCOUNT, amountMinor: -amountMinor },
      ],
    },
    holders: [holder],
  });
  await ledger.append(
    manager,
    payments.flatMap((payment) => [
      booked(payment, 'paid', payment.provider_id, -Number(payment.minor)),
      booked(payment, 'received', payment.consumer_id, Number(payment.minor)),
    ]),
  );
}
