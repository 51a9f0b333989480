import { Inject, Injectable } from '@nestjs/common';
import { type Clock, DomainError } from '#core';
import { parsePriceModel } from '#exchange';
import { Database } from '#persistence';
import { LedgerEntry } from '../ledger/ledger.entities.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import { requireOrganisation } from '../identity/require-organisation.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { WalletBalance, WalletDebt } from './payments.entities.ts';
import { walletAccount } from './wallet-balances.ts';
import { bookOutside } from './wallet-book.ts';

const MAX_STATED_MINOR = 1_000_000_000_000;
const MAX_REFERENCE = 200;

/** What was paid to the operator outside of the platform, or by it. */
export interface OutsideMoney {
  readonly organisationId: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** Of the transfer, e.g. the bank's; the same again changes nothing. */
  readonly reference: string;
}

/** A ledger entry as it changes the own wallet. */
export interface WalletEntry {
  readonly index: number;
  readonly type: string;
  readonly reference: string;
  readonly currency: string;
  /** Below zero: out of the wallet. */
  readonly amountMinor: number;
  readonly memo: string;
  readonly at: Date;
}

/** Wallets: accounts of the ledger with a balance that never goes below zero. */
@Injectable()
export class WalletsService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The operator's word that money came in. @throws ROLE_MISSING, ORGANISATION_NOT_FOUND, CURRENCY_UNKNOWN, WALLET_AMOUNT,
   *   WALLET_REFERENCE, WALLET_CONFLICT, WALLET_LIMIT
   */
  deposit(principal: Principal, money: OutsideMoney): Promise<WalletBalance> {
    return this.#outside(principal, money, 'exchange.deposit', 1);
  }

  /** The operator's word that it was paid out. @throws as `deposit`, WALLET_INSUFFICIENT, WALLET_DEBT_OPEN */
  withdraw(principal: Principal, money: OutsideMoney): Promise<WalletBalance> {
    return this.#outside(principal, money, 'exchange.withdrawal', -1);
  }

  /** Of the own organisation, by currency. */
  wallet({ organisationId: tenantId }: Principal): Promise<WalletBalance[]> {
    return this.database.asTenant(tenantId, (manager) =>
      manager.find(WalletBalance, { where: { tenantId }, order: { currency: 'ASC' } }),
    );
  }

  /** Of either side, newest first. */
  debts({ organisationId }: Principal, page: PageArgs, openOnly: boolean): Promise<Connection<WalletDebt>> {
    return this.database.asTenant(organisationId, (manager) => {
      const query = manager.createQueryBuilder(WalletDebt, 'debt');
      return pageByCreation(openOnly ? query.where('debt.open_minor > 0') : query, page, 'DESC');
    });
  }

  /** What changed the own wallets, newest first. */
  async entries({ organisationId }: Principal, { first, after }: PageArgs): Promise<Connection<WalletEntry>> {
    const [before] = decodeCursor(after, 1) ?? [];
    const account = walletAccount(organisationId);
    const rows = await this.database.asTenant(organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(LedgerEntry, 'entry')
        .where("entry.type LIKE 'exchange.%'")
        .andWhere(
          "EXISTS (SELECT FROM json_array_elements(entry.postings) p WHERE p->>'account' = :account)",
          { account },
        )
        .orderBy('entry.index', 'DESC')
        .limit(pageSize(first) + 1);
      if (before !== undefined) query.andWhere('entry.index < :before', { before: requireInteger(before) });
      return query.getMany();
    });
    const entries = rows.map(({ index, type, reference, currency, postings, memo, at }) => {
      const { amountMinor } = postings.find((posting) => posting.account === account)!;
      return { index, type, reference, currency, amountMinor, memo, at };
    });
    return connectionOf(entries, first, ({ index }) => [String(index)]);
  }

  #outside(principal: Principal, money: OutsideMoney, type: string, sign: 1 | -1): Promise<WalletBalance> {
    requireRole(principal, 'operator');
    const { organisationId: tenantId, currency } = money;
    const reference = requireMoney(money);
    return this.database.asSystem(async (manager) => {
      await requireOrganisation(manager, tenantId);
      const booked = `${tenantId} ${reference}`;
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`wallet ${tenantId}`]);
      const known = await manager.findOneBy(LedgerEntry, { type, reference: booked });
      const amountMinor = sign * money.amountMinor;
      if (known === null) {
        const event = { reference: booked, currency, memo: reference, atMs: this.clock.nowMs() };
        await bookOutside(manager, this.ledger, { ...event, tenantId, amountMinor, type });
      } else requireSame(known, { account: walletAccount(tenantId), currency, amountMinor });
      return manager.findOneByOrFail(WalletBalance, { tenantId, currency });
    });
  }
}

/** @throws CURRENCY_UNKNOWN, WALLET_AMOUNT, WALLET_REFERENCE */
function requireMoney({ currency, amountMinor, reference }: OutsideMoney): string {
  // The one list of currencies is that of prices.
  parsePriceModel({ kind: 'flat', currency, amountMinor: 1 });
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > MAX_STATED_MINOR) {
    throw new DomainError(
      'WALLET_AMOUNT',
      `expected 1 to ${MAX_STATED_MINOR} minor units, got ${amountMinor}`,
    );
  }
  const text = reference.trim();
  if (text.length >= 1 && text.length <= MAX_REFERENCE) return text;
  throw new DomainError('WALLET_REFERENCE', `expected 1–${MAX_REFERENCE} characters, got ${text.length}`);
}

/** @throws WALLET_CONFLICT */
function requireSame(
  { currency, postings }: LedgerEntry,
  asked: { readonly account: string; readonly currency: string; readonly amountMinor: number },
): void {
  const known = postings.find(({ account }) => account === asked.account);
  if (currency === asked.currency && known?.amountMinor === asked.amountMinor) return;
  throw new DomainError(
    'WALLET_CONFLICT',
    'expected the amount booked under this reference, got another',
    'conflict',
  );
}
