import type { LpSolve } from '#core';
import { type LocationalPrice, type LocationalPrices, locationalPrices } from './locational-price.ts';
import { type Violation, violations } from './limit-check.ts';
import type { Period } from './network.ts';
import { type FlowState, losses, powerFlow } from './power-flow.ts';
import { dispatchRadial, type RadialDispatch } from './radial-dispatch.ts';
import { type Control, controlsOf, netLoad, type RadialModel } from './radial-program.ts';
import type { Tree } from './tree.ts';

/** What the network earns on top of the energy: Σ price part × consumption, per period, in price × pu. */
export interface Rents {
  /** What losses are charged above what they cost. */
  readonly loss: number;
  readonly congestion: number;
  readonly voltage: number;
}

/** Dispatch and prices of one period of a radial feeder, per unit. */
export interface RadialPricing {
  /** Of every generator of the network. */
  readonly generation: readonly { readonly p: number; readonly q: number }[];
  readonly dispatch: RadialDispatch;
  readonly prices: LocationalPrices;
  readonly rents: Rents;
  /** Exact power flow of the dispatch, and what it breaks by more than 1e-6: nothing in the exact model. */
  readonly exact: FlowState;
  readonly broken: readonly Violation[];
}

const VERIFIED_WITHIN = 1e-6;

/**
 * Prices every period; each search begins at the dispatch of the period before. @throws what dispatchRadial throws
 */
export function priceRadial(tree: Tree, solve: LpSolve, model: RadialModel = 'exact'): RadialPricing[] {
  let start: Float64Array | undefined;
  return tree.network.periods.map((period) => {
    const columns = controlsOf(period.offers);
    const controls = columns.map(({ control }) => control);
    const dispatch = dispatchRadial({ tree, period, controls, model, solve }, start);
    start = dispatch.x;
    return {
      generation: generationOf(period.offers.length, columns, dispatch.x),
      ...priced({ tree, period, controls, model }, dispatch),
    };
  });
}

/** What every offer produces, of the columns that `controlsOf` made of them. */
export function generationOf(
  offers: number,
  columns: ReturnType<typeof controlsOf>,
  x: Float64Array,
): { readonly p: number; readonly q: number }[] {
  const generation = Array.from({ length: offers }, () => ({ p: 0, q: 0 }));
  columns.forEach(({ offer, control }, j) => (generation[offer]![control.kind] = x[j]!));
  return generation;
}

interface Priced {
  readonly tree: Tree;
  readonly period: Pick<Period, 'p' | 'q'>;
  readonly controls: readonly Control[];
  readonly model: RadialModel;
}

/** Prices, rents and the exact power flow of a dispatch. */
export function priced(
  { tree, period, controls, model }: Priced,
  dispatch: RadialDispatch,
): Omit<RadialPricing, 'generation'> {
  const prices = locationalPrices(tree, dispatch, model);
  const load = netLoad(tree, period, controls, dispatch.x);
  const { state } = dispatch.point;
  const exact = model === 'exact' ? state : powerFlow(tree, load.p, load.q);
  return {
    dispatch,
    prices,
    rents: rentsOf(tree, prices, load, dispatch.energyPrice * losses(tree, state).p),
    exact,
    broken: violations(tree, exact, VERIFIED_WITHIN),
  };
}

function rentsOf(
  { network }: Tree,
  prices: LocationalPrices,
  load: { readonly p: Float64Array; readonly q: Float64Array },
  costOfLosses: number,
): Rents {
  const sum = (part: keyof LocationalPrice): number =>
    network.buses.reduce(
      (total, _, bus) => total + prices.p[bus]![part] * load.p[bus]! + prices.q[bus]![part] * load.q[bus]!,
      0,
    );
  return { loss: sum('loss') - costOfLosses, congestion: sum('congestion'), voltage: sum('voltage') };
}
