import type { EmissionFactor, FactorBasis } from './factor.ts';
import { PUBLISHED_FACTOR_SETS } from './factor-tables.ts';
import { resolveFactor } from './resolve-factor.ts';

/** What is sold locally is generated behind its seller's meter; every enrolled generator is rooftop PV so far. */
export const LOCAL_TECHNOLOGY = 'pv-rooftop';

/** The published factor of locally sold energy in force at `atMs`. @throws FACTOR_MISSING (not-found) before the first */
export const localGenerationFactor = (basis: FactorBasis, atMs: number): EmissionFactor =>
  resolveFactor(PUBLISHED_FACTOR_SETS, { subject: LOCAL_TECHNOLOGY, basis, atMs }).factor;
