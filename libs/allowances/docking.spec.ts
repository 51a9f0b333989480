import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type AllowanceAccount,
  type AllowanceOrder,
  complianceYear,
  credit,
  debit,
  deliver,
  dock,
  dockingReport,
  EMPTY_ACCOUNT,
  MAX_TONNES,
  release,
  reserve,
  toBookOrder,
} from './index.ts';

const YEAR = complianceYear(2024);
const order = (
  id: string,
  member: string,
  side: 'buy' | 'sell',
  tonnes: number,
  priceMinorPerTonne: number,
): AllowanceOrder => ({ id, member, side, tonnes, priceMinorPerTonne });
const holding = (held: Readonly<Record<string, number>>): Map<string, AllowanceAccount> =>
  new Map(Object.entries(held).map(([id, heldTonnes]) => [id, { heldTonnes, reservedTonnes: 0 }]));
const refused = (code: string) => expect.objectContaining({ code });
const total = (accounts: ReadonlyMap<string, AllowanceAccount>): number =>
  [...accounts.values()].reduce((sum, { heldTonnes }) => sum + heldTonnes, 0);
const position = (id: string, deficitTonnes: number | null, surplusTonnes: number | null) => ({
  id,
  deficitTonnes,
  surplusTonnes,
});

describe('accounts', () => {
  it('keep reserved allowances from being sold, surrendered or reserved again', () => {
    const account = reserve(credit(EMPTY_ACCOUNT, 10), 7);
    expect(account).toEqual({ heldTonnes: 10, reservedTonnes: 7 });
    expect(() => debit(account, 4)).toThrow(refused('ALLOWANCES_SHORT'));
    expect(() => reserve(account, 4)).toThrow(refused('ALLOWANCES_SHORT'));
    expect(debit(account, 3)).toEqual({ heldTonnes: 7, reservedTonnes: 7 });
    expect(deliver(account, 7)).toEqual({ heldTonnes: 3, reservedTonnes: 0 });
    expect(() => deliver(account, 8)).toThrow(refused('RESERVATION_SHORT'));
    expect(() => release(account, 8)).toThrow(refused('RESERVATION_SHORT'));
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('take no %d tonnes', (tonnes) => {
    for (const change of [credit, debit, reserve, release, deliver])
      expect(() => change({ heldTonnes: 9, reservedTonnes: 9 }, tonnes)).toThrow(refused('TONNES_INVALID'));
  });

  it('hold no more than sums stay exact with', () => {
    expect(() => credit({ heldTonnes: MAX_TONNES, reservedTonnes: 0 }, 1)).toThrow(
      refused('TONNES_TOO_LARGE'),
    );
  });
});

describe('toBookOrder', () => {
  it.each([
    [MAX_TONNES + 1, 1, 'TONNES_TOO_LARGE'],
    [9_008, 1e12, 'AMOUNT_TOO_LARGE'],
    [1, 1e12 + 1, 'ORDER_PRICE'],
    [0, 1, 'ORDER_QUANTITY'],
  ])('lets no order of %d tonnes at %d wait in the way of all others', (tonnes, price, code) => {
    expect(() => toBookOrder(order('b', 'a', 'buy', tonnes, price), YEAR)).toThrow(refused(code));
  });

  it('takes what an amount just tells', () => {
    expect(toBookOrder(order('b', 'a', 'buy', 9_007, 1e12), YEAR).quantityWh).toBe(9_007);
  });
});

describe('dock', () => {
  it('trades the best price first, then who came first, at the price that was there', () => {
    const orders = [
      order('s1', 'a', 'sell', 5, 7_000),
      order('s2', 'b', 'sell', 5, 6_000),
      order('s3', 'c', 'sell', 5, 6_000),
      order('b1', 'd', 'buy', 12, 7_000),
    ];
    const { trades, accounts, waiting } = dock(orders, holding({ a: 5, b: 5, c: 9, d: 0 }), YEAR);
    expect(
      trades.map(({ seller, tonnes, priceMinorPerTonne, amountMinor }) => [
        seller,
        tonnes,
        priceMinorPerTonne,
        amountMinor,
      ]),
    ).toEqual(
      [['b', 5, 6_000, 30_000], ['c', 5, 6_000, 30_000], ['a', 2, 7_000, 14_000]], // prettier-ignore
    );
    expect(Object.fromEntries(accounts)).toEqual({
      a: { heldTonnes: 3, reservedTonnes: 3 },
      b: EMPTY_ACCOUNT,
      c: { heldTonnes: 4, reservedTonnes: 0 },
      d: { heldTonnes: 12, reservedTonnes: 0 },
    });
    expect(waiting).toEqual([{ order: 's1', tonnes: 3 }]);
  });

  it('refuses to sell what is not held, also where two orders offer it', () => {
    const twice = [order('s1', 'a', 'sell', 6, 1), order('s2', 'a', 'sell', 5, 1)];
    expect(() => dock(twice, holding({ a: 10 }), YEAR)).toThrow(refused('ALLOWANCES_SHORT'));
    expect(() => dock([order('s', 'b', 'sell', 1, 1)], holding({ a: 10 }), YEAR)).toThrow(
      refused('ALLOWANCES_SHORT'),
    );
  });

  it('ends an order that meets its own member’s, and frees what it offered', () => {
    const { trades, accounts, waiting } = dock(
      [order('b', 'a', 'buy', 3, 9), order('s', 'a', 'sell', 3, 8)],
      holding({ a: 3 }),
      YEAR,
    );
    expect(trades).toEqual([]);
    expect(accounts.get('a')).toEqual({ heldTonnes: 3, reservedTonnes: 0 });
    expect(waiting).toEqual([{ order: 'b', tonnes: 3 }]);
  });

  it.each([
    [order('s', 'a', 'sell', 1, -1), 'ORDER_PRICE'],
    [order('b', 'a', 'buy', 0, 1), 'ORDER_QUANTITY'],
    [order('b', 'a', 'buy', 1, 0.5), 'ORDER_PRICE'],
  ])('refuses %j with %s', (bad, expected) => {
    expect(() => dock([bad], holding({ a: 5 }), YEAR)).toThrow(refused(expected));
  });

  it('conserves allowances and money, and nobody ever holds less than nothing or than it has reserved', () => {
    const members = ['a', 'b', 'c', 'd'];
    const drafts = fc.array(
      fc.record({
        member: fc.constantFrom(...members),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        tonnes: fc.integer({ min: 1, max: 20 }),
        priceMinorPerTonne: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(drafts, fc.array(fc.nat(60), { minLength: 4, maxLength: 4 }), (of, held) => {
        const before = holding(Object.fromEntries(members.map((id, i) => [id, held[i]!])));
        const free = new Map(members.map((id, i) => [id, held[i]!]));
        // What each may offer of what it began with; what it buys meanwhile only adds.
        const orders = of.flatMap((draft, i) => {
          const left = free.get(draft.member)! - draft.tonnes;
          if (draft.side === 'sell' && left < 0) return [];
          if (draft.side === 'sell') free.set(draft.member, left);
          return [{ ...draft, id: String(i) }];
        });
        const { trades, accounts, waiting } = dock(orders, before, YEAR);
        expect(total(accounts)).toBe(total(before));
        for (const { heldTonnes, reservedTonnes } of accounts.values()) {
          expect(reservedTonnes).toBeGreaterThanOrEqual(0);
          expect(heldTonnes).toBeGreaterThanOrEqual(reservedTonnes);
        }
        const offered = waiting.filter(
          ({ order: id }) => orders.find((each) => each.id === id)!.side === 'sell',
        );
        expect(offered.reduce((sum, { tonnes }) => sum + tonnes, 0)).toBe(
          [...accounts.values()].reduce((sum, { reservedTonnes }) => sum + reservedTonnes, 0),
        );
        for (const { tonnes, priceMinorPerTonne, amountMinor, buyOrder, sellOrder } of trades) {
          expect(amountMinor).toBe(tonnes * priceMinorPerTonne);
          expect(orders.find(({ id }) => id === buyOrder)!.priceMinorPerTonne).toBeGreaterThanOrEqual(
            priceMinorPerTonne,
          );
          expect(orders.find(({ id }) => id === sellOrder)!.priceMinorPerTonne).toBeLessThanOrEqual(
            priceMinorPerTonne,
          );
        }
      }),
    );
  });
});

describe('dockingReport', () => {
  it('meets deficits in proportion where surplus is short, and says what stays unmet', () => {
    const report = dockingReport([
      position('c', 30, 0),
      position('b', 60, 0),
      position('a', 0, 10),
      position('d', 0, 35),
      position('e', null, null),
    ]);
    expect(report).toEqual({
      deficitTonnes: 90,
      surplusTonnes: 45,
      meetableTonnes: 45,
      unmetTonnes: 45,
      idleTonnes: 0,
      matches: [
        { from: 'a', to: 'b', tonnes: 10 },
        { from: 'd', to: 'b', tonnes: 20 },
        { from: 'd', to: 'c', tonnes: 15 },
      ],
      unknown: ['e'],
    });
  });

  it('serves nobody beyond its deficit or surplus, and all of the smaller side, in any order', () => {
    const positions = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1 }), gap: fc.integer({ min: -50, max: 50 }) }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    fc.assert(
      fc.property(positions, (of) => {
        const all = of.map(({ id, gap }) => position(id, Math.max(0, gap), Math.max(0, -gap)));
        const report = dockingReport(all);
        expect(dockingReport(all.toReversed())).toEqual(report);
        const sum = (key: 'from' | 'to', id: string) =>
          report.matches
            .filter((match) => match[key] === id)
            .reduce((tonnes, match) => tonnes + match.tonnes, 0);
        for (const { id, deficitTonnes, surplusTonnes } of all) {
          expect(sum('to', id)).toBeLessThanOrEqual(deficitTonnes!);
          expect(sum('from', id)).toBeLessThanOrEqual(surplusTonnes!);
        }
        expect(report.matches.reduce((tonnes, match) => tonnes + match.tonnes, 0)).toBe(
          report.meetableTonnes,
        );
      }),
    );
  });
});
