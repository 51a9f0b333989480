/**
 * network: power flow, locational prices and operating envelopes of a distribution feeder. Pure; programs are data of core,
 * solved by a function that is passed in.
 *
 * Vocabulary: bus, line, root (the bus at the grid, holds its voltage), radial (a tree from the root), power flow (exact,
 * backward–forward sweep), LinDistFlow (linear in squared voltages), tangent (exact power flow to first order),
 * DLMP (distribution locational marginal price) in parts of energy, loss, congestion and voltage, DC model (lossless,
 * angles only, for meshed networks), rent (what the network earns), umbrella (limits that are not implied by others),
 * operating envelope (range of net power within which every limit holds), charge of a trade (price at the buyer less price
 * at the seller).
 * Units: `NetworkData` in its owner's units, everything else per unit; prices per unit of the owner's power and hour;
 * consumption is positive.
 * References: Baran & Wu 1989 (DistFlow, LinDistFlow); Shirmohammadi et al. 1988 (sweep); Bai et al. 2018, Papavasiliou 2018
 * (DLMP and its parts); Schweppe et al. 1988 (DC prices); Petrou et al. 2021 (operating envelopes); Guerrero, Chapman & Verbič 2019
 * (peer-to-peer trade under network constraints); Ardakani & Bouffard 2013 (umbrella constraints).
 */
export {
  type BusData,
  type GeneratorData,
  type ImpedanceUnit,
  type LineData,
  type NetworkData,
  type PowerUnit,
  type Series,
} from './network-data.ts';
export { baranWu33 } from './baran-wu-33.ts';
export {
  type Bus,
  type Generator,
  type Line,
  type Network,
  type Offer,
  type Period,
  NETWORK_LIMITS,
  networkOf,
  setPoints,
} from './network.ts';
export { type NetworkCsv, networkFromCsv } from './network-csv.ts';
export { networkFromJson } from './network-json.ts';
export { networkFromPandapower } from './pandapower.ts';
export { isPandapower } from './pandapower-tables.ts';
export { type Tree, radialTree } from './tree.ts';
export { type FlowState, busierEnd, losses, powerFlow } from './power-flow.ts';
export { type LossModel, linDistFlow } from './lin-dist-flow.ts';
export { type Violation, limitName, violations } from './limit-check.ts';
export { type RadialModel } from './radial-program.ts';
export { type BindingLimit, type RadialDispatch } from './radial-dispatch.ts';
export { type LocationalPrice, type LocationalPrices } from './locational-price.ts';
export { type RadialPricing, type Rents, priceRadial } from './radial-pricing.ts';
export { type DcDispatch, dispatchDc } from './dc-dispatch.ts';
export { type Envelope, type EnvelopeMember, type EnvelopeRule, operatingEnvelopes } from './envelope.ts';
export {
  type AdmittedTrade,
  type ProposedTrade,
  type TradeAdmission,
  type TradeCharge,
  admitTrades,
} from './trades.ts';
export { type Carried, type Feeder, brokenLimits, busNamed, feederOf, flowCarrying } from './feeder.ts';
export { type SlotTrade } from './slot-trades.ts';
export {
  type CarriedTrade,
  type CongestionPrice,
  type SlotAdmission,
  type SlotTerms,
  admitSlot,
} from './slot-admission.ts';
