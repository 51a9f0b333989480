import { byPosition, type Tree } from './tree.ts';
import type { FlowState } from './power-flow.ts';

/** Without losses, or with those of the lossless flows, r·(P² + Q²) at the parent's voltage, carried through the feeder once. */
export type LossModel = 'none' | 'linearised';

/**
 * LinDistFlow (Baran & Wu 1989): flows are sums of what lies behind, squared voltages fall by 2(rP + xQ) a line. Linear
 * in the load; without losses it never shows a voltage below the exact one of a feeder that only consumes.
 * Shunts count at the root's voltage.
 */
export function linDistFlow(tree: Tree, p: Float64Array, q: Float64Array, loss: LossModel): FlowState {
  const count = tree.busAt.length;
  const { rootVoltage } = tree.network;
  const nominal = rootVoltage * rootVoltage;
  const load = {
    p: byPosition(tree, p).map((own, k) => own + tree.g[k]! * nominal),
    q: byPosition(tree, q).map((own, k) => own - tree.b[k]! * nominal),
  };
  const none = new Float64Array(count);
  const lossless = flows(tree, load, none);
  if (loss === 'none') return { ...lossless, current: none };
  const current = lossless.p.map((flow, k) =>
    k === 0 ? 0 : (flow * flow + lossless.q[k]! ** 2) / lossless.v[tree.parent[k]!]!,
  );
  return flows(tree, load, current);
}

function flows(
  { parent, r, x, network }: Tree,
  load: { readonly p: Float64Array; readonly q: Float64Array },
  current: Float64Array,
): FlowState {
  const count = parent.length;
  const p = load.p.slice();
  const q = load.q.slice();
  for (let k = count - 1; k > 0; k -= 1) {
    p[k]! += r[k]! * current[k]!;
    q[k]! += x[k]! * current[k]!;
    p[parent[k]!]! += p[k]!;
    q[parent[k]!]! += q[k]!;
  }
  const v = new Float64Array(count).fill(network.rootVoltage ** 2);
  for (let k = 1; k < count; k += 1) {
    const [resistance, reactance] = [r[k]!, x[k]!];
    const square = resistance * resistance + reactance * reactance;
    v[k] = v[parent[k]!]! - 2 * (resistance * p[k]! + reactance * q[k]!) + square * current[k]!;
  }
  return { v, angle: null, p, q, current, iterations: 1 };
}
