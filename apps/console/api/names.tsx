import { useQuery } from '@tanstack/react-query';
import { graphql } from '../generated/gql.ts';
import { short } from '../parts/format.ts';
import { request } from './request.ts';
import { useSession } from './session.tsx';
import { allPages } from './use-api.ts';

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
 * beginning of its id.
 */
async function readNames(apiKey: string): Promise<ReadonlyMap<string, string>> {
  const [organisations, participants] = await Promise.all([
    allPages((after) => request(apiKey, ORGANISATIONS, { after }).then((answer) => answer.organisations)),
    allPages((after) => request(apiKey, OWNERS, { after }).then((answer) => answer.participants)),
  ]);
  const names = new Map(organisations.map(({ id, name }) => [id, name]));
  const counts = new Map<string, number>();
  for (const { organisationId } of participants)
    counts.set(organisationId, (counts.get(organisationId) ?? 0) + 1);
  for (const { id, organisationId } of participants) {
    const name = names.get(organisationId);
    if (name !== undefined) names.set(id, counts.get(organisationId) === 1 ? name : `${name} ${short(id)}`);
  }
  return names;
}

/** Names by id, read once for all that show some; where one is not known, or not yet, the beginning of the id stands for it. */
export function useNames(): (id: string) => string {
  const { apiKey } = useSession();
  const names = useQuery({
    queryKey: ['names'],
    enabled: apiKey !== null,
    queryFn: () => readNames(apiKey ?? ''),
  });
  return (id) => names.data?.get(id) ?? short(id);
}

/** An organisation or participant by name; its id stands behind it. */
export function Named({ id }: { readonly id: string }) {
  const nameOf = useNames();
  return <span title={id}>{nameOf(id)}</span>;
}
