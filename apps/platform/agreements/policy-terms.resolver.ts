import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { toTerms } from '../catalogue/policy-terms.ts';
import { PolicyTermType } from '../catalogue/catalogue.types.ts';
import { DataAgreementType } from './data-agreements.types.ts';
import { NegotiationType } from './negotiations.types.ts';

const OF_POLICY = { description: 'Of its policy; who enforces each of them.' };

@Resolver(() => NegotiationType)
export class NegotiationTermsResolver {
  @ResolveField(() => [PolicyTermType], OF_POLICY)
  terms(@Parent() { policy }: NegotiationType): PolicyTermType[] {
    return toTerms(policy);
  }
}

@Resolver(() => DataAgreementType)
export class AgreementTermsResolver {
  @ResolveField(() => [PolicyTermType], OF_POLICY)
  terms(@Parent() { policy }: DataAgreementType): PolicyTermType[] {
    return toTerms(policy);
  }
}
