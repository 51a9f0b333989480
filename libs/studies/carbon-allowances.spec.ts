import { describe, expect, it } from '@jest/globals';
import type { Json } from '#core';
import { computeStudy } from './compute-study.ts';
import { UNHEARD } from './study.ts';

const allowances = async (input: Json): Promise<unknown> => {
  const asked = { verb: 'allowances', method: null, input, options: {} };
  return JSON.parse((await computeStudy(asked, UNHEARD, 1_000_000)).result);
};
const refused = (code: string) => expect.objectContaining({ code });

const coal = (outputMwh: number | string, verifiedTonnes: number, rest: Record<string, Json> = {}): Json => ({
  id: 'unit',
  class: 'coal-above-300-mw',
  outputMwh,
  coolingMethod: 'water',
  loadFactor: 0.9,
  verifiedTonnes,
  ...rest,
});

const member = (id: string, outputMwh: number, verifiedTonnes: number): Json => ({
  id,
  units: [coal(outputMwh, verifiedTonnes)],
});
const order = (
  id: string,
  of: string,
  side: string,
  tonnes: number,
  pricePerTonne: number | string,
): Json => ({
  id,
  member: of,
  side,
  tonnes,
  pricePerTonne,
});

describe('allowances as a study', () => {
  it('allocates, and tells every figure with its source', async () => {
    const unit = coal('1000000', 900_000, { coolingMethod: 'air', heatGj: 100_000, heatShare: '0.05' });
    expect(await allowances({ year: 2019, members: [{ id: 'plant', units: [unit] }] })).toMatchObject({
      method: 'gridcommons/allowances/1',
      ruleSet: {
        id: 'china-ets-power/2019-2020',
        sources: [expect.stringContaining('国环规气候〔2020〕3号')],
      },
      year: 2019,
      members: [
        {
          id: 'plant',
          units: [
            {
              class: 'coal-above-300-mw',
              benchmarkTPerMwh: 0.877,
              heatBenchmarkTPerGj: 0.126,
              corrections: { cooling: 1.05, heat: 0.989, load: 1 },
              outputTonnes: 910_720.65,
              heatTonnes: 12_600,
              allocationTonnes: 923_320.65,
            },
          ],
          allocatedTonnes: 923_321,
          gapTonnes: -23_321,
          surplusTonnes: 23_321,
          borrowableTonnes: null,
        },
      ],
      docking: { surplusTonnes: 23_321, deficitTonnes: 0, unmetTonnes: 0, idleTonnes: 23_321 },
      flags: [{ member: 'plant', flag: 'held-is-allocation' }],
    });
  });

  it('docks orders, tells who paid what, and what stays unmet', async () => {
    const result = await allowances({
      year: 2024,
      members: [member('lean', 1_000, 700), member('heavy', 1_000, 950), { id: 'idle', heldTonnes: 5 }],
      orders: [
        order('s1', 'lean', 'sell', 60, '90.50'),
        order('s2', 'lean', 'sell', 31, 95),
        order('b1', 'heavy', 'buy', 70, 92),
      ],
    });
    expect(result).toMatchObject({
      docking: { deficitTonnes: 159, surplusTonnes: 91, unmetTonnes: 68, unknown: ['idle'] },
      trades: [{ buyer: 'heavy', seller: 'lean', tonnes: 60, pricePerTonne: 90.5, amount: 5_430 }],
      waiting: [{ order: 'b1', tonnes: 10 }, { order: 's2', tonnes: 31 }], // prettier-ignore
      members: [
        { id: 'lean', afterTrades: { heldTonnes: 731, surplusTonnes: 31, paid: -5_430 } },
        { id: 'heavy', afterTrades: { heldTonnes: 851, deficitTonnes: 99, paid: 5_430 } },
        { id: 'idle', deficitTonnes: null, afterTrades: { heldTonnes: 5, deficitTonnes: null, paid: 0 } },
      ],
      afterTrades: { deficitTonnes: 99, surplusTonnes: 31, unmetTonnes: 68 },
    });
  });

  it('carries over and forecasts the end of the year', async () => {
    const yearEnd = { actualTonnes: [100, 110], pastTonnes: [100, 110, 90, 100], heldTonnes: 450 };
    expect(
      await allowances({
        year: 2023,
        members: [{ id: 'm', units: [coal(1_000_000, 700_000)], netSoldTonnes: 20_000, yearEnd }],
      }),
    ).toMatchObject({
      members: [
        {
          surplusTonnes: 95_000,
          carryOver: { into: 2025, limitTonnes: 40_000, carriedTonnes: 40_000, lapsedTonnes: 55_000 },
          yearEnd: { emissionsTonnes: 400, gapTonnes: -50, deficitProbability: 0, method: 'seasonal-ratio' },
        },
      ],
    });
  });

  it('takes rules of one’s own, and flags what it assumed', async () => {
    const ruleSet = {
      id: 'own/2026',
      scheme: 'own',
      years: [2026],
      title: 'own rules',
      outputBasis: 'supplied',
      classes: [
        {
          id: 'oil',
          title: 'oil',
          benchmarkTPerMwh: 0.7,
          corrections: { cooling: { sea: 0.9 }, load: { bands: [{ from: 0, factor: 2 }] } },
        },
      ],
      limit: null,
      rounding: { allocation: 'down', obligation: 'up' },
      sources: ['our own'],
    };
    const units = [{ id: 'u', class: 'oil', outputMwh: 10.9, loadFactor: 0.5, verifiedTonnes: 15.1 }];
    expect(await allowances({ ruleSet, members: [{ id: 'm', units }] })).toMatchObject({
      members: [{ allocatedTonnes: 15, obligationTonnes: 16, deficitTonnes: 1 }],
      flags: [
        { member: 'm', flag: 'held-is-allocation' },
        { member: 'm', flag: 'borrowing-unstated' },
        { member: 'm', unit: 'u', flag: 'cooling-correction-assumed' },
      ],
    });
  });

  it.each<[string, Json, string]>([
    ['a year without rules', { year: 2018, members: [{ id: 'm' }] }, 'RULE_SET_MISSING'],
    ['neither year nor rules', { members: [{ id: 'm' }] }, 'ALLOWANCE_YEAR'],
    [
      'a year that the rules are not of',
      { year: 2019, ruleSet: 'china-ets-power/2024', members: [{ id: 'm' }] },
      'ALLOWANCE_YEAR',
    ],
    ['a member twice', { year: 2024, members: [{ id: 'm' }, { id: 'm' }] }, 'INPUT_DUPLICATE'],
    [
      'orders of nobody',
      {
        year: 2024,
        members: [{ id: 'm' }],
        orders: [{ id: 'o', member: 'x', side: 'buy', tonnes: 1, pricePerTonne: 1 }],
      },
      'MEMBER_UNKNOWN',
    ],
    [
      'more sold than is held',
      {
        year: 2024,
        members: [{ id: 'm', heldTonnes: 4 }],
        orders: [{ id: 'o', member: 'm', side: 'sell', tonnes: 5, pricePerTonne: 1 }],
      },
      'ALLOWANCES_SHORT',
    ],
    [
      'thousandths of a price',
      {
        year: 2024,
        members: [{ id: 'm', heldTonnes: 4 }],
        orders: [{ id: 'o', member: 'm', side: 'sell', tonnes: 4, pricePerTonne: '1.005' }],
      },
      'DECIMALS_TOO_FINE',
    ],
    [
      'carry-over that no rule states',
      { year: 2021, members: [{ id: 'm', units: [coal(10, 5)], netSoldTonnes: 0 }] },
      'RULE_MISSING',
    ],
    [
      'two ways to forecast',
      { year: 2021, members: [{ id: 'm', yearEnd: { actualTonnes: [1], pastTonnes: [1], expected: [] } }] },
      'YEAR_END_INPUT',
    ],
    ['an unknown key', { year: 2021, members: [{ id: 'm', output: 1 }] }, 'INPUT_KEY_UNKNOWN'],
  ])('refuses %s with its code', async (_, input, code) => {
    await expect(allowances(input)).rejects.toThrow(refused(code));
  });
});
