import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import type { Principal } from '../pipeline/principal.ts';
import { requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { AutomaticOffer, DataAgreement, Negotiation } from './agreements.entities.ts';
import { isAgreedAutomatically, offerNotFound, requireListedOffer, termsOf } from './automatic-offers.ts';
import { agreeTo, atInstant, finalise, holdNegotiation, say, terminate } from './negotiation-store.ts';
import { openingOf, requireRoom } from './negotiation-opening.ts';
import { changedTerms, requestHash, type StatedTerms } from './negotiation-terms.ts';
import { lockParties, partyOf, requireConsumer, requireParty, requirePid, requireReason } from './party.ts';
import { DataOffer } from '../catalogue/catalogue.entities.ts';
import { isUuid } from '../pipeline/uuid.ts';

export interface NegotiationRequest extends StatedTerms {
  readonly offerId: string;
  readonly consumerPid: string;
  /** Where stated, the offer must be about it. */
  readonly dataSetId?: string;
}

/** What the two parties of a negotiation say, by the Dataspace Protocol. */
@Injectable()
export class NegotiationsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * ContractRequestMessage: the listed terms or others. The same consumerPid with the same content is the same negotiation.
   * @throws OFFER_NOT_FOUND, NEGOTIATION_WITH_SELF, NEGOTIATION_CONFLICT, NEGOTIATIONS_LIMIT, PID_MALFORMED, and what
   *   changedTerms says
   */
  async request(principal: Principal, request: NegotiationRequest): Promise<Negotiation> {
    requireConsumer(principal);
    const consumerPid = requirePid(request.consumerPid);
    const hash = await requestHash(request.offerId, request);
    const consumerId = principal.organisationId;
    return this.#inTenant(principal, async (manager, nowMs) => {
      const known = await manager.findOneBy(Negotiation, { consumerId, consumerPid });
      if (known !== null) return requireSame(known, hash, nowMs);
      const offer = await requireListedOffer(manager, request.offerId, nowMs);
      if (request.dataSetId !== undefined && request.dataSetId !== offer.dataSetId) throw offerNotFound();
      if (offer.tenantId === consumerId) {
        throw new DomainError('NEGOTIATION_WITH_SELF', 'expected an offer of another, got an own one');
      }
      await lockParties(manager, { consumerId, providerId: offer.tenantId });
      // Another request of the same name may have been first to the lock.
      const first = await manager.findOneBy(Negotiation, { consumerId, consumerPid });
      if (first !== null) return requireSame(first, hash, nowMs);
      await requireRoom(manager, { consumerId, openedBy: 'consumer' }, nowMs);
      const terms = await changedTerms(termsOf(offer), request, { providerId: offer.tenantId, nowMs });
      const row = openingOf(
        offer,
        { consumerId, consumerPid, requestHash: hash, openedBy: 'consumer' },
        nowMs,
      );
      await manager.insert(Negotiation, row);
      return this.#ask(manager, row, { offer, terms }, nowMs);
    });
  }

  /**
   * The other terms of either side: ContractRequestMessage of the consumer, ContractOfferMessage of the provider.
   * @throws TRANSITION_REFUSED, NEGOTIATION_ROUNDS, and what changedTerms says
   */
  counter(principal: Principal, id: string, stated: StatedTerms): Promise<Negotiation> {
    return this.#speak(principal, id, async (manager, negotiation, nowMs) => {
      const party = partyOf(principal, negotiation);
      const terms = await changedTerms(negotiation, stated, { providerId: negotiation.providerId, nowMs });
      if (party === 'provider') {
        return say(manager, negotiation, { message: 'ContractOfferMessage', sender: party, terms }, nowMs);
      }
      const offer = await manager.findOneBy(DataOffer, { id: negotiation.offerId });
      return this.#ask(manager, negotiation, { offer, terms }, nowMs);
    });
  }

  /** The consumer accepts what the provider has offered. @throws TRANSITION_REFUSED, PARTY_OTHER */
  accept(principal: Principal, id: string): Promise<Negotiation> {
    return this.#speak(principal, id, async (manager, negotiation, nowMs) => {
      requireParty(partyOf(principal, negotiation), 'consumer');
      const message = 'ContractNegotiationEventMessage:ACCEPTED';
      return say(manager, negotiation, { message, sender: 'consumer' }, nowMs);
    });
  }

  /** The provider agrees to what the consumer has requested or accepted. @throws TRANSITION_REFUSED, PARTY_OTHER */
  agree(principal: Principal, id: string): Promise<Negotiation> {
    return this.#speak(principal, id, async (manager, negotiation, nowMs) => {
      requireParty(partyOf(principal, negotiation), 'provider');
      return agreeTo(manager, negotiation, false, nowMs);
    });
  }

  /**
   * The consumer confirms the agreement; an automatic one is finalised at once.
   * @param hash of the agreement as the consumer has it
   * @throws TRANSITION_REFUSED, PARTY_OTHER, AGREEMENT_HASH_MISMATCH
   */
  verify(principal: Principal, id: string, hash?: string | null): Promise<Negotiation> {
    return this.#speak(principal, id, async (manager, negotiation, nowMs) => {
      requireParty(partyOf(principal, negotiation), 'consumer');
      if (typeof hash === 'string') await requireHash(manager, negotiation, hash);
      const message = 'ContractAgreementVerificationMessage';
      const verified = await say(manager, negotiation, { message, sender: 'consumer' }, nowMs);
      const offer = await manager.findOneBy(DataOffer, { id: verified.offerId });
      const automatic = offer !== null && (await isAgreedAutomatically(manager, offer, verified));
      return automatic ? finalise(manager, verified, true, nowMs) : verified;
    });
  }

  /** The provider's last word. @throws TRANSITION_REFUSED, PARTY_OTHER */
  finalise(principal: Principal, id: string): Promise<Negotiation> {
    return this.#speak(principal, id, async (manager, negotiation, nowMs) => {
      requireParty(partyOf(principal, negotiation), 'provider');
      return finalise(manager, negotiation, false, nowMs);
    });
  }

  /** @throws TRANSITION_REFUSED, REASON_MALFORMED */
  terminate(principal: Principal, id: string, code: string, text?: string | null): Promise<Negotiation> {
    const reason = requireReason(code, text);
    return this.#speak(principal, id, (manager, negotiation, nowMs) =>
      terminate(manager, negotiation, { sender: partyOf(principal, negotiation), reason }, nowMs),
    );
  }

  /** Whether requests of exactly an own offer's terms are agreed to at once from now on. @throws OFFER_NOT_FOUND */
  async setAutomatic(principal: Principal, offerId: string, automatic: boolean): Promise<boolean> {
    requireRole(principal, 'firm');
    const tenantId = principal.organisationId;
    return this.#inTenant(principal, async (manager, nowMs) => {
      const own = isUuid(offerId) && (await manager.existsBy(DataOffer, { id: offerId, tenantId }));
      if (!own) throw offerNotFound();
      if (!automatic) await manager.delete(AutomaticOffer, { offerId });
      else {
        const insert = manager.createQueryBuilder().insert().into(AutomaticOffer);
        await insert
          .values({ offerId, tenantId, createdAt: new Date(nowMs) })
          .orIgnore()
          .execute();
      }
      return automatic;
    });
  }

  /** The consumer's terms, and the provider's agreement where it has given it beforehand. */
  async #ask(
    manager: EntityManager,
    negotiation: Negotiation,
    { offer, terms }: { offer: DataOffer | null; terms: Awaited<ReturnType<typeof changedTerms>> },
    nowMs: number,
  ): Promise<Negotiation> {
    const message = 'ContractRequestMessage';
    const asked = await say(manager, negotiation, { message, sender: 'consumer', terms }, nowMs);
    const automatic = offer !== null && (await isAgreedAutomatically(manager, offer, terms));
    return automatic ? agreeTo(manager, asked, true, nowMs) : asked;
  }

  #speak(
    principal: Principal,
    id: string,
    work: (manager: EntityManager, negotiation: Negotiation, nowMs: number) => Promise<Negotiation>,
  ): Promise<Negotiation> {
    return this.#inTenant(principal, async (manager, nowMs) =>
      work(manager, await holdNegotiation(manager, id, nowMs), nowMs),
    );
  }

  #inTenant<T>(
    { organisationId }: Principal,
    work: (manager: EntityManager, nowMs: number) => Promise<T>,
  ): Promise<T> {
    return this.database.asTenant(organisationId, (manager) => work(manager, this.clock.nowMs()));
  }
}

/** @throws NEGOTIATION_CONFLICT */
function requireSame(known: Negotiation, hash: string, nowMs: number): Negotiation {
  if (known.requestHash === hash) return atInstant(known, nowMs);
  throw new DomainError(
    'NEGOTIATION_CONFLICT',
    'expected a new consumerPid or the same request, got another request of a known one',
    'conflict',
  );
}

/** @throws AGREEMENT_HASH_MISMATCH */
async function requireHash(
  manager: EntityManager,
  { agreementId }: Negotiation,
  hash: string,
): Promise<void> {
  if (agreementId !== null && (await manager.existsBy(DataAgreement, { id: agreementId, hash }))) return;
  throw new DomainError(
    'AGREEMENT_HASH_MISMATCH',
    'expected the hash of the agreement, got another',
    'conflict',
  );
}
