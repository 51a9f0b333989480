import { PORTRAIT_CONTEXT, portraitStatement, type SharedLabel } from '#analytics';
import { EMISSIONS_CONTEXT, emissionsStatement } from '#carbon';
import { DAY_MS, isoInstant, signJson } from '#core';
import type { TestParticipant } from './participant.ts';

/** Midnight UTC of the first day that anything is published of. */
export const FIRST_DAY = Date.UTC(2026, 2, 1);

/** Input of publishEmissions: a day's totals, half of the location-based ones market-based. */
export async function dayTotals(
  { id, signingKey }: TestParticipant,
  seriesId: string,
  day: number,
  locationGrams: number,
) {
  const startMs = FIRST_DAY + day * DAY_MS;
  const endMs = startMs + DAY_MS;
  const totals = {
    hours: 24,
    locationGrams,
    marketGrams: locationGrams / 2,
    methodVersion: 'gridcommons/scope2-hourly/1',
    basis: 'direct',
    factorIds: [seriesId, 'pv-rooftop/direct/ipcc-ar5'],
  } as const;
  const statement = emissionsStatement(id, { ...totals, startMs, endMs });
  const signature = await signJson(signingKey.privateKey, EMISSIONS_CONTEXT, statement);
  return { ...totals, start: isoInstant(startMs), end: isoInstant(endMs), signature };
}

/** Input of publishPortrait. */
export async function portraitOf({ id, signingKey }: TestParticipant, labels: readonly SharedLabel[]) {
  const statement = portraitStatement(id, labels);
  const signature = await signJson(signingKey.privateKey, PORTRAIT_CONTEXT, statement);
  return { method: 'gridcommons/portrait/1', labels, signature };
}
