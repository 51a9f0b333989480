import { DomainError } from '#core';
import { type Sampling, type Utility, type Valuation, valueContributors } from './valuation.ts';

/** What is compared of a seller's data. */
export interface SellerData {
  readonly id: string;
  /** Who is paid; sellers of one owner are one. Where it is not said the seller is its own. */
  readonly owner?: string;
  /** Hash of the content, where there is one. */
  readonly contentRoot?: string;
  /** Values step by step over a time that all sellers cover alike, where they may be seen. */
  readonly series?: readonly number[];
}

/** Pearson correlation; 0 where one does not vary. @throws VALUATION_SERIES for different or no lengths */
export function correlation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length < 2) {
    throw new DomainError(
      'VALUATION_SERIES',
      `expected series of one length of at least 2, got ${a.length} and ${b.length}`,
    );
  }
  const [meanA, meanB] = [a, b].map((values) => values.reduce((x, y) => x + y, 0) / values.length);
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - meanA!, b[i]! - meanB!];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/**
 * Sellers of the same data: one content hash, or series that correlate at least so much, and whatever is the same as the
 * same. Classes of seller numbers, in order of their first.
 * @throws VALUATION_SERIES, VALUATION_THRESHOLD unless within (0, 1]
 */
export function similarityClasses(sellers: readonly SellerData[], threshold: number): number[][] {
  if (!(threshold > 0 && threshold <= 1)) {
    throw new DomainError('VALUATION_THRESHOLD', `expected a correlation within (0, 1], got ${threshold}`);
  }
  const classes: number[][] = [];
  for (const [i, seller] of sellers.entries()) {
    const same = classes.filter((each) => each.some((j) => isSame(seller, sellers[j]!, threshold)));
    const others = classes.filter((each) => !same.includes(each));
    classes.splice(
      0,
      classes.length,
      ...others,
      [...same.flat(), i].toSorted((a, b) => a - b),
    );
  }
  return classes.toSorted(([a], [b]) => a! - b!);
}

/** Where rounding alone keeps a correlation from 1. */
const ROUNDING = 1e-12;

function isSame(a: SellerData, b: SellerData, threshold: number): boolean {
  if (a.contentRoot !== undefined && a.contentRoot === b.contentRoot) return true;
  if (a.series === undefined || b.series === undefined) return false;
  return correlation(a.series, b.series) >= threshold - ROUNDING;
}

/** Standard errors are those of the classes. */
export interface ClassValuation extends Valuation {
  readonly classes: readonly (readonly number[])[];
  readonly classValues: readonly number[];
}

/**
 * Values sellers by class: the Shapley value runs over classes, a class's value goes in equal parts to the owners in it and
 * in equal parts to each owner's sellers. So an owner that sells one set under several names has of it what it would have
 * under one. Names that pretend to be several owners gain only where another owner sells the same data too.
 * Source: Agarwal, Dahleh & Sarkar 2019 (replication under the Shapley value).
 * @param utility of classes by their numbers
 * @throws as valueContributors
 */
export function valueByClass(
  sellers: readonly SellerData[],
  classes: readonly (readonly number[])[],
  utility: Utility,
  sampling?: Sampling,
): ClassValuation {
  const valuation = valueContributors(
    classes.map((_, i) => `${i}`),
    utility,
    sampling,
  );
  const values = sellers.map(() => 0);
  const standardErrors = valuation.standardErrors && sellers.map(() => 0);
  for (const [number, members] of classes.entries()) {
    for (const [seller, part] of partsOf(members, sellers)) {
      values[seller] = valuation.values[number]! * part;
      if (standardErrors) standardErrors[seller] = valuation.standardErrors[number]! * part;
    }
  }
  return { method: valuation.method, values, standardErrors, classes, classValues: valuation.values };
}

function partsOf(
  members: readonly number[],
  sellers: readonly SellerData[],
): [seller: number, part: number][] {
  const ownerOf = (seller: number): string => sellers[seller]!.owner ?? sellers[seller]!.id;
  const owners = new Map<string, number>();
  for (const seller of members) owners.set(ownerOf(seller), (owners.get(ownerOf(seller)) ?? 0) + 1);
  return members.map((seller) => [seller, 1 / owners.size / owners.get(ownerOf(seller))!]);
}
