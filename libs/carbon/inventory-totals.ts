import type { Decimal } from 'decimal.js';
import { dataQuality, type DataQuality } from './data-quality.ts';
import { exactSum } from './exact-sum.ts';
import { ACCOUNTS, type Account, type InventoryLine, isoCategory, type Matching } from './inventory-line.ts';
import { emissionsUncertainty } from './uncertainty.ts';

/** What of an inventory one account counts under one matching: scopes 1 and 3 are the same in all. */
export const linesOf = (
  lines: readonly InventoryLine[],
  account: Account,
  matching: Matching,
): InventoryLine[] =>
  lines.filter((line) => line.account === null || (line.account === account && line.matching === matching));

/** A sum of lines. */
export interface LineTotal {
  /** Null where nothing was reported, or of nothing a factor is known. */
  readonly emissionsKg: Decimal | null;
  /** A part of it has no factor and is in no sum. */
  readonly incomplete: boolean;
  readonly biogenicCo2Kg: Decimal;
  /** Half-width of the 95 % interval; null where a part's is unknown. */
  readonly uncertaintyPercent: Decimal | null;
}

export function lineTotal(lines: readonly InventoryLine[]): LineTotal {
  const known = lines.flatMap(({ emissionsKg }) => (emissionsKg === null ? [] : [emissionsKg]));
  return {
    emissionsKg: known.length === 0 ? null : exactSum(known),
    incomplete: lines.some(({ flags }) => flags.includes('factor-missing')),
    biogenicCo2Kg: exactSum(lines.map(({ biogenicCo2Kg }) => biogenicCo2Kg)),
    uncertaintyPercent: emissionsUncertainty(
      lines.map(({ emissionsKg, terms, factor }) => ({
        emissionsKg: emissionsKg ?? 0,
        activityPercent: terms.uncertaintyPercent,
        // What was given as emissions has no factor of its own.
        factorPercent: factor === null ? 0 : factor.uncertaintyPercent,
        factorId: factor?.id ?? null,
      })),
    ),
  };
}

/** One account of everything: scopes, their sum, categories. */
export interface AccountTotals {
  readonly account: Account;
  readonly matching: Matching;
  readonly scopes: Readonly<Record<1 | 2 | 3, LineTotal>>;
  readonly total: LineTotal;
  /** By category of scope 3, of those that were reported. */
  readonly scope3: ReadonlyMap<number, LineTotal>;
  /** By category of ISO 14064-1:2018, 1 to 6. */
  readonly iso: ReadonlyMap<number, LineTotal>;
  readonly dataQuality: DataQuality;
}

/** Groups the same lines by scope and by ISO category: both add up to the same total. */
export function accountTotals(
  lines: readonly InventoryLine[],
  account: Account,
  matching: Matching,
): AccountTotals {
  const counted = linesOf(lines, account, matching);
  const ofScope = (scope: number): InventoryLine[] => counted.filter((line) => line.scope === scope);
  return {
    account,
    matching,
    scopes: { 1: lineTotal(ofScope(1)), 2: lineTotal(ofScope(2)), 3: lineTotal(ofScope(3)) },
    total: lineTotal(counted),
    scope3: totalsBy(ofScope(3), ({ scope3Category }) => scope3Category ?? 0),
    iso: totalsBy(counted, isoCategory),
    dataQuality: dataQuality(
      counted.flatMap(({ emissionsKg, terms }) =>
        emissionsKg === null ? [] : [{ emissionsKg, score: terms.qualityScore, primary: terms.primary }],
      ),
    ),
  };
}

function totalsBy(
  lines: readonly InventoryLine[],
  group: (line: InventoryLine) => number,
): Map<number, LineTotal> {
  const groups = [...new Set(lines.map(group))].toSorted((a, b) => a - b);
  return new Map(groups.map((key) => [key, lineTotal(lines.filter((line) => group(line) === key))]));
}

/** Both accounts of an inventory under one matching, location-based first. */
export const bothAccounts = (
  lines: readonly InventoryLine[],
  matching: Matching,
): Readonly<Record<Account, AccountTotals>> => {
  const [location, market] = ACCOUNTS.map((account) => accountTotals(lines, account, matching));
  return { location: location!, market: market! };
};
