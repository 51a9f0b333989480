import { expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { loadSolver } from '#optimization';
import { type BlockOrder, clearBlocks } from './index.ts';

type Terms = readonly [quantityWh: number, pricePerMwh: number];

const hourly = (member: string, side: BlockOrder['side'], [quantityWh, pricePerMwh]: Terms, hours: number) =>
  Array.from({ length: hours }, (_, t): BlockOrder => ({
    id: `${member}@${t}`,
    member,
    interval: interval(t * HOUR_MS, (t + 1) * HOUR_MS),
    side,
    quantityWh,
    pricePerMwh,
  }));

it('clearBlocks fails rather than let anybody trade at a loss where one order drowns the others in the solver’s tolerance', async () => {
  const solver = await loadSolver();
  const clear = (orders: readonly BlockOrder[]) => clearBlocks(orders, (problem) => solver.solve(problem));
  const homes = [0, 1, 2, 3, 4].flatMap((n) => [
    ...hourly(`b${n}`, 'buy', [800 + 37 * n, 22_000 + 900 * n], 8),
    ...hourly(`s${n}`, 'sell', [700 + 51 * n, 9_000 + 700 * n], 8),
  ]);
  const block = hourly('k', 'sell', [600, 8_000], 2).map((each) => ({
    ...each,
    block: 'k',
    minAcceptance: 1,
  }));
  const book = [...homes, ...block];
  const outOfReach = (...terms: Terms) => hourly('z', 'sell', terms, 1);
  // The most that a session takes.
  expect(clear([...book, ...outOfReach(100_000_000, 60_000)]).prices).toEqual(clear(book).prices);
  expect(() => clear([...book, ...outOfReach(1_000_000_000, 10_000_000)])).toThrow(
    expect.objectContaining({ code: 'BLOCKS_NOT_EXACT' }),
  );
});
