import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { dischargeStore, type StoredCharge } from './index.ts';

const charge = (event: string, wh: number, change: Partial<StoredCharge> = {}): StoredCharge => ({
  event,
  interval: interval(0, HOUR_MS),
  area: 'DK1',
  technology: 'pv',
  trial: false,
  intensityKgPerKwh: '0',
  wh,
  ...change,
});
const at = { efficiency: '0.8', atMs: HOUR_MS };

function codeOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('a storage', () => {
  it('delivers charged Wh times efficiency and carries what they emitted, losses included', () => {
    const store = [
      charge('sun', 750),
      charge('wind', 250, { technology: 'wind', intensityKgPerKwh: '0.012' }),
    ];
    // 400 Wh out take 500 Wh in: 375 of sun, 125 of wind with 1.5 g, 3.75 g/kWh of what comes out.
    expect(dischargeStore(store, { ...at, wh: 400 })).toEqual({
      drawn: [
        { event: 'sun', wh: 375 },
        { event: 'wind', wh: 125 },
      ],
      left: [
        { ...store[0], wh: 375 },
        { ...store[1], wh: 125 },
      ],
      technology: '0.75 pv + 0.25 wind',
      intensityKgPerKwh: '0.00375',
    });
  });

  it('says nothing of emissions where a charge declares none', () => {
    const store = [charge('sun', 500), charge('grid', 500, { intensityKgPerKwh: null })];
    expect(dischargeStore(store, { ...at, wh: 80 }).intensityKgPerKwh).toBeNull();
  });

  it.each<[string, readonly StoredCharge[], Partial<typeof at> & { wh?: number }]>([
    ['STORAGE_EMPTY', [], {}],
    ['STORAGE_EMPTY', [charge('a', 124)], {}],
    ['STORAGE_TIME', [charge('a', 200)], { atMs: HOUR_MS - 1 }],
    ['STORAGE_MIXED', [charge('a', 200), charge('b', 200, { area: 'DK2' })], {}],
    ['STORAGE_MIXED', [charge('a', 200), charge('b', 200, { trial: true })], {}],
    ['STORAGE_EFFICIENCY', [charge('a', 200)], { efficiency: '1.01' }],
    ['STORAGE_EFFICIENCY', [charge('a', 200)], { efficiency: '0' }],
    ['CERTIFICATE_QUANTITY', [charge('a', 200)], { wh: 0 }],
  ])('refuses with %s', (code, store, change) => {
    expect(() => dischargeStore(store, { wh: 100, ...at, ...change })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('never delivers more than was charged times efficiency, and gives up every Wh it holds', () => {
    const charges = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 8 });
    const efficiency = fc.integer({ min: 1, max: 100 }).map((percent) => (percent / 100).toFixed(2));
    fc.assert(
      fc.property(charges, efficiency, fc.array(fc.integer({ min: 1, max: 400 })), (whs, eta, wanted) => {
        let store: readonly StoredCharge[] = whs.map((wh, i) => charge(`${i}`, wh));
        const chargedWh = whs.reduce((sum, wh) => sum + wh, 0);
        let [outWh, drawnWh] = [0, 0];
        const codes = new Set<unknown>();
        for (const wh of wanted) {
          const heldWh = store.reduce((sum, each) => sum + each.wh, 0);
          const etaPercent = Math.round(Number(eta) * 100);
          const refused = Math.ceil((wh * 100) / etaPercent) > heldWh;
          const discharge = () => dischargeStore(store, { wh, efficiency: eta, atMs: HOUR_MS });
          if (refused) {
            codes.add(codeOf(discharge));
            continue;
          }
          const { drawn, left } = discharge();
          drawnWh += drawn.reduce((sum, each) => sum + each.wh, 0);
          store = left;
          outWh += wh;
        }
        expect([...codes].filter((code) => code !== 'STORAGE_EMPTY')).toEqual([]);
        expect(outWh * 100).toBeLessThanOrEqual(chargedWh * Math.round(Number(eta) * 100));
        expect(store.reduce((sum, each) => sum + each.wh, 0) + drawnWh).toBe(chargedWh);
      }),
    );
  });
});
