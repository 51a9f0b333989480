import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Sector } from '#analytics';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import {
  EmissionsTrendArgs,
  EmissionsTrendType,
  PublishPortraitInput,
  SectorEmissions,
  SectorEmissionsArgs,
  SectorEnum,
  SectorPortraits,
  SharedPortrait,
  SharedPortraitConnection,
} from './analytics.types.ts';
import type { EmissionsTrend } from './emissions-trend.ts';
import { PortraitsService } from './portraits.service.ts';
import type { BySector, SectorGrams, SectorLabels } from './sector-figures.ts';
import { SectorsService } from './sectors.service.ts';

@Resolver()
export class AnalyticsResolver {
  constructor(
    private readonly sectors: SectorsService,
    private readonly portraits: PortraitsService,
  ) {}

  @Mutation(() => SectorEnum, {
    nullable: true,
    description: 'Role admin: the sector of the own organisation; null takes it back.',
  })
  stateSector(
    @CurrentPrincipal() principal: Principal,
    @Args('sector', { type: () => SectorEnum, nullable: true }) sector: Sector | null,
  ): Promise<Sector | null> {
    return this.sectors.state(principal, sector ?? null);
  }

  @Query(() => SectorEnum, { nullable: true, description: 'What the own organisation has stated.' })
  statedSector(@CurrentPrincipal() principal: Principal): Promise<Sector | null> {
    return this.sectors.stated(principal);
  }

  @Mutation(() => SharedPortrait, { description: 'By a participant about its own load; signed, versioned.' })
  publishPortrait(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: PublishPortraitInput,
  ): Promise<SharedPortrait> {
    return this.portraits.publish(principal, input);
  }

  @Query(() => SharedPortraitConnection, {
    description: 'What the own organisation’s participants have shared, in order of publication.',
  })
  sharedPortraits(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<SharedPortrait>> {
    return this.portraits.list(principal, page);
  }

  @Query(() => SectorEmissions, {
    description: 'Published emissions added up by sector; withheld where few organisations are in a figure.',
  })
  sectorEmissions(
    @CurrentPrincipal() principal: Principal,
    @Args() args: SectorEmissionsArgs,
  ): Promise<BySector<SectorGrams>> {
    return this.sectors.sectorEmissions(principal, args);
  }

  @Query(() => SectorPortraits, {
    description: 'Newest shared labels by sector; withheld where few organisations are in a figure.',
  })
  sectorPortraits(@CurrentPrincipal() _principal: Principal): Promise<BySector<SectorLabels>> {
    return this.sectors.sectorPortraits();
  }

  @Query(() => EmissionsTrendType, {
    description: 'Slope and breaks of what the own organisation has published, at most 400 days.',
  })
  emissionsTrend(
    @CurrentPrincipal() principal: Principal,
    @Args() args: EmissionsTrendArgs,
  ): Promise<EmissionsTrend> {
    return this.sectors.trend(principal, args);
  }
}
