import type { Interval } from '#core';
import type { CertificateKind, ClaimWithin } from './certificate.ts';
import type { MatchOrder } from './matching.ts';

/**
 * What a registry is asked to do. A certificate is named by its id, or by its issue where that has one live certificate
 * only. `wh` null takes all of it; less is split off first, from the low numbers.
 */
export type Operation =
  | IssueOperation
  | { readonly type: 'split'; readonly certificate: string; readonly wh: number }
  | {
      readonly type: 'transfer';
      readonly certificate: string;
      readonly wh: number | null;
      readonly to: string;
    }
  | ClaimOperation
  /** Claims whatever an owner (null: every owner) holds of both kinds, hour by hour and area by area. */
  | { readonly type: 'match'; readonly owner: string | null; readonly order: MatchOrder }
  /** What has expired by then. */
  | { readonly type: 'expire'; readonly atMs: number }
  | { readonly type: 'withdraw'; readonly certificate: string; readonly wh: number | null }
  | ChargeOperation
  | DischargeOperation;

export interface IssueOperation {
  readonly type: 'issue';
  readonly id: string;
  readonly kind: CertificateKind;
  readonly meter: string;
  readonly interval: Interval;
  readonly area: string;
  readonly technology: string | null;
  readonly trial: boolean;
  readonly intensityKgPerKwh: string | null;
  readonly expiresMs: number | null;
  /** Id of the issue that it adds to. */
  readonly supplements: string | null;
  readonly owner: string;
  readonly wh: number;
  readonly start: number;
}

export interface ClaimOperation {
  readonly type: 'claim';
  readonly production: string;
  readonly consumption: string;
  /** Null: as much as both have. */
  readonly wh: number | null;
  readonly within: ClaimWithin;
}

/** Cancels production for what a storage took up in the same interval. */
export interface ChargeOperation {
  readonly type: 'charge';
  readonly storage: string;
  readonly certificate: string;
  readonly wh: number | null;
  readonly interval: Interval;
}

/** Issues production for what a storage gave back. */
export interface DischargeOperation {
  readonly type: 'discharge';
  readonly storage: string;
  readonly id: string;
  readonly meter: string;
  readonly interval: Interval;
  readonly owner: string;
  readonly wh: number;
  /** Delivered Wh per charged Wh, an exact decimal in (0, 1]. */
  readonly efficiency: string;
  readonly expiresMs: number | null;
}
