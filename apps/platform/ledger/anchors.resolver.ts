import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { SafeIntScalar } from '../pipeline/scalars.ts';
import { AnchoringService } from './anchoring.service.ts';
import type { LedgerAnchor } from './anchors.entities.ts';
import type { LedgerDay } from './days.entities.ts';
import { LedgerDayType } from './days.types.ts';

@ObjectType('LedgerAnchor', {
  description:
    'Where a contract on an EVM chain keeps the root and the hash of a day’s record: ask the chain, not the platform.',
})
class LedgerAnchorType implements Omit<LedgerAnchor, 'day'> {
  @Field(() => SafeIntScalar) chainId!: number;
  @Field(() => String, { description: 'Address of the contract.' }) contract!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'Hash of the transaction; null, as the block, where the platform found it long after it was mined.',
  })
  transaction!: string | null;
  @Field(() => SafeIntScalar, { nullable: true }) block!: number | null;
}

@Resolver(() => LedgerDayType)
export class AnchorsResolver {
  constructor(private readonly service: AnchoringService) {}

  @ResolveField(() => LedgerAnchorType, { nullable: true, description: 'Null: nowhere yet.' })
  anchor(
    @CurrentPrincipal() principal: Principal,
    @Parent() { day }: LedgerDay,
  ): Promise<LedgerAnchor | null> {
    return this.service.anchorOf(principal, day);
  }
}
