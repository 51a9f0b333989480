import { Exact } from './exact.ts';

/** Units that a quantity may come in, as multiples of the one it is kept in. */
export interface FactorUnitTable {
  /** Kept in. */
  readonly unit: string;
  readonly factors: Readonly<Record<string, string>>;
  /** More is another unit under a wrong heading. */
  readonly most: number;
}

/** 1 lb is 0.45359237 kg. Lignite plants reach 1 200 g/kWh. */
export const GRAMS_PER_KWH: FactorUnitTable = {
  unit: 'gCO2e/kWh',
  factors: {
    'gCO2e/kWh': '1',
    'kgCO2e/kWh': '1000',
    'kgCO2e/MWh': '1',
    'tCO2e/MWh': '1000',
    'lbCO2e/MWh': '0.45359237',
    'gCO2e/MJ': '3.6',
    'kgCO2e/GJ': '3.6',
  },
  most: 3_000,
};

/** Blast-furnace gas has 260 000. */
export const KG_PER_TJ: FactorUnitTable = {
  unit: 'kg/TJ',
  factors: { 'kg/TJ': '1', 'kg/GJ': '1000', 'g/MJ': '1000', 'g/GJ': '1', 't/TJ': '1000' },
  most: 1_000_000,
};

/** The value in the table's own unit, an exact decimal. */
export const factorUnitInto = ({ factors }: FactorUnitTable, value: string, unit: string): string =>
  new Exact(value).mul(factors[unit]!).toFixed();
