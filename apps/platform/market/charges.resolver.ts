import { Args, Field, ID, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, connectionType } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { ChargesService } from './charges.service.ts';
import type { MarketCharge } from './lots.entities.ts';
import { SessionPageArgs } from './results.types.ts';

@ObjectType('MarketCharge', {
  description: 'What a participant owes for one slot beside its trades; visible to it alone.',
})
class MarketChargeType implements Pick<MarketCharge, 'participantId' | 'startsAt'> {
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => String, { description: 'externality or fee' }) kind!: string;
  @Field(() => String, {
    description: 'In millionths of a minor unit; settlement rounds the sum of all slots once.',
  })
  amountExact!: string;
}
const MarketChargeConnection = connectionType(MarketChargeType, 'MarketCharge');

@Resolver(() => MarketChargeType)
export class ChargesResolver {
  constructor(private readonly charges: ChargesService) {}

  @Query(() => MarketChargeConnection, {
    description: 'Charges of the own organisation’s participants, in order of time.',
  })
  marketCharges(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<MarketCharge>> {
    return this.charges.list(principal, sessionId, page);
  }

  @ResolveField(() => String)
  amountExact(@Parent() charge: MarketCharge): string {
    return charge.amountExact.toString();
  }
}
