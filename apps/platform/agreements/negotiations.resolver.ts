import { Args, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type NegotiationChange, NegotiationReader } from './negotiation-reader.service.ts';
import { NegotiationsService } from './negotiations.service.ts';
import { ProviderOffers } from './provider-offers.service.ts';
import {
  CounterOfferInput,
  NegotiationChangedArgs,
  NegotiationChangeType,
  NegotiationConnection,
  NegotiationMessageConnection,
  NegotiationMessagesArgs,
  type NegotiationMessageType,
  NegotiationType,
  OfferNegotiationInput,
  RequestNegotiationInput,
  TerminateNegotiationArgs,
  VerifyAgreementArgs,
} from './negotiations.types.ts';

@Resolver()
export class NegotiationsResolver {
  constructor(
    private readonly service: NegotiationsService,
    private readonly reader: NegotiationReader,
    private readonly offers: ProviderOffers,
  ) {}

  @Mutation(() => NegotiationType, {
    description:
      'Asks for the terms of a listed offer, or for others. Where its publisher agrees automatically to exactly its own terms, they are agreed at once. Roles: firm, market, analyst.',
  })
  requestNegotiation(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: RequestNegotiationInput,
  ): Promise<NegotiationType> {
    return this.service.request(principal, input);
  }

  @Mutation(() => NegotiationType, {
    description:
      'Offers the data to one organisation that has not asked: an own offer of a listed data set, at its own terms or at others. Role: firm.',
  })
  offerNegotiation(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OfferNegotiationInput,
  ): Promise<NegotiationType> {
    return this.offers.offer(principal, input);
  }

  @Mutation(() => NegotiationType, {
    description:
      'Other terms: of the consumer (the negotiation is REQUESTED again; firm, market, analyst) or of the provider (OFFERED; firm).',
  })
  counterOffer(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { negotiationId, ...terms }: CounterOfferInput,
  ): Promise<NegotiationType> {
    return this.service.counter(principal, negotiationId, terms);
  }

  @Mutation(() => NegotiationType, { description: "By the consumer, of the provider's offer." })
  acceptOffer(
    @CurrentPrincipal() principal: Principal,
    @Args('negotiationId', { type: () => ID }) id: string,
  ): Promise<NegotiationType> {
    return this.service.accept(principal, id);
  }

  @Mutation(() => NegotiationType, {
    description: 'By the provider, to what the consumer has requested or accepted. Role: firm.',
  })
  agree(
    @CurrentPrincipal() principal: Principal,
    @Args('negotiationId', { type: () => ID }) id: string,
  ): Promise<NegotiationType> {
    return this.service.agree(principal, id);
  }

  @Mutation(() => NegotiationType, {
    description: 'By the consumer; what was agreed automatically is finalised with it.',
  })
  verifyAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args() { negotiationId, hash }: VerifyAgreementArgs,
  ): Promise<NegotiationType> {
    return this.service.verify(principal, negotiationId, hash);
  }

  @Mutation(() => NegotiationType, { description: 'By the provider: the agreement is in force. Role: firm.' })
  finaliseAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args('negotiationId', { type: () => ID }) id: string,
  ): Promise<NegotiationType> {
    return this.service.finalise(principal, id);
  }

  @Mutation(() => NegotiationType, {
    description:
      'By the side whose turn the protocol says it is: both while terms are open, the provider once they are accepted or verified, the consumer once they are agreed.',
  })
  terminateNegotiation(
    @CurrentPrincipal() principal: Principal,
    @Args() { negotiationId, code, reason }: TerminateNegotiationArgs,
  ): Promise<NegotiationType> {
    return this.service.terminate(principal, negotiationId, code, reason);
  }

  @Mutation(() => Boolean, {
    description:
      'Whether requests of exactly an own offer’s terms are agreed to at once from now on. Role: firm.',
  })
  setAutomaticAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args('offerId', { type: () => ID }) offerId: string,
    @Args('automatic', { type: () => Boolean }) automatic: boolean,
  ): Promise<boolean> {
    return this.service.setAutomatic(principal, offerId, automatic);
  }

  @Query(() => NegotiationConnection, {
    description:
      'Of the own organisation, as consumer or as provider, newest first. Roles: firm, market, analyst.',
  })
  negotiations(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<NegotiationType>> {
    return this.reader.list(principal, page);
  }

  @Query(() => NegotiationType)
  negotiation(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<NegotiationType> {
    return this.reader.get(principal, id);
  }

  @Query(() => NegotiationMessageConnection, { description: 'What was said, in its order.' })
  negotiationMessages(
    @CurrentPrincipal() principal: Principal,
    @Args() { negotiationId, ...page }: NegotiationMessagesArgs,
  ): Promise<Connection<NegotiationMessageType>> {
    return this.reader.messages(principal, negotiationId, page);
  }

  @Subscription(() => NegotiationChangeType, {
    description: 'What either party says, as it is said. Roles: firm, market, analyst.',
    resolve: (change: NegotiationChange) => change,
  })
  negotiationChanged(
    @CurrentPrincipal() principal: Principal,
    @Args() { negotiationId, after }: NegotiationChangedArgs,
  ): Promise<AsyncIterableIterator<NegotiationChange>> {
    return this.reader.follow(principal, negotiationId ?? null, after ?? null);
  }
}
