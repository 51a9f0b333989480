import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { apportion, type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import type { DataAgreement } from '../agreements/agreements.entities.ts';
import { requireOwnDataSet } from '../catalogue/catalogue-reader.service.ts';
import { requireOrganisation } from '../identity/require-organisation.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import type { AgreementOrder } from './payments.entities.ts';
import { OrderShare, RevenueShare } from './shares.entities.ts';
import { requireNoDebt } from './wallet-debts.ts';

const MAX_CONTRIBUTORS = 1_000;
const MAX_WEIGHT = 1_000_000_000_000;

export interface Contributor {
  readonly organisationId: string;
  readonly weight: number;
}

/** Contributors of data sets: who gets which part of what an order leaves its seller. */
@Injectable()
export class RevenueSharesService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Says anew who contributed to an own data set; nobody: the publisher keeps all. Orders that are paid stay as they were.
   * @throws DATA_SET_NOT_FOUND, CONTRIBUTORS_LIMIT, CONTRIBUTOR_REPEATED, CONTRIBUTOR_WEIGHT, ORGANISATION_NOT_FOUND,
   *   WALLET_DEBT_OPEN
   */
  state(
    principal: Principal,
    dataSetId: string,
    contributors: readonly Contributor[],
  ): Promise<readonly Contributor[]> {
    requireRole(principal, 'firm');
    requireContributors(contributors);
    const { organisationId: tenantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      await requireOwnDataSet(manager, tenantId, dataSetId);
      for (const { organisationId } of contributors) await requireOrganisation(manager, organisationId);
      // What would pass a debtor's wallet by would pass its creditors by.
      if (contributors.length > 0) await requireNoDebt(manager, tenantId);
      await manager.delete(RevenueShare, { dataSetId });
      const createdAt = new Date(this.clock.nowMs());
      await manager.insert(RevenueShare, contributors.map((each) => ({ ...each, dataSetId, tenantId, createdAt }))); // prettier-ignore
      return contributors;
    });
  }

  /** Of an own data set all, of another the own part alone. */
  list(principal: Principal, dataSetId: string): Promise<RevenueShare[]> {
    requireRole(principal, 'firm', 'analyst', 'market');
    if (!isUuid(dataSetId)) return Promise.resolve([]);
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(RevenueShare, { where: { dataSetId }, order: { organisationId: 'ASC' } }),
    );
  }

  /** What contributors were paid: the own parts, and those of own data sets; newest first. */
  paid(principal: Principal, page: PageArgs): Promise<Connection<OrderShare>> {
    requireRole(principal, 'firm', 'analyst', 'market');
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(OrderShare, 'entry'), page, 'DESC'),
    );
  }
}

/**
 * The parts of an amount by contributor, largest remainder; without contributors nobody has one, and the seller keeps all. What
 * is the seller's own part stays with it.
 */
export async function partsOf(
  manager: EntityManager,
  dataSetId: string,
  sellerMinor: number,
): Promise<ReadonlyMap<string, number>> {
  const shares = await manager.find(RevenueShare, { where: { dataSetId }, order: { organisationId: 'ASC' } });
  if (shares.length === 0 || sellerMinor === 0) return new Map();
  const parts = apportion(BigInt(sellerMinor), shares.map(({ weight }) => BigInt(weight))); // prettier-ignore
  return new Map(
    shares.flatMap(({ organisationId, tenantId }, i) => {
      const minor = Number(parts[i]);
      return organisationId === tenantId || minor === 0 ? [] : [[organisationId, minor] as const];
    }),
  );
}

/** Keeps what was passed on, for the seller and for each contributor its own. */
export async function recordParts(
  manager: EntityManager,
  { dataSetId, providerId }: Pick<DataAgreement, 'dataSetId' | 'providerId'>,
  { id: orderId, currency, createdAt }: Pick<AgreementOrder, 'id' | 'currency' | 'createdAt'>,
  parts: ReadonlyMap<string, number>,
): Promise<void> {
  const of = { orderId, providerId, dataSetId, currency, createdAt };
  const rows = [...parts].map(([organisationId, amountMinor]) => ({ id: randomUUID(), ...of, organisationId, amountMinor })); // prettier-ignore
  await manager.insert(OrderShare, rows);
}

function requireContributors(contributors: readonly Contributor[]): void {
  if (contributors.length > MAX_CONTRIBUTORS) {
    const message = `expected at most ${MAX_CONTRIBUTORS} contributors, got ${contributors.length}`;
    throw new DomainError('CONTRIBUTORS_LIMIT', message, 'limit');
  }
  if (new Set(contributors.map(({ organisationId }) => organisationId)).size < contributors.length) {
    throw new DomainError('CONTRIBUTOR_REPEATED', 'expected each contributor once, got one twice');
  }
  for (const { weight } of contributors) {
    if (Number.isSafeInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT) continue;
    throw new DomainError(
      'CONTRIBUTOR_WEIGHT',
      `expected a whole weight from 1 to ${MAX_WEIGHT}, got ${weight}`,
    );
  }
}
