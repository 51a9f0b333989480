/** Code lists of NAESB REQ.21 (ESPI 1.1, espiDerived.xsd), as far as meter data need them. */

/** How a unit is told. */
export interface EspiUnit {
  readonly unit: string;
  /** A quantity of an interval adds up over intervals; a rate or a state does not. */
  readonly adds: boolean;
  /** Of one unit; null of what is no amount of energy, or one only with a calorific value. */
  readonly wh: string | null;
}

const quantity = (unit: string, wh: string | null = null): EspiUnit => ({ unit, adds: true, wh });
const rate = (unit: string): EspiUnit => ({ unit, adds: false, wh: null });

/** UomType. */
export const UNITS: Readonly<Record<number, EspiUnit>> = {
  5: rate('A'),
  23: rate('°C'),
  27: rate('K'),
  29: rate('V'),
  31: quantity('J', '0.00027777777777777777778'),
  33: rate('Hz'),
  38: rate('W'),
  42: quantity('m3'),
  61: rate('VA'),
  63: rate('var'),
  65: rate('cosθ'),
  71: quantity('VAh'),
  72: quantity('Wh', '1'),
  73: quantity('varh'),
  106: quantity('Ah'),
  119: quantity('ft3'),
  122: rate('ft3/h'),
  125: rate('m3/h'),
  128: quantity('US gal'),
  129: rate('US gal/h'),
  130: quantity('imp gal'),
  131: rate('imp gal/h'),
  132: quantity('Btu'),
  133: rate('Btu/h'),
  134: quantity('l'),
  137: rate('l/h'),
  169: quantity('therm'),
};

/** ServiceKind of a usage point. */
export const SERVICES: Readonly<Record<number, string>> = {
  0: 'electricity',
  1: 'gas',
  2: 'water',
  3: 'time',
  4: 'heat',
  5: 'refuse',
  6: 'sewerage',
  7: 'rates',
  8: 'television licence',
  9: 'internet',
};

/** FlowDirectionType, as far as it is one flow and not several at once. */
export const FLOWS: Readonly<Record<number, string>> = {
  1: 'delivered',
  4: 'net',
  19: 'received',
  20: 'total',
};

/** AccumulationKind whose values are levels of a register and no amounts of an interval: bulkQuantity, cumulative. */
export const REGISTERS: ReadonlySet<number> = new Set([1, 3]);

/** QualityOfReading: valid, derived or revenue grade; everything else is an estimate or a doubt. */
export const TRUSTED_QUALITIES: ReadonlySet<number> = new Set([0, 11, 13, 14, 15, 17, 18, 19]);

/** ISO 4217 by number, of currencies in which Green Button files are published. */
export const CURRENCIES: Readonly<Record<number, string>> = {
  36: 'AUD',
  124: 'CAD',
  156: 'CNY',
  208: 'DKK',
  344: 'HKD',
  356: 'INR',
  392: 'JPY',
  410: 'KRW',
  484: 'MXN',
  554: 'NZD',
  578: 'NOK',
  702: 'SGD',
  710: 'ZAR',
  752: 'SEK',
  756: 'CHF',
  826: 'GBP',
  840: 'USD',
  978: 'EUR',
  985: 'PLN',
  986: 'BRL',
};
