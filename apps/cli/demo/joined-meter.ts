import { basename } from 'node:path';
import { DomainError, interval, localDate, zoneOffsetMs } from '#core';
import { localMidnights } from '#forecasting';
import { coverage, readTimestamp, readingsFromCsv } from '#metering';
import { readInputFile } from '../input.ts';

const MAX_METER_BYTES = 64 * 2 ** 20;

/** The whole local days that somebody's own meter covers, over which neighbours are made up. */
export interface MeteredDays {
  /** YYYY-MM-DD. */
  readonly lastDay: string;
  readonly days: number;
}

/** Whose days they are: a wall clock is never guessed, and days of `usual` are right only where the file keeps its time. */
interface Zones {
  readonly declared: string | undefined;
  readonly usual: string;
}

function requireTimeOf(usual: string, text: string, startMs: number, name: string): void {
  const [, first = ''] = text.split('\n', 2);
  const offsetMs = first.split(',').map((field) => readTimestamp(field.trim())?.offsetMs ?? null);
  if (offsetMs.includes(zoneOffsetMs(usual, startMs))) return;
  throw new DomainError(
    'ZONE_MISSING',
    `expected --zone, such as America/New_York, for local days, as ${name} does not keep the time of ${usual}; got none`,
  );
}

/**
 * Of the column load_kwh.
 * @throws FILE_UNREADABLE, FILE_TOO_LARGE, CSV_…, ZONE_MISSING, COLUMN_MISSING, SERIES_TOO_SHORT with fewer than `least`
 */
export async function meteredDays(
  file: string,
  { declared, usual }: Zones,
  least: number,
): Promise<MeteredDays> {
  const text = new TextDecoder().decode(await readInputFile(file, MAX_METER_BYTES));
  const { startMs, resolutionMs, columns } = readingsFromCsv(
    text,
    declared === undefined ? {} : { zone: declared },
  );
  if (declared === undefined) requireTimeOf(usual, text, startMs, basename(file));
  const zone = declared ?? usual;
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
