import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createClient } from 'graphql-ws';
import { useEffect, useState } from 'react';
import type { TypedDocumentString } from '../generated/graphql.ts';
import { ApiError, request } from './request.ts';
import { useSession } from './session.tsx';

/** What a query answers, kept by its text and variables; `null` variables: do not ask yet. */
export function useApi<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V | null,
): UseQueryResult<R, ApiError> {
  const { apiKey } = useSession();
  return useQuery<R, ApiError>({
    queryKey: [document.toString(), variables],
    enabled: apiKey !== null && variables !== null,
    queryFn: () => request(apiKey ?? '', document, variables as V),
  });
}

/** A query that is asked when it is told to and never again by itself: each read of it may count, and cost. */
export function useReading<R, V>(document: TypedDocumentString<R, V>) {
  const { apiKey } = useSession();
  return useMutation<R, ApiError, V>({
    mutationFn: (variables) => request(apiKey ?? '', document, variables),
  });
}

/** One page of a connection. */
interface Page<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** Every page of a list, which a chart needs whole; at most 50. `null` variables: do not ask yet. */
export function useAllPages<R, V extends { after?: unknown }, Node>(
  document: TypedDocumentString<R, V>,
  variables: V | null,
  pageOf: (answer: R) => Page<Node>,
): UseQueryResult<Node[], ApiError> {
  return useListsOf(document, variables === null ? null : [variables], pageOf);
}

/** As `useAllPages` of several lists, one after the other: all their nodes in order. */
export function useListsOf<R, V extends { after?: unknown }, Node>(
  document: TypedDocumentString<R, V>,
  lists: readonly V[] | null,
  pageOf: (answer: R) => Page<Node>,
): UseQueryResult<Node[], ApiError> {
  const { apiKey } = useSession();
  return useQuery<Node[], ApiError>({
    queryKey: ['all pages', document.toString(), lists],
    enabled: apiKey !== null && lists !== null,
    async queryFn() {
      const nodes: Node[] = [];
      for (const variables of lists ?? [])
        nodes.push(
          ...(await allPages((after) =>
            request(apiKey ?? '', document, { ...variables, after }).then(pageOf),
          )),
        );
      return nodes;
    },
  });
}

/** All nodes of a list, page after page. @throws ApiError LIST_TOO_LONG */
export async function allPages<Node>(read: (after: string | null) => Promise<Page<Node>>): Promise<Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { edges, pageInfo }: Page<Node> = await read(after);
    nodes.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return nodes;
    after = pageInfo.endCursor ?? null;
  }
  throw new ApiError('LIST_TOO_LONG', `expected at most ${nodes.length} rows, got more`);
}

const MAX_PAGES = 50;

/** A mutation under an idempotency key of its own; what the pages show is asked for again when it is done. */
export function useChange<R, V>(document: TypedDocumentString<R, V>) {
  const { apiKey } = useSession();
  const queries = useQueryClient();
  return useMutation<R, ApiError, V>({
    mutationFn: (variables) => request(apiKey ?? '', document, variables, crypto.randomUUID()),
    onSuccess: () => queries.invalidateQueries(),
  });
}

/**
 * Asks again for what the page shows whenever the subscription tells of a change; reconnects by itself.
 * @returns false once the platform has refused it: what is shown may be old from then on
 */
export function useLive<R, V extends Record<string, unknown>>(
  document: TypedDocumentString<R, V>,
  variables: V,
): boolean {
  const { apiKey } = useSession();
  const queries = useQueryClient();
  const [isLive, setLive] = useState(true);
  const query = document.toString();
  const asked = JSON.stringify(variables);
  useEffect(() => {
    if (apiKey === null) return undefined;
    const url = `${location.origin.replace(/^http/, 'ws')}/graphql`;
    const client = createClient({
      url,
      connectionParams: { authorization: `Bearer ${apiKey}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      // A refusal (4403: the key was revoked) is an answer, not a break.
      shouldRetry: (event) => !(event instanceof CloseEvent && event.code >= 4_400),
    });
    const stop = client.subscribe(
      { query, variables: JSON.parse(asked) as Record<string, unknown> },
      {
        next: () => void queries.invalidateQueries(),
        error: () => setLive(false),
        complete: () => setLive(false),
      },
    );
    return () => {
      stop();
      void client.dispose();
    };
  }, [apiKey, query, asked, queries]);
  return isLive;
}
