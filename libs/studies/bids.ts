import type { LpSolve } from '#core';
import { type DeviceTerms, deviceBidCurve } from '#devices';
import { loadSolver } from '#optimization';
import { type BidsInput, bidsInput } from './device-input.ts';
import { KWH_PER, memberOf, termsOf } from './dispatch.ts';
import { noOptions, type Study, toldSolve } from './study.ts';

const WH_PER_KWH = 1_000;
const KWH_PER_MWH = 1_000;
/** Orders are in whole minor units per MWh: a hundred to the caller's unit of money. */
const MINOR_UNITS = 100;

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
    memberOf(input.member, input),
    inMinorUnits(termsOf(input)),
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

const inMinorUnits = ({ prices, ...terms }: DeviceTerms): DeviceTerms => ({
  ...terms,
  prices: Object.fromEntries(
    Object.entries(prices).map(([carrier, of]) => [
      carrier,
      Object.fromEntries(
        Object.entries(of).map(([way, series]) => [way, series.map((price: number) => price * MINOR_UNITS)]),
      ),
    ]),
  ),
});

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
