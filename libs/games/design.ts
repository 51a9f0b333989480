import { type PriceRule, priceSlot, requirePriceRule, requireSlot } from '#community';
import { DomainError, HOUR_MS, interval } from '#core';
import { type Order, uniformPrice } from '#market';
import { type HorizonMember, type OutsideTerms, requireHorizon } from './community-horizon.ts';
import { type Convergence, requireNumber, rootOfRising, total } from './convergence.ts';

export interface DesignMember extends HorizonMember {
  /** Discomfort β·Δ²/2 of moving Δ of a slot's load to another slot; absent: nothing moves. */
  readonly stiffness?: number | undefined;
}

/** A trading scheme: everybody alone, a call auction at one price, or a price rule. */
export type Scheme =
  | { readonly id: string; readonly kind: 'alone' }
  | { readonly id: string; readonly kind: 'call-auction'; readonly k?: number | undefined }
  | { readonly id: string; readonly kind: 'price-rule'; readonly rule: PriceRule };

export interface DesignOutcome {
  readonly scheme: string;
  /** What members save together against everybody alone, discomfort included. */
  readonly welfare: number;
  readonly gains: readonly { readonly id: string; readonly gain: number }[];
  /** 0: all gain alike; null where gains do not sum to more than nothing or somebody loses. */
  readonly gini: number | null;
  readonly leastGain: number;
  readonly mostGain: number;
  /** Of all load, what is not imported. */
  readonly selfSufficiency: number;
  /** Largest exchange with the grid in a slot, either way. */
  readonly peak: number;
  readonly emissions: number;
  /** What a price curve leaves with its operator. */
  readonly operator: number;
  readonly convergence: Convergence;
}

const MAX_ROUNDS = 200;
const SETTLED = 1e-6;

/**
 * The tri-level loop on fixed members: a scheme sets prices, members move load to where it costs least (β·Δ²/2 against
 * the price, each slot's ≥ 0, the horizon's sum kept), the market clears again, until loads stand still. Rounds are
 * damped by 1/(1 + n/10), as prices fall where load goes; `converged` says whether they did, and what is reported is
 * the outcome reached. `onScheme` hears how many are done. @throws DESIGN_SCHEMES, DESIGN_SIZE, GAME_PLAYERS, GAME_PARAMETER, and the codes of priceSlot
 */
export function compareSchemes(
  members: readonly DesignMember[],
  schemes: readonly Scheme[],
  terms: OutsideTerms,
  onScheme?: (done: number) => void,
): DesignOutcome[] {
  requireDesign(members, schemes, terms);
  const alone = members.map((member) => standAlone(member, terms));
  return schemes.map((scheme, place) => {
    const outcome = outcomeOf(scheme, members, terms, alone);
    onScheme?.(place + 1);
    return outcome;
  });
}

function requireDesign(
  members: readonly DesignMember[],
  schemes: readonly Scheme[],
  terms: OutsideTerms,
): void {
  requireHorizon(members, terms, 1_000);
  const ids = schemes.map(({ id }) => id);
  if (ids.length === 0 || ids.length > 50 || new Set(ids).size !== ids.length)
    throw new DomainError('DESIGN_SCHEMES', 'expected 1 to 50 schemes with ids of their own, got others');
  for (const scheme of schemes) if (scheme.kind === 'price-rule') requirePriceRule(scheme.rule);
  for (const { stiffness = 1 } of members) requireNumber('stiffness', stiffness, { above: 0 });
}

/** Own generation covers own load first, in every scheme: what the meter at the door sees. */
const netted = (load: number, generation: number): { load: number; generation: number } => ({
  load: Math.max(0, load - generation),
  generation: Math.max(0, generation - load),
});

function standAlone({ load, generation }: DesignMember, { retail, feedIn }: OutsideTerms): number {
  return total(
    load.map((wh, t) => {
      const net = netted(wh, generation[t]!);
      return net.load * retail - net.generation * feedIn;
    }),
  );
}

/** One slot cleared: average prices inside, and who owes what. */
interface Cleared {
  readonly buy: number;
  readonly sell: number;
  readonly bills: readonly number[];
  readonly operator: number;
  readonly imported: number;
  readonly exported: number;
}

function outcomeOf(
  scheme: Scheme,
  members: readonly DesignMember[],
  terms: OutsideTerms,
  alone: readonly number[],
): DesignOutcome {
  const { loads, convergence } = settleLoads(scheme, members, terms);
  const cleared = clearAll(scheme, members, loads, terms);
  const gains = members.map((member, i) => {
    const paid = total(cleared.map(({ bills }) => bills[i]!));
    return { id: member.id, gain: alone[i]! - paid - discomfort(member, loads[i]!) };
  });
  const values = gains.map(({ gain }) => gain);
  const load = total(members.flatMap((member) => member.load));
  const imported = total(cleared.map((slot) => slot.imported));
  return {
    scheme: scheme.id,
    welfare: total(values),
    gains,
    gini: gini(values),
    leastGain: Math.min(...values),
    mostGain: Math.max(...values),
    selfSufficiency: load === 0 ? 1 : 1 - imported / load,
    peak: Math.max(...cleared.map((slot) => Math.max(slot.imported, slot.exported))),
    emissions: total(cleared.map((slot, t) => slot.imported * (terms.intensity?.[t] ?? 0))),
    operator: total(cleared.map((slot) => slot.operator)),
    convergence,
  };
}

const discomfort = ({ load, stiffness }: DesignMember, moved: readonly number[]): number =>
  stiffness === undefined ? 0 : (stiffness / 2) * total(load.map((wh, t) => (moved[t]! - wh) ** 2));

/** Gini coefficient: mean absolute difference over twice the mean. */
export function gini(values: readonly number[]): number | null {
  const sum = total(values);
  if (sum <= 0 || values.some((value) => value < 0)) return null;
  const rising = values.toSorted((a, b) => a - b);
  return total(rising.map((value, i) => (2 * (i + 1) - values.length - 1) * value)) / (values.length * sum);
}

function settleLoads(
  scheme: Scheme,
  members: readonly DesignMember[],
  terms: OutsideTerms,
): { loads: readonly (readonly number[])[]; convergence: Convergence } {
  let loads = members.map(({ load }) => load);
  const none = { method: 'best-response', converged: true, iterations: 0, residual: 0 } as const;
  if (members.every(({ stiffness }) => stiffness === undefined)) return { loads, convergence: none };
  const scale = Math.max(1e-9, ...loads.flat());
  let residual = 0;
  for (let iterations = 1; iterations <= MAX_ROUNDS; iterations++) {
    const cleared = clearAll(scheme, members, loads, terms);
    const answers = members.map((member) => bestLoad(member, cleared));
    residual =
      Math.max(...answers.flatMap((answer, i) => answer.map((wh, t) => Math.abs(wh - loads[i]![t]!)))) /
      scale;
    if (residual <= SETTLED)
      return { loads, convergence: { method: 'best-response', converged: true, iterations, residual } };
    const step = 1 / (1 + iterations / 10);
    loads = loads.map((load, i) => load.map((wh, t) => wh + step * (answers[i]![t]! - wh)));
  }
  return {
    loads,
    convergence: { method: 'best-response', converged: false, iterations: MAX_ROUNDS, residual },
  };
}

/**
 * min Σ buy·(x − g)⁺ − sell·(g − x)⁺ + β(x − x⁰)²/2, Σx = Σx⁰, x ≥ 0, at given prices: where it imports
 * x = x⁰ − (buy − μ)/β, where it exports with sell instead, and its own generation g between; μ such that nothing is lost.
 */
function bestLoad(
  { load, generation, stiffness }: DesignMember,
  prices: readonly Cleared[],
): readonly number[] {
  if (stiffness === undefined) return load;
  const at = (mu: number): number[] =>
    load.map((wh, t) => {
      const { buy, sell } = prices[t]!;
      const importing = wh - (buy - mu) / stiffness;
      const exporting = wh - (Math.min(buy, sell) - mu) / stiffness;
      const own = generation[t]!;
      return Math.max(0, importing > own ? importing : Math.min(exporting, own));
    });
  const wanted = total(load);
  const dearest = Math.max(...prices.flatMap(({ buy, sell }) => [Math.abs(buy), Math.abs(sell)]));
  const reach = stiffness * Math.max(...load) + dearest + 1;
  return at(rootOfRising((mu) => total(at(mu)) - wanted, -reach, reach));
}

const clearAll = (
  scheme: Scheme,
  members: readonly DesignMember[],
  loads: readonly (readonly number[])[],
  terms: OutsideTerms,
): Cleared[] =>
  members[0]!.load.map((_, t) =>
    clearSlot(
      scheme,
      members.map((member, i) => ({ id: member.id, ...netted(loads[i]![t]!, member.generation[t]!) })),
      terms,
    ),
  );

interface Net {
  readonly id: string;
  readonly load: number;
  readonly generation: number;
}

function clearSlot(scheme: Scheme, nets: readonly Net[], terms: OutsideTerms): Cleared {
  const { retail, feedIn } = terms;
  const load = total(nets.map((net) => net.load));
  const generation = total(nets.map((net) => net.generation));
  const at = (buy: number, sell: number, shared: number): Cleared => ({
    buy,
    sell,
    bills: nets.map((net) => net.load * buy - net.generation * sell),
    operator: 0,
    imported: load - shared,
    exported: generation - shared,
  });
  if (scheme.kind === 'alone') return at(retail, feedIn, 0);
  if (scheme.kind === 'call-auction') {
    const { buy, sell, shared } = auctionPrices(nets, terms, scheme.k ?? 0.5);
    return at(buy, sell, shared);
  }
  const priced = priceSlot(scheme.rule, requireSlot(nets, terms));
  const bills = new Map(priced.bills.map(({ id, amount }) => [id, amount.toNumber()]));
  return {
    ...at(priced.buyPrice.toNumber(), priced.sellPrice.toNumber(), priced.shared.toNumber()),
    bills: nets.map(({ id }) => bills.get(id)!),
    operator: priced.operator.toNumber(),
  };
}

/** Integer orders for the auction: a millionth of a unit, and of a price. */
const PARTS = 1_000_000;
const SLOT = interval(0, HOUR_MS);

/** Loads bid the retail tariff, generation asks the feed-in tariff; what does not trade is settled at those. */
function auctionPrices(
  nets: readonly Net[],
  { retail, feedIn }: OutsideTerms,
  k: number,
): { buy: number; sell: number; shared: number } {
  const orders = nets.flatMap(({ id, load, generation }): Order[] => {
    const quantityWh = Math.round((load + generation) * PARTS);
    const side = load > 0 ? 'buy' : 'sell';
    const pricePerMwh = Math.round((side === 'buy' ? retail : feedIn) * PARTS);
    return quantityWh === 0 ? [] : [{ id, member: id, interval: SLOT, side, quantityWh, pricePerMwh }];
  });
  const { quantityWh, pricePerMwh } = uniformPrice.clear(orders, { k });
  const load = total(nets.map((net) => net.load));
  const generation = total(nets.map((net) => net.generation));
  const shared = Math.min(quantityWh / PARTS, load, generation);
  const price = (pricePerMwh ?? 0) / PARTS;
  return {
    shared,
    buy: load === 0 ? retail : (shared * price + (load - shared) * retail) / load,
    sell: generation === 0 ? feedIn : (shared * price + (generation - shared) * feedIn) / generation,
  };
}
