import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import { Exact } from './exact.ts';

export const RESIDUAL_MIX_METHOD = 'gridcommons/residual-mix/1';

/** Generation of one source in a market, and what of it is tracked: claimed by certificates, contracts or otherwise. */
export interface ResidualSource {
  readonly source: string;
  readonly generationKwh: Decimal.Value;
  readonly emissionsKg: Decimal.Value;
  readonly trackedKwh: Decimal.Value;
  readonly trackedKg: Decimal.Value;
}

export interface Attributes {
  readonly kwh: Decimal;
  readonly kg: Decimal;
  readonly kwhBySource: ReadonlyMap<string, Decimal>;
}

export interface ResidualMix {
  readonly totalKwh: Decimal;
  readonly totalKg: Decimal;
  readonly trackedKwh: Decimal;
  readonly trackedKg: Decimal;
  readonly untracked: Attributes;
  /** Null where everything is tracked: nothing is left that could have a mix. */
  readonly kgPerKwh: Decimal | null;
}

/**
 * Residual mix of one market: (E_total − E_tracked) / (G_total − G_tracked), and by source the shares of what is not tracked
 * (GHG Protocol Scope 2 Guidance 2015, ch. 6.11; RE-DISS, best practice recommendations 2015).
 * @throws RESIDUAL_SOURCE_REPEATED, RESIDUAL_INVALID for an amount below zero, RESIDUAL_OVERTRACKED where more of a source is tracked
 * than was generated or emitted
 */
export function residualMix(sources: readonly ResidualSource[]): ResidualMix {
  requireSources(sources);
  const total = (key: keyof Omit<ResidualSource, 'source'>): Decimal =>
    exactSum(sources.map((source) => source[key]));
  const [totalKwh, totalKg] = [total('generationKwh'), total('emissionsKg')];
  const [trackedKwh, trackedKg] = [total('trackedKwh'), total('trackedKg')];
  const left = { kwh: totalKwh.minus(trackedKwh), kg: totalKg.minus(trackedKg) };
  return {
    totalKwh,
    totalKg,
    trackedKwh,
    trackedKg,
    untracked: {
      ...left,
      kwhBySource: new Map(
        sources.map(({ source, generationKwh, trackedKwh: tracked }) => [
          source,
          new Exact(generationKwh).minus(tracked),
        ]),
      ),
    },
    kgPerKwh: left.kwh.isZero() ? null : left.kg.div(left.kwh),
  };
}

function requireSources(sources: readonly ResidualSource[]): void {
  const seen = new Set<string>();
  for (const { source, ...of } of sources) {
    if (seen.has(source)) {
      throw new DomainError('RESIDUAL_SOURCE_REPEATED', `expected each source once, got ${source}`);
    }
    seen.add(source);
    const [generated, emitted, tracked, trackedKg] = [of.generationKwh, of.emissionsKg, of.trackedKwh, of.trackedKg].map((value) => new Exact(value)); // prettier-ignore
    if ([generated!, emitted!, tracked!, trackedKg!].some((value) => value.isNegative())) {
      throw new DomainError('RESIDUAL_INVALID', `expected amounts of at least 0, got less: ${source}`);
    }
    if (tracked!.gt(generated!) || trackedKg!.gt(emitted!)) {
      throw new DomainError(
        'RESIDUAL_OVERTRACKED',
        `expected at most what ${source} generated and emitted to be tracked, got more`,
        'invalid',
        { source },
      );
    }
  }
}
