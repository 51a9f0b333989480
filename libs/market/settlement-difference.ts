import { DomainError } from '#core';
import { type Delivery, type MemberInterval, type MemberSettlement, requireDelivery } from './settlement.ts';

/** Statements of one traded interval that a participant may send in all, the first included. */
export const MAX_DELIVERY_VERSIONS = 10;

/** Why a statement comes after settlement: codes, so that no free text leaves a site. */
export const CORRECTION_REASONS = [
  'LATE_READING',
  'METER_CORRECTED',
  'ESTIMATE_REPLACED',
  'STATED_WRONGLY',
] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

/** A statement that came after settlement: the first of its interval (version 1), or one that replaces another. */
export interface DeliveryCorrection extends Delivery {
  readonly version: number;
  readonly reason: CorrectionReason;
}

/** What a settlement books for a member; minor units from the member's view. */
export type BookedAmounts = Pick<MemberSettlement, 'member' | 'localMinor' | 'deviationMinor'>;

/** The newest statement of every member and interval: a correction stands for all statements before it. */
export function newestDeliveries(
  first: readonly Delivery[],
  corrections: readonly DeliveryCorrection[],
): Delivery[] {
  const newest = new Map(first.map((delivery) => [keyOf(delivery), delivery]));
  for (const { version: _version, reason: _reason, ...delivery } of corrections.toSorted(byVersion))
    newest.set(keyOf(delivery), delivery);
  return [...newest.values()];
}

/**
 * What is to be booked so that the books of `before` become those of `after`, by member id; members whose amounts stand
 * are left out. Both settlements sum to zero with their house accounts, so differences do, to the unit.
 */
export function settlementDifferences(
  before: readonly BookedAmounts[],
  after: readonly BookedAmounts[],
): BookedAmounts[] {
  const earlier = new Map(before.map((amounts) => [amounts.member, amounts]));
  const later = new Map(after.map((amounts) => [amounts.member, amounts]));
  return [...new Set([...earlier.keys(), ...later.keys()])]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((member) => ({
      member,
      localMinor: (later.get(member)?.localMinor ?? 0) - (earlier.get(member)?.localMinor ?? 0),
      deviationMinor: (later.get(member)?.deviationMinor ?? 0) - (earlier.get(member)?.deviationMinor ?? 0),
    }))
    .filter(({ localMinor, deviationMinor }) => localMinor !== 0 || deviationMinor !== 0);
}

/** Energy of the newest statement that is stored of an interval, and its version. */
export type StatedVersion = Pick<DeliveryCorrection, 'version' | 'netImportWh' | 'netExportWh'>;

/**
 * Checks that a correction continues what is stored of its interval: the next version, with another content.
 * @throws CORRECTION_VERSION, CORRECTION_REASON, CORRECTION_EMPTY, CORRECTION_LIMIT, DELIVERY_ENERGY.
 */
export function requireCorrection(
  correction: Omit<DeliveryCorrection, 'member'>,
  stored: StatedVersion | undefined,
): void {
  const { version, reason, netImportWh, netExportWh } = correction;
  requireDelivery(correction);
  const expected = (stored?.version ?? 0) + 1;
  if (version !== expected)
    throw refused('CORRECTION_VERSION', `version ${expected}`, `${version}`, 'conflict', { expected });
  if (version > MAX_DELIVERY_VERSIONS)
    throw refused('CORRECTION_LIMIT', `at most ${MAX_DELIVERY_VERSIONS} versions`, `${version}`, 'limit');
  if ((reason === 'LATE_READING') !== (version === 1))
    throw refused('CORRECTION_REASON', 'LATE_READING for version 1 and for no other', reason, 'invalid');
  if (stored?.netImportWh === netImportWh && stored.netExportWh === netExportWh)
    throw refused(
      'CORRECTION_EMPTY',
      `other energy than version ${stored.version} states`,
      'the same',
      'conflict',
    );
}

const keyOf = ({ member, interval }: MemberInterval): string => `${interval.startMs}/${member}`;

const byVersion = (a: DeliveryCorrection, b: DeliveryCorrection): number => a.version - b.version;

function refused(
  code: string,
  expected: string,
  got: string,
  kind: 'invalid' | 'conflict' | 'limit',
  data: Readonly<Record<string, number>> = {},
): DomainError {
  return new DomainError(code, `expected ${expected}, got ${got}`, kind, data);
}
