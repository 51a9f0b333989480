import {
  Exact,
  type FactorBasis,
  type MarketResidual,
  requireOneKind,
  RESIDUAL_MIX_METHOD,
  residualExchange,
  residualMix,
  type ResidualMix,
  type ResidualSource,
} from '#carbon';
import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { z } from 'zod';
import { suspectIntensities } from './carbon-flag.ts';
import { GIVEN } from './carbon-inventory-factors.ts';
import { identifier, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

const source = z.strictObject({
  source: identifier.describe('fuel, technology or plant'),
  generationKwh: nonNegative,
  factorKgPerKwh: nonNegative.optional().describe('kgCO2e per kWh generated'),
  emissionsKg: nonNegative.optional().describe('instead of a factor'),
  trackedKwh: nonNegative
    .default(0)
    .describe('claimed by certificates, contracts or otherwise: issued less expired'),
  trackedEmissionsKg: nonNegative.optional().describe('default trackedKwh at the source’s factor'),
  factorId: identifier.optional(),
  factorSource: z.string().min(1).max(500).optional(),
  basis: z.enum(['direct', 'lifecycle']).optional(),
  averaging: z.enum(['average', 'marginal']).default('average').describe('marginal factors are refused'),
});

const amounts = z.strictObject({ generationKwh: nonNegative, emissionsKg: nonNegative });
const sources = z.array(source).min(1).max(10_000);

const residualInput = z.strictObject({
  market: identifier.optional(),
  year: z.int().min(1990).max(2200).optional(),
  basis: z.enum(['direct', 'lifecycle']).default('direct').describe('of all factors; another is refused'),
  sources: sources.optional().describe('of one market'),
  total: amounts.optional().describe('or of one market as a whole, with `tracked`'),
  tracked: amounts.optional(),
  markets: z
    .array(
      z.strictObject({
        market: identifier,
        sources,
        consumptionKwh: nonNegative,
        claimedKwh: nonNegative.default(0).describe('consumption that certificates were cancelled for here'),
      }),
    )
    .min(1)
    .max(500)
    .optional()
    .describe('or of several that trade certificates: surpluses fill deficits'),
});

type ResidualInput = z.infer<typeof residualInput>;
type SourceInput = z.infer<typeof source>;

/** @throws RESIDUAL_INVALID unless a source's emissions are told in one way, BASIS_MIXED, AVERAGING_MIXED */
function sourceOf(input: SourceInput, basis: FactorBasis): ResidualSource {
  const { source: name, generationKwh, factorKgPerKwh, emissionsKg, trackedKwh, trackedEmissionsKg } = input;
  requireOneKind([
    { basis, averaging: 'average' },
    { id: name, basis: input.basis ?? basis, averaging: input.averaging },
  ]);
  if ((factorKgPerKwh === undefined) === (emissionsKg === undefined)) {
    throw new DomainError(
      'RESIDUAL_INVALID',
      `expected factorKgPerKwh or emissionsKg of ${name}, got both or neither`,
    );
  }
  const generation = new Exact(generationKwh);
  const kg = emissionsKg === undefined ? generation.times(factorKgPerKwh!) : new Exact(emissionsKg);
  // Of what was not generated nothing is tracked either; residualMix says so.
  const trackedKg = generation.isZero() ? new Exact(0) : kg.times(trackedKwh).div(generation);
  return {
    source: name,
    generationKwh,
    emissionsKg: kg,
    trackedKwh,
    trackedKg: trackedEmissionsKg ?? trackedKg,
  };
}

const numbered = (shares: ReadonlyMap<string, Decimal>): Record<string, number> =>
  Object.fromEntries([...shares].map(([name, share]) => [name, share.toNumber()]));

const mixView = ({ totalKwh, totalKg, trackedKwh, trackedKg, untracked, kgPerKwh }: ResidualMix) => ({
  value: kgPerKwh?.toNumber() ?? null,
  totalKwh: totalKwh.toNumber(),
  totalKg: totalKg.toNumber(),
  trackedKwh: trackedKwh.toNumber(),
  trackedKg: trackedKg.toNumber(),
  untrackedKwh: untracked.kwh.toNumber(),
  untrackedKg: untracked.kg.toNumber(),
  trackedShare: totalKwh.isZero() ? null : trackedKwh.div(totalKwh).toNumber(),
  /** What the grid average would be: never to be added to the residual mix. */
  averageKgPerKwh: totalKwh.isZero() ? null : totalKg.div(totalKwh).toNumber(),
  mix:
    kgPerKwh === null
      ? {}
      : numbered(new Map([...untracked.kwhBySource].map(([name, kwh]) => [name, kwh.div(untracked.kwh)]))),
});

const marketView = ({ market, domestic, untrackedKwh, surplusKwh, kgPerKwh, mix }: MarketResidual) => ({
  market,
  value: kgPerKwh?.toNumber() ?? null,
  domesticValue: domestic.kgPerKwh?.toNumber() ?? null,
  untrackedKwh: untrackedKwh.toNumber(),
  surplusKwh: surplusKwh.toNumber(),
  mix: numbered(mix),
  flags: kgPerKwh === null ? ['no-mix'] : [],
});

function singleMix(
  { sources: given, total, tracked }: ResidualInput,
  basis: FactorBasis,
): ResidualMix | undefined {
  if (given !== undefined) return residualMix(given.map((each) => sourceOf(each, basis)));
  if (total === undefined || tracked === undefined) return undefined;
  const { generationKwh, emissionsKg } = total;
  return residualMix([{ source: 'all', generationKwh, emissionsKg, trackedKwh: tracked.generationKwh, trackedKg: tracked.emissionsKg }]); // prettier-ignore
}

export type ResidualMixResult = ReturnType<typeof residualMixOf>;

/** @throws RESIDUAL_INPUT unless it is told in one of three ways, and as residualMix and residualExchange */
function residualMixOf(input: ResidualInput) {
  const { market, year, basis, markets } = input;
  const ways = [input.sources, input.total && input.tracked, markets].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new DomainError('RESIDUAL_INPUT', `expected one of sources, total with tracked, or markets, got ${ways.length}`); // prettier-ignore
  }
  const single = singleMix(input, basis);
  return {
    method: RESIDUAL_MIX_METHOD,
    market: market ?? null,
    year: year ?? null,
    unit: 'kgCO2e/kWh',
    basis,
    ...(single === undefined ? { value: null } : mixView(single)),
    flags: flagsOf(input, single),
    ...(markets === undefined ? { markets: [], pool: null } : exchangeView(markets, basis)),
    factors: [...(input.sources ?? []), ...(markets ?? []).flatMap((each) => each.sources)].map((each) => factorView(each, basis)), // prettier-ignore
  };
}

function exchangeView(markets: NonNullable<ResidualInput['markets']>, basis: FactorBasis) {
  const {
    pool,
    wantedKwh,
    markets: mixes,
  } = residualExchange(
    markets.map((each) => ({ ...each, sources: each.sources.map((of) => sourceOf(of, basis)) })),
  );
  return {
    markets: mixes.map(marketView),
    pool: {
      value: pool.kwh.isZero() ? null : pool.kg.div(pool.kwh).toNumber(),
      surplusKwh: pool.kwh.toNumber(),
      wantedKwh: wantedKwh.toNumber(),
      flags: wantedKwh.gt(pool.kwh) ? ['attributes-missing'] : [],
    },
  };
}

const flagsOf = (input: ResidualInput, single: ResidualMix | undefined): string[] => [
  ...(single?.kgPerKwh === null ? ['nothing-untracked'] : []),
  ...suspects(input, single),
];

/** Factors as given, and what emissions and energy of a market as a whole come to. */
function suspects({ sources: given, markets }: ResidualInput, single: ResidualMix | undefined): string[] {
  const sourcesOf = [...(given ?? []), ...(markets ?? []).flatMap((each) => each.sources)];
  const factors = sourcesOf.flatMap(({ factorKgPerKwh, emissionsKg, generationKwh }) => {
    if (factorKgPerKwh !== undefined) return [Number(factorKgPerKwh)];
    return Number(generationKwh) > 0 ? [Number(emissionsKg) / Number(generationKwh)] : [];
  });
  const mix = single?.kgPerKwh ? [single.kgPerKwh.toNumber()] : [];
  return suspectIntensities([...factors, ...mix]).map(({ message }) => `intensity-suspect: ${message}`);
}

const factorView = (
  { source: id, factorId, factorSource, factorKgPerKwh }: SourceInput,
  basis: FactorBasis,
) => ({
  id: factorId ?? id,
  kgPerUnit: factorKgPerKwh === undefined ? null : Number(factorKgPerKwh),
  unit: 'kWh',
  basis,
  source: factorSource ?? GIVEN,
});

/** `carbon residual-mix`. */
export const residualMixStudy: Study<ResidualInput, object, ResidualMixResult> = {
  verb: 'residual-mix',
  method: null,
  title: 'residual mix of one market, or of several that trade certificates',
  input: residualInput,
  options: noOptions,
  run: (input) => residualMixOf(input),
};
