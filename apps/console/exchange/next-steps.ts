import type { NegotiationState } from '../generated/graphql.ts';

export type Step = 'accept' | 'agree' | 'verify' | 'finalise' | 'terminate';
type Party = 'consumer' | 'provider';

/** What each side may do next, as the table of docs/EXCHANGE.md; counter-offers are for the command line. */
const STEPS: Readonly<Record<NegotiationState, Readonly<Record<Party, readonly Step[]>>>> = {
  REQUESTED: { consumer: ['terminate'], provider: ['agree', 'terminate'] },
  OFFERED: { consumer: ['accept', 'terminate'], provider: ['terminate'] },
  ACCEPTED: { consumer: [], provider: ['agree', 'terminate'] },
  AGREED: { consumer: ['verify', 'terminate'], provider: [] },
  VERIFIED: { consumer: [], provider: ['finalise', 'terminate'] },
  FINALIZED: { consumer: [], provider: [] },
  TERMINATED: { consumer: [], provider: [] },
};

export const stepsOf = (state: NegotiationState, party: Party): readonly Step[] => STEPS[state][party];
