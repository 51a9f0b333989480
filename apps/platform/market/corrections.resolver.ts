import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { correctionsUntil } from './corrections.ts';
import { CorrectionsService } from './corrections.service.ts';
import { CorrectDeliveryStatementsInput } from './corrections.types.ts';
import type { MarketSession } from './market.entities.ts';
import { MarketSessionType, SubmittedType } from './market.types.ts';
import type { Submitted } from './orders.service.ts';

@Resolver(() => MarketSessionType)
export class CorrectionsResolver {
  constructor(private readonly corrections: CorrectionsService) {}

  @Mutation(() => SubmittedType, {
    description:
      'What crossed a participant’s meter in slots it traded, stated after settlement; the difference is settled. Each signed by it.',
  })
  correctDeliveryStatements(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, corrections }: CorrectDeliveryStatementsInput,
  ): Promise<Submitted> {
    return this.corrections.submit(
      principal,
      sessionId,
      corrections.map(({ startsAt, ...statement }) => ({ ...statement, startMs: startsAt })),
    );
  }

  @ResolveField(() => InstantScalar, {
    nullable: true,
    description: 'Once settled: until then delivery statements may be corrected.',
  })
  correctionsUntil(@Parent() session: MarketSession): number | null {
    return correctionsUntil(session);
  }
}
