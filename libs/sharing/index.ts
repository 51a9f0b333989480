/**
 * sharing: how a community divides what it gains together. Pure; where programs are solved on the way, a function takes
 * `solve`.
 *
 * Vocabulary: surplus (what members and aggregator gain together), market power α, payment π; coalition (a set of players
 * as a bit mask), game (a value for every coalition), share, excess v(S) − x(S), core, imputation; peak use and storage
 * capacity of firms, lease (the right to use capacity); dispatch (who charges, discharges and curtails when), signal (what an
 * ADMM round tells members); session (cleared orders of a day, delivered), saved (by settlement), transfer (share − saved).
 * Units: money in any one unit; `settle…` in integer minor units.
 * References: Wu et al., Sharing Economy in Local Energy Markets, eq. (1)–(4); Nash 1950; Shapley 1953; Schmeidler 1969;
 * Maschler, Peleg & Shapley 1979; Aumann & Maschler 1985; Chakraborty et al. 2019 and Kalathil et al. 2019 (storage);
 * Boyd et al. 2011 (ADMM).
 */
export {
  type BargainingMember,
  type NashBargain,
  type SettledBargain,
  nashBargain,
  settleNashBargain,
} from './nash-bargaining.ts';
export { type Barter, type Good, barter } from './barter.ts';
export { type CoalitionGame, coalitionKey, gameFromKeys, gameOf } from './game.ts';
export { type SampledShares, sampledShapleyValue, shapleyValue } from './shapley.ts';
export { type NucleolusOptions, nucleolus } from './nucleolus.ts';
export { type CoreCheck, coreCheck } from './core.ts';
export { contributionShares, talmudShares } from './contribution.ts';
export {
  type StorageAllocation,
  type StorageMember,
  type TimeOfUsePrices,
  shareStorage,
} from './storage-sharing.ts';
export {
  type GaussianUse,
  type StorageEquilibrium,
  empiricalStorageEquilibrium,
  gaussianStorageEquilibrium,
} from './storage-investment.ts';
export { type StorageLease, type StorageLot, type StorageRequest, leaseStorage } from './lease.ts';
export { type Battery, type DispatchMember, type DispatchTerms } from './dispatch-member.ts';
export {
  type CommunityDispatch,
  type DispatchSchedule,
  type MemberSchedule,
  buildDispatch,
  readDispatch,
} from './dispatch.ts';
export { type CommunityCosts, bargainOverDispatch, savingsGame } from './dispatch-game.ts';
export {
  type AdmmMember,
  type AdmmOptions,
  type AdmmResiduals,
  type AdmmResult,
  type AdmmSignal,
  admmMember,
  coordinateDispatch,
} from './admm.ts';
export {
  type HourShares,
  type SessionHour,
  type SessionShare,
  type TradedSurplus,
  type TradesOf,
  hourShapley,
  shareByBargaining,
  shareByShapley,
} from './session-game.ts';
