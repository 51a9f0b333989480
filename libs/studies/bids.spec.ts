import { expect, it } from '@jest/globals';
import { requireInput } from '#inputs';
import { loadSolver } from '#optimization';
import { bidsOf } from './bids.ts';
import { bidsInput } from './device-input.ts';

it('market bids counts the wear of a battery in the same money as prices', async () => {
  const solver = await loadSolver();
  const battery = { id: 'b', type: 'battery', capacityKwh: 2, chargeKw: 2, dischargeKw: 2, initialKwh: 2, wearPerKwh: 0.05 }; // prettier-ignore
  const input = requireInput(
    {
      horizon: 2,
      resolution: 'PT1H',
      prices: { buy: 0.15, sell: 0.15 },
      member: { id: 'home', devices: [battery] },
      slot: 0,
      net: { p10: 0, p50: 0, p90: 0 },
      retail: 0.3,
      feedIn: 0.08,
      levels: 23,
    },
    bidsInput,
  );
  const bids = bidsOf(input, (problem) => solver.solve(problem));
  // Bought back at 0.15; at 0.2 itself it is a tie.
  expect(bids).toMatchObject([{ side: 'sell', quantity: 2 }]);
  expect([0.2, 0.21]).toContain(bids[0]!.price);
});
