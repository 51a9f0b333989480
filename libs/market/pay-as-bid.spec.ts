import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, exactAmount, interval } from '#core';
import { type ClearingResult, type Order, payAsBid, payAsLimit } from './index.ts';

const HOUR = interval(0, HOUR_MS);

type Quick = readonly [member: string, quantityWh: number, pricePerMwh: number];

function book(buys: readonly Quick[], sells: readonly Quick[]): Order[] {
  const side = (name: Order['side'], quick: readonly Quick[]): Order[] =>
    quick.map(([member, quantityWh, pricePerMwh], i) => ({
      id: `${name[0]}${i}`,
      member,
      interval: HOUR,
      side: name,
      quantityWh,
      pricePerMwh,
    }));
  return [...side('buy', buys), ...side('sell', sells)];
}

const brief = ({ trades }: ClearingResult) =>
  trades.map((t) => [t.buyOrder, t.sellOrder, t.quantityWh, t.buyPricePerMwh, t.sellPricePerMwh]);

describe('pay-as-bid', () => {
  const orders = book([['a', 5, 9], ['b', 5, 7]], [['c', 6, 2], ['d', 9, 4]]); // prettier-ignore

  it('pairs the dearest bid with the cheapest ask, each match at the bid', () => {
    expect(brief(payAsBid.clear(orders))).toEqual([
      ['b0', 's0', 5, 9, 9],
      ['b1', 's0', 1, 7, 7],
      ['b1', 's1', 4, 7, 7],
    ]);
  });

  it('prices at the ask or between where k says so', () => {
    expect(brief(payAsBid.clear(orders, { k: 0 })).map(([, , , price]) => price)).toEqual([2, 2, 4]);
    expect(brief(payAsBid.clear(orders, { k: 0.5 })).map(([, , , price]) => price)).toEqual([6, 5, 6]); // 5.5 → 6, 4.5 → 5, 5.5 → 6
  });

  it('leaves the difference to the market where both pay their limit', () => {
    const { certificate, ...result } = payAsLimit.clear(orders);
    expect(brief(result as ClearingResult)[0]).toEqual(['b0', 's0', 5, 9, 2]);
    expect(certificate.budgetResidualExact).toBe(certificate.welfareExact);
  });

  it('passes over a member’s own ask and trades all that others can take', () => {
    // In merit order b0 would meet c's ask and b1 its own.
    const crossed = book([['b', 1, 10], ['a', 1, 9]], [['c', 1, 1], ['a', 1, 2]]); // prettier-ignore
    expect(brief(payAsBid.clear(crossed))).toEqual([['b1', 's0', 1, 9, 9], ['b0', 's1', 1, 10, 10]]); // prettier-ignore
  });

  it('lets everybody trade with the member that would otherwise serve itself', () => {
    const crossed = book([['a', 10, 10]], [['a', 10, 1], ['b', 4, 2]]); // prettier-ignore
    expect(brief(payAsBid.clear(crossed))).toEqual([['b0', 's1', 4, 10, 10]]);
    const alone = payAsBid.clear(book([['a', 10, 10]], [['a', 10, 1]]));
    expect(alone).toMatchObject({ trades: [], certificate: { reason: 'ONLY_OWN_MATCHES' } });
  });

  it('refuses options that it does not take or know', () => {
    expect(() => payAsBid.clear(orders, { k: 2 })).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTIONS' }),
    );
    expect(() => payAsLimit.clear(orders, { k: 1 })).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTION_NOT_TAKEN' }),
    );
    expect(() => payAsLimit.clear(orders, { tie: 'none' as 'time' })).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTIONS' }),
    );
  });

  it('is not incentive compatible: a buyer gains by shading its bid', () => {
    expect(gain(4)).toBeGreaterThan(gain(10));
  });
});

/** What a buyer whose true value is 10 gains by bidding otherwise. */
const gain = (bid: number): number =>
  payAsBid
    .clear(book([['a', 10, bid]], [['b', 10, 0]]))
    .trades.reduce((sum, t) => sum + t.quantityWh * (10 - t.buyPricePerMwh), 0);

describe('pay-as-bid on random books, members on both sides', () => {
  const books = fc
    .array(
      fc.record({
        member: fc.constantFrom('a', 'b', 'c', 'd'),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        quantityWh: fc.integer({ min: 1, max: 4 }),
        pricePerMwh: fc.integer({ min: -3, max: 6 }),
      }),
      { maxLength: 8 },
    )
    .map((all): Order[] => all.map((each, i) => ({ ...each, id: `o${i}`, interval: HOUR })));
  const tie = fc.constantFrom('pro-rata' as const, 'time' as const);

  it('has the greatest welfare that trades between different members can have', () => {
    fc.assert(
      fc.property(books, tie, (orders, rule) => {
        const { certificate } = payAsBid.clear(orders, { tie: rule });
        expect(certificate.welfareExact).toBe(bestWelfareApart(orders));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps limits, quantities and members apart', () => {
    fc.assert(
      fc.property(books, tie, (orders, rule) => {
        const byId = new Map(orders.map((each) => [each.id, each]));
        const filled = new Map<string, number>();
        for (const t of payAsBid.clear(orders, { tie: rule }).trades) {
          expect(t.buyer).not.toBe(t.seller);
          expect(t.quantityWh).toBeGreaterThan(0);
          expect(t.buyPricePerMwh).toBe(byId.get(t.buyOrder)!.pricePerMwh);
          expect(t.sellPricePerMwh).toBeGreaterThanOrEqual(byId.get(t.sellOrder)!.pricePerMwh);
          for (const id of [t.buyOrder, t.sellOrder]) filled.set(id, (filled.get(id) ?? 0) + t.quantityWh);
        }
        for (const [id, wh] of filled) expect(wh).toBeLessThanOrEqual(byId.get(id)!.quantityWh);
      }),
      { numRuns: 300 },
    );
  });
});

/** Independent check: unit by unit, the heaviest matching of wanted and offered Wh by augmenting along best paths. */
function bestWelfareApart(orders: readonly Order[]): bigint {
  const units = (side: Order['side']) =>
    orders.filter((o) => o.side === side).flatMap((o) => Array<Order>(o.quantityWh).fill(o));
  const [wanted, offered] = [units('buy'), units('sell')];
  const partnerOf: (number | undefined)[] = offered.map(() => undefined);
  const free = new Set(wanted.keys());
  let welfare = 0n;
  for (let path = bestPath(); path.gain > 0; path = bestPath()) {
    welfare += exactAmount(1, path.gain);
    path.apply();
  }
  return welfare;

  /** Bellman–Ford over the residual graph: value of a wanted unit when it enters, cost of an offered unit when it ends. */
  function bestPath(): { gain: number; apply: () => void } {
    const value = offered.map(() => -Infinity);
    const via: (number | undefined)[] = offered.map(() => undefined);
    for (const w of free) reach(w, wanted[w]!.pricePerMwh);
    for (let round = 0; round < offered.length; round++) {
      offered.forEach((_, o) => {
        const partner = partnerOf[o];
        if (partner !== undefined && value[o]! > -Infinity) reach(partner, value[o]!);
      });
    }
    const ends = [...offered.keys()].filter((o) => partnerOf[o] === undefined);
    const end = ends.reduce((best, o) => (value[o]! - offered[o]!.pricePerMwh > gainAt(best) ? o : best), -1);
    return { gain: gainAt(end), apply: () => augment(end) };

    function gainAt(o: number): number {
      return o === -1 ? 0 : value[o]! - offered[o]!.pricePerMwh;
    }

    function reach(w: number, worth: number): void {
      offered.forEach((unit, o) => {
        if (unit.member === wanted[w]!.member || worth <= value[o]!) return;
        value[o] = worth;
        via[o] = w;
      });
    }

    function augment(last: number): void {
      let o = last;
      for (;;) {
        const w = via[o]!;
        const before = partnerOf.indexOf(w);
        partnerOf[o] = w;
        if (before === -1 || before === o) {
          free.delete(w);
          return;
        }
        o = before;
      }
    }
  }
}
