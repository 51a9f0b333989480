import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { CatalogueChanges, type ShownChange } from './catalogue-changes.service.ts';
import {
  CatalogueChangeConnection,
  CatalogueChangedArgs,
  CatalogueChangesArgs,
  CatalogueChangeType,
} from './catalogue-changes.types.ts';
import { toDataSet } from './catalogue.types.ts';

@Resolver()
export class CatalogueChangesResolver {
  constructor(private readonly changes: CatalogueChanges) {}

  @Query(() => CatalogueChangeConnection, {
    description: 'What happened to listed data sets, in its order from the first on.',
  })
  async catalogueChanges(
    @CurrentPrincipal() principal: Principal,
    @Args() args: CatalogueChangesArgs,
  ): Promise<Connection<CatalogueChangeType>> {
    const { edges, pageInfo } = await this.changes.list(principal, args);
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: toChange(node) })), pageInfo };
  }

  @Subscription(() => CatalogueChangeType, {
    description: 'What happens to listed data sets, as it happens; nothing of drafts.',
    resolve: (shown: ShownChange) => toChange(shown),
  })
  catalogueChanged(
    @CurrentPrincipal() principal: Principal,
    @Args() { after, ...filter }: CatalogueChangedArgs,
  ): Promise<AsyncIterableIterator<ShownChange>> {
    return this.changes.follow(principal, filter, after ?? null);
  }
}

const toChange = ({ cursor, change, dataSet }: ShownChange): CatalogueChangeType => {
  const { sequence: _sequence, tenantId, ...fields } = change;
  return {
    ...fields,
    cursor,
    organisationId: tenantId,
    dataSet: dataSet === null ? null : toDataSet(dataSet),
  };
};
