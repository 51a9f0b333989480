import { DomainError } from '#core';

/**
 * What a factor counts. `direct`: emitted where the energy is generated (combustion only: what scope 2 asks for);
 * `lifecycle`: construction, supply chain and waste as well. The two never meet in one figure.
 */
export type FactorBasis = 'direct' | 'lifecycle';

/**
 * `average`: all generation of a time and place, what inventories ask for; `marginal`: the plant that answers a change of
 * load, what decisions ask for. The two never meet in one figure.
 */
export type FactorAveraging = 'average' | 'marginal';

/**
 * One published fact on a kWh of electricity or heat. `gramsCo2ePerKwh` is a decimal as printed. A row never changes: a
 * correction is a new row with a new id.
 */
export interface EmissionFactor {
  readonly id: string;
  /** A technology (`pv-rooftop`), or what else a kWh can be: `grid`, `residual-mix`, `heat`, … */
  readonly subject: string;
  readonly gramsCo2ePerKwh: string;
  readonly basis: FactorBasis;
  readonly averaging: FactorAveraging;
  /** Null: the world. */
  readonly zone: string | null;
  /** The GWP set its CO2e was made with; null where the source does not say. */
  readonly gwpSet: string | null;
  readonly source: string;
  readonly validFromMs: number;
  /** Exclusive; null: until superseded. */
  readonly validToMs: number | null;
}

/** Net (lower) calorific value leaves out the heat in the water vapour; gross (higher) holds it: 11 % more for natural gas. */
export type CalorificBasis = 'ncv' | 'gcv';

/** The source categories that the IPCC prints a table each for: 2.2, 2.3, 2.4 and 2.5. */
export const COMBUSTION_SECTORS = [
  'energy-industries',
  'manufacturing-construction',
  'commercial-institutional',
  'residential-agriculture',
] as const;
export type CombustionSector = (typeof COMBUSTION_SECTORS)[number];

/** What burning one TJ emits. A row never changes: a correction is a new row with a new id. */
export interface CombustionFactor {
  readonly id: string;
  readonly fuel: string;
  /** Null: any. */
  readonly sector: CombustionSector | null;
  /** Of the TJ in the next three. */
  readonly calorific: CalorificBasis;
  readonly kgCo2PerTj: string;
  readonly kgCh4PerTj: string;
  readonly kgN2oPerTj: string;
  /** Its CO2 is told apart and in no total; its CH4 and N2O count. */
  readonly biogenic: boolean;
  /** Null: the world. */
  readonly zone: string | null;
  readonly source: string;
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

/** Whose rows go first: the asking organisation's, then its community's, then what is published. */
export type FactorSetRank = 'own' | 'community' | 'published';

/** A version of factors. Immutable: a change is another set. */
export interface FactorSet {
  readonly id: string;
  readonly title: string;
  readonly rank: FactorSetRank;
  /** Of two sets of one rank the newer goes first: its publication, or when it was imported. */
  readonly sinceMs: number;
  /** By the kWh. */
  readonly factors: readonly EmissionFactor[];
  /** By the TJ burnt. */
  readonly fuels: readonly CombustionFactor[];
}

export const isInForce = (
  { validFromMs, validToMs }: { readonly validFromMs: number; readonly validToMs: number | null },
  atMs: number,
): boolean => validFromMs <= atMs && (validToMs === null || atMs < validToMs);

/**
 * Lets only factors of one kind into one figure.
 * @throws BASIS_MIXED for direct beside lifecycle, AVERAGING_MIXED for average beside marginal
 */
export function requireOneKind(
  factors: readonly (Pick<EmissionFactor, 'basis' | 'averaging'> & { readonly id?: string })[],
): void {
  const [first, ...others] = factors;
  if (first === undefined) return;
  for (const other of others) {
    const name = other.id ?? 'another';
    if (other.basis !== first.basis) {
      throw new DomainError('BASIS_MIXED', `expected ${first.basis} factors, got ${other.basis}: ${name}`);
    }
    if (other.averaging !== first.averaging) {
      throw new DomainError(
        'AVERAGING_MIXED',
        `expected ${first.averaging} factors, got ${other.averaging}: ${name}`,
      );
    }
  }
}
