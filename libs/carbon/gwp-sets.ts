import { DomainError } from '#core';
import { Exact } from './exact.ts';

/**
 * 100-year global warming potentials of one publication, kgCO2e per kg. `CH4` is methane that is not fossil or whose carbon
 * is counted as CO2 already, as in combustion; `CH4-fossil` counts the CO2 that fossil methane becomes as well: leaks.
 */
export interface GwpSet {
  readonly id: string;
  /** Null: of somebody's own. */
  readonly assessment: 'AR4' | 'AR5' | 'AR6' | null;
  readonly source: string;
  readonly gwp100: Readonly<Record<string, string>>;
}

const AR6_GASES = {
  CO2: '1',
  CH4: '27.0',
  'CH4-fossil': '29.8',
  N2O: '273',
  NF3: '17400',
  'HCFC-22': '1960',
  'HFC-23': '14600',
  'HFC-32': '771',
  'HFC-125': '3740',
  'HFC-134a': '1530',
  'HFC-143a': '5810',
  'HFC-152a': '164',
  'HFC-227ea': '3600',
  'PFC-14': '7380',
  'PFC-116': '12400',
} as const;

/** A set in use never changes: where publications of one assessment differ, each is a set of its own. */
export const GWP_SETS: readonly GwpSet[] = [
  {
    id: 'AR4',
    assessment: 'AR4',
    source: 'Forster et al. 2007, IPCC AR4 WGI ch. 2, Table 2.14, 100 years',
    gwp100: {
      CO2: '1',
      CH4: '25',
      N2O: '298',
      SF6: '22800',
      NF3: '17200',
      'HCFC-22': '1810',
      'HFC-23': '14800',
      'HFC-32': '675',
      'HFC-125': '3500',
      'HFC-134a': '1430',
      'HFC-143a': '4470',
      'HFC-152a': '124',
      'HFC-227ea': '3220',
      'PFC-14': '7390',
      'PFC-116': '12200',
    },
  },
  {
    id: 'AR5',
    assessment: 'AR5',
    source: 'Myhre et al. 2013, IPCC AR5 WGI ch. 8, Table 8.A.1, 100 years, without climate-carbon feedbacks',
    gwp100: {
      CO2: '1',
      CH4: '28',
      'CH4-fossil': '30',
      N2O: '265',
      SF6: '23500',
      NF3: '16100',
      'HCFC-22': '1760',
      'HFC-23': '12400',
      'HFC-32': '677',
      'HFC-125': '3170',
      'HFC-134a': '1300',
      'HFC-143a': '4800',
      'HFC-152a': '138',
      'HFC-227ea': '3350',
      'PFC-14': '6630',
      'PFC-116': '11100',
    },
  },
  {
    id: 'AR6-2021',
    assessment: 'AR6',
    source:
      'Forster et al. 2021, IPCC AR6 WGI ch. 7, Tables 7.15 and 7.SM.7 of the accepted version (August 2021), 100 years: SF6 25 200',
    gwp100: { ...AR6_GASES, SF6: '25200' },
  },
  {
    id: 'AR6-2024',
    assessment: 'AR6',
    source:
      'Forster et al. 2021, IPCC AR6 WGI ch. 7, Tables 7.15 and 7.SM.7 of the final version, 100 years: SF6 24 300, as in GHG Protocol, IPCC Global Warming Potential Values 2.0 (August 2024) and Regulation (EU) 2024/573',
    gwp100: { ...AR6_GASES, SF6: '24300' },
  },
];

/** A set by its id, or the newest of an assessment by the assessment's name. @throws GWP_SET_UNKNOWN (not-found) */
export function gwpSet(id: string): GwpSet {
  const set =
    GWP_SETS.find((known) => known.id === id) ?? GWP_SETS.findLast(({ assessment }) => assessment === id);
  if (set === undefined) {
    throw new DomainError(
      'GWP_SET_UNKNOWN',
      `expected one of ${GWP_SETS.map((known) => known.id).join(', ')}, got ${JSON.stringify(id.slice(0, 60))}`,
      'not-found',
    );
  }
  return set;
}

/** Refrigerant blends: shares by mass (ANSI/ASHRAE Standard 34). */
const BLENDS: Readonly<Record<string, readonly (readonly [gas: string, share: string])[]>> = {
  'R-404A': [
    ['HFC-125', '0.44'],
    ['HFC-143a', '0.52'],
    ['HFC-134a', '0.04'],
  ],
  'R-407C': [
    ['HFC-32', '0.23'],
    ['HFC-125', '0.25'],
    ['HFC-134a', '0.52'],
  ],
  'R-410A': [
    ['HFC-32', '0.5'],
    ['HFC-125', '0.5'],
  ],
  'R-507A': [
    ['HFC-125', '0.5'],
    ['HFC-143a', '0.5'],
  ],
};

/** kgCO2e per kg of a gas, or of a blend by its parts; an exact decimal. @throws GWP_GAS_UNKNOWN (not-found) */
export function gwpOf(set: GwpSet, gas: string): string {
  const { id, gwp100 } = set;
  if (Object.hasOwn(BLENDS, gas)) {
    return BLENDS[gas]!.reduce(
      (sum, [part, share]) => sum.add(new Exact(share).mul(gwpOf(set, part))),
      new Exact(0),
    ).toFixed();
  }
  if (!Object.hasOwn(gwp100, gas)) {
    throw new DomainError(
      'GWP_GAS_UNKNOWN',
      `expected one of ${Object.keys(gwp100).join(', ')}, got ${JSON.stringify(gas.slice(0, 60))}`,
      'not-found',
      { gwpSet: id },
    );
  }
  return gwp100[gas]!;
}
