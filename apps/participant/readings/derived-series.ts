import type { MeterSeries } from '#metering';

/** Net consumption: what is drawn less what is generated behind the meter. */
export const NET_COLUMN = 'net_kwh';
const NET_PARTS = ['load_kwh', 'pv_kwh'] as const;

/** What can be read where files hold these columns: they, and the net of load and PV where no file has one of its own. */
export function offeredColumns(stored: readonly string[]): string[] {
  const hasNet = !stored.includes(NET_COLUMN) && NET_PARTS.every((part) => stored.includes(part));
  return (hasNet ? [...stored, NET_COLUMN] : [...stored]).toSorted();
}

/** The columns of files that a column is made of: itself, or the parts of a derived net. */
export const partsOf = (column: string, stored: readonly string[]): readonly string[] =>
  column === NET_COLUMN && !stored.includes(NET_COLUMN) ? NET_PARTS : [column];

/** The first less the second, where both are known, of the same steps; the one there is alone. */
export function difference([minuend, subtrahend]: readonly MeterSeries[]): MeterSeries {
  if (subtrahend === undefined) return minuend!;
  return { ...minuend!, values: minuend!.values.map((value, i) => value - subtrahend.values[i]!) };
}

/** The series whose readings a sum over this one reveals something of. A net is taken as derived even where a file has its own. */
export const readingsBehind = (series: string): readonly string[] =>
  series === NET_COLUMN ? [NET_COLUMN, ...NET_PARTS] : [series];
