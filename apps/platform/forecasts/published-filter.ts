import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { DomainError, quoted } from '#core';
import { isUuid } from '../pipeline/uuid.ts';

/** What lists of published things have in common: order of publication as cursor, publishers and times as filters. */
const MAX_ORGANISATIONS = 100;

/** @throws ORGANISATION_IDS unless absent or at most 100 UUIDs. */
export function requireOrganisationIds(
  ids: readonly string[] | null | undefined,
): readonly string[] | undefined {
  if (ids === null || ids === undefined) return undefined;
  if (ids.length > MAX_ORGANISATIONS || !ids.every((id) => isUuid(id))) {
    throw new DomainError(
      'ORGANISATION_IDS',
      `expected at most ${MAX_ORGANISATIONS} organisation ids, each a UUID, got ${ids.length > MAX_ORGANISATIONS ? ids.length : quoted(ids.find((id) => !isUuid(id)))}`,
    );
  }
  return ids;
}

/** The sequence number a cursor carries, as text for a bigint comparison. @throws CURSOR_MALFORMED */
export function requireSequence(cursor: string | undefined): string | undefined {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
    throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
  }
  return cursor;
}

export const toDate = (ms: number | null | undefined): Date | undefined =>
  ms === null || ms === undefined ? undefined : new Date(ms);

/** Parameter name → condition that uses it, and its value; absent values filter nothing. */
export type Conditions = Readonly<Record<string, readonly [condition: string, value: unknown]>>;

export function addConditions<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  conditions: Conditions,
): void {
  for (const [name, [condition, value]] of Object.entries(conditions)) {
    if (value !== null && value !== undefined) query.andWhere(condition, { [name]: value });
  }
}
