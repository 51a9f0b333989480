import { graphql } from '../generated/gql.ts';
import { short } from '../parts/format.ts';
import { useAllPages } from './use-api.ts';

const ORGANISATIONS = graphql(`
  query OrganisationNames($after: String) {
    organisations(first: 100, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
const OWNERS = graphql(`
  query ParticipantOwners($after: String) {
    participants(first: 100, after: $after) {
      edges {
        node {
          id
          organisationId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/**
 * Names by id of an organisation, or of a participant, which has that of its organisation and, where this has several, the
 * beginning of its id. Where a name is not known, or not yet, the beginning of the id stands for it.
 */
export function useNames(): (id: string) => string {
  const organisations = useAllPages(ORGANISATIONS, {}, (answer) => answer.organisations);
  const owners = useAllPages(OWNERS, {}, (answer) => answer.participants);
  const names = new Map((organisations.data ?? []).map(({ id, name }) => [id, name]));
  const participants = owners.data ?? [];
  const counts = new Map<string, number>();
  for (const { organisationId } of participants)
    counts.set(organisationId, (counts.get(organisationId) ?? 0) + 1);
  for (const { id, organisationId } of participants) {
    const name = names.get(organisationId);
    if (name !== undefined) names.set(id, counts.get(organisationId) === 1 ? name : `${name} ${short(id)}`);
  }
  return (id) => names.get(id) ?? short(id);
}

/** An organisation or participant by name; its id stands behind it. */
export function Named({ id }: { readonly id: string }) {
  const nameOf = useNames();
  return <span title={id}>{nameOf(id)}</span>;
}
