import { basename } from 'node:path';
import { DomainError, interval, localDate } from '#core';
import { localMidnights } from '#forecasting';
import { coverage, readingsFromCsv } from '#metering';
import { readInputFile } from '../input.ts';

const MAX_METER_BYTES = 64 * 2 ** 20;

/** The whole local days that somebody's own meter covers, over which neighbours are made up. */
export interface MeteredDays {
  /** YYYY-MM-DD. */
  readonly lastDay: string;
  readonly days: number;
}

/** Of the column load_kwh. @throws FILE_UNREADABLE, FILE_TOO_LARGE, CSV_…, COLUMN_MISSING, SERIES_TOO_SHORT with fewer than `least` */
export async function meteredDays(file: string, zone: string, least: number): Promise<MeteredDays> {
  const text = new TextDecoder().decode(await readInputFile(file, MAX_METER_BYTES));
  const { startMs, resolutionMs, columns } = readingsFromCsv(text, { zone });
  const load = columns.find(({ name }) => name === 'load_kwh');
  if (!load) {
    const got = columns.map(({ name }) => name).join(', ') || 'none that is read';
    throw new DomainError('COLUMN_MISSING', `expected column load_kwh in ${basename(file)}, got ${got}`);
  }
  const { fromMs, toMs } = coverage({ startMs, resolutionMs, values: load.values });
  const midnights = localMidnights(zone, interval(fromMs, toMs));
  if (midnights.length < least) {
    throw new DomainError(
      'SERIES_TOO_SHORT',
      `expected at least ${least} whole local days in ${basename(file)}, got ${midnights.length}`,
      'invalid',
      { days: midnights.length },
    );
  }
  return { lastDay: localDate(zone, midnights.at(-1)!), days: midnights.length };
}
