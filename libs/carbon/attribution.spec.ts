import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { attributeTrades, type TradedEnergy } from './index.ts';

const trade = (
  id: string,
  sellerId: string,
  buyerId: string,
  quantityWh: number,
  hour = 0,
): TradedEnergy => ({
  id,
  sellerId,
  buyerId,
  quantityWh,
  intervalStartMs: hour * 3_600_000,
});
const meter = (memberId: string, netExportWh: number, hour = 0) => ({
  memberId,
  netExportWh,
  intervalStartMs: hour * 3_600_000,
});
const wh = (result: ReturnType<typeof attributeTrades>): number[] =>
  result.attributions.map(({ attributedWh }) => attributedWh);

describe('attributeTrades', () => {
  it('passes on what was sold where the seller exported more', () => {
    const trades = [trade('1', 's', 'a', 300), trade('2', 's', 'b', 200)];
    expect(wh(attributeTrades(trades, [meter('s', 900)]))).toEqual([300, 200]);
  });

  it('divides a shortfall pro rata by largest remainder', () => {
    const trades = [trade('1', 's', 'a', 1), trade('2', 's', 'b', 1), trade('3', 's', 'c', 1)];
    // 2 Wh over three equal buyers: 0.67 each; the two whole Wh go to the smaller ids.
    expect(wh(attributeTrades(trades, [meter('s', 2)]))).toEqual([1, 1, 0]);
    expect(wh(attributeTrades(trades.toReversed(), [meter('s', 2)]))).toEqual([0, 1, 1]);
  });

  it('keeps hours and sellers apart', () => {
    const trades = [trade('1', 's', 'a', 100, 0), trade('2', 's', 'a', 100, 1), trade('3', 't', 'a', 100, 1)];
    expect(wh(attributeTrades(trades, [meter('s', 100, 0), meter('s', 0, 1), meter('t', 40, 1)]))).toEqual([
      100, 0, 40,
    ]);
  });

  it('does not give away again what an earlier settlement gave', () => {
    const exported = { ...meter('s', 100), alreadyAttributedWh: 70 };
    expect(wh(attributeTrades([trade('1', 's', 'a', 80)], [exported]))).toEqual([30]);
    expect(
      wh(attributeTrades([trade('1', 's', 'a', 80)], [{ ...exported, alreadyAttributedWh: 120 }])),
    ).toEqual([0]);
  });

  it('names sellers whose export is unknown and attributes nothing there', () => {
    const result = attributeTrades([trade('1', 's', 'a', 80), trade('2', 't', 'a', 5)], [meter('t', 9)]);
    expect(result.missing).toEqual([{ sellerId: 's', intervalStartMs: 0 }]);
    expect(result.attributions.map(({ trade: { id } }) => id)).toEqual(['2']);
  });

  it('refuses repeated trades and exports, and energy that is not whole Wh ≥ 0', () => {
    const refused = expect.objectContaining({ code: 'ATTRIBUTION_INPUT' });
    const one = trade('1', 's', 'a', 80);
    expect(() => attributeTrades([one, one], [])).toThrow(refused);
    expect(() => attributeTrades([one], [meter('s', 1), meter('s', 2)])).toThrow(refused);
    expect(() => attributeTrades([one], [meter('s', -1)])).toThrow(refused);
    expect(() => attributeTrades([{ ...one, quantityWh: 0.5 }], [meter('s', 1)])).toThrow(refused);
  });

  it('attributes no Wh twice: per seller and hour exactly min(sold, exported), per trade at most what was sold', () => {
    const member = fc.constantFrom('a', 'b', 'c', 'd');
    const hour = fc.integer({ min: 0, max: 2 });
    const quantity = fc.integer({ min: 0, max: 1_000 });
    const exportsOf = fc.uniqueArray(fc.tuple(member, quantity, hour), {
      selector: ([m, , h]) => `${m}${h}`,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(member, member, quantity, hour)), exportsOf, (drawn, metered) => {
        const trades = drawn.map(([seller, buyer, sold, h], i) => trade(String(i), seller, buyer, sold, h));
        const { attributions, missing } = attributeTrades(
          trades,
          metered.map(([m, exported, h]) => meter(m, exported, h)),
        );
        for (const [m, exported, h] of metered) {
          const isSale = (t: TradedEnergy): boolean =>
            t.sellerId === m && t.intervalStartMs === h * 3_600_000;
          const sold = trades.filter(isSale).reduce((sum, { quantityWh }) => sum + quantityWh, 0);
          const given = attributions
            .filter(({ trade: t }) => isSale(t))
            .reduce((sum, a) => sum + a.attributedWh, 0);
          expect(given).toBe(Math.min(sold, exported));
        }
        for (const { trade: t, attributedWh } of attributions)
          expect(attributedWh).toBeLessThanOrEqual(t.quantityWh);
        const unknown = trades.filter((t) =>
          missing.some((m) => m.sellerId === t.sellerId && m.intervalStartMs === t.intervalStartMs),
        );
        expect(attributions.length + unknown.length).toBe(trades.length);
      }),
    );
  });
});
