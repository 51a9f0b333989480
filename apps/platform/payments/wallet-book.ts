import type { EntityManager } from 'typeorm';
import type { Payment } from '#exchange';
import type { EntryDraft, Posting } from '#ledger';
import type { Booking, LedgerService } from '../ledger/ledger.service.ts';
import { type AgreementOrder, WalletBalance } from './payments.entities.ts';
import { CLEARING_ACCOUNT, holdWallets, moveWallets, walletAccount } from './wallet-balances.ts';
import { openDebt, owedBy, requireNoDebt, settleDebts } from './wallet-debts.ts';

/** Money outside of the platform: below zero by what was paid in and not yet out. */
const OUTSIDE_ACCOUNT = 'exchange:outside';
const FEES_ACCOUNT = 'exchange:fees';

interface Event {
  readonly reference: string;
  readonly currency: string;
  readonly memo: string;
  readonly atMs: number;
}

/**
 * Money from outside into a wallet, which pays its debts first, or out of it where the amount is below zero.
 * @throws WALLET_INSUFFICIENT, WALLET_LIMIT, WALLET_DEBT_OPEN where it owes anything in any currency
 */
export async function bookOutside(
  manager: EntityManager,
  ledger: LedgerService,
  { tenantId, amountMinor, type, ...event }: Event & { tenantId: string; amountMinor: number; type: string },
): Promise<void> {
  await holdWallets(manager);
  if (amountMinor < 0) await requireNoDebt(manager, tenantId);
  await moveWallets(manager, event, new Map([[tenantId, amountMinor]]));
  const postings = [
    { account: walletAccount(tenantId), amountMinor },
    { account: OUTSIDE_ACCOUNT, amountMinor: -amountMinor },
  ];
  await ledger.append(manager, [{ draft: { type, ...event, postings }, holders: [tenantId] }]);
  if (amountMinor > 0) await settleDebts(manager, ledger, [tenantId], event);
}

interface PaymentEvent extends Event {
  readonly consumerId: string;
  readonly providerId: string;
}

/** What the provider passes on of a payment, by contributor. */
type Parts = ReadonlyMap<string, number>;

/**
 * Moves a payment between the wallets of two parties and books it, in the caller's system transaction; whoever gets something
 * pays its debts first.
 * @throws WALLET_INSUFFICIENT where the consumer has less, WALLET_DEBT_OPEN where it owes in this currency, WALLET_LIMIT
 */
export async function bookPayment(
  manager: EntityManager,
  ledger: LedgerService,
  event: PaymentEvent,
  payment: Payment,
  parts: Parts = new Map(),
): Promise<void> {
  if (payment.paidMinor === 0) return;
  await holdWallets(manager);
  await requireNoDebt(manager, event.consumerId, event.currency);
  await bookBetween(manager, ledger, { ...event, direction: 'PAYMENT' }, payment, parts);
  await settleDebts(manager, ledger, [event.providerId, ...parts.keys()], event);
}

/**
 * Gives back of an order what the provider's wallet covers, and the fee; what it does not cover it owes from now on. Nothing
 * is refused for want of money.
 * @throws WALLET_LIMIT
 */
export async function bookRefund(
  manager: EntityManager,
  ledger: LedgerService,
  event: Omit<Event, 'currency'> & { readonly order: AgreementOrder },
  { feeMinor, sellerMinor: [sellerMinor = 0] }: Payment,
): Promise<void> {
  const { order, ...rest } = event;
  const { consumerId, providerId, currency } = order;
  await holdWallets(manager);
  const coveredMinor = Math.min(sellerMinor, await freeMinor(manager, providerId, currency));
  const paid = { paidMinor: feeMinor + coveredMinor, feeMinor, sellerMinor: [coveredMinor] };
  const between = { ...rest, consumerId, providerId, currency };
  await bookBetween(manager, ledger, { ...between, direction: 'REFUND' }, paid, new Map());
  if (coveredMinor < sellerMinor) await openDebt(manager, order, sellerMinor - coveredMinor, event.atMs);
  await settleDebts(manager, ledger, [consumerId], between);
}

/** What of a wallet is not for older debts. */
async function freeMinor(manager: EntityManager, tenantId: string, currency: string): Promise<number> {
  const owed = await owedBy(manager, tenantId);
  if (owed.some((each) => each.currency === currency)) return 0;
  return (await manager.findOneBy(WalletBalance, { tenantId, currency }))?.balanceMinor ?? 0;
}

async function bookBetween(
  manager: EntityManager,
  ledger: LedgerService,
  { consumerId, providerId, direction, ...event }: PaymentEvent & { direction: 'PAYMENT' | 'REFUND' },
  { paidMinor, feeMinor, sellerMinor: [sellerMinor = 0] }: Payment,
  parts: Parts,
): Promise<void> {
  if (paidMinor === 0) return;
  const sign = direction === 'PAYMENT' ? 1 : -1;
  const passedMinor = [...parts.values()].reduce((sum, minor) => sum + minor, 0);
  const moves = new Map(parts);
  const move = (holder: string, minor: number) => moves.set(holder, (moves.get(holder) ?? 0) + minor);
  move(consumerId, -sign * paidMinor);
  move(providerId, sign * sellerMinor - passedMinor);
  await moveWallets(manager, event, moves);
  const name = direction === 'PAYMENT' ? 'payment' : 'refund';
  const booking = (side: 'bought' | 'sold', holder: string, postings: readonly Posting[]): Booking => {
    const draft: EntryDraft = {
      ...event,
      type: `exchange.${name}.${side}`,
      postings: postings.filter(({ amountMinor }) => amountMinor !== 0),
    };
    return { draft, holders: [holder] };
  };
  await ledger.append(manager, [
    booking('bought', consumerId, [
      { account: walletAccount(consumerId), amountMinor: -sign * paidMinor },
      { account: CLEARING_ACCOUNT, amountMinor: sign * paidMinor },
    ]),
    booking('sold', providerId, [
      { account: CLEARING_ACCOUNT, amountMinor: -sign * paidMinor },
      { account: walletAccount(providerId), amountMinor: sign * sellerMinor },
      { account: FEES_ACCOUNT, amountMinor: sign * feeMinor },
    ]),
    ...passedOn(event, providerId, parts),
  ]);
}

/** What a provider passes on: out of its wallet at once, into each contributor's by an entry of its own. */
function passedOn(event: Event, providerId: string, parts: Parts): Booking[] {
  const passedMinor = [...parts.values()].reduce((sum, minor) => sum + minor, 0);
  if (passedMinor === 0) return [];
  const moved = (holder: string, minor: number, what: Pick<EntryDraft, 'type' | 'reference'>): Booking => ({
    draft: {
      ...event,
      ...what,
      postings: [
        { account: walletAccount(holder), amountMinor: minor },
        { account: CLEARING_ACCOUNT, amountMinor: -minor },
      ],
    },
    holders: [holder],
  });
  return [
    moved(providerId, -passedMinor, { type: 'exchange.payment.passed', reference: event.reference }),
    ...[...parts].map(([contributor, minor], n) =>
      moved(contributor, minor, {
        type: 'exchange.payment.share',
        reference: `${event.reference} share ${n}`,
      }),
    ),
  ];
}
