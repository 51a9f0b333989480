import { type Interval, type Json, hashJson, isoInstant } from '#core';
import { type ProductKind } from './product.ts';

/** Names the form of a contribution certificate; part of what is hashed, and of the ledger's memo. */
export const CONTRIBUTION_FORM = 'gridcommons/contribution/1';
/** Type of the ledger entries that certify contributions. */
export const CONTRIBUTION_ENTRY = 'market.contribution';
/** ISO 4217's code for what involves no currency: these entries count certificates, one unit each. */
export const CONTRIBUTION_CURRENCY = 'XXX';

/** What one member gave to and took from its community in one session, by one version of its settlement. */
export interface Contribution {
  readonly session: string;
  readonly participant: string;
  readonly product: ProductKind;
  /** Of the settlement: 1, and one more for each re-settlement. */
  readonly version: number;
  /** The session's delivery period. */
  readonly interval: Interval;
  /** Shared energy, or capacity of the product, Wh. */
  readonly boughtWh: number;
  readonly soldWh: number;
  /**
   * Energy traded net in each interval, of a capacity what was sold; and what of it was not delivered as traded, Wh:
   * 1 − deviation/traded is the accuracy.
   */
  readonly tradedWh: number;
  readonly deviationWh: number;
  /** Traded intervals without a statement. */
  readonly missing: number;
  /** Attributes of local generation passed on and received, Wh. */
  readonly givenWh: number;
  readonly receivedWh: number;
  /** Location-based less market-based emissions of the energy received; null where no grid intensities cover the day. */
  readonly avoidedGrams: number | null;
  /** Rounds of federated tasks with an upload of the participant, up to this settlement. */
  readonly dataRounds: number;
}

/** Canonical form for hashing; instants as ISO 8601 UTC. */
export function contributionStatement({ interval, ...facts }: Contribution): Json {
  const period = { start: isoInstant(interval.startMs), end: isoInstant(interval.endMs) };
  return { form: CONTRIBUTION_FORM, ...facts, interval: period };
}

/** Lower-case hex SHA-256 of the canonical form: the certificate's id. */
export function contributionHash(contribution: Contribution): Promise<string> {
  return hashJson(contributionStatement(contribution));
}

/** The ledger entry that certifies a contribution, but for when it is booked; its memo carries the hash into the chain. */
export function contributionEntry(
  of: Pick<Contribution, 'session' | 'participant' | 'version'>,
  hash: string,
) {
  return {
    type: CONTRIBUTION_ENTRY,
    reference: settlementReference(of),
    currency: CONTRIBUTION_CURRENCY,
    memo: `${CONTRIBUTION_FORM} ${hash}`,
    postings: [
      { account: `participant:${of.participant}`, amountMinor: 1 },
      { account: 'contributions', amountMinor: -1 },
    ],
  };
}

/** What entries of a settlement refer to: (type, reference) is unique, so no version is booked twice. */
export function settlementReference({
  session,
  participant,
  version,
}: Pick<Contribution, 'session' | 'participant' | 'version'>): string {
  return version === 1 ? `${session}/${participant}` : `${session}/${participant}/${version}`;
}
