import { DomainError, isoInstant } from '#core';

/**
 * What a factor counts. `direct`: emitted where the energy is generated (combustion only: what scope 2 asks for);
 * `lifecycle`: construction, supply chain and waste as well. The two never meet in one figure.
 */
export type FactorBasis = 'direct' | 'lifecycle';

/** One published fact. `gramsCo2ePerKwh` is a decimal as printed; `validToMs` null: until superseded. */
export interface EmissionFactor {
  readonly id: string;
  readonly technology: string;
  readonly gramsCo2ePerKwh: string;
  readonly basis: FactorBasis;
  readonly region: string;
  readonly source: string;
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

const AR5_TABLE_A_III_2 =
  'Schlömer et al. 2014, IPCC AR5 WGIII Annex III, Table A.III.2, p. 1335, https://www.ipcc.ch/site/assets/uploads/2018/02/ipcc_wg3_ar5_annex-iii.pdf';

/** The dated table. A correction is a new row with a new id; a row in use never changes. */
export const EMISSION_FACTORS: readonly EmissionFactor[] = [
  {
    id: 'pv-rooftop/direct/ipcc-ar5',
    technology: 'pv-rooftop',
    gramsCo2ePerKwh: '0',
    basis: 'direct',
    region: 'world',
    source: `${AR5_TABLE_A_III_2}, column direct emissions`,
    validFromMs: Date.UTC(2014, 0, 1),
    validToMs: null,
  },
  {
    id: 'pv-rooftop/lifecycle/ipcc-ar5',
    technology: 'pv-rooftop',
    gramsCo2ePerKwh: '41',
    basis: 'lifecycle',
    region: 'world',
    source: `${AR5_TABLE_A_III_2}, column lifecycle emissions, median`,
    validFromMs: Date.UTC(2014, 0, 1),
    validToMs: null,
  },
];

const isValidAt = (factor: EmissionFactor, atMs: number): boolean =>
  factor.validFromMs <= atMs && (factor.validToMs === null || atMs < factor.validToMs);

/** The factor in force at `atMs`. @throws FACTOR_MISSING (not-found) where the table has none. */
export function factorFor(technology: string, basis: FactorBasis, atMs: number): EmissionFactor {
  const factor = EMISSION_FACTORS.find(
    (row) => row.technology === technology && row.basis === basis && isValidAt(row, atMs),
  );
  if (factor === undefined) {
    throw new DomainError(
      'FACTOR_MISSING',
      `expected a ${basis} factor of ${technology} valid at ${isoInstant(atMs)}, got none`,
      'not-found',
      { technology, basis },
    );
  }
  return factor;
}

/** @throws FACTOR_MISSING (not-found) for an id that is not in the table. */
export function factorById(id: string): EmissionFactor {
  const factor = EMISSION_FACTORS.find((row) => row.id === id);
  if (factor === undefined) {
    throw new DomainError(
      'FACTOR_MISSING',
      `expected a known factor id, got ${JSON.stringify(id)}`,
      'not-found',
    );
  }
  return factor;
}
