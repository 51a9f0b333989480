import { DAY_MS, DomainError } from '#core';

/** What the contract keeps of a day, hex. */
export interface Anchor {
  /** Merkle root over the hashes of the day's entries. */
  readonly root: string;
  /** Hash of the day's record; it stands for all records before it. */
  readonly head: string;
}

/** Of a UTC day `2026-03-29`: days since 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(day) / DAY_MS;

/** @throws ANCHOR_MISMATCH where the contract keeps another root or record of the day: a ledger that was shown to others, or rewritten */
export function requireSameAnchor(day: string, own: Anchor, anchored: Anchor): void {
  if (anchored.root === own.root && anchored.head === own.head) return;
  throw new DomainError(
    'ANCHOR_MISMATCH',
    `expected the contract to keep root ${own.root} and record ${own.head} of ${day}, got ${anchored.root} and ${anchored.head}`,
    'conflict',
    { day, root: own.root, head: own.head, anchoredRoot: anchored.root, anchoredHead: anchored.head },
  );
}
