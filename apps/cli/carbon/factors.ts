import {
  COMBUSTION_FACTORS,
  COMBUSTION_SECTORS,
  type CombustionFactor,
  combustionFactor,
  type EmissionFactor,
  type FactorAveraging,
  type FactorBasis,
  isInForce,
  PUBLISHED_FACTOR_SETS,
  type ResolvedFactor,
  resolveFactor,
} from '#carbon';
import { DomainError, isoInstant, parseInstant } from '#core';
import type { Output } from '../output.ts';
import { tableText } from '../table-text.ts';

export interface FactorOptions {
  readonly technology?: string;
  readonly fuel?: string;
  readonly zone?: string;
  readonly at?: string;
  readonly basis?: FactorBasis;
  readonly averaging: FactorAveraging;
}

/** Lists the factors in force, or resolves one. @throws FACTOR_MISSING, INSTANT_* */
export function tellFactors(options: FactorOptions, output: Output): void {
  const atMs = options.at === undefined ? Date.now() : parseInstant(options.at);
  const fuels = fuelsOf(options, atMs);
  const resolved = options.fuel === undefined ? technologiesOf(options, atMs) : [];
  if (fuels.length + resolved.length === 0) throw noneOf(options, atMs);
  output.result(
    {
      at: isoInstant(atMs),
      factors: resolved.map(({ factor, ...of }) => ({ ...dated(factor), ...of })),
      fuels: fuels.map(dated),
    },
    [factorText(resolved), fuelText(fuels)].filter((text) => text !== '').join('\n\n'),
  );
}

/** How a factor in a list is told: nobody asked for a place, so nothing of it is estimated. */
type Told = Omit<ResolvedFactor, 'via' | 'estimated'> & Partial<ResolvedFactor>;

function technologiesOf({ technology, zone, basis, averaging }: FactorOptions, atMs: number): Told[] {
  if (technology === undefined) {
    return PUBLISHED_FACTOR_SETS.flatMap(({ id: setId, factors }) =>
      factors
        .filter((row) => isInForce(row, atMs) && row.averaging === averaging)
        .filter((row) => (basis ?? row.basis) === row.basis && (zone ?? row.zone) === row.zone)
        .map((factor) => ({ factor, setId })),
    );
  }
  const request = { subject: technology, zone: zone ?? null, atMs, averaging };
  if (basis !== undefined) return [resolveFactor(PUBLISHED_FACTOR_SETS, { ...request, basis })];
  const found = (['direct', 'lifecycle'] as const).flatMap((each) => known({ ...request, basis: each }));
  return found;
}

function known(request: Parameters<typeof resolveFactor>[1]): ResolvedFactor[] {
  try {
    return [resolveFactor(PUBLISHED_FACTOR_SETS, request)];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'FACTOR_MISSING') return [];
    throw error;
  }
}

function noneOf({ technology, zone, basis, averaging }: FactorOptions, atMs: number): DomainError {
  const asked = {
    subject: technology ?? null,
    zone: zone ?? null,
    basis: basis ?? null,
    averaging,
    at: isoInstant(atMs),
  };
  const kind = `${averaging}, ${basis ?? 'direct or lifecycle'}`;
  const of = `${technology ?? 'any technology'}${zone === undefined ? '' : ` in ${zone}`}`;
  const message = `expected a factor of ${of} (${kind}) valid at ${asked.at}, got none`;
  return new DomainError('FACTOR_MISSING', message, 'not-found', asked);
}

function fuelsOf(
  { fuel, technology, basis, zone, averaging }: FactorOptions,
  atMs: number,
): readonly CombustionFactor[] {
  if (fuel !== undefined) return COMBUSTION_SECTORS.map((sector) => combustionFactor(fuel, atMs, sector));
  const asked = [technology, basis, zone].some((each) => each !== undefined) || averaging !== 'average';
  return asked ? [] : COMBUSTION_FACTORS.filter((row) => isInForce(row, atMs));
}

const dated = <T extends EmissionFactor | CombustionFactor>({ validFromMs, validToMs, ...row }: T) => ({
  ...row,
  validFrom: isoInstant(validFromMs),
  validTo: validToMs === null ? null : isoInstant(validToMs),
});

const factorText = (told: readonly Told[]): string =>
  withSources(
    told.map(({ factor }) => factor),
    tableText(
      ['factor', 'gCO2e/kWh', 'zone', 'since', 'found as'],
      told.map(({ factor, via, estimated }) => [
        factor.id,
        factor.gramsCo2ePerKwh,
        factor.zone ?? 'world',
        isoInstant(factor.validFromMs).slice(0, 10),
        via === undefined ? '' : `${via}${estimated === true ? ', estimated' : ''}`,
      ]),
    ),
  );

const fuelText = (fuels: readonly CombustionFactor[]): string =>
  withSources(
    fuels,
    tableText(
      ['fuel', 'kgCO2/TJ', 'kgCH4/TJ', 'kgN2O/TJ', 'per', 'CO2'],
      fuels.map((row) => [
        row.id,
        row.kgCo2PerTj,
        row.kgCh4PerTj,
        row.kgN2oPerTj,
        row.calorific.toUpperCase(),
        row.biogenic ? 'biogenic' : 'fossil',
      ]),
    ),
  );

/** A table and each source of its rows once below it; nothing of no rows. */
const withSources = (rows: readonly { readonly source: string }[], table: string): string =>
  rows.length === 0 ? '' : [table, ...new Set(rows.map(({ source }) => source))].join('\n');
