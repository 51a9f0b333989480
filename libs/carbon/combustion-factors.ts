import { DomainError, isoInstant } from '#core';
import { isInForce } from './factor.ts';
import type { CalorificBasis } from './fuel-energy.ts';

/** Of the source categories that the IPCC prints a table each for. */
export type CombustionSector = 'energy-industries';

/** What burning one TJ emits. A row never changes: a correction is a new row with a new id. */
export interface CombustionFactor {
  readonly id: string;
  readonly fuel: string;
  readonly sector: CombustionSector;
  /** Of the TJ in the next three. */
  readonly calorific: CalorificBasis;
  readonly kgCo2PerTj: string;
  readonly kgCh4PerTj: string;
  readonly kgN2oPerTj: string;
  /** Its CO2 is told apart and in no total; its CH4 and N2O count. */
  readonly biogenic: boolean;
  readonly source: string;
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

const TABLE_2_2 =
  'IPCC 2006 Guidelines, vol. 2 Energy, ch. 2 Stationary Combustion, Table 2.2, energy industries, https://www.ipcc-nggip.iges.or.jp/public/2006gl/vol2.html';

/** Fuel, kg of CO2, CH4 and N2O per TJ on a net calorific basis. */
const FOSSIL: readonly (readonly [fuel: string, co2: string, ch4: string, n2o: string])[] = [
  ['natural-gas', '56100', '1', '0.1'],
  ['other-bituminous-coal', '94600', '1', '1.5'],
  ['anthracite', '98300', '1', '1.5'],
  ['sub-bituminous-coal', '96100', '1', '1.5'],
  ['lignite', '101000', '1', '1.5'],
  ['residual-fuel-oil', '77400', '3', '0.6'],
  ['gas-diesel-oil', '74100', '3', '0.6'],
  ['crude-oil', '73300', '3', '0.6'],
  ['lpg', '63100', '1', '0.1'],
  ['motor-gasoline', '69300', '3', '0.6'],
  ['jet-kerosene', '71500', '3', '0.6'],
  ['naphtha', '73300', '3', '0.6'],
  ['petroleum-coke', '97500', '3', '0.6'],
  ['coke-oven-gas', '44400', '1', '0.1'],
  ['blast-furnace-gas', '260000', '1', '0.1'],
  ['refinery-gas', '57600', '1', '0.1'],
  ['peat', '106000', '1', '1.5'],
  ['municipal-waste-non-biomass', '91700', '30', '4'],
];
const BIOGENIC: typeof FOSSIL = [
  ['wood-waste', '112000', '30', '4'],
  ['other-primary-solid-biomass', '100000', '30', '4'],
];

const rowOf =
  (biogenic: boolean) =>
  ([fuel, kgCo2PerTj, kgCh4PerTj, kgN2oPerTj]: (typeof FOSSIL)[number]): CombustionFactor => ({
    id: `${fuel}/energy-industries/ipcc-2006`,
    fuel,
    sector: 'energy-industries',
    calorific: 'ncv',
    kgCo2PerTj,
    kgCh4PerTj,
    kgN2oPerTj,
    biogenic,
    source: TABLE_2_2,
    validFromMs: Date.UTC(2006, 0, 1),
    validToMs: null,
  });

/** What ships with the product. */
export const COMBUSTION_FACTORS: readonly CombustionFactor[] = [
  ...FOSSIL.map(rowOf(false)),
  ...BIOGENIC.map(rowOf(true)),
];

/** The factor of a fuel in force at `atMs`. @throws FACTOR_MISSING (not-found) with what was asked */
export function combustionFactor(
  fuel: string,
  atMs: number,
  sector: CombustionSector = 'energy-industries',
): CombustionFactor {
  const factor = COMBUSTION_FACTORS.find(
    (row) => row.fuel === fuel && row.sector === sector && isInForce(row, atMs),
  );
  if (factor === undefined) {
    throw new DomainError(
      'FACTOR_MISSING',
      `expected a combustion factor of ${fuel} in ${sector} valid at ${isoInstant(atMs)}, got none`,
      'not-found',
      { fuel, sector, at: isoInstant(atMs) },
    );
  }
  return factor;
}
