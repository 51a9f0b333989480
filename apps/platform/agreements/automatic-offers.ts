import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { DataOffer, DataSet } from '../catalogue/catalogue.entities.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { AutomaticOffer } from './agreements.entities.ts';
import { isSameTerms, type Terms } from './negotiation-terms.ts';

export const offerNotFound = (): DomainError =>
  new DomainError('OFFER_NOT_FOUND', 'expected a listed offer, got none of this id', 'not-found');

/** An offer that may be asked for at an instant. @throws OFFER_NOT_FOUND */
export async function requireListedOffer(
  manager: EntityManager,
  id: string,
  nowMs: number,
): Promise<DataOffer> {
  const offer = isUuid(id) ? await manager.findOneBy(DataOffer, { id }) : null;
  if (offer === null || offer.status !== 'LISTED' || !isWithin(offer, nowMs)) throw offerNotFound();
  // Who holds an agreement still sees a retired data set, and can ask for it no more than others.
  if (!(await manager.existsBy(DataSet, { id: offer.dataSetId, status: 'listed' }))) throw offerNotFound();
  return offer;
}

const isWithin = ({ validFrom, validUntil }: DataOffer, nowMs: number): boolean =>
  validFrom.getTime() <= nowMs && (validUntil === null || nowMs < validUntil.getTime());

/**
 * An own offer of a listed data set, on the list or not, that may be made at an instant.
 * @throws OFFER_NOT_FOUND, DATA_SET_NOT_LISTED
 */
export async function requireOwnOffer(
  manager: EntityManager,
  { id, tenantId }: Pick<DataOffer, 'id' | 'tenantId'>,
  nowMs: number,
): Promise<DataOffer> {
  const offer = isUuid(id) ? await manager.findOneBy(DataOffer, { id, tenantId }) : null;
  if (offer === null || offer.status === 'WITHDRAWN' || !isWithin(offer, nowMs)) throw offerNotFound();
  if (await manager.existsBy(DataSet, { id: offer.dataSetId, status: 'listed' })) return offer;
  throw new DomainError(
    'DATA_SET_NOT_LISTED',
    'expected an offer of a listed data set, got another',
    'conflict',
  );
}

/** What is offered. */
export const termsOf = ({ policy, policyHash, price, validFrom, validUntil }: DataOffer): Terms => ({
  policy,
  policyHash,
  price,
  validFrom,
  validUntil,
});

/** Whether its publisher agrees to an offer's own terms by itself, and these are they. */
export async function isAgreedAutomatically(
  manager: EntityManager,
  offer: DataOffer,
  terms: Terms,
): Promise<boolean> {
  return isSameTerms(terms, termsOf(offer)) && manager.existsBy(AutomaticOffer, { offerId: offer.id });
}
