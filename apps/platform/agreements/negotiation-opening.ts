import { randomUUID } from 'node:crypto';
import { type EntityManager, type FindOptionsWhere, In, MoreThan, Not } from 'typeorm';
import { DomainError } from '#core';
import type { DataOffer } from '../catalogue/catalogue.entities.ts';
import { Negotiation } from './agreements.entities.ts';
import { termsOf } from './automatic-offers.ts';
import { expiryOf } from './negotiation-store.ts';

/** Opened by one organisation that have not come to an end. */
const MAX_OPEN = 500;
/** Opened by one provider with one consumer. */
const MAX_OFFERED = 5;
/** What a consumer ended sooner counts until then, or it could be offered the same again and again. */
const OFFERED_MS = 24 * 3_600_000;

const openAt = (nowMs: number): FindOptionsWhere<Negotiation> => ({
  state: Not(In(['FINALIZED', 'TERMINATED'])),
  expiresAt: MoreThan(new Date(nowMs)),
});

/** @throws NEGOTIATIONS_LIMIT */
export async function requireRoom(
  manager: EntityManager,
  opener: Pick<Negotiation, 'openedBy'> & Partial<Pick<Negotiation, 'consumerId' | 'providerId'>>,
  nowMs: number,
): Promise<void> {
  if ((await manager.countBy(Negotiation, { ...opener, ...openAt(nowMs) })) < MAX_OPEN) return;
  throw new DomainError(
    'NEGOTIATIONS_LIMIT',
    `expected at most ${MAX_OPEN} open negotiations, got more`,
    'limit',
  );
}

/** Keeps a provider from flooding a consumer that has asked for nothing. @throws NEGOTIATION_OFFERS_LIMIT */
export async function requireWelcome(
  manager: EntityManager,
  pair: Pick<Negotiation, 'consumerId' | 'providerId'>,
  nowMs: number,
): Promise<void> {
  const offered = { ...pair, openedBy: 'provider' as const };
  const recent = { state: Not('FINALIZED' as const), createdAt: MoreThan(new Date(nowMs - OFFERED_MS)) };
  const count = await manager.countBy(Negotiation, [
    { ...offered, ...openAt(nowMs) },
    { ...offered, ...recent },
  ]);
  if (count < MAX_OFFERED) return;
  throw new DomainError(
    'NEGOTIATION_OFFERS_LIMIT',
    `expected at most ${MAX_OFFERED} offers to one consumer that are open or of the last day, got more`,
    'limit',
  );
}

type Opening = Pick<Negotiation, 'consumerId' | 'consumerPid' | 'requestHash' | 'openedBy'> &
  Partial<Pick<Negotiation, 'id'>>;

/** A negotiation in which nothing has been said yet. */
export function openingOf(offer: DataOffer, opening: Opening, nowMs: number): Negotiation {
  const terms = termsOf(offer);
  const now = new Date(nowMs);
  return {
    id: randomUUID(),
    ...opening,
    providerId: offer.tenantId,
    offerId: offer.id,
    dataSetId: offer.dataSetId,
    state: 'INIT',
    rounds: 0,
    offeredBy: opening.openedBy,
    ...terms,
    agreementId: null,
    reasonCode: null,
    reason: null,
    expiresAt: expiryOf(terms, nowMs),
    createdAt: now,
    changedAt: now,
  };
}
