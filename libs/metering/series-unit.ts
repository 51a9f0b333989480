import { DomainError, quoted } from '#core';

/** How values of a unit become those of another of its quantity. */
interface UnitOf {
  readonly quantity: string;
  /** Exact: this many base units of the quantity, as numerator and denominator. */
  readonly base: readonly [numerator: string, denominator: string];
  /** Amounts of an interval add up; rates and levels are averaged. */
  readonly adds: boolean;
}

const amount = (quantity: string, numerator: string, denominator = '1'): UnitOf => ({
  quantity,
  base: [numerator, denominator],
  adds: true,
});
const rate = (quantity: string, numerator: string, denominator = '1'): UnitOf => ({
  ...amount(quantity, numerator, denominator),
  adds: false,
});

/**
 * Units a series may have. Energy in joules, power in watts, volume in cubic metres; factors are exact by definition (BIPM, 9th
 * edition; international table Btu and the therm of 100 000 of them; foot, US and imperial gallon). Gas by volume is no energy: its
 * calorific value is not known here.
 */
const UNITS: Readonly<Record<string, UnitOf>> = {
  J: amount('energy', '1'),
  kJ: amount('energy', '1000'),
  MJ: amount('energy', '1000000'),
  GJ: amount('energy', '1000000000'),
  Wh: amount('energy', '3600'),
  kWh: amount('energy', '3600000'),
  MWh: amount('energy', '3600000000'),
  GWh: amount('energy', '3600000000000'),
  Btu: amount('energy', '1055.05585262'),
  therm: amount('energy', '105505585.262'),
  W: rate('power', '1'),
  kW: rate('power', '1000'),
  MW: rate('power', '1000000'),
  GW: rate('power', '1000000000'),
  m3: amount('volume', '1'),
  l: amount('volume', '1', '1000'),
  ft3: amount('volume', '0.028316846592'),
  'US gal': amount('volume', '0.003785411784'),
  'imp gal': amount('volume', '0.00454609'),
  '°C': rate('temperature', '1'),
  'g/kWh': rate('carbon intensity', '1'),
  'kg/MWh': rate('carbon intensity', '1'),
  g: amount('mass', '1', '1000'),
  kg: amount('mass', '1'),
  t: amount('mass', '1000'),
};

/** By what a value is multiplied, then divided. */
export interface Conversion {
  readonly multiply: readonly string[];
  readonly divide: readonly string[];
}

/** @throws UNIT_UNKNOWN */
export function requireUnit(unit: string): { readonly adds: boolean } {
  if (Object.hasOwn(UNITS, unit)) return UNITS[unit]!;
  throw new DomainError(
    'UNIT_UNKNOWN',
    `expected a unit of ${Object.keys(UNITS).join(', ')}, got ${quoted(unit)}`,
  );
}

/** From values in one unit to values in another of the same quantity. @throws UNIT_UNKNOWN, UNIT_UNFIT */
export function conversion(from: string, to: string): Conversion {
  requireUnit(from);
  requireUnit(to);
  const [source, target] = [UNITS[from]!, UNITS[to]!];
  if (source.quantity !== target.quantity) {
    throw new DomainError('UNIT_UNFIT', `expected a unit of ${target.quantity}, got ${from}, one of ${source.quantity}`); // prettier-ignore
  }
  if (from === to) return { multiply: ['1'], divide: ['1'] };
  return { multiply: [source.base[0], target.base[1]], divide: [source.base[1], target.base[0]] };
}
