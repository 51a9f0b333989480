import { parseInstant } from '#core';
import type { Entry, InclusionPath, SignedDay } from '#ledger';
import type { GraphqlClient } from '../market/signer.ts';
import type { SeenEntry } from './ledger-journal.ts';

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE = 'pageInfo { hasNextPage endCursor }';
const DAYS = `query LedgerDays($since: String) {
  ledgerDays(since: $since, first: 20) {
    edges { node { day firstIndex lastIndex entries root head previous platformKey hash signature } }
    ${PAGE}
  }
}`;
const ENTRIES = `query LedgerEntries($after: String) {
  ledger { entries(first: 100, after: $after) { edges { node { index hash salt } } ${PAGE} } }
}`;
const PROOFS = `query LedgerProofs($day: String!, $after: String) {
  ledgerProofs(day: $day, first: 100, after: $after) {
    edges {
      node {
        entry { index previousHash hash type reference currency postings { account amountMinor } memo at salt }
        path
      }
    }
    ${PAGE}
  }
}`;
const COUNTERSIGN = `mutation ($input: CountersignLedgerDayInput!) {
  countersignLedgerDay(input: $input) { signature }
}`;

/** An own entry with its place in a day, as the platform says. */
export interface Proof {
  readonly entry: Entry;
  readonly path: InclusionPath;
}

const nodesOf = <T>({ edges }: Page<T>): T[] => edges.map(({ node }) => node);

/** Up to 20 records from a day on, that day's included; from the first where there is none. */
export async function daysSince(client: GraphqlClient, since: string | null): Promise<SignedDay[]> {
  const { ledgerDays } = await client.request<{ ledgerDays: Page<SignedDay> }>(DAYS, { since });
  return nodesOf(ledgerDays);
}

/** Up to 100 own entries after a cursor, without those of before there were salts, and where they end. */
export async function entriesAfter(
  client: GraphqlClient,
  after: string | null,
): Promise<{ readonly entries: readonly SeenEntry[]; readonly cursor: string | null }> {
  const { ledger } = await client.request<{
    ledger: { entries: Page<SeenEntry & { readonly salt: string | null }> };
  }>(ENTRIES, { after });
  const salted = nodesOf(ledger.entries).filter(({ salt }) => salt !== null);
  return {
    entries: salted.map(({ index, hash }) => ({ index, hash })),
    cursor: ledger.entries.pageInfo.endCursor,
  };
}

/** Proofs of all own entries of a day. */
export async function proofsOf(
  client: GraphqlClient,
  { day, entries }: Pick<SignedDay, 'day' | 'entries'>,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  let after: string | null = null;
  do {
    const answer: { ledgerProofs: Page<{ entry: Omit<Entry, 'atMs'> & { at: string }; path: string[] }> } =
      await client.request(PROOFS, { day, after });
    for (const { entry, path } of nodesOf(answer.ledgerProofs)) {
      const { at, ...rest } = entry;
      proofs.push({ entry: { ...rest, atMs: parseInstant(at) }, path });
    }
    const { hasNextPage, endCursor } = answer.ledgerProofs.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null && proofs.length < entries);
  return proofs;
}

export async function sendCountersignature(
  client: GraphqlClient,
  day: string,
  signature: string,
): Promise<void> {
  await client.request(COUNTERSIGN, { input: { day, signature } });
}
