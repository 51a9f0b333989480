/**
 * games: what members and platforms do when they choose for themselves. Pure; doubles, as nothing here moves money.
 *
 * Vocabulary: leader and follower (Stackelberg), choke price (from which a follower buys nothing), best response,
 * demand bid b in q = −a·λ + b, bilateral bargain (Nash-in-Nash), scheme (how a platform lets members trade), commission,
 * stickiness (what a change has to gain), convergence (method, iterations, residual; never claimed, always measured).
 * References: Liu et al., IEEE TII 13(3) 2017 (Stackelberg); Chen et al., IEEE TSG 2020 (generalised demand bidding);
 * Horn & Wolinsky 1988 (Nash-in-Nash); Sherali 1984 (multiple leaders); Wu et al. 2022, III-B (tri-level design).
 */
export { type Convergence } from './convergence.ts';
export { type HorizonMember, type OutsideTerms } from './community-horizon.ts';
export {
  type LogFollower,
  type QuadraticFollower,
  type StackelbergEquilibrium,
  type StackelbergGame,
  stackelberg,
} from './stackelberg.ts';
export {
  type DemandBiddingEquilibrium,
  type DemandBiddingGame,
  type SharingMember,
  demandBidding,
} from './demand-bidding.ts';
export { type BilateralEquilibrium, type BilateralGame, type Pair, bilateralNash } from './bilateral.ts';
export {
  type CournotLeader,
  type MultiLeaderEquilibrium,
  type MultiLeaderGame,
  multiLeader,
} from './multi-leader.ts';
export { type DesignMember, type DesignOutcome, type Scheme, compareSchemes, gini } from './design.ts';
export {
  type CompetingMember,
  type CompetitionOutcome,
  type Platform,
  competePlatforms,
} from './competition.ts';
