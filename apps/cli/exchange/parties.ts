import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { type Access, ask } from '../platform/graphql-client.ts';

/** A page of names at most. */
export const MOST_NAMES = 100;

const QUERY = `query Parties($ids: [ID!]!) { me { organisation { id } }
  organisations(organisationIds: $ids, first: ${MOST_NAMES}) { edges { node { id name } } pageInfo { hasNextPage endCursor } } }`;
const SHAPE = z.object({
  me: z.object({ organisation: z.object({ id: z.string() }) }),
  organisations: pageOf(z.object({ id: z.string(), name: z.string() })),
});

export interface Parties {
  /** The own organisation. */
  readonly own: string;
  /** The name of an organisation; its id where it has none. */
  nameOf(id: string): string;
}

/** Who the parties of what is shown are, to their reader. */
export async function partiesOf(
  access: Access,
  rows: readonly { readonly consumerId: string; readonly providerId: string }[],
): Promise<Parties> {
  const ids = [...new Set(rows.flatMap(({ consumerId, providerId }) => [consumerId, providerId]))];
  const { me, organisations } = await ask(access, QUERY, { ids: ids.slice(0, MOST_NAMES) }, SHAPE);
  const names = new Map(organisations.edges.map(({ node }) => [node.id, node.name]));
  return { own: me.organisation.id, nameOf: (id) => names.get(id) ?? id };
}
