import { describe, expect, it } from '@jest/globals';
import { type RuleSet, RULE_SETS, ruleSetById, ruleSetOf, unitAllocation, type UnitYear } from './index.ts';

const coal = (rest: Partial<UnitYear>): UnitYear => ({
  id: 'u',
  unitClass: 'coal-above-300-mw',
  outputMwh: 1_000_000,
  coolingMethod: 'water',
  loadFactor: 1,
  ...rest,
});
const other = (unitClass: string, of: Partial<UnitYear>): UnitYear => ({ id: 'u', unitClass, ...of });
const first = ruleSetOf('china-ets-power', 2020);
const tonnes = (rules: RuleSet, plant: UnitYear): number => unitAllocation(rules, plant).tonnes.toNumber();
const factor = (rules: RuleSet, plant: UnitYear, name: string): number =>
  unitAllocation(rules, plant)
    .corrections.find((each) => each.name === name)!
    .factor.toNumber();

describe('rule sets', () => {
  it.each([
    // MEE plans of 2020-12-29, 2023-03-13 and 2024-10-16: coal above and up to 300 MW, unconventional, gas; heat of coal, gas.
    [2019, [0.877, 0.979, 1.146, 0.392], [0.126, 0.059], 'supplied'],
    [2020, [0.877, 0.979, 1.146, 0.392], [0.126, 0.059], 'supplied'],
    [2021, [0.8218, 0.8773, 0.935, 0.392], [0.1111, 0.056], 'supplied'],
    [2022, [0.8177, 0.8729, 0.9303, 0.3901], [0.1105, 0.0557], 'supplied'],
    [2023, [0.795, 0.809, 0.8285, 0.3305], [0.1038, 0.0536], 'generated'],
    [2024, [0.791, 0.8049, 0.8244, 0.3288], [0.1033, 0.0533], 'generated'],
  ])('have the published benchmarks of China’s power sector in %i', (year, output, heat, basis) => {
    const { classes, outputBasis } = ruleSetOf('china-ets-power', year);
    expect(classes.map((each) => Number(each.benchmarkTPerMwh))).toEqual(output);
    const [ofCoal, ofGas] = heat;
    expect(classes.map((each) => Number(each.heatBenchmarkTPerGj))).toEqual([ofCoal, ofCoal, ofCoal, ofGas]);
    expect(outputBasis).toBe(basis);
  });

  it('are each once, cover a year once, and name where they are from', () => {
    const years = RULE_SETS.flatMap(({ scheme, years: of }) => of.map((year) => `${scheme} ${year}`));
    expect(new Set(years).size).toBe(years.length);
    expect(new Set(RULE_SETS.map(({ id }) => id)).size).toBe(RULE_SETS.length);
    for (const { sources } of RULE_SETS) expect(sources.join()).toMatch(/https:\/\/www\.mee\.gov\.cn\//);
  });

  it.each([
    ['another year', () => ruleSetOf('china-ets-power', 2025), 'RULE_SET_MISSING'],
    ['another scheme', () => ruleSetOf('eu-ets', 2021), 'RULE_SET_MISSING'],
    ['an unknown id', () => ruleSetById('china-ets-power/2018'), 'RULE_SET_MISSING'],
    ['a class they do not have', () => tonnes(first, coal({ unitClass: 'oil' })), 'RULE_MISSING'],
    [
      'a product they have no benchmark of',
      () => tonnes(first, coal({ outputMwh: 0, productUnits: 5 })),
      'RULE_MISSING',
    ],
    [
      'a way of cooling they do not know',
      () => tonnes(first, coal({ coolingMethod: 'moon' })),
      'RULE_MISSING',
    ],
    ['a name of Object’s own', () => tonnes(first, coal({ coolingMethod: 'constructor' })), 'RULE_MISSING'],
  ])('never guess for %s', (_, ask, code) => {
    expect(ask).toThrow(expect.objectContaining({ code }));
  });
});

describe('unitAllocation', () => {
  it('is output · benchmark + heat · benchmark', () => {
    expect(tonnes(first, coal({ heatGj: 500_000, heatShare: 0 }))).toBe(877_000 + 63_000);
  });

  it('gives air-cooled units 1.05 of what water-cooled ones are given for output', () => {
    expect(tonnes(first, coal({ coolingMethod: 'air' }))).toBe(877_000 * 1.05);
  });

  it('takes 0.22 of the share of heat off coal, 0.6 of it off gas', () => {
    const heat = { heatGj: 1_000_000, heatShare: 0.2 };
    expect(tonnes(first, coal(heat))).toBe(877_000 * (1 - 0.22 * 0.2) + 126_000);
    expect(tonnes(first, coal({ ...heat, unitClass: 'gas' }))).toBe(392_000 * (1 - 0.6 * 0.2) + 59_000);
  });

  it('multiplies the corrections of output, and none of heat', () => {
    const plant = coal({ coolingMethod: 'air', heatGj: 1_000_000, heatShare: 0.1, loadFactor: 0.82 });
    const rules = ruleSetOf('china-ets-power', 2021);
    expect(tonnes(rules, plant)).toBeCloseTo(
      821_800 * 1.05 * (1 - 0.022) * (1 + 0.0014 * (85 - 82)) + 111_100,
      6,
    );
  });

  it.each([
    [1, 1],
    [0.85, 1],
    [0.849, 1 + 0.0014 * 0.1],
    [0.8, 1 + 0.0014 * 5],
    [0.79, 1.007 + 0.0016],
    [0.75, 1.007 + 0.0016 * 5],
    [0.7, 1.015 ** 2],
    [0.5, 1.015 ** 6],
    [0, 1.015 ** 16],
  ])('corrects conventional coal at load %d by %d', (loadFactor, expected) => {
    expect(factor(first, coal({ loadFactor }), 'load')).toBeCloseTo(expected, 12);
  });

  it('corrects load for units that supply no heat only until 2020, for all conventional coal from 2021 on', () => {
    const plant = coal({ loadFactor: 0.5, heatGj: 1, heatShare: 0 });
    expect(factor(first, plant, 'load')).toBe(1);
    expect(factor(ruleSetOf('china-ets-power', 2022), plant, 'load')).toBeCloseTo(1.015 ** 6, 12);
    const names = unitAllocation(first, coal({ unitClass: 'coal-unconventional' })).corrections;
    expect(names.map(({ name }) => name)).toEqual(['cooling', 'heat']);
  });

  it('corrects from 2023 on the peak load of conventional coal alone, below 65 %', () => {
    const rules = ruleSetOf('china-ets-power', 2024);
    const plant = coal({ coolingMethod: 'air', heatGj: 100, heatShare: 0.5, loadFactor: 0.6 });
    expect(unitAllocation(rules, plant).corrections.map(({ name }) => name)).toEqual(['load']);
    expect(factor(rules, plant, 'load')).toBeCloseTo(1.015 ** 4, 12);
    expect(factor(rules, coal({ loadFactor: 0.65 }), 'load')).toBe(1);
    expect(tonnes(rules, { ...plant, unitClass: 'gas' })).toBeCloseTo(328_800 + 5.33, 9);
  });

  it('takes factors that an authority determined in place of the rule’s, and says where each is from', () => {
    const plant = coal({ corrections: { cooling: '1.02' }, loadFactor: undefined });
    expect(
      unitAllocation(first, plant).corrections.map(({ name, factor: of, origin }) => [name, of.toNumber(), origin]),
    ).toEqual([['cooling', 1.02, 'given'], ['heat', 1, 'rule'], ['load', 1, 'assumed']]); // prettier-ignore
  });

  it('is activity · benchmark · exposure · cross-sectoral factor for a product of the EU’s scheme', () => {
    const rules: RuleSet = {
      ...first,
      id: 'own/eu-2021',
      outputBasis: 'product',
      factors: { 'cross-sectoral': '0.9' },
      limit: null,
      classes: [
        {
          id: 'clinker',
          title: 'grey cement clinker',
          benchmarkTPerUnit: '0.693',
          factors: { exposure: '1' },
        },
        { id: 'bricks', title: 'not exposed', benchmarkTPerUnit: '0.106', factors: { exposure: '0.3' } },
        { id: 'heat', title: 'heat', heatBenchmarkTPerGj: '0.0473', factors: { exposure: '0.3' } },
      ],
    };
    expect(tonnes(rules, other('clinker', { productUnits: 1_000_000 }))).toBeCloseTo(623_700, 9);
    expect(tonnes(rules, other('bricks', { productUnits: 100_000 }))).toBeCloseTo(10_600 * 0.3 * 0.9, 9);
    expect(tonnes(rules, other('heat', { heatGj: 10_000 }))).toBeCloseTo(473 * 0.3 * 0.9, 9);
  });

  it('sums fuels burnt where emissions are not stated', () => {
    const fuels = [
      { fuelTj: '1000', factorTPerTj: '94.6', oxidation: '0.99' },
      { fuelTj: 10, factorTPerTj: '74.1', oxidation: 1 },
    ];
    expect(unitAllocation(first, coal({ fuels })).verifiedTonnes?.toNumber()).toBe(93_654 + 741);
    expect(unitAllocation(first, coal({})).verifiedTonnes).toBeNull();
  });

  it.each<Partial<UnitYear>>([
    { outputMwh: -1 },
    { heatGj: Number.NaN },
    { heatShare: 1.1 },
    { loadFactor: -0.1 },
    { verifiedTonnes: Infinity },
    { fuels: [], verifiedTonnes: 1 },
    { fuels: [{ fuelTj: -1, factorTPerTj: 1, oxidation: 1 }] },
    { corrections: { cooling: -1 } },
  ])('refuses a unit with %j', (of) => {
    expect(() => unitAllocation(first, coal(of))).toThrow(expect.objectContaining({ code: 'UNIT_INVALID' }));
  });
});
