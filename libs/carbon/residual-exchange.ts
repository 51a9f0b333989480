import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import { Exact } from './exact.ts';
import { type Attributes, type ResidualMix, residualMix, type ResidualSource } from './residual-mix.ts';

/** One of several markets that trade attributes with each other. */
export interface ResidualMarket {
  readonly market: string;
  /** Tracked: certificates issued here less those that expired, and other tracking. */
  readonly sources: readonly ResidualSource[];
  readonly consumptionKwh: Decimal.Value;
  /** Consumption that certificates were cancelled for here, wherever they came from, or that is tracked otherwise. */
  readonly claimedKwh: Decimal.Value;
}

export interface MarketResidual {
  readonly market: string;
  /** Of what was generated here, before the exchange. */
  readonly domestic: ResidualMix;
  readonly untrackedKwh: Decimal;
  /** Attributes left over here, or below zero those taken from the common pool. */
  readonly surplusKwh: Decimal;
  /** Of what is consumed here without a claim; null where everything is claimed, or where attributes are missing altogether. */
  readonly kgPerKwh: Decimal | null;
  /** Shares by source; empty where there is no mix. */
  readonly mix: ReadonlyMap<string, Decimal>;
}

export interface ResidualExchange {
  readonly markets: readonly MarketResidual[];
  /** What markets with a surplus put in. */
  readonly pool: Attributes;
  /** Wanted by markets with a deficit. */
  readonly wantedKwh: Decimal;
}

/**
 * Residual mixes of markets that trade certificates, issuance-based: what was generated and not tracked is set against what is
 * consumed and not claimed; surpluses go into a common attribute mix, deficits are filled from it (RE-DISS II, Residual Mix
 * methodology 2015; AIB, Issuance Based Residual Mix Calculation Methodology). A pool smaller than the deficits keeps its mix.
 * @throws RESIDUAL_MARKET_REPEATED, RESIDUAL_OVERCLAIMED, and as residualMix
 */
export function residualExchange(markets: readonly ResidualMarket[]): ResidualExchange {
  const seen = new Set<string>();
  const domestic = markets.map(({ market, sources, consumptionKwh, claimedKwh }) => {
    if (seen.has(market)) {
      throw new DomainError('RESIDUAL_MARKET_REPEATED', `expected each market once, got ${market}`);
    }
    seen.add(market);
    const mix = residualMix(sources);
    const untrackedKwh = new Exact(consumptionKwh).minus(claimedKwh);
    if (untrackedKwh.isNegative()) {
      throw new DomainError('RESIDUAL_OVERCLAIMED', `expected at most what is consumed to be claimed, got more: ${market}`); // prettier-ignore
    }
    return { market, mix, untrackedKwh, surplusKwh: mix.untracked.kwh.minus(untrackedKwh) };
  });
  const pool = poolOf(
    domestic.flatMap(({ mix, surplusKwh }) => (surplusKwh.gt(0) ? [{ mix, surplusKwh }] : [])),
  );
  return {
    markets: domestic.map(({ market, mix, untrackedKwh, surplusKwh }) => ({
      market,
      domestic: mix,
      untrackedKwh,
      surplusKwh,
      ...mixOf(filled(mix.untracked, surplusKwh, pool), untrackedKwh),
    })),
    pool,
    wantedKwh: exactSum(domestic.map(({ surplusKwh }) => Exact.max(0, surplusKwh.negated()))),
  };
}

/** Part of attributes with their mix. */
const partOf = ({ kwh, kg, kwhBySource }: Attributes, wanted: Decimal): Attributes => ({
  kwh: wanted,
  kg: kg.times(wanted).div(kwh),
  kwhBySource: new Map([...kwhBySource].map(([source, of]) => [source, of.times(wanted).div(kwh)])),
});

function added(several: readonly Attributes[]): Attributes {
  const kwhBySource = new Map<string, Decimal>();
  for (const each of several) {
    for (const [source, kwh] of each.kwhBySource) {
      kwhBySource.set(source, kwh.plus(kwhBySource.get(source) ?? 0));
    }
  }
  return {
    kwh: exactSum(several.map(({ kwh }) => kwh)),
    kg: exactSum(several.map(({ kg }) => kg)),
    kwhBySource,
  };
}

const poolOf = (
  surpluses: readonly { readonly mix: ResidualMix; readonly surplusKwh: Decimal }[],
): Attributes => added(surpluses.map(({ mix, surplusKwh }) => partOf(mix.untracked, surplusKwh)));

function filled(own: Attributes, surplusKwh: Decimal, pool: Attributes): Attributes {
  if (surplusKwh.gte(0) || pool.kwh.isZero()) return own;
  return added([own, partOf(pool, surplusKwh.negated())]);
}

function mixOf(
  { kwh, kg, kwhBySource }: Attributes,
  untrackedKwh: Decimal,
): Pick<MarketResidual, 'kgPerKwh' | 'mix'> {
  if (kwh.isZero() || untrackedKwh.isZero()) return { kgPerKwh: null, mix: new Map() };
  return {
    kgPerKwh: kg.div(kwh),
    mix: new Map([...kwhBySource].map(([source, of]) => [source, of.div(kwh)])),
  };
}
