import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import { requireOrganisation } from '../identity/require-organisation.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { Negotiation } from './agreements.entities.ts';
import { requireOwnOffer, termsOf } from './automatic-offers.ts';
import { openingOf, requireRoom, requireWelcome } from './negotiation-opening.ts';
import { say } from './negotiation-store.ts';
import { changedTerms, requestHash, type StatedTerms } from './negotiation-terms.ts';
import { lockParties } from './party.ts';

export interface ProviderOffer extends StatedTerms {
  readonly offerId: string;
  readonly consumerId: string;
}

/** Negotiations that the provider begins. */
@Injectable()
export class ProviderOffers {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * ContractOfferMessage without a request: an own offer, listed or not, at its own terms or at others, to one consumer. Its
   * consumerPid is the platform's, until a connector of the consumer's could name another.
   * @throws OFFER_NOT_FOUND, DATA_SET_NOT_LISTED, ORGANISATION_NOT_FOUND, NEGOTIATION_WITH_SELF, NEGOTIATION_OFFERS_LIMIT,
   *   NEGOTIATIONS_LIMIT, and what changedTerms says
   */
  offer(principal: Principal, { offerId, consumerId, ...stated }: ProviderOffer): Promise<Negotiation> {
    requireRole(principal, 'firm');
    const { organisationId: providerId } = principal;
    if (consumerId === providerId) {
      throw new DomainError('NEGOTIATION_WITH_SELF', 'expected another organisation, got the own one');
    }
    return this.database.asTenant(providerId, async (manager) => {
      const nowMs = this.clock.nowMs();
      const offer = await requireOwnOffer(manager, { id: offerId, tenantId: providerId }, nowMs);
      await requireOrganisation(manager, consumerId);
      await lockParties(manager, { consumerId, providerId });
      await requireWelcome(manager, { consumerId, providerId }, nowMs);
      await requireRoom(manager, { providerId, openedBy: 'provider' }, nowMs);
      const terms = await changedTerms(termsOf(offer), stated, { providerId, nowMs });
      const id = randomUUID();
      const opening = {
        id,
        consumerId,
        consumerPid: `urn:uuid:${id}`,
        requestHash: await requestHash(offerId, stated),
        openedBy: 'provider' as const,
      };
      const row = openingOf(offer, opening, nowMs);
      await manager.insert(Negotiation, row);
      return say(manager, row, { message: 'ContractOfferMessage', sender: 'provider', terms }, nowMs);
    });
  }
}
