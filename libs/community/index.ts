/**
 * community: prices of energy shared in a community without orders, and its settlement on metered actuals. Pure.
 *
 * Vocabulary: slot (one metered interval), load D and generation G of a slot, retail and feed-in tariff (what energy costs
 * and earns outside), price rule (what sharing costs inside), pool price, supply–demand ratio r = G/D, allocation (keys by
 * which generation is allotted), utility (the retailers' bill for the rest), operator (bears what a curve leaves), grid fee
 * (constant or a ratio, over a hierarchy of markets or between zones).
 * Units: one slot in the caller's unit as decimals; a settlement in integer Wh and minor units, prices per MWh.
 * References: Long et al., IEEE PES GM 2017 (bill sharing, mid-market rate); Liu et al., IEEE TPWRS 32(5) 2017
 * (supply–demand ratio); Zhou, Wu & Long, Applied Energy 222, 2018 (compensated); rec-operation (several tariffs, pruned offers,
 * crossing value); lemlab (ex-post price curve); Grid Singularity (grid fees).
 */
export { type CommunityMember, type GridTerms, type Slot, MAX_MEMBERS, requireSlot } from './member.ts';
export {
  type Allocation,
  type CurvePoint,
  type PriceRule,
  MAX_CURVE_POINTS,
  requirePriceRule,
} from './price-rule.ts';
export { type Bill, type Pricing, priceSlot } from './pricing.ts';
export {
  type CommunitySettlement,
  type MemberAccount,
  type SettledSlot,
  type SettlementTerms,
  type SlotReading,
  type Tariff,
  settleCommunity,
} from './settlement.ts';
export { bestFixedKeys } from './fixed-keys.ts';
export {
  type FeeKind,
  type FeeMarket,
  type FeePath,
  type FeeTrade,
  tradeAtBid,
  tradeAtOffer,
} from './grid-fees.ts';
export {
  type FeeMatrix,
  type FeeNode,
  type MemberFee,
  feePath,
  hierarchyMatrix,
  sharedEnergyFees,
} from './fee-matrix.ts';
export { type RuleProperties, RULE_PROPERTIES } from './properties.ts';
