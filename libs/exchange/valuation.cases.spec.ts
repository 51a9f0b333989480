import { expect, it } from '@jest/globals';
import { valueContributors } from './index.ts';
import { exchangeCases } from '../../test/harness/published-cases.ts';

interface ValuationCase {
  readonly name: string;
  readonly v?: Readonly<Record<string, number>> | string;
  readonly cost_by_player?: Readonly<Record<string, number>>;
  readonly expected?: Readonly<Record<string, number>>;
  readonly expected_fraction_over_6?: Readonly<Record<string, number>>;
}

const keyOf = (names: readonly string[]): string => names.toSorted().join(',');

/** Who plays, and what a coalition is worth, however the file states it; undefined for a case that states no game. */
function gameIn({ v, cost_by_player: costs }: ValuationCase) {
  if (costs !== undefined && typeof v === 'string' && /max/i.test(v)) {
    return {
      players: Object.keys(costs),
      worth: (names: readonly string[]) => Math.max(...names.map((name) => costs[name]!)),
    };
  }
  if (v === undefined || typeof v === 'string') return undefined;
  const table = new Map(Object.entries(v).map(([key, value]) => [keyOf(key.split(',')), value]));
  const players = [...new Set([...table.keys()].flatMap((key) => key.split(',')))];
  return { players, worth: (names: readonly string[]) => table.get(keyOf(names))! };
}

/** A case about players who add nothing is asked of every game in the file, with them in it. */
const asksNobody = ({ expected = {} }: ValuationCase): boolean =>
  Object.keys(expected).length > 0 && Object.values(expected).every((value) => value === 0);

exchangeCases.published('published Shapley values', () => {
  const cases = (
    JSON.parse(exchangeCases.readCase('19_shapley_valuation.json')) as { cases: ValuationCase[] }
  ).cases;
  const games = cases.flatMap((each) => gameIn(each) ?? []);

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const game = gameIn(each);
    const { expected, expected_fraction_over_6: sixths } = each;
    const answer =
      expected ?? Object.fromEntries(Object.entries(sixths!).map(([name, value]) => [name, value / 6]));
    expect(game !== undefined || asksNobody(each)).toBe(true);
    for (const { players, worth } of game ? [game] : games) {
      const idle = Object.keys(answer).filter((name) => !players.includes(name));
      const all = [...players, ...idle];
      const { values, method } = valueContributors(all, (coalition) => {
        const names = coalition.map((i) => all[i]!).filter((name) => players.includes(name));
        return names.length === 0 ? 0 : worth(names);
      });
      expect(method).toBe('exact');
      for (const [name, value] of Object.entries(answer)) {
        expect(values[all.indexOf(name)]).toBeCloseTo(value, 9);
      }
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(worth(players), 9);
    }
  });
});
