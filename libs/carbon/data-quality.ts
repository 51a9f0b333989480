import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import { Exact } from './exact.ts';

export const QUALITY_INDICATORS = ['technology', 'time', 'geography', 'completeness', 'reliability'] as const;

/** Pedigree of one datum: each indicator from 1 (best) to 5 (worst). */
export type Pedigree = Readonly<Partial<Record<(typeof QUALITY_INDICATORS)[number], Decimal.Value>>>;

/**
 * Mean of the indicators that were judged (Weidema and Wesnæs 1996; GHG Protocol Product Standard ch. 8).
 * @throws QUALITY_INVALID without any, or outside 1 and 5.
 */
export function pedigreeScore(pedigree: Pedigree): Decimal {
  const scores = QUALITY_INDICATORS.flatMap((name) => pedigree[name] ?? []);
  if (scores.length === 0 || scores.some((score) => new Exact(score).lt(1) || new Exact(score).gt(5))) {
    throw new DomainError(
      'QUALITY_INVALID',
      `expected indicators from 1 to 5, got ${scores.join(', ') || 'none'}`,
    );
  }
  return exactSum(scores).div(scores.length);
}

/** What of an inventory a score rests on. */
export interface QualityTerm {
  readonly emissionsKg: Decimal.Value;
  /** Null where nobody judged it. */
  readonly score: Decimal | null;
  /** Measured or computed from the activity itself, rather than from averages; null where nobody said. */
  readonly primary: boolean | null;
}

export interface DataQuality {
  /** 1 best, 5 worst; weighted by emissions over what was judged; null where nothing was. */
  readonly score: Decimal | null;
  /** Of all emissions, what was judged; null without emissions. */
  readonly judgedShare: Decimal | null;
  /** Of all emissions, what rests on primary data; null without emissions or where nobody said. */
  readonly primaryShare: Decimal | null;
}

/** Data quality rating Σ |E_i| · score_i / Σ |E_i| (as PACT's Technical Specifications weight their ratings by emissions). */
export function dataQuality(terms: readonly QualityTerm[]): DataQuality {
  const weight = (of: readonly QualityTerm[]): Decimal =>
    exactSum(of.map(({ emissionsKg }) => new Exact(emissionsKg).abs()));
  const all = weight(terms);
  const judged = terms.filter(({ score }) => score !== null);
  const judgedWeight = weight(judged);
  const said = terms.some(({ primary }) => primary !== null);
  return {
    score: judgedWeight.isZero()
      ? null
      : exactSum(judged.map(({ emissionsKg, score }) => new Exact(emissionsKg).abs().times(score!))).div(
          judgedWeight,
        ),
    judgedShare: all.isZero() ? null : judgedWeight.div(all),
    primaryShare:
      all.isZero() || !said ? null : weight(terms.filter(({ primary }) => primary === true)).div(all),
  };
}
