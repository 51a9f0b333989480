/** How an agreement was put out of use; it stays as it was signed, and none comes back. */
export const AGREEMENT_ENDINGS = ['REVOKED', 'RETIRED', 'SUPERSEDED', 'LAPSED'] as const;
export type AgreementEnding = (typeof AGREEMENT_ENDINGS)[number];

/** IN_FORCE is the only one in which data may be read. */
export const AGREEMENT_STANDINGS = [
  'AGREED',
  ...AGREEMENT_ENDINGS,
  'NOT_YET_VALID',
  'EXPIRED',
  'UNPAID',
  'IN_FORCE',
] as const;
export type AgreementStanding = (typeof AGREEMENT_STANDINGS)[number];

export interface AgreementFacts {
  /** Whether the negotiation reached FINALIZED. */
  readonly finalised: boolean;
  /** The first ending recorded, if any. */
  readonly ending: AgreementEnding | null;
  /** Valid in [from, until); without an end where `validUntilMs` is null. */
  readonly validFromMs: number;
  readonly validUntilMs: number | null;
  /** Paid, or free of charge. */
  readonly paid: boolean;
}

/**
 * What an agreement is worth at an instant. An ending counts whenever it was recorded: a clock that is behind opens nothing
 * that has been closed.
 */
export function standingAt(
  { finalised, ending, validFromMs, validUntilMs, paid }: AgreementFacts,
  atMs: number,
): AgreementStanding {
  if (ending !== null) return ending;
  if (!finalised) return 'AGREED';
  if (atMs < validFromMs) return 'NOT_YET_VALID';
  if (validUntilMs !== null && atMs >= validUntilMs) return 'EXPIRED';
  return paid ? 'IN_FORCE' : 'UNPAID';
}
