import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import {
  type AgreementStanding,
  evaluate,
  fulfilledDuties,
  parsePolicy,
  parsePriceModel,
  type Policy,
  type PriceModel,
} from '#exchange';
import { isUuid } from '../pipeline/uuid.ts';
import { AgreementUse, DataAgreement } from './agreements.entities.ts';
import { type StandingAgreement, withStanding } from './agreement-standing.ts';
import { namesOf } from './party.ts';

export interface ReadRequest {
  readonly agreementId: string;
  /** The organisation that wants to read. */
  readonly consumer: string;
  readonly dataSetId: string;
  /** Of the policy's vocabulary. */
  readonly action: string;
  /** Milliseconds. */
  readonly at: number;
  /** What the policy may ask beside it; left out it is unknown, and what is unknown permits nothing. */
  readonly purpose?: string | undefined;
  readonly spatial?: string | undefined;
  /** ISO 8601 duration of one interval of what is read. */
  readonly resolution?: string | undefined;
  /** Reads of one use count once, e.g. the pieces of one version; absent: each read is a use of its own. */
  readonly useId?: string | undefined;
}

/** What a reading is bound to. */
export interface ReadableAgreement {
  readonly agreementId: string;
  readonly consumer: string;
  readonly provider: string;
  readonly dataSetId: string;
  readonly offerId: string;
  readonly price: PriceModel;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly validFromMs: number;
  /** Exclusive; null: without an end. */
  readonly validUntilMs: number | null;
  /** Whatever was issued under another epoch is worth nothing. */
  readonly revocationEpoch: number;
}

const REFUSALS = {
  AGREED: ['AGREEMENT_NOT_FINALISED', 'a finalised agreement'],
  NOT_YET_VALID: ['AGREEMENT_NOT_YET_VALID', 'an agreement that is valid already'],
  EXPIRED: ['AGREEMENT_EXPIRED', 'an agreement that is still valid'],
  REVOKED: ['AGREEMENT_REVOKED', 'an agreement in force'],
  RETIRED: ['AGREEMENT_RETIRED', 'an agreement in force'],
  SUPERSEDED: ['AGREEMENT_SUPERSEDED', 'an agreement in force'],
  LAPSED: ['AGREEMENT_LAPSED', 'an agreement in force'],
  UNPAID: ['AGREEMENT_UNPAID', 'a paid agreement'],
} as const satisfies Record<
  Exclude<AgreementStanding, 'IN_FORCE'>,
  readonly [code: string, expected: string]
>;

/**
 * The gate before every read, to be called in the read's own transaction: nothing is remembered from one read to the next but
 * how often the data was used, which counts here.
 * @throws AGREEMENT_NOT_FOUND also for another's and for another data set; AGREEMENT_EXPIRED, AGREEMENT_REVOKED,
 *   AGREEMENT_UNPAID and as standing says; POLICY_DENIED
 */
export async function assertReadable(
  manager: EntityManager,
  request: ReadRequest,
): Promise<ReadableAgreement> {
  const { agreementId: id, consumer: consumerId, dataSetId } = request;
  const agreement =
    isUuid(id) && isUuid(dataSetId)
      ? await manager.findOneBy(DataAgreement, { id, consumerId, dataSetId })
      : null;
  if (agreement === null) throw agreementNotFound();
  await lockUses(manager, id);
  const standing = await requireInForce(manager, agreement, request.at);
  const policy = parsePolicy(agreement.policy);
  await countUse(manager, standing, policy, request);
  return {
    agreementId: id,
    consumer: consumerId,
    provider: agreement.providerId,
    dataSetId,
    offerId: agreement.offerId,
    price: parsePriceModel(agreement.price),
    policy,
    policyHash: agreement.policyHash,
    validFromMs: agreement.validFrom.getTime(),
    validUntilMs: agreement.validUntil?.getTime() ?? null,
    revocationEpoch: standing.revocationEpoch,
  };
}

/** Of two readers at once the second sees what the first has counted and paid, and a reader what a revocation has ended. */
export async function lockUses(manager: EntityManager, agreementId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`uses ${agreementId}`]);
}

/** @throws AGREEMENT_EXPIRED, AGREEMENT_REVOKED, AGREEMENT_UNPAID and as its standing says */
export async function requireInForce(
  manager: EntityManager,
  agreement: DataAgreement,
  atMs: number,
): Promise<StandingAgreement> {
  const [found] = await withStanding(manager, [agreement], atMs);
  const { standing } = found!;
  if (standing === 'IN_FORCE') return found!;
  throw standingRefused(standing);
}

export function standingRefused(standing: Exclude<AgreementStanding, 'IN_FORCE'>): DomainError {
  const [code, expected] = REFUSALS[standing];
  return new DomainError(code, `expected ${expected}, got one that is ${standing}`, 'forbidden', {
    standing,
  });
}

export const agreementNotFound = (): DomainError =>
  new DomainError(
    'AGREEMENT_NOT_FOUND',
    'expected an agreement of this organisation, got none of this id',
    'not-found',
  );

/** @throws POLICY_DENIED */
async function countUse(
  manager: EntityManager,
  standing: StandingAgreement,
  policy: Policy,
  request: ReadRequest,
): Promise<void> {
  const { action, at } = request;
  const { id: agreementId, consumerId, providerId } = standing.agreement;
  const uses = await manager.countBy(AgreementUse, { agreementId, action });
  const key = { agreementId, action, useId: request.useId ?? `#${uses}` };
  const isKnown = await manager.existsBy(AgreementUse, key);
  requirePermit(policy, standing, request, isKnown ? uses : uses + 1);
  if (isKnown) return;
  await manager.insert(AgreementUse, { ...key, consumerId, providerId, createdAt: new Date(at) });
}

/** @param count of the uses made, with this one. @throws POLICY_DENIED */
function requirePermit(
  policy: Policy,
  { agreement, events }: StandingAgreement,
  { action, at, purpose, spatial, resolution }: ReadRequest,
  count: number,
): void {
  const { consumerId, providerId, validFrom, paidAt } = agreement;
  const price = parsePriceModel(agreement.price);
  const finalised = events.find(({ type }) => type === 'FINALISED')?.createdAt ?? validFrom;
  const { decision, reasons } = evaluate(policy, {
    action,
    at,
    purpose,
    spatial,
    resolution,
    count,
    recipient: consumerId,
    assignee: consumerId,
    agreedAt: Math.max(validFrom.getTime(), Math.min(finalised.getTime(), at)),
    // Only a payment has paid: an agreement without a price owes what its policy asks.
    fulfilled: fulfilledDuties(policy, paidAt === null ? null : { price, seller: namesOf(providerId) }),
  });
  if (decision === 'PERMIT') return;
  throw new DomainError('POLICY_DENIED', 'expected a read the policy permits, got another', 'forbidden', {
    reasons: reasons.map(({ code }) => code),
  });
}
