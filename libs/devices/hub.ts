import { DomainError, type LpBuilder, type LpProblem, type LpSolution, lpBuilder } from '#core';
import { CARRIERS, type Carrier } from './carrier.ts';

/** An order for one carrier: at most so much, at this price or better. */
export interface HubOrder {
  readonly id: string;
  readonly carrier: Carrier;
  readonly side: 'buy' | 'sell';
  readonly quantityKwh: number;
  readonly pricePerKwh: number;
}

/** A conversion unit: a column of the coupling matrix, one carrier in and any out. */
export interface HubUnit {
  readonly id: string;
  readonly input: Carrier;
  /** Output per input. */
  readonly outputs: Readonly<Partial<Record<Carrier, number>>>;
  /** Most it takes in. */
  readonly capacityKwh: number;
  /** Operation per kWh taken in. */
  readonly costPerKwh: number;
}

export interface HubProgram {
  readonly problem: LpProblem;
  readonly orders: readonly HubOrder[];
  readonly units: readonly HubUnit[];
}

export const HUB_LIMITS = { orders: 20_000, units: 1_000 } as const;

/**
 * Clears all carriers at once: the largest welfare Σ bid·bought − Σ ask·sold − Σ cost·converted such that each carrier
 * balances, Σ sold + Σ (output − input) of units = Σ bought. Row i is the balance of CARRIERS[i]; columns are orders, then units.
 * The coupling matrix has −1 at a unit's input and its efficiencies at its outputs (Geidl & Andersson 2007).
 * @throws HUB_INPUT naming the order or unit, HUB_TOO_LARGE
 */
export function buildHub(orders: readonly HubOrder[], units: readonly HubUnit[]): HubProgram {
  requireHub(orders, units);
  const lp = lpBuilder('maximize');
  const balances = new Map(CARRIERS.map((carrier) => [carrier, [] as [number, number][]]));
  for (const { carrier, side, quantityKwh, pricePerKwh } of orders) {
    const sign = side === 'buy' ? 1 : -1;
    const column = lp.column({ upper: quantityKwh, cost: sign * pricePerKwh });
    balances.get(carrier)!.push([column, sign]);
  }
  for (const unit of units) addUnit(lp, unit, balances);
  for (const terms of balances.values()) lp.row({ lower: 0, upper: 0 }, terms);
  return { problem: lp.build(), orders, units };
}

function addUnit(lp: LpBuilder, unit: HubUnit, balances: ReadonlyMap<Carrier, [number, number][]>): void {
  const column = lp.column({ upper: unit.capacityKwh, cost: -unit.costPerKwh });
  balances.get(unit.input)!.push([column, 1]);
  for (const [carrier, share] of outputsOf(unit)) balances.get(carrier)!.push([column, -share]);
}

const outputsOf = ({ outputs }: HubUnit): [Carrier, number][] =>
  Object.entries(outputs) as [Carrier, number][];

export interface HubClearing {
  /** Dual of each balance that somebody has to do with; none where nothing trades and no order sets one. */
  readonly prices: Readonly<Partial<Record<Carrier, number>>>;
  readonly orders: readonly { readonly id: string; readonly tradedKwh: number; readonly gain: number }[];
  readonly units: readonly { readonly id: string; readonly inputKwh: number; readonly profit: number }[];
  readonly welfare: number;
  readonly certificate: HubCertificate;
}

/** All of them 0 but for rounding where the clearing is an equilibrium. */
export interface HubCertificate {
  /** Welfare less what the prices prove to be the best possible: Σ quantity · (gain of a kWh)⁺ over orders and units. */
  readonly gap: number;
  /** Largest imbalance of a carrier, kWh. */
  readonly imbalanceKwh: number;
  /** Largest loss of an order or a unit. */
  readonly largestLoss: number;
  /** What buyers pay less what sellers and units receive. */
  readonly budget: number;
}

/** @returns prices, what everybody trades and gains, and the proof that no other clearing has more welfare */
export function readHub({ orders, units }: HubProgram, { x, duals, activities }: LpSolution): HubClearing {
  const price = new Map(CARRIERS.map((carrier, i) => [carrier, duals[i]!]));
  const gains = orders.map(({ carrier, side, pricePerKwh }) => {
    const gain = pricePerKwh - price.get(carrier)!;
    return side === 'buy' ? gain : -gain;
  });
  const margins = units.map((unit) => marginOf(unit, price));
  const traded = orders.map(({ id }, i) => ({ id, tradedKwh: x[i]!, gain: gains[i]! * x[i]! }));
  const run = units.map(({ id }, j) => {
    const inputKwh = x[orders.length + j]!;
    return { id, inputKwh, profit: margins[j]! * inputKwh };
  });
  const welfare =
    orders.reduce((sum, order, i) => sum + signOf(order) * order.pricePerKwh * x[i]!, 0) -
    units.reduce((sum, unit, j) => sum + unit.costPerKwh * x[orders.length + j]!, 0);
  const best =
    orders.reduce((sum, { quantityKwh }, i) => sum + quantityKwh * Math.max(0, gains[i]!), 0) +
    units.reduce((sum, { capacityKwh }, j) => sum + capacityKwh * Math.max(0, margins[j]!), 0);
  const paid = orders.reduce((sum, order, i) => sum + signOf(order) * price.get(order.carrier)! * x[i]!, 0);
  const earned = units.reduce((sum, unit, j) => sum + (margins[j]! + unit.costPerKwh) * run[j]!.inputKwh, 0);
  return {
    prices: pricesOf(orders, units, price),
    orders: traded,
    units: run,
    welfare,
    certificate: {
      gap: welfare - best,
      imbalanceKwh: Math.max(...activities.map(Math.abs)),
      largestLoss: [...traded.map(({ gain }) => gain), ...run.map(({ profit }) => profit)].reduce(
        (most, gain) => Math.max(most, -gain),
        0,
      ),
      budget: paid - earned,
    },
  };
}

const signOf = ({ side }: HubOrder): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Σ efficiency · price out − price in − cost: what a kWh taken in earns. */
const marginOf = (unit: HubUnit, price: ReadonlyMap<Carrier, number>): number =>
  outputsOf(unit).reduce((sum, [carrier, share]) => sum + share * price.get(carrier)!, 0) -
  price.get(unit.input)! -
  unit.costPerKwh;

function pricesOf(
  orders: readonly HubOrder[],
  units: readonly HubUnit[],
  price: ReadonlyMap<Carrier, number>,
): Partial<Record<Carrier, number>> {
  const met = new Set([
    ...orders.map(({ carrier }) => carrier),
    ...units.flatMap((unit) => [unit.input, ...outputsOf(unit).map(([carrier]) => carrier)]),
  ]);
  return Object.fromEntries(CARRIERS.filter((each) => met.has(each)).map((each) => [each, price.get(each)!]));
}

function requireHub(orders: readonly HubOrder[], units: readonly HubUnit[]): void {
  if (orders.length > HUB_LIMITS.orders || units.length > HUB_LIMITS.units) {
    throw new DomainError(
      'HUB_TOO_LARGE',
      `expected at most ${HUB_LIMITS.orders} orders and ${HUB_LIMITS.units} units, got ${orders.length} and ${units.length}`,
      'limit',
    );
  }
  const seen = new Set<string>();
  for (const { id } of [...orders, ...units]) {
    if (seen.has(id)) throw refused(id, 'each order and unit once');
    seen.add(id);
  }
  for (const { id, quantityKwh, pricePerKwh } of orders) {
    if (!isAmount(quantityKwh) || !Number.isFinite(pricePerKwh)) {
      throw refused(id, 'a quantity of at least 0 and a finite price');
    }
  }
  for (const unit of units) requireUnit(unit);
}

const isAmount = (value: number): boolean => value >= 0 && value <= 1e9;

function requireUnit(unit: HubUnit): void {
  const shares = outputsOf(unit);
  const apart = shares.length > 0 && shares.every(([carrier]) => carrier !== unit.input);
  // A heat pump gives several times what it takes in electricity.
  if (!apart || !shares.every(([, share]) => share > 0 && share <= 20)) {
    throw refused(unit.id, 'outputs of other carriers with efficiencies above 0 and at most 20');
  }
  if (!isAmount(unit.capacityKwh) || !isAmount(unit.costPerKwh)) {
    throw refused(unit.id, 'a capacity and a cost of at least 0');
  }
}

const refused = (id: string, expected: string): DomainError =>
  new DomainError('HUB_INPUT', `expected ${expected}, got others at ${id}`, 'invalid', { id });
