import { DomainError } from '#core';
import type { PlatformApi } from './platform-api.ts';
import type { Member } from './steps.ts';

export const METHODS = ['SHAPLEY', 'NASH'] as const;

interface Share {
  readonly participantId: string;
  readonly shareMinor: number;
  readonly standardErrorMinor: number;
}

/** How the surplus of a session is shared by one method; no shares where the platform refused, by its code. */
export interface SharedSurplus {
  readonly surplusMinor: number;
  readonly aggregatorMinor: number;
  /** By participant. */
  readonly shares: ReadonlyMap<string, Share>;
  readonly refusal: string | null;
}

const SHARES = `query ($id: ID!, $method: SharingMethod!) {
  sessionShares(sessionId: $id, method: $method, first: 100) {
    surplusMinor aggregatorMinor
    shares { edges { node { participantId shareMinor standardErrorMinor } } }
  }
}`;

interface Answer {
  readonly sessionShares: {
    readonly surplusMinor: number;
    readonly aggregatorMinor: number | null;
    readonly shares: { readonly edges: readonly { readonly node: Share }[] };
  } | null;
}

const PATIENCE_MS = 120_000;
/** The demo has at most 60 firms, so that one page holds them all. */
async function sharesSeenBy(api: PlatformApi, id: string, method: string): Promise<SharedSurplus> {
  const { sessionShares } = await api.until(
    () => api.request<Answer>(SHARES, { id, method }),
    (answer) => answer.sessionShares !== null,
    `${method} shares of the session`,
    PATIENCE_MS,
  );
  const { surplusMinor, aggregatorMinor, shares } = sessionShares!;
  return {
    surplusMinor,
    aggregatorMinor: aggregatorMinor ?? 0,
    shares: new Map(shares.edges.map(({ node }) => [node.participantId, node])),
    refusal: null,
  };
}

const REFUSED: ReadonlySet<string> = new Set(['BARGAIN_INFEASIBLE', 'GAME_TOO_LARGE', 'SHARES_INCOMPLETE']);

/** What the organiser sees of each method, and each member of its own; where they differ, it is named. */
export async function sharesOf(
  organiser: PlatformApi,
  members: readonly Member[],
  sessionId: string,
): Promise<{
  readonly byMethod: Record<(typeof METHODS)[number], SharedSurplus>;
  readonly faults: string[];
}> {
  const seen = await Promise.all(
    METHODS.map(async (method) => {
      try {
        const shared = await sharesSeenBy(organiser, sessionId, method);
        const own = await Promise.all(members.map(({ api }) => sharesSeenBy(api, sessionId, method)));
        return { shared, faults: sharingFaults(method, shared, members, own) };
      } catch (error) {
        if (!(error instanceof DomainError && REFUSED.has(error.code))) throw error;
        const shared = { surplusMinor: 0, aggregatorMinor: 0, shares: new Map(), refusal: error.code };
        return { shared, faults: [] };
      }
    }),
  );
  return {
    byMethod: { SHAPLEY: seen[0]!.shared, NASH: seen[1]!.shared },
    faults: seen.flatMap(({ faults }) => faults),
  };
}

/** Whether shares conserve the surplus to the unit, and each member sees its own share and no other. */
export function sharingFaults(
  method: string,
  { surplusMinor, aggregatorMinor, shares }: SharedSurplus,
  members: readonly Pick<Member, 'name' | 'participantId'>[],
  own: readonly Pick<SharedSurplus, 'shares'>[],
): string[] {
  const total = [...shares.values()].reduce((sum, { shareMinor }) => sum + shareMinor, aggregatorMinor);
  const faults = total === surplusMinor ? [] : [`${method} shares ${total}, expected ${surplusMinor}`];
  const mistaken = members.filter(({ participantId }, i) => {
    const told = [...own[i]!.shares.values()];
    const expected = shares.get(participantId);
    return (
      told.length !== (expected === undefined ? 0 : 1) ||
      told.some((share) => share.participantId !== participantId || share.shareMinor !== expected!.shareMinor)
    );
  });
  return [...faults, ...mistaken.map(({ name }) => `${name} sees other ${method} shares than its own`)];
}
