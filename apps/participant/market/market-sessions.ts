import { parseInstant } from '#core';
import type { DefaultsSession } from './site-defaults.ts';
import type { GraphqlClient } from './signer.ts';

const SESSIONS = `query Sessions {
  marketSessions(first: 100) { edges { node {
    id state phase mechanism unitWh startsAt endsAt product resolutionMinutes retailPerMwh feedInPerMwh
    correctionsUntil zone currency gateClosesAt closedAt
  } } }
}`;

/** A market session as this node sees it. */
export interface Session extends DefaultsSession {
  readonly state: string;
  /** What it takes now: COMMIT, BID, REVEAL, or null. */
  readonly phase: string | null;
  readonly mechanism: string;
  readonly unitWh: number | null;
  /** Once settled: until then statements may be corrected. */
  readonly correctionsUntil: string | null;
}

type SessionNode = Omit<Session, 'startMs' | 'endMs'> & {
  readonly startsAt: string;
  readonly endsAt: string;
};

/** The newest hundred sessions of energy: a forecast says nothing of what a site could keep ready. */
export async function energySessions(client: GraphqlClient): Promise<readonly Session[]> {
  const answer = await client.request<{ marketSessions: { edges: { node: SessionNode }[] } }>(SESSIONS, {});
  return answer.marketSessions.edges.flatMap(({ node }) =>
    node.product === 'energy'
      ? [{ ...node, startMs: parseInstant(node.startsAt), endMs: parseInstant(node.endsAt) }]
      : [],
  );
}
