import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { PublishedReportService } from './published-report.service.ts';
import { PublishedReport, PublishedReportArgs, PublishedReportConnection } from './published-report.types.ts';

@Resolver(() => PublishedReport)
export class PublishedReportResolver {
  constructor(private readonly service: PublishedReportService) {}

  @Mutation(() => PublishedReport, {
    description:
      'By a participant: shows the community a report of its own, every input row of it. Its bytes are a blob of the audience community; they are verified, and signed by its key.',
  })
  publishCarbonReport(
    @CurrentPrincipal() principal: Principal,
    @Args('blob', { type: () => String, description: 'SHA-256 of the bytes.' }) blob: string,
  ): Promise<PublishedReport> {
    return this.service.publish(principal, blob);
  }

  @Query(() => PublishedReportConnection, {
    description: 'Reports that members show, in order of publication.',
  })
  publishedReports(
    @CurrentPrincipal() principal: Principal,
    @Args() args: PublishedReportArgs,
  ): Promise<Connection<PublishedReport>> {
    return this.service.list(principal, args);
  }
}
