import { expect, it } from '@jest/globals';
import { demandBidding, stackelberg } from './index.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

const expectClose = (got: readonly number[], want: readonly number[]): void => {
  expect(got).toHaveLength(want.length);
  got.forEach((value, i) =>
    expect(Math.abs(value - want[i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1e-3, Math.abs(want[i]!))),
  );
};

published('published games', () => {
  it('Liu et al.: Stackelberg price with logarithmic utilities', () => {
    interface Case {
      readonly k: readonly number[];
      readonly leader_unit_cost: number;
      readonly expected: {
        readonly price: number;
        readonly consumption: readonly number[];
        readonly leader_profit: number;
        readonly follower_utility: readonly number[];
      };
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(readCase('33_stackelberg_log_utility.json'));
    expect(cases.length).toBeGreaterThan(0);
    for (const { k, leader_unit_cost: cost, expected } of cases) {
      const found = stackelberg({ followers: k.map((value, i) => ({ id: `f${i}`, k: value })), cost });
      expectClose([found.price, found.leaderProfit], [expected.price, expected.leader_profit]);
      expectClose(
        found.followers.map(({ consumption }) => consumption),
        expected.consumption,
      );
      expectClose(
        found.followers.map(({ utility }) => utility),
        expected.follower_utility,
      );
    }
  });

  it('Chen et al.: energy sharing with generalised demand bidding', () => {
    interface Case {
      readonly quadratic_c: readonly number[];
      readonly linear_d: readonly number[];
      readonly required_reduction: readonly number[];
      readonly price_sensitivity_a: number;
      readonly expected: {
        readonly sharing_price: number;
        readonly own_reduction: readonly number[];
        readonly bought: readonly number[];
        readonly total_cost: readonly number[];
        readonly cost_without_sharing: readonly number[];
        readonly social_optimum_cost: number;
        readonly equilibrium_cost: number;
      };
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(
      readCase('34_energy_sharing_generalised_demand_bidding.json'),
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const {
      quadratic_c: c,
      linear_d: d,
      required_reduction: D,
      price_sensitivity_a: a,
      expected,
    } of cases) {
      const members = c.map((value, i) => ({ id: `m${i}`, c: value, d: d[i]!, D: D[i]! }));
      const found = demandBidding({ members, a });
      expectClose(
        [found.price, found.cost, found.optimalCost],
        [expected.sharing_price, expected.equilibrium_cost, expected.social_optimum_cost],
      );
      expectClose(
        found.members.map(({ reduction }) => reduction),
        expected.own_reduction,
      );
      expectClose(
        found.members.map(({ bought }) => bought),
        expected.bought,
      );
      expectClose(
        found.members.map(({ cost }) => cost),
        expected.total_cost,
      );
      expectClose(
        found.members.map(({ costAlone }) => costAlone!),
        expected.cost_without_sharing,
      );
      expect(found.sequential.converged).toBe(true);
    }
  });
});
