import {
  add,
  concat,
  fused,
  matMul,
  mul,
  sigmoid,
  slice,
  split,
  sub,
  sum,
  tanh,
  transpose,
  type Tensor2D,
  zeros,
} from '@tensorflow/tfjs-core';
import { bySegment, type Forward, segmentOf, transposedProduct } from './architecture.ts';

const product = (a: Tensor2D, b: Tensor2D, c: Tensor2D): Tensor2D => mul(mul(a, b), c);
/** s·(1 − s): the derivative of the logistic function in terms of its value. */
const slope = (s: Tensor2D): Tensor2D => sub(s, mul(s, s));

/** What one step leaves for its derivatives. */
interface Step {
  readonly before: Tensor2D;
  readonly update: Tensor2D;
  readonly reset: Tensor2D;
  readonly candidate: Tensor2D;
  /** The state's part of the candidate before the reset gate. */
  readonly recalled: Tensor2D;
  readonly after: Tensor2D;
}

/** One step of the unit: h' = (1 − z)·n + z·h with gates z, r and candidate n; `fromInput` is B × 3·hidden. */
function advance(before: Tensor2D, fromInput: Tensor2D, recurrent: Tensor2D): Step {
  const hidden = before.shape[1];
  const [inputGates, inputCandidate] = split(fromInput, [2 * hidden, hidden], 1) as [Tensor2D, Tensor2D];
  const [stateGates, recalled] = split(matMul(before, recurrent), [2 * hidden, hidden], 1) as [
    Tensor2D,
    Tensor2D,
  ];
  const [update, reset] = split(sigmoid(add(inputGates, stateGates)), 2, 1) as [Tensor2D, Tensor2D];
  const candidate: Tensor2D = tanh(add(inputCandidate, mul(reset, recalled)));
  const after: Tensor2D = add(candidate, mul(update, sub(before, candidate)));
  return { before, update, reset, candidate, recalled, after };
}

interface StepDerivatives {
  readonly dBefore: Tensor2D;
  readonly dFromInput: Tensor2D;
  /** By the product of state and recurrent weights. */
  readonly dFromState: Tensor2D;
}

function retreat(
  { before, update, reset, candidate, recalled }: Step,
  dAfter: Tensor2D,
  recurrentT: Tensor2D,
): StepDerivatives {
  const dCandidateSum: Tensor2D = product(dAfter, sub(1, update), sub(1, mul(candidate, candidate)));
  const dUpdateSum = product(dAfter, sub(before, candidate), slope(update));
  const dResetSum = product(dCandidateSum, recalled, slope(reset));
  const dFromState: Tensor2D = concat([dUpdateSum, dResetSum, mul(dCandidateSum, reset)], 1);
  return {
    dBefore: add(mul(dAfter, update), matMul(dFromState, recurrentT)),
    dFromInput: concat([dUpdateSum, dResetSum, dCandidateSum], 1),
    dFromState,
  };
}

/** One under the other: one product over all steps costs less than one a step. */
const stacked = (parts: Tensor2D[]): Tensor2D => concat(parts, 0);

/**
 * A gated recurrent unit (Cho et al. 2014; reset after the product, as cuDNN has it) over segments of the look-back
 * (Lin et al. 2023, SegRNN: a step reads a day, so a week takes seven steps), then a linear head; derivatives through time by hand.
 */
export const gru: Forward = ({ input, inputBias, recurrent, head, headBias }, seen) => {
  const [rows] = seen.x.shape;
  const segments = bySegment(seen, segmentOf(input, seen));
  const fromInput = fused.matMul({ a: segments, b: input, bias: inputBias }) as Tensor2D;
  const steps: Step[] = [];
  let state: Tensor2D = zeros([rows, head.shape[0]]);
  for (let first = 0; first < segments.shape[0]; first += rows) {
    const taken = advance(state, slice(fromInput, [first, 0], [rows, fromInput.shape[1]]), recurrent!);
    steps.push(taken);
    state = taken.after;
  }
  return {
    output: fused.matMul({ a: state, b: head, bias: headBias }) as Tensor2D,
    backward: (dOutput) => {
      const recurrentT = transpose(recurrent!);
      let dState: Tensor2D = matMul(dOutput, transpose(head));
      const backwards = steps.toReversed();
      const derivatives = backwards.map((taken) => {
        const ofStep = retreat(taken, dState, recurrentT);
        dState = ofStep.dBefore;
        return ofStep;
      });
      const dFromInput = stacked(derivatives.map((ofStep) => ofStep.dFromInput).toReversed());
      const dFromState = stacked(derivatives.map((ofStep) => ofStep.dFromState));
      return [
        transposedProduct(segments, dFromInput),
        sum(dFromInput, 0),
        transposedProduct(stacked(backwards.map(({ before }) => before)), dFromState),
        transposedProduct(state, dOutput),
        sum(dOutput, 0),
      ];
    },
  };
};
