import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { PublicationService } from './publication.service.ts';
import {
  PublishedEmissions,
  PublishedEmissionsArgs,
  PublishedEmissionsConnection,
  PublishEmissionsInput,
} from './publication.types.ts';

@Resolver(() => PublishedEmissions)
export class PublicationResolver {
  constructor(private readonly service: PublicationService) {}

  @Mutation(() => PublishedEmissions, {
    description: 'By a participant about its own day; signed, versioned.',
  })
  publishEmissions(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: PublishEmissionsInput,
  ): Promise<PublishedEmissions> {
    return this.service.publish(principal, input);
  }

  @Query(() => PublishedEmissionsConnection, {
    description: 'What members have published, in order of publication.',
  })
  publishedEmissions(
    @CurrentPrincipal() principal: Principal,
    @Args() args: PublishedEmissionsArgs,
  ): Promise<Connection<PublishedEmissions>> {
    return this.service.list(principal, args);
  }
}
