import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { requireOrganisationIds } from '../forecasts/published-filter.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { Organisation } from './identity.entities.ts';

/** What members know of each other: who is a member. */
@Injectable()
export class MemberOrganisations {
  constructor(private readonly database: Database) {}

  /** All, or those of the ids, oldest first. @throws ORGANISATION_IDS, PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  list(
    { organisationId }: Principal,
    { organisationIds, ...page }: PageArgs & { readonly organisationIds?: readonly string[] | null },
  ): Promise<Connection<Organisation>> {
    const ids = requireOrganisationIds(organisationIds);
    return this.database.asTenant(organisationId, (manager) => {
      const query = manager.createQueryBuilder(Organisation, 'organisation');
      if (ids !== undefined) query.where('organisation.id = ANY(:ids)', { ids });
      return pageByCreation(query, page, 'ASC');
    });
  }
}
