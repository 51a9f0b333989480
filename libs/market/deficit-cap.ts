import { WH_PER_MWH } from '#core';
import { type ClearingResult } from './mechanism.ts';

/**
 * A clearing that asks its market for at most `capMinor`, as it is; any other as one that does not clear. All or nothing:
 * trades left out one by one until the money suffices would let bids decide which.
 */
export function withinDeficit(result: ClearingResult, capMinor: number): ClearingResult {
  const { certificate } = result;
  const deficitExact = -certificate.budgetResidualExact;
  if (deficitExact <= BigInt(capMinor) * WH_PER_MWH) return result;
  return {
    trades: [],
    charges: [],
    quantityWh: 0,
    pricePerMwh: null,
    prices: {},
    certificate: {
      ...certificate,
      status: 'NOT_CLEARED',
      reason: 'DEFICIT_ABOVE_CAP',
      quantityWh: 0,
      selfMatchedWh: 0,
      pricePerMwh: null,
      welfareExact: 0n,
      individualRationality: { buyPerMwh: null, sellPerMwh: null, chargedExact: null },
      budgetResidualExact: 0n,
      details: { ...certificate.details, deficitExact: deficitExact.toString(), deficitCapMinor: capMinor },
    },
  };
}
