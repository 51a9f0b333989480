import type { Corrections, LoadBand, RuleSet, UnitClass } from './rule-set.ts';

/**
 * China's national emissions trading scheme, power sector, as the Ministry of Ecology and Environment (MEE) set it for each
 * compliance year. A correction of a figure is a new version of its rule set; one in use never changes.
 */
export const CHINA_POWER = 'china-ets-power';

const PLAN_2019 =
  'MEE 国环规气候〔2020〕3号 of 2020-12-29, allocation plan 2019–2020 (power), annexes 2 and 4, https://www.mee.gov.cn/xxgk2018/xxgk/xxgk03/202012/W020201230736907121045.pdf';
const PLAN_2021 =
  'MEE 国环规气候〔2023〕1号 of 2023-03-13, allocation plan 2021 and 2022 (power), annexes 1 and 2, https://www.mee.gov.cn/xxgk2018/xxgk/xxgk03/202303/W020230315687660073734.pdf';
const PLAN_2023 =
  'MEE 国环规气候〔2024〕1号 of 2024-10-16, allocation plan 2023 and 2024 (power), annex 2, https://www.mee.gov.cn/xxgk2018/xxgk/xxgk03/202410/W020241021392230468687.pdf';

const ROUNDING_NOTE =
  'The rounding to whole allowances, once a member and half away from zero, is this software’s: the plan’s figures do not say.';

/** GB 21258-2017, as the plans for 2019–2022 print it. */
const LOAD_BANDS: readonly LoadBand[] = [
  { from: '0.85', factor: '1' },
  { from: '0.80', intercept: '1', perPoint: '0.0014', pivotPercent: '85' },
  { from: '0.75', intercept: '1.007', perPoint: '0.0016', pivotPercent: '80' },
  { from: '0', base: '1.015', constant: '16', perUnit: '20' },
];
const PEAK_BANDS: readonly LoadBand[] = [
  { from: '0.65', factor: '1' },
  { from: '0', base: '1.015', constant: '16', perUnit: '20' },
];

interface Figures {
  /** tCO2/MWh of conventional coal above 300 MW and up to it, unconventional coal, gas. */
  readonly output: readonly [string, string, string, string];
  /** tCO2/GJ of coal and gas. */
  readonly heat: readonly [string, string];
  readonly conventional: Corrections;
  readonly unconventional: Corrections;
  readonly gas: Corrections;
}

function classes({ output, heat, conventional, unconventional, gas }: Figures): UnitClass[] {
  const [above, upTo, other, ofGas] = output;
  const coal = { heatBenchmarkTPerGj: heat[0] };
  return [
    {
      ...coal,
      id: 'coal-above-300-mw',
      title: 'conventional coal above the class of 300 MW',
      benchmarkTPerMwh: above,
      corrections: conventional,
    },
    {
      ...coal,
      id: 'coal-up-to-300-mw',
      title: 'conventional coal up to the class of 300 MW',
      benchmarkTPerMwh: upTo,
      corrections: conventional,
    },
    {
      ...coal,
      id: 'coal-unconventional',
      title: 'unconventional coal: gangue, slurry, circulating fluidised beds',
      benchmarkTPerMwh: other,
      corrections: unconventional,
    },
    {
      id: 'gas',
      title: 'gas',
      benchmarkTPerMwh: ofGas,
      heatBenchmarkTPerGj: heat[1],
      corrections: gas,
      exempt: true,
    },
  ];
}

const AIR = { water: '1', air: '1.05' };
const AIR_OR_BACK_PRESSURE = { ...AIR, 'back-pressure': '1' };
const COAL_HEAT = '0.22';
const GAS: Corrections = { heatPerShare: '0.6' };

const CORRECTED_2021 = {
  conventional: { cooling: AIR_OR_BACK_PRESSURE, heatPerShare: COAL_HEAT, load: { bands: LOAD_BANDS } },
  unconventional: { cooling: AIR_OR_BACK_PRESSURE, heatPerShare: COAL_HEAT },
  gas: GAS,
};
const CORRECTED_2023 = { conventional: { load: { bands: PEAK_BANDS } }, unconventional: {}, gas: {} };

const common = {
  version: 1,
  scheme: CHINA_POWER,
  codes: { allowance: 'CEA', currency: 'CNY' },
  rounding: { allocation: 'half-up', obligation: 'half-up' },
} as const;

const second = (year: 2021 | 2022, figures: Pick<Figures, 'output' | 'heat'>): RuleSet => ({
  ...common,
  id: `${CHINA_POWER}/${year}`,
  years: [year],
  title: `China national ETS, power sector, ${year}`,
  outputBasis: 'supplied',
  classes: classes({ ...figures, ...CORRECTED_2021 }),
  limit: { by: 'allocation', gapShare: '0.2' },
  borrowing: { from: 2023, leastGapShare: '0.1', shareOfGap: '0.5' },
  sources: [PLAN_2021],
  notes: [
    ROUNDING_NOTE,
    'The load correction is taken for all conventional coal, heat supplied or not, to which the plan extended it.',
    'How allowances of this year may be used later is not stated here.',
  ],
});

const third = (year: 2023 | 2024, figures: Pick<Figures, 'output' | 'heat'>): RuleSet => ({
  ...common,
  id: `${CHINA_POWER}/${year}`,
  years: [year],
  title: `China national ETS, power sector, ${year}`,
  outputBasis: 'generated',
  classes: classes({ ...figures, ...CORRECTED_2023 }),
  limit: { by: 'allocation', gapShare: '0.2' },
  borrowing: null,
  carryOver: { into: 2025, baseTonnes: '10000', timesNetSold: '1.5' },
  sources: [PLAN_2023],
  notes: [
    ROUNDING_NOTE,
    'The plan counts electricity generated, no longer supplied, and no indirect emissions: figures before 2023 do not compare.',
    'Net sales are those of allowances of 2019 to 2024 together.',
  ],
});

/** The compliance years whose plan was final when this table was made. */
export const CHINA_POWER_RULES: readonly RuleSet[] = [
  {
    ...common,
    id: `${CHINA_POWER}/2019-2020`,
    years: [2019, 2020],
    title: 'China national ETS, power sector, 2019 and 2020',
    outputBasis: 'supplied',
    classes: classes({
      output: ['0.877', '0.979', '1.146', '0.392'],
      heat: ['0.126', '0.059'],
      conventional: {
        cooling: AIR,
        heatPerShare: COAL_HEAT,
        load: { condensingOnly: true, bands: LOAD_BANDS },
      },
      unconventional: { cooling: AIR, heatPerShare: COAL_HEAT },
      gas: GAS,
    }),
    limit: { by: 'obligation', gapShare: '0.2' },
    borrowing: null,
    sources: [PLAN_2019],
    notes: [ROUNDING_NOTE, 'How allowances of these years may be used later is not stated here.'],
  },
  second(2021, { output: ['0.8218', '0.8773', '0.9350', '0.3920'], heat: ['0.1111', '0.0560'] }),
  second(2022, { output: ['0.8177', '0.8729', '0.9303', '0.3901'], heat: ['0.1105', '0.0557'] }),
  third(2023, { output: ['0.7950', '0.8090', '0.8285', '0.3305'], heat: ['0.1038', '0.0536'] }),
  third(2024, { output: ['0.7910', '0.8049', '0.8244', '0.3288'], heat: ['0.1033', '0.0533'] }),
];
