import type { PriceRule } from './price-rule.ts';

/** What a price rule promises. `one tariff`: where all members have the same retail and the same feed-in tariff. */
export interface RuleProperties {
  /** Nobody pays more than with its own tariffs alone, given feed-in ≤ retail (and a curve or local price between them). */
  readonly individuallyRational: boolean;
  /** Nobody pays less by reporting another tariff than its own; quantities are metered and not reported. */
  readonly incentiveCompatible: boolean;
  /** Bills sum to the utility's bill; `operator`: but for a residual that the operator bears. */
  readonly budgetBalance: 'strong' | 'operator';
  /** Members together pay as little as with any other sharing of the same energy. */
  readonly efficient: 'always' | 'one tariff' | 'no';
  readonly source: string;
}

/** Checked row by row in properties.spec.ts: what is claimed holds, what is not has a counterexample. */
export const RULE_PROPERTIES: Readonly<Record<PriceRule['kind'], RuleProperties>> = {
  'bill-sharing': {
    individuallyRational: false,
    incentiveCompatible: true,
    budgetBalance: 'strong',
    efficient: 'one tariff',
    source: 'Long, Wu, Zhang, Thomas, Cheng & Jenkins 2017',
  },
  mmr: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficient: 'one tariff',
    source: 'Long, Wu, Zhang, Thomas, Cheng & Jenkins 2017',
  },
  sdr: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficient: 'one tariff',
    source: 'Liu, Yu, Wang, Li, Ma & Lei 2017',
  },
  'sdr-compensated': {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficient: 'one tariff',
    source: 'Zhou, Wu & Long 2018',
  },
  crossing: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficient: 'always',
    source: 'pool crossing value, priced from the supply side',
  },
  curve: {
    individuallyRational: true,
    incentiveCompatible: true,
    budgetBalance: 'operator',
    efficient: 'one tariff',
    source: 'lemlab, community price of the local share',
  },
  keys: {
    individuallyRational: false,
    incentiveCompatible: true,
    budgetBalance: 'strong',
    efficient: 'no',
    source: 'fixed coefficients of collective self-consumption (RD 244/2019)',
  },
};
