import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError } from '#core';
import {
  type AllowanceAccount,
  type AllowanceOrder,
  carryOver,
  complianceYear,
  credit,
  debit,
  dock,
  EMPTY_ACCOUNT,
  ruleSetOf,
} from './index.ts';

const MEMBERS = ['a', 'b', 'c'] as const;
const member = fc.constantFrom(...MEMBERS);
const tonnes = fc.integer({ min: 1, max: 40 });

const step = fc.oneof(
  fc.record({ kind: fc.constant('issue' as const), member, tonnes }),
  fc.record({ kind: fc.constantFrom('surrender' as const, 'cancel' as const), member, tonnes }),
  fc.record({
    kind: fc.constant('dock' as const),
    orders: fc.array(
      fc.record({
        member,
        tonnes,
        side: fc.constantFrom('buy' as const, 'sell' as const),
        priceMinorPerTonne: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 6 },
    ),
  }),
);

/** What a refused step would have done is not done. */
function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A year's accounts as steps change them, and what went in and out. */
class Year {
  accounts: ReadonlyMap<string, AllowanceAccount> = new Map(MEMBERS.map((id) => [id, EMPTY_ACCOUNT]));
  readonly totals = { issue: 0, surrender: 0, cancel: 0 };
  moneyMinor = 0;

  take(of: Step): void {
    if (of.kind === 'dock') this.#dock(of.orders.map((order, i) => ({ ...order, id: String(i) })));
    else this.#change(of);
  }

  held(): number[] {
    return [...this.accounts.values()].map(({ heldTonnes }) => heldTonnes);
  }

  #dock(orders: readonly AllowanceOrder[]): void {
    const docked = unlessRefused(() => dock(orders, this.accounts, complianceYear(2024)));
    if (docked === null) return;
    for (const { tonnes: sold, priceMinorPerTonne, amountMinor } of docked.trades)
      this.moneyMinor += amountMinor - sold * priceMinorPerTonne;
    // The book closes: what waited is free again.
    this.accounts = new Map(
      [...docked.accounts].map(([id, { heldTonnes }]) => [id, { heldTonnes, reservedTonnes: 0 }]),
    );
  }

  #change({ kind, member: id, tonnes: by }: Exclude<Step, { kind: 'dock' }>): void {
    const change = kind === 'issue' ? credit : debit;
    const changed = unlessRefused(() => change(this.accounts.get(id)!, by));
    if (changed === null) return;
    this.accounts = new Map(this.accounts).set(id, changed);
    this.totals[kind] += by;
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

describe('allowances', () => {
  it('are never made or lost: what is held, surrendered and cancelled is what was issued', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const year = new Year();
        for (const each of steps) year.take(each);
        const { totals } = year;
        const held = year.held();
        expect(sum(held) + totals.surrender + totals.cancel).toBe(totals.issue);
        expect(Math.min(...held)).toBeGreaterThanOrEqual(0);
        expect(year.moneyMinor).toBe(0);
        const after = held.map((leftTonnes) =>
          carryOver(ruleSetOf('china-ets-power', 2024), { leftTonnes, netSoldTonnes: 0 }),
        );
        expect(sum(after.map(({ carriedTonnes, lapsedTonnes }) => carriedTonnes + lapsedTonnes))).toBe(
          sum(held),
        );
      }),
    );
  });
});
