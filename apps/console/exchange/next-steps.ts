import type { NegotiationState } from '../generated/graphql.ts';

export type Step = 'accept' | 'agree' | 'verify' | 'finalise' | 'counter' | 'terminate';
export type Party = 'consumer' | 'provider';

/** What each side may do next, as the table of docs/EXCHANGE.md; the first is what leads on. */
const STEPS: Readonly<Record<NegotiationState, Readonly<Record<Party, readonly Step[]>>>> = {
  REQUESTED: { consumer: ['terminate'], provider: ['agree', 'counter', 'terminate'] },
  OFFERED: { consumer: ['accept', 'counter', 'terminate'], provider: ['terminate'] },
  ACCEPTED: { consumer: [], provider: ['agree', 'terminate'] },
  AGREED: { consumer: ['verify', 'terminate'], provider: [] },
  VERIFIED: { consumer: [], provider: ['finalise', 'terminate'] },
  FINALIZED: { consumer: [], provider: [] },
  TERMINATED: { consumer: [], provider: [] },
};

export const stepsOf = (state: NegotiationState, party: Party): readonly Step[] => STEPS[state][party];

/** Whose word is waited for; null: nobody's. To end it is a way out, not a turn. */
export function turnOf(state: NegotiationState): Party | null {
  const leadsOn = (party: Party) => STEPS[state][party].some((step) => step !== 'terminate');
  if (leadsOn('consumer')) return 'consumer';
  return leadsOn('provider') ? 'provider' : null;
}

/** How far it has come: terms are open, an agreement is written, verified, in force. */
export const STAGES = ['terms', 'agreed', 'verified', 'inForce'] as const;
export function stageOf(state: NegotiationState): (typeof STAGES)[number] | null {
  if (state === 'TERMINATED') return null;
  const later = { AGREED: 'agreed', VERIFIED: 'verified', FINALIZED: 'inForce' } as const;
  return state in later ? later[state as keyof typeof later] : 'terms';
}
