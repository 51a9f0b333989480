/**
 * market: orders and mechanisms of the local energy market. Pure: the same orders give the same result anywhere.
 *
 * Vocabulary: slot (an interval of a session), product (what a slot trades), order (a limit order of one interval), book (all orders of an interval in merit order), mechanism (clears a
 * book), efficient price interval, certificate (what a clearing claims about itself), trade, charge, delivery (metered import and
 * export of a traded interval), deviation (delivered − traded), settlement, correction (a statement after settlement), contribution
 * (what a member gave and took in a session), reputation (how well it keeps its trades).
 * Units: energy integer Wh, prices integer minor units per MWh, amounts integer minor units; `…Exact` are bigints in
 * millionths of a minor unit (Wh × minor units per MWh).
 * References: Wilson 1985 and Rustichini, Satterthwaite & Williams 1994 (k-double auction); Myerson & Satterthwaite 1983
 * (why no mechanism has all four properties); Arrow, Harris & Marschak 1951 (newsvendor), Pinson et al. 2007 (offers from
 * quantile forecasts); Jøsang & Ismail 2002 (beta reputation).
 */
export { type Order, type OrderAttributes, type Side, MAX_PRICE_PER_MWH, requireOrder } from './order.ts';
export { type TradeFees } from './book.ts';
export {
  type Cancellation,
  type Charge,
  type ClearingOptions,
  type ClearingResult,
  type Efficiency,
  type Mechanism,
  type MechanismProperties,
  type Preference,
  type TieRule,
  type Trade,
} from './mechanism.ts';
export { type Product, type ProductKind, PRODUCT_KINDS, PRODUCTS } from './product.ts';
export {
  type SlotMinutes,
  DAY_MINUTES,
  MAX_SLOTS,
  SLOT_MINUTES,
  requireSlot,
  requireSlotMinutes,
  slotLengthMs,
  slotsOf,
} from './slot.ts';
export { type SlotForecast, slotQuantiles } from './slot-quantiles.ts';
export { MECHANISMS, mechanismNamed } from './mechanisms.ts';
export {
  SESSION_NEEDS,
  type SessionMechanism,
  type SessionNeed,
  clearsSessions,
  sessionMechanism,
  sessionNeeds,
} from './session-needs.ts';
export { withinDeficit } from './deficit-cap.ts';
export { uniformPrice } from './uniform-price.ts';
export { payAsBid, payAsLimit } from './pay-as-bid.ts';
export { continuousDoubleAuction } from './continuous-double-auction.ts';
export { p2pBilateral } from './p2p-bilateral.ts';
export { type Certificate, type ReasonCode, certificateStatement } from './certificate.ts';
export { type TradeLimits, curtailed, limitsOf } from './curtail.ts';
export {
  type BidStep,
  type NetQuantiles,
  type RetailTerms,
  bidCurve,
  bidSteps,
  quantilePrices,
  requireQuantiles,
  requireRetailTerms,
} from './bid-curve.ts';
export {
  type Delivery,
  type MemberInterval,
  type MemberSettlement,
  type Settlement,
  requireDelivery,
  retailCost,
  settle,
} from './settlement.ts';
export {
  type Availability,
  type Direction,
  deviationFrom,
  requireAvailability,
  settleCapacity,
} from './capacity.ts';
export {
  type BookedAmounts,
  type CorrectionReason,
  type DeliveryCorrection,
  type StatedVersion,
  CORRECTION_REASONS,
  MAX_DELIVERY_VERSIONS,
  newestDeliveries,
  requireCorrection,
  settlementDifferences,
} from './settlement-difference.ts';
export {
  type Contribution,
  CONTRIBUTION_FORM,
  contributionEntry,
  contributionHash,
  contributionStatement,
  settlementReference,
} from './contribution.ts';
export {
  type DeliveryRecord,
  type Reputation,
  REPUTATION_SESSIONS,
  capacityRecords,
  deliveryRecords,
  reputationOf,
  reputationScore,
  trustedMembers,
} from './reputation.ts';
export {
  type AvailabilityStatement,
  type CorrectionStatement,
  type DeliveryStatement,
  type OrderStatement,
  type OrderPreferences,
  type OrderTerms,
  AVAILABILITY_CONTEXT,
  CORRECTION_CONTEXT,
  DELIVERY_CONTEXT,
  ORDER_CONTEXT,
  availabilityStatement,
  correctionStatement,
  deliveryStatement,
  orderStatement,
  saidOf,
} from './statement.ts';
export { type BookStep, type OrderBookOptions, type Withdrawal, OrderBook } from './order-book.ts';
export {
  type BookPriceRule,
  type Execution,
  type Fill,
  type IncomingOrder,
  type Matched,
  type MatchingRules,
  type OpenOrder,
  type SelfTradeRule,
  type TimeInForce,
  matchIncoming,
} from './match-incoming.ts';
export {
  type IntradayCancelStatement,
  type IntradayOrderStatement,
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
} from './intraday-statement.ts';
export {
  type DefaultDeclaration,
  type DefaultLine,
  type DefaultOrder,
  type DefaultSession,
  type DefaultTerms,
  type TimedDeclaration,
  DEFAULTS_CONTEXT,
  DEFAULTS_REVOKED_CONTEXT,
  DEFAULTS_WITHDRAWN_CONTEXT,
  defaultOrders,
  defaultsStatement,
  isDefaultOrder,
  minuteOfDay,
  ofTheSilent,
  requireDeclaration,
  revocationStatement,
  standingDefaults,
  withdrawalStatement,
} from './default-orders.ts';
export { type DefaultPlacement, placementEntry, placementHash } from './default-placement.ts';
export { type BlockOrder, MAX_BLOCK_ORDERS, MAX_INDIVISIBLE, requireBlocks } from './block.ts';
export { type BlockResult } from './block-certificate.ts';
export {
  type PriceInterval,
  type PriceSetter,
  type SlotReport,
  blockReports,
  slotReport,
} from './clearing-report.ts';
export {
  type OwnMargin,
  type PublicReport,
  type Withheld,
  isDisclosable,
  ownMargin,
  publicCertificate,
  publicReport,
} from './disclosure.ts';
export { type BlockOptions, blockOrders, clearBlocks } from './block-orders.ts';
export { type CurvePoint, type CurveShape } from './demand-curve.ts';
export {
  type Concentrator,
  type CurveAgent,
  type CurveCertificate,
  type CurveClearing,
  type CurveOptions,
  clearCurves,
} from './demand-curves.ts';
export {
  type Commitment,
  type Reveal,
  LOT_CONTEXT,
  LOT_NONCE_BYTES,
  MARKET_LOT,
  commitmentsHash,
  lotCommitment,
  lotSeed,
  lotStatement,
  requireReveal,
} from './lots.ts';
export { type ChargedMember, type ChargedSettlement, closingTransfer, settleCharges } from './charges.ts';
export { type KeptLots, type LotFault, type ShownLots, lotFaults } from './lot-audit.ts';
export { singleStep } from './single-step.ts';
