import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR_MS, isoInstant } from '#core';
import { splitDays } from '#forecasting';
import { type Change, DELIVERY, type MeterRow, RANGE, ZONE } from './demo-world.ts';
import { type Needle, neighbourForms, readingForms, residueForms, secretForms } from './leak-forms.ts';

/** Rows scaled from a firm to a foundry: a reading in Wh then has nine or ten digits, which nothing else here has. */
const SCALE = 5_000;
/** Below, digits would be too few to be unmistakable. */
const LEAST_KWH = 100_000;

const { train, validation } = splitDays(ZONE, RANGE);
const valuesFrom = (startMs: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => startMs + i * HOUR_MS);

/** Hours whose readings are replaced: six by day in either part of the round, and all from the delivery day on. */
const PLANTED = new Set([
  ...valuesFrom(train.startMs + 4 * 24 * HOUR_MS + 9 * HOUR_MS, 6),
  ...valuesFrom(validation.startMs + 2 * 24 * HOUR_MS + 9 * HOUR_MS, 6),
  ...valuesFrom(DELIVERY.startMs, (RANGE.endMs - DELIVERY.startMs) / HOUR_MS),
]);

/** `kwh` and up to a twentieth more: different for every firm, series and hour, the same in every run; four decimals, no tie. */
function unmistakable(kwh: number, firm: string, startMs: number): string {
  let hash = 2_166_136_261;
  for (const byte of Buffer.from(`${firm} ${kwh} ${startMs}`))
    hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  const whole = Math.floor(kwh * (1 + hash / 2 ** 32 / 20));
  const lastDigit = [1, 2, 3, 4, 6, 7, 8, 9][hash % 8]!;
  return fromTenthsOfWh(1e4 * whole + (hash % 1_000) * 10 + lastDigit);
}

/** As files have it: with superfluous zeros. */
const written = (kwh: number, firm: string, startMs: number): string =>
  `${unmistakable(kwh, firm, startMs)}00`;

const scaled = (kwh: string): string => (SCALE * Number(kwh)).toFixed(3);

/**
 * Unmistakable digits in the planted hours: at the level of the firm where models are fitted, beyond any forecast from the
 * delivery day on. The other hours scaled.
 */
export const plantDigits: Change = (firm, { startMs, load, pv }) => {
  if (!PLANTED.has(startMs)) return { startMs, load: scaled(load), pv: pv === null ? null : scaled(pv) };
  const fitted = startMs < DELIVERY.startMs;
  const own = SCALE * Number(pv ?? '0');
  const shines = fitted ? own > LEAST_KWH : own > 0;
  const planted = {
    startMs,
    load: written(fitted ? LEAST_KWH + SCALE * Number(load) : 1_300_000, firm, startMs),
    pv: pv === null ? null : '0.000',
  };
  return shines ? { ...planted, pv: written(fitted ? own : 2_300_000, firm, startMs) } : planted;
};

/** A planted reading under the name of what it would tell. */
export interface Plant {
  readonly firm: string;
  readonly startMs: number;
  readonly part: 'train' | 'validation' | 'delivery' | 'later';
  /** Shortest decimal, kWh. */
  readonly load: string;
  /** Null without modules or sun. */
  readonly pv: string | null;
  /** Import less export as a delivery statement has it, whole Wh. */
  readonly netWh: number;
}

const shortest = (kwh: string): string => kwh.replace(/0+$/, '');
const wholeWh = (kwh: string): number => Math.round(1_000 * Number(kwh));

function partOf(startMs: number): Plant['part'] {
  if (startMs < validation.startMs) return 'train';
  if (startMs < DELIVERY.startMs) return 'validation';
  return startMs < DELIVERY.endMs ? 'delivery' : 'later';
}

export const plantsOf = (firm: string, rows: readonly MeterRow[]): Plant[] =>
  rows
    .filter(({ startMs }) => PLANTED.has(startMs))
    .map(({ startMs, load, pv }) => ({
      firm,
      startMs,
      part: partOf(startMs),
      load: shortest(load),
      pv: pv === null || Number(pv) === 0 ? null : shortest(pv),
      netWh: wholeWh(load) - wholeWh(pv ?? '0'),
    }));

/** Everything that would tell one of these hours: load, generation and their difference, alone and beside the next hour. */
export function plantNeedles(plants: readonly Plant[], isPublic: (plant: Plant) => boolean): Needle[] {
  const needles: Needle[] = [];
  for (const [i, plant] of plants.entries()) {
    const name = `${plant.firm} ${isoInstant(plant.startMs)}`;
    const secret = seriesOf(plant, isPublic(plant));
    const next = plants[i + 1];
    const after = next?.startMs === plant.startMs + HOUR_MS ? seriesOf(next, isPublic(next)) : {};
    for (const [series, kwh] of Object.entries(secret)) {
      needles.push(...readingForms(`${name} ${series}`, kwh));
      const later = after[series];
      if (later !== undefined) needles.push(...neighbourForms(`${name} ${series} and next`, kwh, later));
    }
  }
  return needles;
}

/** What is secret of an hour. Of a traded hour it is the gross energies: the difference stands in the delivery statement. */
function seriesOf({ load, pv, netWh }: Plant, isPublic: boolean): Record<string, string> {
  if (pv === null) return isPublic ? {} : { load };
  if (isPublic) return { load, pv };
  const exact = fromTenthsOfWh(tenthsOfWh(load) - tenthsOfWh(pv));
  const rounded = fromTenthsOfWh(10 * netWh);
  return { load, pv, exact, 'exact amount': amount(exact), rounded, 'rounded amount': amount(rounded) };
}

const amount = (signed: string): string => signed.replace('-', '');

const tenthsOfWh = (kwh: string): number => Math.round(1e4 * Number(kwh));

/** Shortest decimal, kWh. */
function fromTenthsOfWh(tenths: number): string {
  const digits = String(Math.abs(tenths)).padStart(5, '0');
  const [whole, fraction] = [digits.slice(0, -4), digits.slice(-4).replace(/0+$/, '')];
  return `${tenths < 0 ? '-' : ''}${fraction === '' ? whole : `${whole}.${fraction}`}`;
}

/** Keys of one site: the last 32 bytes of PKCS #8 are the private key itself. */
export async function keyNeedles(site: string, firm: string): Promise<Needle[]> {
  const identity = JSON.parse(await readFile(join(site, 'identity.json'), 'utf8')) as Record<
    'signing' | 'agreement',
    { privateKey: string }
  >;
  return (['signing', 'agreement'] as const).flatMap((use) => {
    const key = Buffer.from(identity[use].privateKey, 'hex');
    return secretForms(`${firm} ${use} key`, key.subarray(-32));
  });
}

/** The dealt secret and the opened shares of one site, by file name. */
export async function shareFiles(site: string): Promise<ReadonlyMap<string, Buffer>> {
  const federation = join(site, 'federation');
  const [card = ''] = await readdir(federation);
  const names = (await readdir(join(federation, card))).filter((name) =>
    /^(secret|share-.*)\.bin$/.test(name),
  );
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(federation, card, name))] as const),
    ),
  );
}

export const shareNeedles = (firm: string, files: ReadonlyMap<string, Buffer>): Needle[] =>
  [...files].flatMap(([name, content]) => residueForms(`${firm} ${name}`, content));
