import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { SafeIntScalar } from '../pipeline/scalars.ts';
import type { LedgerCountersignature, LedgerDay } from './days.entities.ts';
import {
  CountersignLedgerDayInput,
  LedgerCountersignatureConnection,
  LedgerCountersignatureType,
  LedgerDayConnection,
  LedgerDayPageArgs,
  LedgerDaysArgs,
  LedgerProofConnection,
  LedgerProofType,
} from './days.types.ts';
import { type LedgerProof, ProofsService } from './proofs.service.ts';

@Resolver()
export class DaysResolver {
  constructor(private readonly service: ProofsService) {}

  @Query(() => LedgerDayConnection, { description: 'Records of finished days, oldest first.' })
  ledgerDays(
    @CurrentPrincipal() principal: Principal,
    @Args() { since, ...page }: LedgerDaysArgs,
  ): Promise<Connection<LedgerDay>> {
    return this.service.days(principal, since, page);
  }

  @Query(() => LedgerCountersignatureConnection, { description: 'Who counter-signed a day’s record.' })
  ledgerCountersignatures(
    @CurrentPrincipal() principal: Principal,
    @Args() { day, ...page }: LedgerDayPageArgs,
  ): Promise<Connection<LedgerCountersignature>> {
    return this.service.countersignatures(principal, day, page);
  }

  @Query(() => LedgerProofType, {
    description: 'Proof of an entry that posts to an account of the own organisation.',
  })
  ledgerProof(
    @CurrentPrincipal() principal: Principal,
    @Args('entryIndex', { type: () => SafeIntScalar }) entryIndex: number,
  ): Promise<LedgerProof> {
    return this.service.proof(principal, entryIndex);
  }

  @Query(() => LedgerProofConnection, {
    description: 'Proofs of a day’s entries that post to an account of the own organisation.',
  })
  ledgerProofs(
    @CurrentPrincipal() principal: Principal,
    @Args() { day, ...page }: LedgerDayPageArgs,
  ): Promise<Connection<LedgerProof>> {
    return this.service.proofs(principal, day, page);
  }

  @Mutation(() => LedgerCountersignatureType, { description: 'By a participant, over a day’s record.' })
  countersignLedgerDay(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { day, signature }: CountersignLedgerDayInput,
  ): Promise<LedgerCountersignature> {
    return this.service.countersign(principal, day, signature);
  }
}
