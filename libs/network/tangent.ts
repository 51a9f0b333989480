import type { FlowState } from './power-flow.ts';
import type { Tree } from './tree.ts';

/**
 * The DistFlow equations (Baran & Wu 1989) of a line into position k, with ℓ its squared current and v the squared voltage
 * of its parent, differentiated at a state:
 *   P = Σ below + r·ℓ,  Q = Σ below + x·ℓ,  v_k = v − 2(rP + xQ) + (r² + x²)·ℓ,  ℓ = (P² + Q²)/v
 * What lies below answers δv_k linearly, so elimination from the leaves to the root leaves for every k its δP, δQ, δv_k
 * and δℓ as linear functions of δv of the parent and of the consumption δs summed below: a tree has no fill-in.
 */
export interface Tangent {
  readonly tree: Tree;
  /** Twelve coefficients a position: rows δP, δQ, δv, δℓ; columns δv of the parent, δs_P, δs_Q. */
  readonly coefficients: Float64Array;
}

const STRIDE = 12;
/** Where a row begins. */
const [FLOW_P, FLOW_Q] = [0, 3];

/** Exact at a state of the power flow. */
export function tangentAt(tree: Tree, state: FlowState): Tangent {
  return eliminate(tree, tree, (k) => {
    const above = state.v[tree.parent[k]!]!;
    return [
      (2 * state.p[k]!) / above,
      (2 * state.q[k]!) / above,
      -(state.p[k]! ** 2 + state.q[k]! ** 2) / above ** 2,
    ];
  });
}

/** Of LinDistFlow: currents and shunts do not answer. */
export function losslessTangent(tree: Tree): Tangent {
  const none = new Float64Array(tree.parent.length);
  return eliminate(tree, { g: none, b: none }, () => [0, 0, 0]);
}

function eliminate(
  tree: Tree,
  shunts: Pick<Tree, 'g' | 'b'>,
  currentAnswer: (k: number) => readonly [ofP: number, ofQ: number, ofV: number],
): Tangent {
  const count = tree.parent.length;
  const coefficients = new Float64Array(count * STRIDE);
  // What a bus and everything below it draw more per δv of the bus.
  const below = { p: shunts.g.slice(), q: shunts.b.map((b) => -b) };
  for (let k = count - 1; k > 0; k -= 1) {
    const line = lineCoefficients(tree.r[k]!, tree.x[k]!, [below.p[k]!, below.q[k]!], currentAnswer(k));
    coefficients.set(line, k * STRIDE);
    below.p[tree.parent[k]!]! += line[FLOW_P]!;
    below.q[tree.parent[k]!]! += line[FLOW_Q]!;
  }
  return { tree, coefficients };
}

/** Solves the two equations that remain of a line, of δv_k and δℓ, and writes all four answers out. */
function lineCoefficients(
  r: number,
  x: number,
  [belowP, belowQ]: readonly [number, number],
  [a, b, c]: readonly [number, number, number],
): number[] {
  const square = r * r + x * x;
  const voltage = 1 + 2 * (r * belowP + x * belowQ);
  const current = 1 - a * r - b * x;
  const coupling = a * belowP + b * belowQ;
  const determinant = voltage * current + square * coupling;
  const v = [current - square * c, -2 * r * current - square * a, -2 * x * current - square * b];
  const l = [voltage * c + coupling, voltage * a - 2 * r * coupling, voltage * b - 2 * x * coupling];
  const ofV = v.map((value) => value / determinant);
  const ofCurrent = l.map((value) => value / determinant);
  const flow = (below: number, impedance: number, own: readonly number[]): number[] =>
    own.map((direct, i) => direct + below * ofV[i]! + impedance * ofCurrent[i]!);
  return [...flow(belowP, r, [0, 1, 0]), ...flow(belowQ, x, [0, 0, 1]), ...ofV, ...ofCurrent];
}

/** Weights of a linear function of the state, by position; `p[0]` and `q[0]` weigh the root's supply. */
export interface Seeds {
  readonly p: Float64Array;
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly current: Float64Array;
}

export const emptySeeds = (tree: Tree): Seeds => {
  const zeros = (): Float64Array => new Float64Array(tree.parent.length);
  return { p: zeros(), q: zeros(), v: zeros(), current: zeros() };
};

/** Derivative with respect to consumption at every bus, by bus number. */
export interface Gradient {
  readonly p: Float64Array;
  readonly q: Float64Array;
}

/** The derivative of Σ seeds·state by the transposed elimination: one pass to the root, one back, whatever the function. */
export function gradientOf({ tree, coefficients: c }: Tangent, seeds: Seeds): Gradient {
  const { parent, busAt } = tree;
  const count = parent.length;
  const v = seeds.v.slice();
  const p = new Float64Array(count);
  const q = new Float64Array(count);
  p[0] = seeds.p[0]!;
  q[0] = seeds.q[0]!;
  for (let k = count - 1; k > 0; k -= 1) {
    const [ofP, ofQ, ofV, ofCurrent] = [seeds.p[k]!, seeds.q[k]!, v[k]!, seeds.current[k]!];
    // Below everything that has a weight nothing answers.
    if (ofP === 0 && ofQ === 0 && ofV === 0 && ofCurrent === 0) continue;
    const at = k * STRIDE;
    v[parent[k]!]! += ofP * c[at]! + ofQ * c[at + 3]! + ofV * c[at + 6]! + ofCurrent * c[at + 9]!;
    p[k] = ofP * c[at + 1]! + ofQ * c[at + 4]! + ofV * c[at + 7]! + ofCurrent * c[at + 10]!;
    q[k] = ofP * c[at + 2]! + ofQ * c[at + 5]! + ofV * c[at + 8]! + ofCurrent * c[at + 11]!;
  }
  const gradient = { p: new Float64Array(count), q: new Float64Array(count) };
  for (let k = 0; k < count; k += 1) {
    if (k > 0) {
      const [ofP, ofQ, at] = [p[parent[k]!]!, q[parent[k]!]!, k * STRIDE];
      p[k]! += ofP * c[at + 1]! + ofQ * c[at + 4]!;
      q[k]! += ofP * c[at + 2]! + ofQ * c[at + 5]!;
    }
    gradient.p[busAt[k]!] = p[k]!;
    gradient.q[busAt[k]!] = q[k]!;
  }
  return gradient;
}
