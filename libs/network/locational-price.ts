import { type NetworkLimit, type RadialModel, seedFlow } from './radial-program.ts';
import type { RadialDispatch } from './radial-dispatch.ts';
import { emptySeeds, type Gradient, gradientOf, losslessTangent, tangentAt } from './tangent.ts';
import type { Tree } from './tree.ts';

/** A price at a bus, per unit of power and hour, and what it is made of: the parts add up to the dual. */
export interface LocationalPrice {
  readonly energy: number;
  readonly loss: number;
  readonly congestion: number;
  readonly voltage: number;
  /** Multiplier of the bus's own balance. */
  readonly dual: number;
}

/** By bus number: of active and of reactive power. */
export interface LocationalPrices {
  readonly p: readonly LocationalPrice[];
  readonly q: readonly LocationalPrice[];
}

/**
 * Distribution locational marginal prices: one more unit consumed at bus i costs
 *   λ + λ·∂losses/∂i − Σ_lines μ·∂flow/∂i − Σ_buses ν·∂v/∂i
 * with the duals λ of the root's balance, μ of lines and ν of voltages (Bai, Wang, Wang, Chen & Li 2018; Papavasiliou 2018).
 * The dual is found apart from the parts: the multipliers of the DistFlow equations, by one transposed elimination of all
 * weights together.
 */
export function locationalPrices(tree: Tree, dispatch: RadialDispatch, model: RadialModel): LocationalPrices {
  const { energyPrice, binding, point } = dispatch;
  const dual = dualsOf(tree, dispatch, model);
  const parts = {
    congestion: weighted(tree, binding, 'line'),
    voltage: weighted(tree, binding, 'voltage'),
  };
  const of =
    (kind: 'p' | 'q') =>
    (bus: number): LocationalPrice => {
      const energy = kind === 'p' ? energyPrice : 0;
      return {
        energy,
        loss: energyPrice * point.supply[kind][bus]! - energy,
        congestion: parts.congestion[kind][bus]!,
        voltage: parts.voltage[kind][bus]!,
        dual: dual[kind][bus]!,
      };
    };
  const buses = tree.network.buses.map((_, bus) => bus);
  return { p: buses.map(of('p')), q: buses.map(of('q')) };
}

/** −Σ dual·gradient over the binding limits of a kind. */
function weighted(tree: Tree, binding: RadialDispatch['binding'], kind: NetworkLimit['kind']): Gradient {
  const count = tree.parent.length;
  const sum = { p: new Float64Array(count), q: new Float64Array(count) };
  for (const limit of binding) {
    if (limit.kind !== kind) continue;
    for (let bus = 0; bus < count; bus += 1) {
      sum.p[bus]! -= limit.dual * limit.gradient.p[bus]!;
      sum.q[bus]! -= limit.dual * limit.gradient.q[bus]!;
    }
  }
  return sum;
}

/** Multipliers of the nodal balances: the derivative of the Lagrangian's network part at the final state. */
function dualsOf(tree: Tree, { point, energyPrice, binding }: RadialDispatch, model: RadialModel): Gradient {
  const seeds = emptySeeds(tree);
  seeds.p[0] = energyPrice;
  for (const { kind, position: k, dual } of binding) {
    if (kind === 'voltage') {
      seeds.v[k]! -= dual;
      continue;
    }
    seedFlow(tree, point.state, k, -dual, seeds);
  }
  return gradientOf(model === 'exact' ? tangentAt(tree, point.state) : losslessTangent(tree), seeds);
}
