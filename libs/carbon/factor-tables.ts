import { DomainError } from '#core';
import { IPCC_2006_COMBUSTION } from './combustion-factors.ts';
import type { CombustionFactor, CombustionSector, EmissionFactor, FactorSet } from './factor.ts';
import { resolveCombustionFactor } from './resolve-factor.ts';

const AR5_TABLE_A_III_2 =
  'Schlömer et al. 2014, IPCC AR5 WGIII Annex III, Table A.III.2, p. 1335, https://www.ipcc.ch/site/assets/uploads/2018/02/ipcc_wg3_ar5_annex-iii.pdf';
const AR5_SINCE_MS = Date.UTC(2014, 0, 1);

/** Technology, median of lifecycle emissions, median of direct emissions (null: "n.a." in print), gCO2eq/kWh. */
const AR5_MEDIANS: readonly (readonly [technology: string, lifecycle: string, direct: string | null])[] = [
  ['coal-pc', '820', '760'],
  ['biomass-cofiring', '740', null],
  ['gas-combined-cycle', '490', '370'],
  ['biomass-dedicated', '230', null],
  ['pv-utility', '48', '0'],
  ['pv-rooftop', '41', '0'],
  ['geothermal', '38', '0'],
  ['csp', '27', '0'],
  ['hydropower', '24', '0'],
  ['wind-offshore', '12', '0'],
  ['nuclear', '12', '0'],
  ['wind-onshore', '11', '0'],
];

const ar5Row = (subject: string, basis: 'direct' | 'lifecycle', gramsCo2ePerKwh: string): EmissionFactor => ({
  id: `${subject}/${basis}/ipcc-ar5`,
  subject,
  gramsCo2ePerKwh,
  basis,
  averaging: 'average',
  zone: null,
  gwpSet: null,
  source: `${AR5_TABLE_A_III_2}, column ${basis} emissions, median`,
  validFromMs: AR5_SINCE_MS,
  validToMs: null,
});

const IPCC_AR5: FactorSet = {
  id: 'ipcc-ar5-annex-iii',
  title: 'IPCC AR5 WGIII Annex III, Table A.III.2: medians by technology',
  rank: 'published',
  sinceMs: AR5_SINCE_MS,
  factors: AR5_MEDIANS.flatMap(([subject, lifecycle, direct]) => [
    ...(direct === null ? [] : [ar5Row(subject, 'direct', direct)]),
    ar5Row(subject, 'lifecycle', lifecycle),
  ]),
  fuels: [],
};

const ELECTRICITY_MAPS =
  'Electricity Maps, config/defaults.yaml at 41204e2b, https://github.com/electricitymaps/electricitymaps-contrib';
// Undated in the file: in force since the year of their oldest source.
const UNDATED_SINCE_MS = Date.UTC(2014, 0, 1);

/** Mode, basis, gCO2eq/kWh, the source that the publisher names. */
const ELECTRICITY_MAPS_MODES: readonly (readonly [
  mode: string,
  basis: 'direct' | 'lifecycle',
  grams: string,
  names: string,
])[] = [
  ['biomass', 'direct', '0', 'BEIS 2021'],
  ['coal', 'direct', '760', 'IPCC 2014'],
  ['gas', 'direct', '370', 'IPCC 2014'],
  ['geothermal', 'direct', '0', 'IPCC 2014'],
  ['hydro', 'direct', '0', 'IPCC 2014'],
  ['nuclear', 'direct', '0', 'IPCC 2014'],
  ['oil', 'direct', '406', 'mean of EIA 2020 and BEIS 2021'],
  ['solar', 'direct', '0', 'IPCC 2014'],
  ['unknown', 'direct', '575', 'taken as thermal: coal, gas or oil'],
  ['wind', 'direct', '0', 'IPCC 2014'],
  ['biomass', 'lifecycle', '230', 'IPCC 2014'],
  ['coal', 'lifecycle', '820', 'IPCC 2014'],
  ['gas', 'lifecycle', '490', 'IPCC 2014'],
  ['geothermal', 'lifecycle', '38', 'IPCC 2014'],
  ['hydro', 'lifecycle', '24', 'IPCC 2014'],
  ['nuclear', 'lifecycle', '12', 'IPCC 2014'],
  ['oil', 'lifecycle', '650', 'UK POST 2014'],
  ['solar', 'lifecycle', '45', 'IPCC 2014'],
  ['unknown', 'lifecycle', '700', 'taken as thermal: coal, gas, oil or biomass'],
  ['wind', 'lifecycle', '11', 'IPCC 2014'],
];

/** Of what storage gives back, by year: the mean of all zones. The last holds until another is published. */
const ELECTRICITY_MAPS_DISCHARGE: readonly (readonly [year: number, direct: string, lifecycle: string])[] = [
  [2015, '307.04', '363.85'],
  [2016, '295.25', '354.12'],
  [2017, '311.04', '370.7'],
  [2018, '331.14', '407.34'],
  [2019, '326.32', '391.46'],
  [2020, '310.58', '375.63'],
  [2021, '324.69', '391.33'],
];

const electricityMapsRow = (
  row: Pick<EmissionFactor, 'id' | 'subject' | 'basis' | 'gramsCo2ePerKwh'>,
  names: string,
  validFromMs: number,
  validToMs: number | null,
): EmissionFactor => ({
  ...row,
  averaging: 'average',
  zone: null,
  gwpSet: null,
  source: `${ELECTRICITY_MAPS} (${names})`,
  validFromMs,
  validToMs,
});

function dischargeRows(): EmissionFactor[] {
  const last = ELECTRICITY_MAPS_DISCHARGE.at(-1)![0];
  return ['battery-discharge', 'hydro-discharge'].flatMap((subject) =>
    ELECTRICITY_MAPS_DISCHARGE.flatMap(([year, direct, lifecycle]) =>
      (
        [
          ['direct', direct],
          ['lifecycle', lifecycle],
        ] as const
      ).map(([basis, gramsCo2ePerKwh]) =>
        electricityMapsRow(
          { id: `${subject}/${basis}/electricity-maps/${year}`, subject, basis, gramsCo2ePerKwh },
          `mean of all zones in ${year}`,
          Date.UTC(year, 0, 1),
          year === last ? null : Date.UTC(year + 1, 0, 1),
        ),
      ),
    ),
  );
}

const ELECTRICITY_MAPS_DEFAULTS: FactorSet = {
  id: 'electricity-maps-defaults',
  title: 'Electricity Maps: defaults by mode of generation',
  rank: 'published',
  sinceMs: Date.UTC(2022, 7, 11),
  factors: [
    ...ELECTRICITY_MAPS_MODES.map(([subject, basis, gramsCo2ePerKwh, names]) =>
      electricityMapsRow(
        { id: `${subject}/${basis}/electricity-maps`, subject, basis, gramsCo2ePerKwh },
        names,
        UNDATED_SINCE_MS,
        null,
      ),
    ),
    ...dischargeRows(),
  ],
  fuels: [],
};

/** What ships with the product. A set in use never changes: a later edition is another set. */
export const PUBLISHED_FACTOR_SETS: readonly FactorSet[] = [
  IPCC_AR5,
  ELECTRICITY_MAPS_DEFAULTS,
  IPCC_2006_COMBUSTION,
];

/** A published row by its id. @throws FACTOR_MISSING (not-found) for an id that is in no published set */
export function factorById(id: string): EmissionFactor {
  const factor = PUBLISHED_FACTOR_SETS.flatMap(({ factors }) => factors).find((row) => row.id === id);
  if (factor === undefined) {
    throw new DomainError(
      'FACTOR_MISSING',
      `expected a known factor id, got ${JSON.stringify(id.slice(0, 120))}`,
      'not-found',
    );
  }
  return factor;
}

/** What ships with the product on burning fuels. */
export const COMBUSTION_FACTORS: readonly CombustionFactor[] = PUBLISHED_FACTOR_SETS.flatMap(
  ({ fuels }) => fuels,
);

/** The published factor of a fuel in force at `atMs`. @throws FACTOR_MISSING (not-found) with what was asked */
export const combustionFactor = (
  fuel: string,
  atMs: number,
  sector: CombustionSector = 'energy-industries',
): CombustionFactor => resolveCombustionFactor(PUBLISHED_FACTOR_SETS, { fuel, sector, atMs }).factor;
