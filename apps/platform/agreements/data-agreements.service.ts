import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In, Not } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { type AgreementEnding, type Party, transferAfter } from '#exchange';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { refundRevoked } from '../payments/revocation-refund.ts';
import { agreementNotFound, lockUses, requireInForce } from './agreement-gate.ts';
import { type StandingAgreement, withStanding } from './agreement-standing.ts';
import { AgreementEvent, DataAgreement, Transfer } from './agreements.entities.ts';
import { lockParties, partyOf, type Reason, requireConsumer, requireParty, requireReason } from './party.ts';

/** How a party ends an agreement. */
interface Ending extends Partial<Reason> {
  readonly type: AgreementEnding;
  readonly successorId?: string;
}

/** Agreements: read by both parties, never changed; what ends one is recorded beside it. */
@Injectable()
export class DataAgreementsService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of either side, newest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<StandingAgreement>> {
    requireConsumer(principal);
    return this.#inTenant(principal, async (manager, nowMs) => {
      const query = manager.createQueryBuilder(DataAgreement, 'agreement');
      const { edges, pageInfo } = await pageByCreation(query, page, 'DESC');
      const nodes = edges.map(({ node }) => node);
      const standing = await withStanding(manager, nodes, nowMs);
      return { pageInfo, edges: edges.map(({ cursor }, i) => ({ cursor, node: standing[i]! })) };
    });
  }

  /** @throws AGREEMENT_NOT_FOUND */
  async get(principal: Principal, id: string): Promise<StandingAgreement> {
    requireConsumer(principal);
    return this.#inTenant(principal, async (manager, nowMs) =>
      standingNow(manager, await find(manager, id), nowMs),
    );
  }

  /** The consumer needs it no more. @throws AGREEMENT_NOT_FOUND, PARTY_OTHER, AGREEMENT_ENDED */
  retire(principal: Principal, id: string): Promise<StandingAgreement> {
    return this.#end(principal, id, 'consumer', async () => ({ type: 'RETIRED' }));
  }

  /**
   * By the provider, which says why; what the consumer has paid and not had is given back with it, or owed from then on.
   * @throws AGREEMENT_NOT_FOUND, PARTY_OTHER, AGREEMENT_ENDED, REASON_MALFORMED
   */
  revoke(principal: Principal, id: string, code: string, text?: string | null): Promise<StandingAgreement> {
    const reason = requireReason(code, text);
    return this.database.asSystem(async (system) => {
      const nowMs = this.clock.nowMs();
      const revoked = await this.database.within(system, principal.organisationId, (manager) =>
        endAs(manager, principal, id, {
          by: 'provider',
          nowMs,
          ending: async () => ({ type: 'REVOKED', ...reason }),
        }),
      );
      await lockUses(system, id);
      const at = revoked.events.find(({ type }) => type === 'REVOKED')!.createdAt;
      await refundRevoked(system, this.ledger, revoked.agreement, at.getTime());
      return revoked;
    });
  }

  /**
   * The consumer reads under a later agreement in force about the same data set from now on.
   * @throws AGREEMENT_NOT_FOUND, PARTY_OTHER, AGREEMENT_ENDED, AGREEMENT_SUCCESSOR, and as the successor's standing says
   */
  supersede(principal: Principal, id: string, successorId: string): Promise<StandingAgreement> {
    return this.#end(principal, id, 'consumer', async (manager, agreement, nowMs) => {
      const successor = await find(manager, successorId);
      requireSuccessor(agreement, successor);
      await requireInForce(manager, successor, nowMs);
      return { type: 'SUPERSEDED', successorId };
    });
  }

  #end(principal: Principal, id: string, by: Party, ending: EndingOf): Promise<StandingAgreement> {
    return this.#inTenant(principal, (manager, nowMs) =>
      endAs(manager, principal, id, { by, nowMs, ending }),
    );
  }

  #inTenant<T>(
    { organisationId }: Principal,
    work: (manager: EntityManager, nowMs: number) => Promise<T>,
  ): Promise<T> {
    return this.database.asTenant(organisationId, (manager) => work(manager, this.clock.nowMs()));
  }
}

type EndingOf = (manager: EntityManager, agreement: DataAgreement, nowMs: number) => Promise<Ending>;

/** @throws AGREEMENT_NOT_FOUND, PARTY_OTHER, AGREEMENT_ENDED, and as `ending` does */
async function endAs(
  manager: EntityManager,
  principal: Principal,
  id: string,
  { by, nowMs, ending }: { readonly by: Party; readonly nowMs: number; readonly ending: EndingOf },
): Promise<StandingAgreement> {
  const agreement = await find(manager, id);
  requireParty(partyOf(principal, agreement), by);
  await lockParties(manager, agreement);
  const { events } = await standingNow(manager, agreement, nowMs);
  const event = await ending(manager, agreement, nowMs);
  if (!isRepeated(events, event)) {
    requireStanding(events);
    await recordEnding(manager, agreement, { ...event, sender: by }, nowMs);
  }
  return standingNow(manager, agreement, nowMs);
}

/** @throws AGREEMENT_NOT_FOUND */
async function find(manager: EntityManager, id: string): Promise<DataAgreement> {
  const agreement = isUuid(id) ? await manager.findOneBy(DataAgreement, { id }) : null;
  if (agreement === null) throw agreementNotFound();
  return agreement;
}

async function standingNow(
  manager: EntityManager,
  agreement: DataAgreement,
  nowMs: number,
): Promise<StandingAgreement> {
  const [standing] = await withStanding(manager, [agreement], nowMs);
  return standing!;
}

/** @throws AGREEMENT_SUCCESSOR */
function requireSuccessor(agreement: DataAgreement, successor: DataAgreement): void {
  const isLike = (['consumerId', 'providerId', 'dataSetId'] as const).every(
    (key) => agreement[key] === successor[key],
  );
  if (isLike && successor.createdAt > agreement.createdAt) return;
  throw new DomainError(
    'AGREEMENT_SUCCESSOR',
    'expected a later agreement of the same parties about the same data set, got another',
    'conflict',
  );
}

const isRepeated = (events: readonly AgreementEvent[], { type, successorId }: Ending): boolean =>
  events.some((event) => event.type === type && event.successorId === (successorId ?? null));

/** @throws AGREEMENT_ENDED, AGREEMENT_NOT_FINALISED */
function requireStanding(events: readonly AgreementEvent[]): void {
  const ended = events.find(({ type }) => type !== 'FINALISED');
  if (ended !== undefined) {
    throw new DomainError(
      'AGREEMENT_ENDED',
      `expected a standing agreement, got one ${ended.type}`,
      'conflict',
    );
  }
  if (events.length === 0) {
    throw new DomainError(
      'AGREEMENT_NOT_FINALISED',
      'expected a finalised agreement, got one under negotiation',
      'conflict',
    );
  }
}

/** What is under way under an agreement ends with it. */
async function recordEnding(
  manager: EntityManager,
  { id: agreementId, consumerId, providerId }: DataAgreement,
  ending: Ending & { readonly sender: Party },
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs);
  await manager.insert(AgreementEvent, { agreementId, consumerId, providerId, ...ending, createdAt: now });
  const open = await manager.findBy(Transfer, {
    agreementId,
    state: Not(In(['COMPLETED', 'TERMINATED'])),
  });
  for (const { id, state } of open) {
    const after = transferAfter(state, 'TransferTerminationMessage', ending.sender);
    await manager.update(
      Transfer,
      { id },
      { state: after, reasonCode: `AGREEMENT_${ending.type}`, changedAt: now },
    );
  }
}
