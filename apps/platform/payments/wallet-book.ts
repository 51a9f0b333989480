import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import type { Payment } from '#exchange';
import type { EntryDraft, Posting } from '#ledger';
import type { Booking, LedgerService } from '../ledger/ledger.service.ts';

/** In the ledger; its postings add up to the balance of the same currency. */
export const walletAccount = (organisationId: string): string => `wallet:${organisationId}`;
/** Money outside of the platform: below zero by what was paid in and not yet out. */
const OUTSIDE_ACCOUNT = 'exchange:outside';
/** Every payment goes through it and leaves it at zero, so that each entry has one organisation in it and can be shown to it whole. */
const CLEARING_ACCOUNT = 'exchange:clearing';
const FEES_ACCOUNT = 'exchange:fees';

interface Event {
  readonly reference: string;
  readonly currency: string;
  readonly memo: string;
  readonly atMs: number;
}

/** Money from outside into a wallet, or out of it where the amount is below zero. @throws WALLET_INSUFFICIENT, WALLET_LIMIT */
export async function bookOutside(
  manager: EntityManager,
  ledger: LedgerService,
  { tenantId, amountMinor, type, ...event }: Event & { tenantId: string; amountMinor: number; type: string },
): Promise<void> {
  await moveWallets(manager, event, new Map([[tenantId, amountMinor]]));
  const postings = [
    { account: walletAccount(tenantId), amountMinor },
    { account: OUTSIDE_ACCOUNT, amountMinor: -amountMinor },
  ];
  await ledger.append(manager, [{ draft: { type, ...event, postings }, holders: [tenantId] }]);
}

interface PaymentEvent extends Event {
  readonly consumerId: string;
  readonly providerId: string;
  /** PAYMENT: from consumer to provider and fee; REFUND: back. */
  readonly direction: 'PAYMENT' | 'REFUND';
  /** What the provider passes on of a payment, by contributor. */
  readonly parts?: ReadonlyMap<string, number>;
}

/**
 * Moves a payment, or a refund, between the wallets of two parties and books it, in the caller's system transaction.
 * @throws WALLET_INSUFFICIENT where who gives has less
 */
export async function bookPayment(
  manager: EntityManager,
  ledger: LedgerService,
  { consumerId, providerId, direction, parts = new Map(), ...event }: PaymentEvent,
  { paidMinor, feeMinor, sellerMinor: [sellerMinor = 0] }: Payment,
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
  const booking = (
    side: 'bought' | 'sold' | 'share',
    holder: string,
    postings: readonly Posting[],
  ): Booking => {
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
function passedOn(event: Event, providerId: string, parts: ReadonlyMap<string, number>): Booking[] {
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

/** In one order for all, so that nobody waits in a circle. @throws WALLET_INSUFFICIENT, WALLET_LIMIT */
async function moveWallets(
  manager: EntityManager,
  { currency, atMs }: Event,
  moves: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [tenantId, amountMinor] of [...moves].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (amountMinor === 0) continue;
    await openWallet(manager, tenantId, currency, atMs);
    const [, moved] = await manager.query<[unknown, number]>(
      `UPDATE wallet_balance SET balance_minor = balance_minor + $3, changed_at = $4
       WHERE tenant_id = $1 AND currency = $2 AND balance_minor + $3 BETWEEN 0 AND ${MAX_BALANCE_MINOR}`,
      [tenantId, currency, amountMinor, new Date(atMs)],
    );
    if (moved === 1) continue;
    throw amountMinor < 0 ? insufficient(-amountMinor, currency) : full();
  }
}

export const MAX_BALANCE_MINOR = 9_000_000_000_000_000;

/** A balance of 0 where there is none yet. */
async function openWallet(
  manager: EntityManager,
  tenantId: string,
  currency: string,
  atMs: number,
): Promise<void> {
  await manager.query(
    'INSERT INTO wallet_balance (tenant_id, currency, balance_minor, changed_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
    [tenantId, currency, new Date(atMs)],
  );
}

const insufficient = (amountMinor: number, currency: string): DomainError =>
  new DomainError(
    'WALLET_INSUFFICIENT',
    `expected a wallet with ${amountMinor} minor units of ${currency}, got one with less`,
    'conflict',
    { amountMinor, currency },
  );

const full = (): DomainError =>
  new DomainError(
    'WALLET_LIMIT',
    `expected a wallet of at most ${MAX_BALANCE_MINOR} minor units, got more`,
    'conflict',
  );
