import { DomainError } from '#core';
import { type DispatchMember, type DispatchTerms, requireDispatch } from './dispatch-member.ts';
import { type PrivateMember, type Projection, memberProjection, privateMember } from './member-projection.ts';

const KWH_PER_MWH = 1_000;

/** What the coordinator tells everybody in a round: nothing of any one member. */
export interface AdmmSignal {
  /** Minor units per kWh. */
  readonly price: Float64Array;
  /** Mean net consumption less what the grid takes of it per member, kWh. */
  readonly imbalance: Float64Array;
  /** Weight of a squared kWh. */
  readonly penalty: number;
}

/** A member's side: it keeps its load, its devices and its profile; only what `answer` returns is sent. */
export interface AdmmMember {
  /** Net consumption it can have, nearest to what the signal asks for, kWh; and how far its view moved, squared. */
  answer(signal: AdmmSignal): { readonly net: Float64Array; readonly moved: number };
}

export interface AdmmOptions {
  /** Largest primal and dual residual, relative; default 10^−4. */
  readonly tolerance?: number;
  /** Default 5 000. */
  readonly maxRounds?: number;
  readonly onRound?: (round: number, residuals: AdmmResiduals) => void;
}

export interface AdmmResiduals {
  /** ‖Σ net − grid‖ relative to the larger of both. */
  readonly primal: number;
  /** ‖ρ · change of what members were asked for‖ relative to the prices. */
  readonly dual: number;
}

export interface AdmmResult {
  readonly rounds: number;
  readonly residuals: AdmmResiduals;
  /** Cost of what members do, balanced by the grid: an upper bound of the optimum, minor units. */
  readonly cost: number;
  readonly pricePerMwh: readonly number[];
  /** Σ net consumption, kWh. */
  readonly netKwh: Float64Array;
}

/** Boyd et al. 2011, §3.4.3: between 1.5 and 1.8 speeds up. */
const RELAXATION = 1.6;
/** Rounds between changes of the penalty, and how far residuals may lie apart. */
const BALANCE_EVERY = 10;
const APART = 3;

const projections = new Map<number, Projection>();

/** Its scratch is shared by the members of one process, as in a simulation of them. */
function projectionOf(intervals: number): Projection {
  const known = projections.get(intervals) ?? memberProjection(intervals);
  projections.set(intervals, known);
  return known;
}

/** A member's own part of the method, with its data inside. @throws DISPATCH_INPUT, DISPATCH_PRICES */
export function admmMember(member: DispatchMember, terms: DispatchTerms): AdmmMember {
  requireDispatch([member], terms);
  const own: PrivateMember = privateMember(member, terms.sellPerMwh);
  const intervals = own.baseKwh.length;
  const project = projectionOf(intervals);
  const net = own.baseKwh.slice();
  const relaxed = net.slice();
  const view = net.slice();
  const wanted = new Float64Array(intervals);
  return {
    answer({ price, imbalance, penalty }) {
      let moved = 0;
      for (let t = 0; t < intervals; t += 1) {
        const next = relaxed[t]! - imbalance[t]!;
        moved += (next - view[t]!) ** 2;
        view[t] = next;
        wanted[t] = next - price[t]! / penalty;
      }
      project(own, wanted, net);
      for (let t = 0; t < intervals; t += 1) relaxed[t] = RELAXATION * net[t]! + (1 - RELAXATION) * view[t]!;
      return { net, moved };
    },
  };
}

/**
 * (P1) without anybody's data: the sharing form of the alternating direction method of multipliers. In each round members
 * answer a price and an imbalance with the profile nearest to what they are asked for; the grid's part has a closed form
 * for each interval. What members send is summed only, so the sum may as well come out of an encrypted one.
 * Every round is feasible: the grid balances what members do.
 * Source: Boyd, Parikh, Chu, Peleato & Eckstein 2011, §7.3.
 * @throws DISPATCH_PRICES, ADMM_NOT_CONVERGED with the residuals it ended with
 */
export function coordinateDispatch(
  members: readonly AdmmMember[],
  terms: DispatchTerms,
  { tolerance = 1e-4, maxRounds = 5_000, onRound }: AdmmOptions = {},
): AdmmResult {
  const state = startState(members.length, terms);
  let residuals: AdmmResiduals = { primal: Infinity, dual: Infinity };
  for (let round = 1; round <= maxRounds; round += 1) {
    const moved = askMembers(members, state);
    // What members moved by belongs to the signal before, whose imbalance is known by now.
    residuals = { primal: relative(state.primal), dual: dualResidual(state, moved) };
    onRound?.(round, residuals);
    if (round > 1 && Math.max(residuals.primal, residuals.dual) <= tolerance) {
      return resultOf(state, terms, { rounds: round, residuals });
    }
    if (round % BALANCE_EVERY === 0) balancePenalty(state, residuals);
    setGrid(state, terms);
  }
  throw new DomainError(
    'ADMM_NOT_CONVERGED',
    `expected residuals of at most ${tolerance} within ${maxRounds} rounds, got ${residuals.primal} and ${residuals.dual}`,
    'unavailable',
    { rounds: maxRounds, ...residuals },
  );
}

interface AdmmState {
  readonly count: number;
  readonly price: Float64Array;
  readonly imbalance: Float64Array;
  /** Mean of members' net consumption, and what the grid would take of it. */
  readonly mean: Float64Array;
  readonly grid: Float64Array;
  penalty: number;
  /** ‖mean − grid‖ and the larger of both norms. */
  primal: readonly [residual: number, scale: number];
}

function startState(count: number, { buyPerMwh }: DispatchTerms): AdmmState {
  const zeros = () => new Float64Array(buyPerMwh.length);
  const price = Float64Array.from(buyPerMwh, (buy) => buy / KWH_PER_MWH);
  return {
    count,
    price,
    imbalance: zeros(),
    mean: zeros(),
    grid: zeros(),
    // A price's worth for a kWh.
    penalty: Math.max(1e-6, ...price.map(Math.abs)),
    primal: [Infinity, 1],
  };
}

function askMembers(members: readonly AdmmMember[], state: AdmmState): number {
  const { price, imbalance, penalty, mean, count } = state;
  mean.fill(0);
  let moved = 0;
  for (const member of members) {
    const answer = member.answer({ price, imbalance, penalty });
    moved += answer.moved;
    answer.net.forEach((net, t) => (mean[t]! += net / count));
  }
  return moved;
}

/** The grid's part of what members do: argmin of its cost and the penalty, interval by interval; then the price. */
function setGrid(state: AdmmState, { buyPerMwh, sellPerMwh }: DispatchTerms): void {
  const { price, imbalance, mean, grid, penalty } = state;
  let [residual, ofMean, ofGrid] = [0, 0, 0];
  for (let t = 0; t < grid.length; t += 1) {
    const relaxed = RELAXATION * mean[t]! + (1 - RELAXATION) * grid[t]!;
    const asked = relaxed + price[t]! / penalty;
    const bought = asked - buyPerMwh[t]! / KWH_PER_MWH / penalty;
    const sold = asked - sellPerMwh[t]! / KWH_PER_MWH / penalty;
    grid[t] = bought > 0 ? bought : Math.min(0, sold);
    imbalance[t] = relaxed - grid[t]!;
    price[t]! += penalty * imbalance[t]!;
    residual += (mean[t]! - grid[t]!) ** 2;
    ofMean += mean[t]! ** 2;
    ofGrid += grid[t]! ** 2;
  }
  state.primal = [Math.sqrt(residual), Math.sqrt(Math.max(ofMean, ofGrid))];
}

const relative = ([residual, scale]: readonly [number, number]): number => residual / Math.max(scale, 1e-9);

function dualResidual({ penalty, count, price }: AdmmState, moved: number): number {
  const scale = Math.sqrt(count * price.reduce((sum, each) => sum + each ** 2, 0));
  return relative([penalty * Math.sqrt(moved), scale]);
}

/** Boyd et al. §3.4.1: a larger penalty closes the imbalance sooner, a smaller one settles the prices. */
function balancePenalty(state: AdmmState, { primal, dual }: AdmmResiduals): void {
  if (primal > APART * dual) state.penalty *= 2;
  else if (dual > APART * primal) state.penalty /= 2;
}

function resultOf(
  { mean, count, price }: AdmmState,
  { buyPerMwh, sellPerMwh }: DispatchTerms,
  ended: Pick<AdmmResult, 'rounds' | 'residuals'>,
): AdmmResult {
  const netKwh = mean.map((net) => net * count);
  const cost = netKwh.reduce(
    (sum, net, t) => sum + (net * (net > 0 ? buyPerMwh[t]! : sellPerMwh[t]!)) / KWH_PER_MWH,
    0,
  );
  return { ...ended, cost, pricePerMwh: Array.from(price, (each) => each * KWH_PER_MWH), netKwh };
}
