import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { DomainError, hashJson, isoInstant, type Json } from '#core';
import { isNegotiationOver, negotiationAfter, type NegotiationMessage, type Party } from '#exchange';
import { AgreementEvent, DataAgreement, Negotiation, NegotiationMessageRow } from './agreements.entities.ts';
import type { Terms } from './negotiation-terms.ts';
import { lockParties, type Reason, requireOwn } from './party.ts';

/** A negotiation in which nobody says anything for so long is over. */
const PATIENCE_MS = 14 * 24 * 3_600_000;
const MAX_ROUNDS = 50;

/** What a side says, or the platform for it. */
export interface Saying {
  readonly message: NegotiationMessage;
  readonly sender: Party;
  readonly automatic?: boolean;
  readonly terms?: Terms;
  readonly reason?: Reason;
}

/** @throws NEGOTIATION_NOT_FOUND */
export const findNegotiation = (manager: EntityManager, id: string): Promise<Negotiation> =>
  requireOwn(manager, Negotiation, { id, what: 'a negotiation', code: 'NEGOTIATION_NOT_FOUND' });

/** For the rest of the transaction nobody else says anything in it. @throws NEGOTIATION_NOT_FOUND, NEGOTIATION_EXPIRED */
export async function holdNegotiation(
  manager: EntityManager,
  id: string,
  nowMs: number,
): Promise<Negotiation> {
  await lockParties(manager, await findNegotiation(manager, id));
  const negotiation = await findNegotiation(manager, id);
  if (!isExpired(negotiation, nowMs)) return negotiation;
  const at = isoInstant(negotiation.expiresAt.getTime());
  throw new DomainError('NEGOTIATION_EXPIRED', `expected a word before ${at}, got a later one`, 'conflict');
}

export const isExpired = ({ state, expiresAt }: Negotiation, nowMs: number): boolean =>
  !isNegotiationOver(state) && expiresAt.getTime() <= nowMs;

/** As it is at an instant, whether or not the job that ends expired ones has come round. */
export const atInstant = (negotiation: Negotiation, nowMs: number): Negotiation =>
  isExpired(negotiation, nowMs)
    ? Object.assign({}, negotiation, {
        state: 'TERMINATED' as const,
        reasonCode: 'EXPIRED',
        changedAt: negotiation.expiresAt,
      })
    : negotiation;

/** Where nothing but the instant ends it: the end of what is offered, or of patience. */
export const expiryOf = ({ validUntil }: Pick<Terms, 'validUntil'>, nowMs: number): Date =>
  new Date(Math.min(nowMs + PATIENCE_MS, validUntil?.getTime() ?? Infinity));

/**
 * Records a message and moves the negotiation on. Whoever calls holds it.
 * @throws TRANSITION_REFUSED, NEGOTIATION_ROUNDS
 */
export async function say(
  manager: EntityManager,
  negotiation: Negotiation,
  { message, sender, automatic = false, terms, reason }: Saying,
  nowMs: number,
): Promise<Negotiation> {
  const state = negotiationAfter(negotiation.state, message, sender);
  const rounds = negotiation.rounds + (terms === undefined ? 0 : 1);
  if (rounds > MAX_ROUNDS) {
    throw new DomainError(
      'NEGOTIATION_ROUNDS',
      `expected at most ${MAX_ROUNDS} offers, got one more`,
      'limit',
    );
  }
  const now = new Date(nowMs);
  const changes = {
    state,
    rounds,
    ...(terms === undefined ? {} : { ...terms, offeredBy: sender }),
    ...reason,
    expiresAt: expiryOf(terms ?? negotiation, nowMs),
    changedAt: now,
  };
  const { id, consumerId, providerId } = negotiation;
  await manager.update(Negotiation, { id }, changes);
  const said = { type: message, sender, automatic, state, ...terms, ...reason, createdAt: now };
  await manager.insert(NegotiationMessageRow, { negotiationId: id, consumerId, providerId, ...said });
  return Object.assign({}, negotiation, changes);
}

/** The provider's agreement to what stands, and the agreement itself. @throws TRANSITION_REFUSED */
export async function agreeTo(
  manager: EntityManager,
  negotiation: Negotiation,
  automatic: boolean,
  nowMs: number,
): Promise<Negotiation> {
  const message = 'ContractAgreementMessage';
  const agreed = await say(manager, negotiation, { message, sender: 'provider', automatic }, nowMs);
  const agreementId = randomUUID();
  await manager.update(Negotiation, { id: agreed.id }, { agreementId });
  await manager.insert(DataAgreement, await agreementOf(agreed, agreementId, nowMs));
  return Object.assign({}, agreed, { agreementId });
}

async function agreementOf(negotiation: Negotiation, id: string, nowMs: number) {
  const { consumerId, providerId, offerId, dataSetId, policyHash, price } = negotiation;
  const { validFrom, validUntil } = negotiation;
  const parties = { negotiationId: negotiation.id, consumerId, providerId, offerId, dataSetId };
  const hash = await hashJson({
    id,
    ...parties,
    policyHash,
    price: price as Json,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil?.toISOString() ?? null,
    agreedAt: isoInstant(nowMs),
  });
  const terms = { policy: negotiation.policy, policyHash, price, validFrom, validUntil };
  return { id, ...parties, ...terms, hash, createdAt: new Date(nowMs), paidAt: null };
}

/** The provider's last word: the agreement is in force, and paid if it costs nothing. @throws TRANSITION_REFUSED */
export async function finalise(
  manager: EntityManager,
  negotiation: Negotiation,
  automatic: boolean,
  nowMs: number,
): Promise<Negotiation> {
  const message = 'ContractNegotiationEventMessage:FINALIZED';
  const final = await say(manager, negotiation, { message, sender: 'provider', automatic }, nowMs);
  await recordEvent(manager, final, { type: 'FINALISED', sender: 'provider' }, nowMs);
  if (final.price === null) {
    await manager.update(DataAgreement, { id: final.agreementId! }, { paidAt: new Date(nowMs) });
  }
  return final;
}

/** @throws TRANSITION_REFUSED */
export async function terminate(
  manager: EntityManager,
  negotiation: Negotiation,
  saying: Omit<Saying, 'message'>,
  nowMs: number,
): Promise<Negotiation> {
  const message = 'ContractNegotiationTerminationMessage';
  const over = await say(manager, negotiation, { ...saying, message }, nowMs);
  if (over.agreementId !== null) {
    await recordEvent(manager, over, { type: 'LAPSED', sender: saying.sender, ...saying.reason }, nowMs);
  }
  return over;
}

/** Of the agreement a negotiation led to. */
async function recordEvent(
  manager: EntityManager,
  { agreementId, consumerId, providerId }: Negotiation,
  event: Pick<AgreementEvent, 'type' | 'sender'> & Partial<Reason>,
  nowMs: number,
): Promise<void> {
  const row = { agreementId: agreementId!, consumerId, providerId, ...event, createdAt: new Date(nowMs) };
  await manager.insert(AgreementEvent, row);
}

/** On whose behalf the platform ends what nobody has ended in time: the protocol lets not every side do it in every state. */
export const whoseTimeIsOver = ({ state }: Negotiation): Party =>
  state === 'ACCEPTED' || state === 'VERIFIED' ? 'provider' : 'consumer';
