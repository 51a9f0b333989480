import { PORTRAIT_CONTEXT, portraitStatement, type SharedLabel } from '#analytics';
import { EMISSIONS_CONTEXT, emissionsStatement } from '#carbon';
import { DAY_MS, isoInstant, signJson } from '#core';
import { publishPortrait } from '../../apps/participant/carbon/publish-portrait.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import type { TestParticipant } from './participant.ts';
import type { TestPlatform } from './platform.ts';

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

/** What a node shares of a load whose days are all alike. */
export function shareFromNode(
  { url }: TestPlatform,
  { id, signingKey }: TestParticipant,
  label: SharedLabel['label'],
) {
  const publisher = { participantId: id, privateKey: signingKey.privateKey };
  const kinds = [{ label, shareOfDays: 1, shareOfWeekends: 2 / 7, meanDayKwh: 24, shares: [] }];
  const figures = { meanDayKwh: 24, loadFactor: 1, weekendRatio: 1 };
  const skipped = { incomplete: 0, clockChange: 0, idle: 0 };
  return publishPortrait(new PlatformClient(url, publisher), publisher, {
    days: 28,
    skipped,
    kinds,
    ...figures,
  });
}
