import { DomainError, HOUR_MS, localDate, localDay, minuteOfLocalWeek, zoneOffsetMs } from '#core';
import { FIRM_KINDS, type FirmKind } from './synthetic-firms.ts';
import { RandomStream, type Weather, syntheticWeather } from './synthetic-weather.ts';

/*
 * Made-up data for the demo, and labelled so: in every name and in every row. The same seed gives the same bytes.
 */

/** Whole local days of `zone`, `lastDay` (YYYY-MM-DD) the last of them. */
export interface SyntheticDays {
  readonly seed: number;
  readonly days: number;
  readonly zone: string;
  readonly lastDay: string;
}

export interface SyntheticFirm {
  /** `synthetic-bakery`: becomes the file's and the organisation's name. */
  readonly name: string;
  /** `timestamp,load_kwh[,pv_kwh],origin`, hourly, timestamps with offset; origin says `synthetic`. */
  readonly csv: string;
}

interface Hours {
  readonly startMs: number;
  readonly count: number;
  readonly zone: string;
  readonly weather: Weather;
}

const MAX_FIRMS = 60;
const MAX_DAYS = 1_500;

function requireWhole(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new DomainError('SYNTHETIC_RANGE', `expected ${name} from 1 to ${max}, got ${value}`, 'invalid', {
    name,
  });
}

function hoursOf({ seed, days, zone, lastDay }: SyntheticDays): Hours {
  requireWhole('days', days, MAX_DAYS);
  const { startMs: lastMs, endMs } = localDay(zone, lastDay);
  // Noon is inside its own day whatever the clock did since.
  const firstDay = localDate(zone, lastMs + 12 * HOUR_MS - (days - 1) * 24 * HOUR_MS);
  const { startMs } = localDay(zone, firstDay);
  const count = Math.round((endMs - startMs) / HOUR_MS);
  return { startMs, count, zone, weather: syntheticWeather(seed, startMs, count) };
}

const two = (n: number) => String(n).padStart(2, '0');

/** `2026-03-29T03:00:00+02:00`. */
function localTimestamp(zone: string, atMs: number): string {
  const offsetMs = zoneOffsetMs(zone, atMs);
  const minutes = Math.abs(offsetMs) / 60_000;
  const local = new Date(atMs + offsetMs).toISOString().slice(0, 19);
  return `${local}${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

interface Deviations {
  readonly shared: Float64Array;
  readonly own: Float64Array;
  readonly brief: Float64Array;
}

/**
 * Load of one hour, kWh. Its deviations have the same memory at every firm (a day and a half, and some hours) and partly
 * the same path: that is what a model learnt from all of them can know better than one learnt from a single firm.
 */
function loadKwh(kind: FirmKind, scale: number, hours: Hours, deviations: Deviations, hour: number): number {
  const week = Math.floor(minuteOfLocalWeek(hours.zone, hours.startMs + hour * HOUR_MS) / 60);
  const temperature = hours.weather.temperatureC[hour]!;
  const thermal =
    kind.heatingKwPerK * Math.max(0, 15 - temperature) + kind.coolingKwPerK * Math.max(0, temperature - 21);
  const usual = kind.baseKw + kind.workKw * kind.activity(week % 24, Math.floor(week / 24)) + thermal;
  const slow =
    kind.sharedShare * deviations.shared[hour]! +
    Math.sqrt(1 - kind.sharedShare ** 2) * deviations.own[hour]!;
  return scale * usual * Math.exp(0.14 * slow + 0.05 * deviations.brief[hour]!);
}

interface Row {
  readonly timestamp: string;
  readonly loadKwh: number;
  readonly pvKwh: number | null;
}

const csvRow = ({ timestamp, loadKwh: load, pvKwh }: Row) =>
  [timestamp, load.toFixed(3), ...(pvKwh === null ? [] : [pvKwh.toFixed(3)]), 'synthetic'].join(',');

/** Faults that meters and exports have, one kind a firm, all in the first half so that the days shown last are clean. */
const FAULTS: readonly ((rows: Row[], at: number) => void)[] = [
  (rows, at) => void rows.splice(at, 0, rows[at]!), // the same row twice
  (rows, at) => void rows.splice(at, 3), // three hours without a row
  (rows, at) => void rows.splice(at, 2, rows[at + 1]!, rows[at]!), // two rows in the wrong order
  (rows, at) => void rows.splice(at, 1, { ...rows[at]!, loadKwh: -rows[at]!.loadKwh }), // energy below zero
  (rows, at) => void rows.splice(at, 0, { ...rows[at]!, loadKwh: rows[at]!.loadKwh / 2 }), // superseded by the next row
];

function spoil(rows: Row[], firm: number, random: RandomStream): void {
  if (rows.length < 48) return;
  const at = Math.floor((0.1 + 0.3 * random.uniform()) * rows.length);
  FAULTS[firm % FAULTS.length]!(rows, at);
}

function syntheticFirm(firm: number, seed: number, hours: Hours, shared: Float64Array): SyntheticFirm {
  const kind = FIRM_KINDS[firm % FIRM_KINDS.length]!;
  const copy = Math.floor(firm / FIRM_KINDS.length);
  const name = `synthetic-${kind.name}${copy === 0 ? '' : `-${copy + 1}`}`;
  const random = new RandomStream(seed, name);
  const scale = 0.8 + 0.4 * random.uniform();
  const own = random.autoregression(hours.count, 36);
  const brief = random.autoregression(hours.count, 3);
  const soiling = random.autoregression(hours.count, 12);
  const deviations = { shared, own, brief };
  const rows = Array.from({ length: hours.count }, (_, hour): Row => {
    const pv = kind.pvKw * scale * 0.9 * hours.weather.sun[hour]! * Math.exp(0.04 * soiling[hour]!);
    return {
      timestamp: localTimestamp(hours.zone, hours.startMs + hour * HOUR_MS),
      loadKwh: loadKwh(kind, scale, hours, deviations, hour),
      pvKwh: kind.pvKw === 0 ? null : pv,
    };
  });
  spoil(rows, firm, random);
  const header = ['timestamp', 'load_kwh', ...(kind.pvKw === 0 ? [] : ['pv_kwh']), 'origin'].join(',');
  return { name, csv: `${[header, ...rows.map(csvRow)].join('\n')}\n` };
}

/**
 * Hourly load and generation of made-up firms of six kinds (bakery, office, school, supermarket, workshop, a block of
 * homes), some with modules on the roof and energy to sell at noon. Weekly and annual cycles, one sky above all of them,
 * the days on which the clock changes, and one fault a firm in the first half of the data.
 * @throws SYNTHETIC_RANGE; ZONE_UNKNOWN; LOCAL_TIME_MALFORMED.
 */
export function syntheticFirms(options: SyntheticDays & { readonly firms: number }): SyntheticFirm[] {
  requireWhole('firms', options.firms, MAX_FIRMS);
  const hours = hoursOf(options);
  const shared = new RandomStream(options.seed, 'neighbourhood').autoregression(hours.count, 36);
  return Array.from({ length: options.firms }, (_, firm) => syntheticFirm(firm, options.seed, hours, shared));
}

/**
 * Made-up intensity of the grid over the same hours and under the same sky: `timestamp,grid_kgco2e_per_kwh`. Two columns
 * only; the label belongs into the file's name. @throws as syntheticFirms.
 */
export function syntheticIntensity(options: SyntheticDays): string {
  const hours = hoursOf(options);
  const rows = Array.from({ length: hours.count }, (_, hour) => {
    const atMs = hours.startMs + hour * HOUR_MS;
    const evening = Math.exp(-(((Math.floor(minuteOfLocalWeek(hours.zone, atMs) / 60) % 24) - 19) ** 2) / 8);
    const intensity =
      0.4 - 0.22 * hours.weather.sun[hour]! - 0.07 * hours.weather.wind[hour]! + 0.05 * evening;
    return `${localTimestamp(hours.zone, atMs)},${Math.min(0.75, Math.max(0.03, intensity)).toFixed(4)}`;
  });
  return `${['timestamp,grid_kgco2e_per_kwh', ...rows].join('\n')}\n`;
}
