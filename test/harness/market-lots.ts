import { signJson } from '#core';
import { LOT_CONTEXT, lotCommitment, lotStatement } from '#market';
import type { MarketDay, Page } from './market-day.ts';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender } from './platform.ts';

const COMMIT = `mutation ($sessionId: ID!, $commitment: String!, $signature: String!) {
  commitLot(sessionId: $sessionId, commitment: $commitment, signature: $signature) { participantId nonce }
}`;
const REVEAL = `mutation ($sessionId: ID!, $nonce: String!) {
  revealLot(sessionId: $sessionId, nonce: $nonce) { participantId nonce }
}`;
const OPEN_BIDS = 'mutation ($id: ID!) { openBids(id: $id) { phase } }';
const PHASE = 'query ($id: ID!) { marketSession(id: $id) { state phase } }';
const LOTS = `query ($id: ID!) {
  marketLots(sessionId: $id, first: 100) {
    marketCommitment marketNonce revealUntil committed revealed commitmentsHash
    lots { edges { node { participantId commitment nonce } } pageInfo { hasNextPage endCursor } }
  }
}`;

export interface LotsFacts {
  readonly marketCommitment: string;
  readonly marketNonce: string | null;
  readonly revealUntil: string | null;
  readonly committed: number;
  readonly revealed: number;
  readonly commitmentsHash: string | null;
  readonly lots: Page<{
    readonly participantId: string;
    readonly commitment: string;
    readonly nonce: string | null;
  }>;
}

/** The lots of one session, asked for and drawn through the API. */
export class MarketLots {
  constructor(
    private readonly market: MarketDay,
    private readonly sessionId: string,
  ) {}

  async commit(
    from: TestParticipant,
    nonce: string,
    { sender = from, signer = from }: { readonly sender?: Sender; readonly signer?: TestParticipant } = {},
  ): Promise<GraphqlAnswer> {
    const { sessionId } = this;
    const commitment = lotCommitment(sessionId, { participant: from.id, nonce });
    const statement = lotStatement(sessionId, { participant: from.id, commitment });
    const signature = await signJson(signer.signingKey.privateKey, LOT_CONTEXT, statement);
    return this.market.platform.graphql(COMMIT, { sessionId, commitment, signature }, sender);
  }

  reveal(from: Sender, nonce: string): Promise<GraphqlAnswer> {
    return this.market.platform.graphql(REVEAL, { sessionId: this.sessionId, nonce }, from);
  }

  openBids(sender: Sender = this.market.platform.operatorKey): Promise<GraphqlAnswer> {
    return this.market.platform.graphql(OPEN_BIDS, { id: this.sessionId }, sender);
  }

  async phase(): Promise<{ readonly state: string; readonly phase: string | null }> {
    const { marketSession } = await this.market.platform.data<{
      marketSession: { readonly state: string; readonly phase: string | null };
    }>(PHASE, { id: this.sessionId }, this.market.platform.operatorKey);
    return marketSession;
  }

  async seenBy(sender: Sender): Promise<LotsFacts | null> {
    const answer = await this.market.platform.data<{ marketLots: LotsFacts | null }>(
      LOTS,
      { id: this.sessionId },
      sender,
    );
    return answer.marketLots;
  }
}
