import { DomainError, type LpSolve } from '#core';
import {
  admitTrades,
  type AdmittedTrade,
  type DcDispatch,
  dispatchDc,
  limitName,
  type LocationalPrice,
  type Network,
  priceRadial,
  radialTree,
  type RadialModel,
  type RadialPricing,
  type Tree,
} from '#network';
import { type DlmpInput, type NamedNetwork, namedNetwork } from './network-input.ts';
import { brokenLimits, type BusName, flowView } from './network-view.ts';

/** A price and its parts, per unit and hour; `residual` is dual − Σ parts. */
export interface PriceParts extends LocationalPrice {
  readonly residual: number;
}

export interface DlmpPeriod {
  readonly prices: readonly (PriceParts & { readonly id: BusName; readonly reactive?: PriceParts })[];
  readonly generators: readonly { readonly id: string; readonly p: number; readonly q: number }[];
  /** Only on radial networks. */
  readonly binding?: readonly {
    readonly limit: string;
    readonly bound: number;
    readonly shadowPrice: number;
  }[];
  readonly trades?: readonly TradeView[];
  readonly [more: string]: unknown;
}

/** Prices every period of a network. @throws the codes of networkOf, radialTree, priceRadial, dispatchDc and admitTrades */
export function dlmpPeriods(input: DlmpInput, solve: LpSolve): DlmpPeriod[] {
  const named = namedNetwork(input);
  const { network } = named;
  const model = modelOf(input, network);
  if (input.trades !== undefined) return [tradesPeriod(input, named, model, solve)];
  if (model === 'dc') return dispatchDc(network, solve).map((dispatch, t) => dcPeriod(named, dispatch, t));
  const priced = { tree: radialTree(network), names: named.names, model };
  return priceRadial(priced.tree, solve, model).map((pricing, t) => radialPeriod(priced, pricing, t));
}

const modelOf = ({ model }: DlmpInput, { buses, lines }: Network): RadialModel | 'dc' =>
  model === 'auto' ? (lines.length === buses.length - 1 ? 'exact' : 'dc') : model;

function tradesPeriod(
  { trades = [] }: DlmpInput,
  { network, names, numberOf }: NamedNetwork,
  model: RadialModel | 'dc',
  solve: LpSolve,
): DlmpPeriod {
  if (model === 'dc' || network.periods.length !== 1) {
    const got = model === 'dc' ? 'the DC model' : `${network.periods.length} periods`;
    throw new DomainError(
      'TRADES_UNSUPPORTED',
      `expected trades in one period of a radial network, got ${got}`,
    );
  }
  const unit = network.powerUnit;
  const proposed = trades.map(({ id, from, to, quantity, gain }) => ({
    id: String(id),
    gain,
    quantity: quantity / unit,
    from: numberOf(from, `seller's bus of ${id}`),
    to: numberOf(to, `buyer's bus of ${id}`),
  }));
  const tree = radialTree(network);
  const admission = admitTrades(tree, 0, proposed, solve, model);
  return {
    ...radialPeriod({ tree, names, model }, admission.pricing, 0),
    trades: admission.trades.map((trade, i) => ({ ...tradeView(trade, unit), id: trades[i]!.id })),
  };
}

export interface TradeView extends Pick<AdmittedTrade, 'status' | 'limits' | 'charge'> {
  readonly id: string | number;
  readonly quantity: number;
  /** Charge × quantity. */
  readonly amount: number;
}

const tradeView = ({ admitted, charge, ...trade }: AdmittedTrade, unit: number): TradeView => ({
  ...trade,
  quantity: admitted * unit,
  charge,
  amount: charge.total * admitted * unit,
});

const partsOf = (price: LocationalPrice): PriceParts => ({
  ...price,
  residual: price.dual - (price.energy + price.loss + price.congestion + price.voltage),
});

interface Priced {
  readonly tree: Tree;
  readonly names: readonly BusName[];
  readonly model: RadialModel;
}

function radialPeriod({ tree, names, model }: Priced, pricing: RadialPricing, t: number): DlmpPeriod {
  const { network } = tree;
  const { dispatch, prices, generation, rents, exact, broken } = pricing;
  const unit = network.powerUnit;
  const { price, offers } = network.periods[t]!;
  const fromGrid = dispatch.gridP * unit;
  const cost = offers.reduce(
    (sum, offer, i) => sum + offer.cost * generation[i]!.p * unit,
    (price ?? 0) * fromGrid,
  );
  return {
    prices: names.map((id, bus) => ({
      id,
      ...partsOf(prices.p[bus]!),
      reactive: partsOf(prices.q[bus]!),
    })),
    generators: network.generators.map(({ id }, i) => ({
      id,
      p: generation[i]!.p * unit,
      q: generation[i]!.q * unit,
    })),
    grid: { p: fromGrid, q: exact.q[0]! * unit },
    cost,
    binding: dispatch.binding.map((limit) => ({ limit: limitName(tree, limit), ...boundOf(limit, unit) })),
    rents: { loss: rents.loss * unit, congestion: rents.congestion * unit, voltage: rents.voltage * unit },
    ...flowView(tree, names, exact),
    certificate: {
      model,
      solver: 'highs',
      linearisations: dispatch.iterations,
      limits: dispatch.umbrella,
      brokenInExactFlow: brokenLimits(tree, broken),
    },
  };
}

/** Voltages per unit with their shadow price per pu of voltage, flows in the caller's unit with theirs per unit and hour. */
function boundOf(
  { kind, dual, lower, upper }: RadialPricing['dispatch']['binding'][number],
  unit: number,
): { readonly bound: number; readonly shadowPrice: number } {
  const bound = dual > 0 ? lower : upper;
  if (kind === 'line') return { bound: Math.abs(bound) * unit, shadowPrice: Math.abs(dual) };
  // The dual belongs to the squared voltage, and to a cost in price × pu.
  return { bound: Math.sqrt(bound), shadowPrice: Math.abs(dual) * 2 * Math.sqrt(bound) * unit };
}

function dcPeriod({ network, names }: NamedNetwork, dispatch: DcDispatch, t: number): DlmpPeriod {
  const { lines, generators, powerUnit: unit, periods } = network;
  const { prices, generation, flows, lineDuals, gridP, congestionRent } = dispatch;
  const { offers, price } = periods[t]!;
  const generated = offers.reduce((sum, offer, i) => sum + offer.cost * generation[i]!, (price ?? 0) * gridP);
  return {
    prices: names.map((id, bus) => ({ id, ...partsOf(prices[bus]!) })),
    generators: generators.map(({ id }, i) => ({ id, p: generation[i]! * unit, q: 0 })),
    grid: { p: gridP * unit, q: 0 },
    cost: generated * unit,
    flows: lines.map(({ from, to, limit }, l) => ({
      from: names[from]!,
      to: names[to]!,
      p: flows[l]! * unit,
      ...(limit === Infinity
        ? {}
        : { loading: Math.abs(flows[l]!) / limit, shadowPrice: Math.abs(lineDuals[l]!) }),
    })),
    rents: { loss: 0, congestion: congestionRent * unit, voltage: 0 },
    certificate: { model: 'dc', solver: 'highs' },
  };
}
