import { DAY_MS, HOUR_MS, type Interval } from '#core';
import type { SeenTerms, TaskCard } from '#federation';
import {
  CLEAR_SKY,
  clearSkySeries,
  holidayCalendar,
  NO_INPUTS,
  type Place,
  type SiteInputs,
} from '#forecasting';
import { dailySeries, type MeterSeries } from '#metering';
import type { SiteNode } from '../node/node.ts';
import { sitePlace } from './site-place.ts';

/**
 * What a card's model sees of this site beside its series, over `range`. Columns known ahead are taken as the files have them,
 * for times to come as well: their values are somebody's forecasts. Of the others nothing later than the business clock counts.
 * @throws HOLIDAYS_UNKNOWN
 */
export async function siteInputs(node: SiteNode, card: TaskCard, range: Interval): Promise<SiteInputs> {
  const { model, data } = card;
  if (!model.inputs) return NO_INPUTS;
  const grid = { stepMinutes: model.stepMinutes, zone: data.zone, knownBeforeMs: node.clock.nowMs() };
  return inputsFrom(node, model.inputs, range, grid);
}

/**
 * The columns of a site's readings that a model sees beside its series, over `range`: those known ahead to its end, the others up to
 * `knownBeforeMs`. What was never imported is left out; the clear sky of the site's place is
 * computed. @throws HOLIDAYS_UNKNOWN
 */
export async function inputsFrom(
  { readings, directory }: Pick<SiteNode, 'readings' | 'directory'>,
  { ahead, past, holidays }: SeenTerms,
  range: Interval,
  grid: { readonly stepMinutes: number; readonly zone: string; readonly knownBeforeMs: number },
): Promise<SiteInputs> {
  const imported = new Set(await readings.columns());
  const columns = new Map<string, MeterSeries>();
  for (const name of [...past, ...ahead].filter((column) => imported.has(column))) {
    const knownBeforeMs = ahead.includes(name) ? range.endMs : grid.knownBeforeMs;
    columns.set(name, await readings.regular(name, range, { ...grid, knownBeforeMs }));
  }
  const place = ahead.includes(CLEAR_SKY) ? sitePlace(directory) : null;
  if (place) columns.set(CLEAR_SKY, clearSky(place, range, grid));
  return { columns, isHoliday: holidays ? await holidayCalendar(holidays) : NO_INPUTS.isHoliday };
}

/** On the grid that readings are summed to: steps of UTC, or local days. */
function clearSky(
  place: Place,
  { startMs, endMs }: Interval,
  { stepMinutes, zone }: { readonly stepMinutes: number; readonly zone: string },
): MeterSeries {
  const resolutionMs = Math.min(HOUR_MS, stepMinutes * 60_000);
  const firstMs = Math.ceil(startMs / resolutionMs) * resolutionMs;
  const count = Math.max(0, Math.ceil((endMs - firstMs) / resolutionMs));
  const series = clearSkySeries(place, { startMs: firstMs, resolutionMs }, count);
  return stepMinutes * 60_000 === DAY_MS ? dailySeries(series, zone, 'mean') : series;
}
