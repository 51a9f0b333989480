import { type Interval } from '#core';
import { type Commitment, type Reveal, MARKET_LOT, commitmentsHash, lotCommitment, lotSeed } from './lots.ts';

/** What a participant kept of a session's lots before it let its own nonce go. */
export interface KeptLots {
  readonly session: string;
  readonly own: Reveal;
  readonly marketCommitment: string;
  readonly commitmentsHash: string;
}

/** What the market shows of them once the session is cleared. */
export interface ShownLots {
  readonly marketNonce: string | null;
  readonly lots: readonly (Commitment & { readonly nonce: string | null })[];
  /** Of every slot, as in its certificate. */
  readonly seeds: readonly { readonly slot: Interval; readonly seed: string | null }[];
}

/** commitments came, went or changed; own nonce is not there; a nonce does not fit; lots were drawn from something else. */
export type LotFault = 'commitments' | 'own' | 'market' | 'nonces' | 'seeds';

/** Draws a session's lots again. @returns what does not hold, nothing where the draw was as promised */
export function lotFaults(kept: KeptLots, { marketNonce, lots, seeds }: ShownLots): LotFault[] {
  const { session, own } = kept;
  const market = { participant: MARKET_LOT, nonce: marketNonce ?? '' };
  const reveals = lots.flatMap(({ participant, nonce }) => (nonce === null ? [] : [{ participant, nonce }]));
  const fits = (reveal: Reveal, commitment: string | undefined): boolean =>
    /^[0-9a-f]{64}$/.test(reveal.nonce) && lotCommitment(session, reveal) === commitment;
  const committed = new Map(lots.map(({ participant, commitment }) => [participant, commitment]));
  const holds: Readonly<Record<LotFault, boolean>> = {
    commitments: commitmentsHash(session, lots) === kept.commitmentsHash,
    own: reveals.some(({ participant, nonce }) => participant === own.participant && nonce === own.nonce),
    market: fits(market, kept.marketCommitment),
    nonces: reveals.every((reveal) => fits(reveal, committed.get(reveal.participant))),
    seeds: seeds.every(({ slot, seed }) => seed === lotSeed(session, slot, [market, ...reveals])),
  };
  return (Object.keys(holds) as LotFault[]).filter((fault) => !holds[fault]);
}
