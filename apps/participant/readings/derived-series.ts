import type { MeterSeries } from '#metering';
import { GENERATION, isGenerationBySource, MIX_COLUMNS, mixSeries, offeredMixes } from './mix-series.ts';

/** Net consumption: what is drawn less what is generated behind the meter. */
export const NET_COLUMN = 'net_kwh';
const NET_PARTS = ['load_kwh', 'pv_kwh'] as const;

/**
 * What can be read where files hold these columns: they, the net of load and PV where no file has one of its own, and the average
 * intensity of generation by source where every source has a published factor.
 */
export function offeredColumns(stored: readonly string[]): string[] {
  const hasNet = !stored.includes(NET_COLUMN) && NET_PARTS.every((part) => stored.includes(part));
  return [...stored, ...(hasNet ? [NET_COLUMN] : []), ...offeredMixes(stored)].toSorted();
}

const isMix = (column: string, stored: readonly string[]): boolean =>
  MIX_COLUMNS.includes(column) && !stored.includes(column);

/** The columns of files that a column is made of: itself, the parts of a derived net, or generation by source. */
export function partsOf(column: string, stored: readonly string[]): readonly string[] {
  if (isMix(column, stored)) return stored.filter(isGenerationBySource).toSorted();
  return column === NET_COLUMN && !stored.includes(NET_COLUMN) ? NET_PARTS : [column];
}

/** A column from its parts, all of the same steps: the one there is alone, an intensity, or the first less the second where both are known. */
export function derivedSeries(
  column: string,
  parts: readonly (readonly [name: string, series: MeterSeries])[],
): MeterSeries {
  const [[only, first], second] = parts as [readonly [string, MeterSeries], (typeof parts)[number]?];
  if (only === column) return first;
  if (MIX_COLUMNS.includes(column)) return mixSeries(column, parts);
  return { ...first, values: first.values.map((value, i) => value - second![1].values[i]!) };
}

/**
 * The series whose readings a sum over this one reveals something of. A net, and an intensity of generation, are taken as derived
 * even where a file has its own.
 */
export function readingsBehind(series: string): readonly string[] {
  if (series === NET_COLUMN) return [NET_COLUMN, ...NET_PARTS];
  return MIX_COLUMNS.includes(series) || isGenerationBySource(series) ? [series, GENERATION] : [series];
}
