import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DomainError, type SigningKey } from '#core';
import { type AuditHead, GENESIS, signAuditHead } from '#ledger';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { AuditChain, AuditRepeat, AuditRow } from './audit.entities.ts';
import { type Decision, type Parties, recordDecision } from './record-decision.ts';

/** A request for data before it is decided. */
export interface Asked extends Pick<Decision, 'principal' | 'agreementId' | 'operation' | 'parties'> {
  /** Where the read ends before it knows the parties: how a refusal finds them, as the organisation that asked sees them. */
  readonly findParties?: (manager: EntityManager) => Promise<Parties | undefined>;
}

/** Decisions about data: refusals outside of the transaction they end, and chains for their parties and auditors. */
@Injectable()
export class AuditService {
  constructor(
    private readonly database: Database,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  /**
   * Runs a read that records its own permission (`recordDecision` in its transaction). Where it refuses, the refusal is
   * recorded in a transaction of its own after the read's has rolled back. Not inside a transaction.
   * @throws what the read throws; the recording's error where a refusal could not be recorded
   */
  async recordingRefusals<T>(asked: Asked, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof DomainError) await this.recordRefusal(asked, error.code);
      throw error;
    }
  }

  /** For refusals made elsewhere, such as in the middle of a stream. */
  async recordRefusal(asked: Asked, code: string): Promise<void> {
    const { findParties, ...request } = asked;
    const refused = { ...request, rows: 0, bytes: 0, decision: 'DENY' as const, code };
    await this.database.asTenant(asked.principal.organisationId, async (manager) => {
      const parties = asked.parties ?? (await findParties?.(manager));
      await recordDecision(manager, parties === undefined ? refused : { ...refused, parties });
    });
  }

  /** Chains the principal may read, in order of their beginning: those of its agreements and its own, to an auditor all. */
  listChains(principal: Principal, page: PageArgs): Promise<Connection<AuditChain>> {
    return this.#reading(principal, (manager) =>
      pageByCreation(ownUnlessAuditor(manager, principal), page, 'ASC'),
    );
  }

  /** Decisions of one chain, oldest first. @throws AUDIT_CHAIN_NOT_FOUND for another's and for none alike */
  async listEntries(
    principal: Principal,
    chainId: string,
    { first, after }: PageArgs,
  ): Promise<Connection<AuditRow & { readonly repeats: number }>> {
    const [beyond] = decodeCursor(after, 1) ?? [];
    const rows = await this.#reading(principal, async (manager) => {
      const { id } = await readableChain(manager, principal, chainId);
      const query = manager
        .createQueryBuilder(AuditRow, 'entry')
        .where('entry.chain = :id', { id })
        .orderBy('entry.index', 'ASC')
        .limit(pageSize(first) + 1);
      if (beyond !== undefined) query.andWhere('entry.index > :beyond', { beyond: requireInteger(beyond) });
      return withRepeats(manager, id, await query.getMany());
    });
    return connectionOf(rows, first, (row) => [String(row.index)]);
  }

  /** Where a chain ends now, signed. @throws AUDIT_CHAIN_NOT_FOUND */
  async head(principal: Principal, chainId: string): Promise<AuditHead> {
    const { id, index, hash } = await this.#reading(principal, (manager) =>
      readableChain(manager, principal, chainId),
    );
    const { publicKey: platformKey, privateKey } = this.key;
    return signAuditHead({ chain: id, index, hash, atMs: Date.now(), platformKey }, privateKey);
  }

  #reading<T>(principal: Principal, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    requireRole(principal, 'auditor', 'firm', 'analyst', 'admin');
    return this.database.asTenant(principal.organisationId, work);
  }
}

async function withRepeats(
  manager: EntityManager,
  chain: string,
  rows: readonly AuditRow[],
): Promise<(AuditRow & { readonly repeats: number })[]> {
  const found = await manager.findBy(AuditRepeat, { chain, index: In(rows.map(({ index }) => index)) });
  const counts = new Map(found.map(({ index, count }) => [index, count]));
  return rows.map((row) => Object.assign(row, { repeats: counts.get(row.index) ?? 0 }));
}

/** Row-level security knows the organisation; whether this key may act as its auditor is in the key's roles. */
function ownUnlessAuditor(manager: EntityManager, { organisationId, roles }: Principal) {
  const query = manager.createQueryBuilder(AuditChain, 'chain');
  return roles.includes('auditor')
    ? query
    : query.where('(chain.tenant_id = :own OR chain.provider_id = :own)', { own: organisationId });
}

async function readableChain(
  manager: EntityManager,
  principal: Principal,
  id: string,
): Promise<Pick<AuditChain, 'id' | 'index' | 'hash'>> {
  const chain = isUuid(id)
    ? await ownUnlessAuditor(manager, principal).andWhere('chain.id = :id', { id }).getOne()
    : null;
  // An own chain begins with its first decision; without one it is empty and no secret.
  if (chain === null && id === principal.organisationId) return { id, ...GENESIS };
  if (chain === null)
    throw new DomainError('AUDIT_CHAIN_NOT_FOUND', 'expected a chain of decisions, got none', 'not-found', {
      id,
    });
  return chain;
}
