import { DomainError } from '#core';
import {
  type CsvOptions,
  type Finding,
  type MeterReadings,
  type MeterSeries,
  compareSeries,
  readingsFromCsv,
  reviewAnnualTotal,
  reviewScale,
} from '#metering';
import type { DeclaredTotals } from './declared-totals.ts';
import { bytesOf, textOf } from './reading-file.ts';
import type { ReadingStore } from './reading-store.ts';

const seriesOf = ({ startMs, resolutionMs }: MeterReadings, values: Float64Array): MeterSeries => ({
  startMs,
  resolutionMs,
  values,
});

/** Doubts about what a file brings against all that was there before it. */
export async function againstEarlier(opened: ReadingStore, readings: MeterReadings): Promise<Finding[]> {
  const known = await opened.columns();
  const findings: Finding[] = [];
  for (const { name, values } of readings.columns) {
    const earlier = known.includes(name) ? await opened.whole(name, Number.POSITIVE_INFINITY) : null;
    if (earlier?.resolutionMs === readings.resolutionMs)
      findings.push(...reviewScale(name, earlier, seriesOf(readings, values)));
  }
  return findings;
}

/** @throws COLUMN_UNKNOWN where a total is declared of a column that neither the file nor the store has */
export async function requireUsable(
  opened: ReadingStore,
  readings: MeterReadings,
  totals: DeclaredTotals,
): Promise<void> {
  const known = new Set([...readings.columns.map(({ name }) => name), ...(await opened.columns())]);
  const unknown = Object.keys(totals).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const problem = `expected totals of ${[...known].join(', ')}, got ${unknown.join(', ')}`;
  throw new DomainError('COLUMN_UNKNOWN', problem);
}

/** Doubts about all there is now of the columns whose yearly total is declared. */
export async function againstTotals(opened: ReadingStore, totals: DeclaredTotals): Promise<Finding[]> {
  const columns = await opened.columns();
  const findings: Finding[] = [];
  for (const [name, kwh] of Object.entries(totals)) {
    const whole = columns.includes(name) ? await opened.whole(name, Number.POSITIVE_INFINITY) : null;
    if (whole) findings.push(...reviewAnnualTotal(name, whole, kwh));
  }
  return findings;
}

/** @throws FILE_UNREADABLE, CSV_…, COLUMN_UNKNOWN where no column has the same name */
export async function againstFile(
  readings: MeterReadings,
  file: string,
  options: CsvOptions,
): Promise<Finding[]> {
  const other = readingsFromCsv(textOf(await bytesOf(file)), options);
  const pairs = readings.columns.flatMap((column) => {
    const twin = other.columns.find(({ name }) => name === column.name);
    return twin ? [[column, twin] as const] : [];
  });
  if (pairs.length === 0) {
    const names = readings.columns.map(({ name }) => name).join(', ');
    throw new DomainError(
      'COLUMN_UNKNOWN',
      `expected one of ${names} in the file to check against, got none`,
    );
  }
  return pairs.flatMap(([{ name, values }, twin]) =>
    compareSeries(name, seriesOf(readings, values), seriesOf(other, twin.values)),
  );
}
