import { beforeAll, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  type CoalitionGame,
  barter,
  contributionShares,
  gameOf,
  nashBargain,
  nucleolus,
  shapleyValue,
} from './index.ts';
import { coalitionPlayers } from './game.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

interface GameCase {
  readonly id: string;
  readonly players?: number;
  readonly v?: readonly number[];
  readonly game?: string;
  readonly L?: readonly number[];
  readonly quota?: number;
  readonly costs?: readonly number[];
  readonly expected: Readonly<Record<string, readonly number[]>>;
  readonly computed_by_us?: Readonly<Record<string, unknown>>;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i + 1}`);

/** Coalitions by size, then lexicographically. */
function bySize(count: number): number[] {
  const members = (coalition: number) => coalitionPlayers(coalition, count);
  return Array.from({ length: 2 ** count - 1 }, (_, i) => i + 1).toSorted((a, b) => {
    const [left, right] = [members(a), members(b)];
    const first = left.findIndex((player, k) => player !== right[k]);
    return left.length - right.length || left[first]! - right[first]!;
  });
}

/** v(S) of the players in S by number from 0, whichever way the file states the game. */
type Worth = readonly [count: number, worth: (players: readonly number[]) => number];

function tableGame({ v, players }: GameCase): Worth | undefined {
  if (v === undefined) return undefined;
  const count = players ?? Math.round(Math.log2(v.length + 1));
  const rank = new Map(bySize(count).map((coalition, k) => [coalition, k]));
  return [count, (members) => v[rank.get(members.reduce((set, i) => set + 2 ** i, 0))!]!];
}

function votingGame({ game = '', quota }: GameCase): Worth | undefined {
  const weights = /w=\((?<list>[\d,. ]+)\)/.exec(game)?.groups?.['list']?.split(',').map(Number);
  if (weights === undefined || quota === undefined) return undefined;
  return [weights.length, (members) => (members.reduce((sum, i) => sum + weights[i]!, 0) >= quota ? 1 : 0)];
}

function gloveGame({ L, players }: GameCase): Worth | undefined {
  if (L === undefined || players === undefined) return undefined;
  return [
    players,
    (members) => {
      const left = members.filter((i) => L.includes(i + 1)).length;
      return Math.min(left, members.length - left);
    },
  ];
}

function airportGame({ costs }: GameCase): Worth | undefined {
  return costs && [costs.length, (members) => -Math.max(...members.map((i) => costs[i]!))];
}

function majorityGame({ id, game = '', players = 3 }: GameCase): Worth | undefined {
  const named = /at ?least ?two/i.test(`${id} ${game}`);
  return named ? [players, (members) => (members.length >= 2 ? 1 : 0)] : undefined;
}

function gameOfCase(each: GameCase): CoalitionGame {
  const readers = [tableGame, votingGame, gloveGame, airportGame, majorityGame];
  const found = readers.map((reader) => reader(each)).find((game) => game !== undefined);
  if (found === undefined) throw new Error(`expected a game that is known here, got ${each.id}`);
  const [count, worth] = found;
  return gameOf(names(count), (coalition) => worth(coalitionPlayers(coalition, count)));
}

const SOLUTIONS: Readonly<Record<string, (game: CoalitionGame) => number[]>> = {
  shapley: shapleyValue,
  nucleolus: (game) => nucleolus(game, solve),
  prenucleolus: (game) => nucleolus(game, solve, { individuallyRational: false }),
  per_capita_nucleolus: (game) => nucleolus(game, solve, { excess: 'per-capita' }),
  contribution: contributionShares,
};

/** Each expected division of a case; costs are those of the game of −c. */
function expectDivisions(game: CoalitionGame, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, shares] of Object.entries(expected)) {
    if (!Array.isArray(shares)) continue;
    const method = SOLUTIONS[name.replace(/_cost$/, '')];
    if (method === undefined) throw new Error(`expected a solution that is known here, got ${name}`);
    const sign = name.endsWith('_cost') ? -1 : 1;
    const scale = Math.max(1, ...shares.map((share: number) => Math.abs(share)));
    method(game).forEach((share, i) => {
      expect(Math.abs(sign * share - Number(shares[i]))).toBeLessThanOrEqual(1e-6 * scale);
    });
  }
}

published('published games and bargains', () => {
  it('CoopGame, TheoryOfGames.jl, Aumann & Maschler, Littlechild & Owen: Shapley value and the nucleoli', () => {
    const { cases }: { cases: readonly GameCase[] } = JSON.parse(readCase('21_cooperative_games.json'));
    expect(cases.length).toBeGreaterThan(0);
    for (const each of cases) {
      const game = gameOfCase(each);
      expectDivisions(game, each.expected);
      expectDivisions(game, each.computed_by_us ?? {});
    }
  });

  it('Nash 1950: Bill and Jack barter to the largest product', () => {
    interface Case {
      readonly goods: readonly {
        good: string;
        owner: 'Bill' | 'Jack';
        utility_bill: number;
        utility_jack: number;
      }[];
      readonly expected: {
        bill_gives: readonly string[];
        jack_gives: readonly string[];
        gain_bill: number;
        gain_jack: number;
        product: number;
      };
    }
    const { goods, expected }: Case = JSON.parse(readCase('23_nash_1950_bargaining.json'));
    const { holders, gains, product } = barter(
      2,
      goods.map(({ good, owner, utility_bill: bill, utility_jack: jack }) => ({
        id: good,
        owner: owner === 'Bill' ? 0 : 1,
        utilities: [bill, jack],
      })),
    );
    const given = (owner: 'Bill' | 'Jack', holder: number) =>
      goods.filter((good, g) => good.owner === owner && holders[g] === holder).map(({ good }) => good);
    expect(given('Bill', 1)).toEqual(expected.bill_gives);
    expect(given('Jack', 0)).toEqual(expected.jack_gives);
    expect(gains).toEqual([expected.gain_bill, expected.gain_jack]);
    expect(product).toBe(expected.product);
  });

  it('Wu et al. eq. (1)–(4): generalised Nash bargaining with payments', () => {
    interface Case {
      readonly aggregator_revenue_gain: number;
      readonly member_cost_saving: readonly number[];
      readonly alpha: readonly number[];
      readonly expected: {
        total_surplus: number;
        payments: readonly number[];
        aggregator_net: number;
        member_net: readonly number[];
        log_nash_product: number;
      };
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(
      readCase('24_generalised_nash_bargaining_eq1.json'),
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const { aggregator_revenue_gain: gain, member_cost_saving: savings, alpha, expected } of cases) {
      const bargain = nashBargain(
        gain,
        savings.map((saving, i) => ({ id: `${i}`, saving, alpha: alpha[i]! })),
      );
      expect(bargain.totalSurplus).toBeCloseTo(expected.total_surplus, 9);
      expect(bargain.aggregatorNet).toBeCloseTo(expected.aggregator_net, 9);
      expect(bargain.logNashProduct).toBeCloseTo(expected.log_nash_product, 9);
      expected.payments.forEach((payment, i) => expect(bargain.payments[i]).toBeCloseTo(payment, 9));
      expected.member_net.forEach((net, i) => expect(bargain.memberNet[i]).toBeCloseTo(net, 9));
    }
  });
});
