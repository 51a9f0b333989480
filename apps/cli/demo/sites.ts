import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DomainError, type Interval, interval, localDate } from '#core';
import { type SplitDays, localMidnights, splitDays } from '#forecasting';
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
  /** Whether anything in it is made up, and so labelled. */
  readonly synthetic: boolean;
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
  readonly intensity?: string;
  readonly zone?: string;
}

const SYNTHETIC_ZONE = 'Europe/Berlin';
const SYNTHETIC_LAST_DAY = '2026-05-15';

const site = (workspace: string, name: string, file: string): DemoSite => ({
  name,
  legalId: `demo:${name}`,
  file,
  directory: join(workspace, 'sites', name),
});

/** Firms' readings: a CSV file each in `data`, or synthetic ones written into the workspace. @throws DEMO_DATA_TOO_FEW */
export async function prepareData(options: DataOptions): Promise<DemoData> {
  const sites = options.data ? await filesOf(options.workspace, options.data) : await writeSynthetic(options);
  if (sites.length < 4) {
    throw new DomainError(
      'DEMO_DATA_TOO_FEW',
      `expected at least 4 firms (one CSV file each), got ${sites.length}`,
      'invalid',
    );
  }
  const synthetic = options.data === undefined;
  return {
    sites,
    intensityFile: options.intensity
      ? resolve(options.intensity)
      : join(options.workspace, 'synthetic-intensity.csv'),
    synthetic,
    intensitySynthetic: options.intensity === undefined,
    zone: options.zone ?? (synthetic ? SYNTHETIC_ZONE : undefined),
  };
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
  zone = SYNTHETIC_ZONE,
}: DataOptions): Promise<DemoSite[]> {
  await mkdir(join(workspace, 'data'), { recursive: true });
  const made = syntheticFirms({ seed, firms, days, zone, lastDay: SYNTHETIC_LAST_DAY });
  return Promise.all(
    made.map(async ({ name, csv }) => {
      const file = join(workspace, 'data', `${name}.csv`);
      await writeFile(file, csv);
      return site(workspace, name, file);
    }),
  );
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

/**
 * Imports every site's file at the site and finds the last complete day that all have.
 * @throws ZONES_DIFFER, ZONE_MISSING, NO_COMMON_RANGE, SERIES_TOO_SHORT
 */
export async function importAll(data: DemoData, done: (name: string) => void): Promise<DemoPeriod> {
  const reports: ImportReport[] = [];
  for (const { name, file, directory } of data.sites) {
    const zone = data.zone === undefined ? [] : ['--zone', data.zone];
    reports.push(
      await runCommand<ImportReport>(['participant', 'import', file, '--dir', directory, ...zone]),
    );
    done(name);
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
  return {
    zone,
    days,
    delivery,
    deliveryDate: localDate(zone, delivery.startMs),
    findings: reports.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}
