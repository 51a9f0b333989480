import { parseInstant } from '#core';
import type { CheckedTrade } from './feeder.ts';
import type { Member } from './steps.ts';

const TRADES = `query ($id: ID!, $after: String) {
  marketTrades(sessionId: $id, first: 100, after: $after) {
    edges { node { startsAt buyerParticipantId sellerParticipantId quantityWh } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Answer {
  readonly marketTrades: {
    readonly edges: readonly {
      readonly node: {
        readonly startsAt: string;
        readonly buyerParticipantId: string;
        readonly sellerParticipantId: string;
        readonly quantityWh: number;
      };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** All trades of a session, each as its buyer sees it, in order of time. */
export async function tradesOfMembers(members: readonly Member[], id: string): Promise<CheckedTrade[]> {
  const names = new Map(members.map(({ name, participantId }) => [participantId, name]));
  const trades: CheckedTrade[] = [];
  for (const { api, name, participantId } of members) {
    let after: string | null = null;
    do {
      const { marketTrades }: Answer = await api.request<Answer>(TRADES, { id, after });
      for (const { node } of marketTrades.edges) {
        const { buyerParticipantId, sellerParticipantId, startsAt, quantityWh } = node;
        if (buyerParticipantId !== participantId) continue;
        trades.push({ startsAt, seller: names.get(sellerParticipantId)!, buyer: name, quantityWh });
      }
      after = marketTrades.pageInfo.hasNextPage ? marketTrades.pageInfo.endCursor : null;
    } while (after !== null);
  }
  return trades.toSorted((a, b) => parseInstant(a.startsAt) - parseInstant(b.startsAt));
}
