import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type IntensitySeries, parseIntensityCsv } from '#carbon';
import { DomainError, type Interval, interval, isoInstant, localDate } from '#core';
import { type SplitDays, localMidnights, splitDays } from '#forecasting';
import { readInputFile } from '../input.ts';
import { meteredDays } from './joined-meter.ts';
import { LEAST_SYNTHETIC_DAYS } from './synthetic-firms.ts';
import { runCommand } from './watched-process.ts';
import { syntheticFirms, syntheticIntensity } from './synthetic.ts';

/** One firm of the demo: a name, a file of readings, a directory of its own. */
export interface DemoSite {
  readonly name: string;
  readonly legalId: string;
  readonly file: string;
  readonly directory: string;
}

export interface DemoData {
  readonly sites: readonly DemoSite[];
  readonly intensityFile: string;
  /** Of the user's file; null where the series is made up. */
  readonly intensity: IntensitySeries | null;
  /** Whether anything in it is made up, and so labelled. */
  readonly synthetic: boolean;
  /** Name of the site whose readings are the user's among made-up ones; null: none. */
  readonly joined: string | null;
  readonly intensitySynthetic: boolean;
  /** Zone of the synthetic data; undefined where the files say. */
  readonly zone: string | undefined;
}

export interface DataOptions {
  readonly workspace: string;
  readonly firms: number;
  readonly days: number;
  readonly seed: number;
  readonly data?: string;
  /** One meter of the user's own, to which the synthetic firms are neighbours. */
  readonly join?: string;
  readonly intensity?: string;
  readonly zone?: string;
}

const MAX_INTENSITY_BYTES = 64 * 2 ** 20;
const SYNTHETIC_ZONE = 'Europe/Berlin';
const SYNTHETIC_LAST_DAY = '2026-05-15';

const site = (workspace: string, name: string, file: string): DemoSite => ({
  name,
  legalId: `demo:${name}`,
  file,
  directory: join(workspace, 'sites', name),
});

/**
 * Firms' readings: a CSV file each in `data`, or synthetic ones written into the workspace, beside the user's own or alone.
 * @throws DEMO_DATA_UNREADABLE, DEMO_DATA_TOO_FEW, FILE_UNREADABLE, FILE_TOO_LARGE, INTENSITY_…, as meteredDays
 */
export async function prepareData(options: DataOptions): Promise<DemoData> {
  const sites = options.data ? await filesOf(options.workspace, options.data) : await writeSynthetic(options);
  if (sites.length < 4) {
    throw new DomainError(
      'DEMO_DATA_TOO_FEW',
      `expected at least 4 firms (one .csv file each), got ${sites.length}`,
      'invalid',
    );
  }
  const synthetic = options.data === undefined;
  const intensityFile = resolve(options.intensity ?? join(options.workspace, 'synthetic-intensity.csv'));
  return {
    sites,
    intensityFile,
    intensity: options.intensity === undefined ? null : await readIntensity(intensityFile),
    synthetic,
    joined: options.join === undefined ? null : sites[0]!.name,
    intensitySynthetic: options.intensity === undefined,
    zone: options.zone ?? (synthetic ? SYNTHETIC_ZONE : undefined),
  };
}

/** Read before anything starts, so that a mistake in it is told at once. */
async function readIntensity(file: string): Promise<IntensitySeries> {
  const bytes = await readInputFile(file, MAX_INTENSITY_BYTES);
  try {
    return parseIntensityCsv(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, kind, data } = error;
    throw new DomainError(code, `${basename(file)}: ${message}`, kind, { ...data, file });
  }
}

function requireIntensityOf({ intensity }: DemoData, delivery: Interval, deliveryDate: string): void {
  if (intensity === null) return;
  const { hours } = intensity;
  if (hours.some(({ startMs }) => startMs >= delivery.startMs && startMs < delivery.endMs)) return;
  const [first, last] = [hours[0]!, hours.at(-1)!].map(({ startMs }) => isoInstant(startMs));
  throw new DomainError(
    'INTENSITY_ELSEWHERE',
    `expected hours of the delivery day ${deliveryDate} in --intensity, got none between ${first} and ${last}`,
  );
}

async function filesOf(workspace: string, directory: string): Promise<DemoSite[]> {
  const names = await readdir(resolve(directory)).catch((error: NodeJS.ErrnoException) => {
    throw new DomainError(
      'DEMO_DATA_UNREADABLE',
      `expected a directory of CSV files, got ${error.code ?? 'an error'}: ${directory}`,
      'not-found',
    );
  });
  return names
    .filter((name) => name.endsWith('.csv'))
    .toSorted()
    .map((name) => site(workspace, basename(name, '.csv'), join(resolve(directory), name)));
}

async function writeSynthetic({
  workspace,
  firms,
  days,
  seed,
  join: own,
  zone: declared,
}: DataOptions): Promise<DemoSite[]> {
  const zone = declared ?? SYNTHETIC_ZONE;
  const zones = { declared, usual: SYNTHETIC_ZONE };
  const metered = own === undefined ? null : await meteredDays(own, zones, LEAST_SYNTHETIC_DAYS);
  await mkdir(join(workspace, 'data'), { recursive: true });
  const { lastDay } = metered ?? { lastDay: SYNTHETIC_LAST_DAY };
  const made = syntheticFirms({ seed, firms, days: Math.min(days, metered?.days ?? days), zone, lastDay });
  const neighbours = await Promise.all(
    made.map(async ({ name, csv }) => {
      const file = join(workspace, 'data', `${name}.csv`);
      await writeFile(file, csv);
      return site(workspace, name, file);
    }),
  );
  return own === undefined
    ? neighbours
    : [site(workspace, basename(own, '.csv'), resolve(own)), ...neighbours];
}

/** A series of grid intensities over the range, made up and labelled so, where the user brought none. */
export async function writeSyntheticIntensity(
  file: string,
  seed: number,
  zone: string,
  range: Interval,
): Promise<void> {
  const days = localMidnights(zone, range).length;
  await writeFile(file, syntheticIntensity({ seed, days, zone, lastDay: localDate(zone, range.endMs - 1) }));
}

interface ImportReport {
  readonly zone: string | null;
  readonly columns: readonly {
    readonly column: string;
    readonly coverage: { readonly fromMs: number; readonly toMs: number };
  }[];
  readonly findings: readonly unknown[];
}

/** What all sites share: the zone of their local days, the range all cover, its split, the delivery day. */
export interface DemoPeriod {
  readonly zone: string;
  readonly days: SplitDays;
  readonly delivery: Interval;
  readonly deliveryDate: string;
  readonly findings: number;
}

async function importSite(
  { file, directory }: DemoSite,
  declared: string | undefined,
): Promise<ImportReport> {
  const zone = declared === undefined ? [] : ['--zone', declared];
  try {
    return await runCommand<ImportReport>(['participant', 'import', file, '--dir', directory, ...zone]);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, kind, data } = error;
    throw new DomainError(code, `${basename(file)}: ${message}`, kind, { ...data, file });
  }
}

/**
 * Imports every site's file at the site and finds the last complete day that all have.
 * @throws CSV_… naming the file; ZONES_DIFFER, ZONE_MISSING, COLUMN_MISSING, NO_COMMON_RANGE, SERIES_TOO_SHORT, INTENSITY_ELSEWHERE
 */
export async function importAll(data: DemoData, done: (name: string) => void): Promise<DemoPeriod> {
  const reports: ImportReport[] = [];
  for (const firm of data.sites) {
    reports.push(await importSite(firm, data.zone));
    done(firm.name);
  }
  const zones = [...new Set(reports.map((report) => report.zone))];
  const [zone] = zones;
  if (zones.length !== 1)
    throw new DomainError('ZONES_DIFFER', `expected one zone, got ${zones.join(', ')}: name it with --zone`);
  if (!zone)
    throw new DomainError('ZONE_MISSING', 'expected a zone for local days, the files name none: give --zone');
  const loads = reports.map(({ columns }) => columns.find(({ column }) => column === 'load_kwh'));
  const missing = loads.findIndex((load) => !load);
  if (missing >= 0)
    throw new DomainError(
      'COLUMN_MISSING',
      `expected column load_kwh in ${data.sites[missing]!.file}, got none`,
    );
  const startMs = Math.max(...loads.map((load) => load!.coverage.fromMs));
  const endMs = Math.min(...loads.map((load) => load!.coverage.toMs));
  if (startMs >= endMs)
    throw new DomainError('NO_COMMON_RANGE', 'expected a range that all files cover, got none');
  const days = splitDays(zone, interval(startMs, endMs));
  const midnights = localMidnights(zone, days.test);
  const delivery = interval(midnights.at(-1)!, days.test.endMs);
  const deliveryDate = localDate(zone, delivery.startMs);
  requireIntensityOf(data, delivery, deliveryDate);
  return {
    zone,
    days,
    delivery,
    deliveryDate,
    findings: reports.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}
