/** What a column measures, by the unit its name ends in. */
export interface Quantity {
  readonly kind: QuantityKind;
  /** Of a longer step: the sum of its parts for energy, their mean for everything that holds at an instant or is a rate. */
  readonly overSteps: 'sum' | 'mean';
  /** Values below or above cannot be true. */
  readonly least: number;
  readonly most: number;
}

export type QuantityKind =
  | 'energy'
  | 'power'
  | 'price'
  | 'carbon intensity'
  | 'temperature'
  | 'irradiance'
  | 'speed'
  | 'pressure'
  | 'share';

/** The first word of a name says whether its energy or power may be negative: gross consumption and generation are not. */
export const isLoad = (name: string): boolean => name.startsWith('load_');
export const isGeneration = (name: string): boolean => name.startsWith('pv_');

const ANY = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
const NOT_NEGATIVE = { least: 0, most: Number.POSITIVE_INFINITY };
/** Between what has been measured at the ground anywhere on Earth and what any roof or oil tank reaches. */
const CELSIUS = { least: -90, most: 200 };
const KELVIN = { least: CELSIUS.least + 273.15, most: CELSIUS.most + 273.15 };

const row = (suffix: RegExp, kind: QuantityKind, range: { least: number; most: number }) => ({
  suffix,
  quantity: { kind, overSteps: kind === 'energy' ? 'sum' : 'mean', ...range } satisfies Quantity,
});

/**
 * The table of what a column may be, first match first. Energy adds up over steps, everything else averages. Prices, temperatures in
 * °C, energy and power may be negative (of `load_…` and `pv_…` they may not); the rest may not.
 *
 * | unit            | suffix                                                                    |
 * | --------------- | ------------------------------------------------------------------------- |
 * | price           | `_<currency>_per_mwh`, `_<currency>_per_kwh`, ISO 4217 in lower case, `ct` |
 * | carbon intensity | `_g_per_kwh`, `_kg_per_kwh`, `_kg_per_mwh`, `_t_per_mwh`, also `_gco2e…`, `_gco2eq…`, `_gco2…` |
 * | energy          | `_kwh`                                                                    |
 * | power           | `_w`, `_kw`, `_mw`                                                        |
 * | temperature     | `_c`, `_k`                                                                |
 * | irradiance      | `_w_per_m2`                                                               |
 * | speed           | `_m_per_s`, `_km_per_h`; of rain `_mm_per_h`                              |
 * | pressure        | `_hpa`                                                                    |
 * | share           | `_percent`                                                                |
 */
const TABLE = [
  row(/_(?:k?g|t)(?:co2(?:eq?)?)?_per_[km]wh$/, 'carbon intensity', NOT_NEGATIVE),
  row(/_(?:[a-z]{3}|ct)_per_[km]wh$/, 'price', ANY),
  row(/(?<!_per)_kwh$/, 'energy', ANY),
  row(/_[km]?w$/, 'power', ANY),
  row(/_c$/, 'temperature', CELSIUS),
  row(/_k$/, 'temperature', KELVIN),
  row(/_w_per_m2$/, 'irradiance', NOT_NEGATIVE),
  row(/_(?:m_per_s|km_per_h|mm_per_h)$/, 'speed', NOT_NEGATIVE),
  row(/_hpa$/, 'pressure', { least: 100, most: 1_200 }),
  row(/_percent$/, 'share', { least: 0, most: 100 }),
];

/** Null where the name ends in no unit of the table: such a column is not read. */
export function quantityOf(name: string): Quantity | null {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) return null;
  const found = TABLE.find(({ suffix }) => suffix.test(name))?.quantity;
  if (found === undefined) return null;
  const isGross = isLoad(name) || isGeneration(name);
  const isFlow = found.kind === 'energy' || found.kind === 'power';
  return isFlow && isGross ? { ...found, ...NOT_NEGATIVE } : found;
}

/**
 * What a column measures whatever its unit, the same for `load_kw` and `load_kwh`: power is energy by the hour. A name without a
 * unit of the table stands for itself alone.
 */
export function measureOf(name: string): string {
  const found = TABLE.find(({ suffix }) => suffix.test(name));
  if (!found) return name;
  const { kind } = found.quantity;
  return `${kind === 'power' ? 'energy' : kind} of ${name.replace(found.suffix, '')}`;
}

/** How steps of a column add up; names without a unit of the table as energy does. */
export const overSteps = (name: string): Quantity['overSteps'] => quantityOf(name)?.overSteps ?? 'sum';

/** What is measured outdoors, apart from the site's own doing. */
export const isWeather = (name: string): boolean => {
  const kind = quantityOf(name)?.kind;
  return kind === 'temperature' || kind === 'irradiance' || kind === 'speed' || kind === 'pressure';
};

/** In which unit intensities and prices of sites are told to others, whatever their files are in. */
export interface SharedUnit {
  readonly kind: 'carbon intensity' | 'price';
  /** `gCO2e/kWh`, or a currency as in ISO 4217 per MWh: `EUR/MWh`. */
  readonly unit: string;
  /** A value of the column times this is in `unit`. */
  readonly factor: number;
  /** Least value that can be true. */
  readonly least: number;
}

const GRAMS: Readonly<Record<string, number>> = { g: 1, kg: 1_000, t: 1_000_000 };

/** The shared unit of an intensity or a price; null for everything else, and for `ct`, which names no currency. */
export function sharedUnit(name: string): SharedUnit | null {
  const quantity = quantityOf(name);
  const [, prefix, per] = /_(k?g|t|[a-z]{3})(?:co2(?:eq?)?)?_per_([km])wh$/.exec(name) ?? [];
  if (quantity === null || prefix === undefined) return null;
  const { kind, least } = quantity;
  if (kind === 'carbon intensity')
    return { kind, unit: 'gCO2e/kWh', factor: GRAMS[prefix]! / (per === 'k' ? 1 : 1_000), least };
  if (kind === 'price')
    return { kind, unit: `${prefix.toUpperCase()}/MWh`, factor: per === 'k' ? 1_000 : 1, least };
  return null;
}
