import type { LpSolve } from '#core';
import { deviceBidCurve } from '#devices';
import { loadSolver } from '#optimization';
import { type BidsInput, bidsInput } from './device-input.ts';
import { KWH_PER, memberOf, termsOf } from './dispatch.ts';
import { memberInMinorUnits, MINOR_UNITS, termsInMinorUnits } from './minor-units.ts';
import { noOptions, type Study, toldSolve } from './study.ts';

const WH_PER_KWH = 1_000;
const KWH_PER_MWH = 1_000;

export interface BidView {
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  /** As an order of the platform. */
  readonly order: { readonly quantityWh: number; readonly pricePerMwh: number };
}

/** @throws the codes of deviceBidCurve */
export function bidsOf(input: BidsInput, solve: LpSolve): BidView[] {
  const kwh = KWH_PER[input.unit];
  const minor = (perUnit: number): number => Math.round((perUnit / kwh) * KWH_PER_MWH * MINOR_UNITS);
  const wh = (energy: number): number => Math.round(energy * kwh * WH_PER_KWH);
  const steps = deviceBidCurve(
    memberInMinorUnits(memberOf(input.member, input)),
    termsInMinorUnits(termsOf(input)),
    {
      slot: input.slot,
      net: { p10Wh: wh(input.net.p10), p50Wh: wh(input.net.p50), p90Wh: wh(input.net.p90) },
      retail: { retailPerMwh: minor(input.retail), feedInPerMwh: minor(input.feedIn) },
      levels: input.levels,
    },
    solve,
  );
  return steps.map(({ side, quantityWh, pricePerMwh }) => ({
    side,
    quantity: quantityWh / WH_PER_KWH / kwh,
    price: (pricePerMwh / KWH_PER_MWH / MINOR_UNITS) * kwh,
    order: { quantityWh, pricePerMwh },
  }));
}

export interface BidsResult {
  readonly unit: string;
  readonly slot: number;
  readonly bids: readonly BidView[];
}

/** `market bids`. */
export const bidsStudy: Study<BidsInput, object, BidsResult> = {
  verb: 'bids',
  method: null,
  title: 'bid curve of a member with devices and an uncertain net demand',
  input: bidsInput,
  options: noOptions,
  async run(input, _options, context) {
    const solver = await loadSolver();
    const bids = bidsOf(input, toldSolve(solver, context));
    return { unit: input.unit, slot: input.slot, bids };
  },
};
