import { randomBytes } from 'node:crypto';
import { DomainError, type Interval, parseInstant, signJson, toHex } from '#core';
import { type KeptLots, LOT_CONTEXT, LOT_NONCE_BYTES, lotCommitment, lotFaults, lotStatement } from '#market';
import type { SessionJournal } from './session-journal.ts';
import type { GraphqlClient, Signer } from './signer.ts';

const COMMIT = `mutation ($sessionId: ID!, $commitment: String!, $signature: String!) {
  commitLot(sessionId: $sessionId, commitment: $commitment, signature: $signature) { commitment }
}`;
const REVEAL =
  'mutation ($sessionId: ID!, $nonce: String!) { revealLot(sessionId: $sessionId, nonce: $nonce) { nonce } }';
const LOTS = `query ($sessionId: ID!, $after: String) {
  marketLots(sessionId: $sessionId, first: 100, after: $after) {
    marketCommitment marketNonce commitmentsHash
    lots { edges { node { participantId commitment nonce } } pageInfo { hasNextPage endCursor } }
  }
}`;
const CLEARINGS = `query ($sessionId: ID!, $after: String) {
  marketClearings(sessionId: $sessionId, first: 100, after: $after) {
    edges { node { startsAt certificate } } pageInfo { hasNextPage endCursor }
  }
}`;

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface LotsAnswer {
  readonly marketCommitment: string;
  readonly marketNonce: string | null;
  readonly commitmentsHash: string | null;
  readonly lots: Page<{
    readonly participantId: string;
    readonly commitment: string;
    readonly nonce: string | null;
  }>;
}

interface ClearingNode {
  readonly startsAt: string;
  readonly certificate: { readonly options?: { readonly seed?: string } };
}

/** Commits the site to a nonce of its own for a session, kept before it is said. @throws the platform's refusal */
export async function commitToLot(
  client: GraphqlClient,
  { participantId, privateKey }: Signer,
  session: string,
  journal: SessionJournal,
): Promise<void> {
  const { marketCommitment } = await lotsOf(client, session, null);
  const { nonce } = journal.lot(session, () => ({
    nonce: toHex(randomBytes(LOT_NONCE_BYTES)),
    marketCommitment,
  }));
  const commitment = lotCommitment(session, { participant: participantId, nonce });
  const statement = lotStatement(session, { participant: participantId, commitment });
  const signature = await signJson(privateKey, LOT_CONTEXT, statement);
  await client.request(COMMIT, { sessionId: session, commitment, signature });
}

/**
 * Lets the nonce go, after the gate. What it is drawn together with is kept first, so that no commitment can be made to
 * fit nonces that are known. @throws LOTS_UNKNOWN where the platform does not say that, the platform's refusal
 */
export async function revealOwnLot(
  client: GraphqlClient,
  session: string,
  journal: SessionJournal,
): Promise<void> {
  const kept = journal.lot(session);
  const { commitmentsHash } = await lotsOf(client, session, null);
  if (commitmentsHash === null) {
    throw new DomainError('LOTS_UNKNOWN', 'expected the hash of all commitments, got none', 'conflict');
  }
  journal.lotSet(session, commitmentsHash);
  await client.request(REVEAL, { sessionId: session, nonce: kept.nonce });
}

/** Draws a cleared session's lots again. @returns how many there were, and what does not hold */
export async function auditLots(
  client: GraphqlClient,
  kept: KeptLots,
  slots: readonly Interval[],
): Promise<{ readonly committed: number; readonly revealed: number; readonly faults: readonly string[] }> {
  const pages: LotsAnswer[] = [];
  do pages.push(await lotsOf(client, kept.session, pages.at(-1)?.lots.pageInfo.endCursor ?? null));
  while (pages.at(-1)!.lots.pageInfo.hasNextPage);
  const lots = pages.flatMap((page) =>
    page.lots.edges.map(({ node: { participantId, ...lot } }) => ({ ...lot, participant: participantId })),
  );
  const seedAt = new Map((await clearingsOf(client, kept.session)).map(({ startsAt, certificate }) => [parseInstant(startsAt), certificate.options?.seed])); // prettier-ignore
  const seeds = slots.map((slot) => ({ slot, seed: seedAt.get(slot.startMs) ?? null }));
  return {
    committed: lots.length,
    revealed: lots.filter(({ nonce }) => nonce !== null).length,
    faults: lotFaults(kept, { marketNonce: pages[0]!.marketNonce, lots, seeds }),
  };
}

async function lotsOf(client: GraphqlClient, sessionId: string, after: string | null): Promise<LotsAnswer> {
  const { marketLots } = await client.request<{ marketLots: LotsAnswer | null }>(LOTS, { sessionId, after });
  if (marketLots === null) {
    throw new DomainError(
      'LOTS_UNKNOWN',
      'expected the lots of a session that draws them, got none',
      'conflict',
    );
  }
  return marketLots;
}

async function clearingsOf(client: GraphqlClient, sessionId: string): Promise<ClearingNode[]> {
  const clearings: ClearingNode[] = [];
  let after: string | null = null;
  do {
    const { marketClearings }: { marketClearings: Page<ClearingNode> } = await client.request(CLEARINGS, {
      sessionId,
      after,
    });
    clearings.push(...marketClearings.edges.map(({ node }) => node));
    after = marketClearings.pageInfo.hasNextPage ? marketClearings.pageInfo.endCursor : null;
  } while (after !== null);
  return clearings;
}
