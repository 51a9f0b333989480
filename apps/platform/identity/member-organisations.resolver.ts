import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { type Connection, connectionType, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { MemberOrganisations } from './member-organisations.service.ts';

@ObjectType('MemberOrganisation', { description: 'What members know of each other.' })
class MemberOrganisationType {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
}

const MemberOrganisationConnection = connectionType(MemberOrganisationType, 'MemberOrganisation');

@ArgsType()
class MemberOrganisationsArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'These alone, at most 100.' })
  organisationIds?: string[] | null;
}

@Resolver()
export class MemberOrganisationsResolver {
  constructor(private readonly members: MemberOrganisations) {}

  @Query(() => MemberOrganisationConnection, { description: 'Everybody’s organisations, oldest first.' })
  organisations(
    @CurrentPrincipal() principal: Principal,
    @Args() args: MemberOrganisationsArgs,
  ): Promise<Connection<MemberOrganisationType>> {
    return this.members.list(principal, args);
  }
}
