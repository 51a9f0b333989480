import {
  add,
  avgPool,
  concat,
  fused,
  reshape,
  slice,
  sub,
  sum,
  type Tensor2D,
  type Tensor4D,
  tile,
} from '@tensorflow/tfjs-core';
import { type Forward, transposedProduct } from './architecture.ts';

/** Steps that the moving average spans, as in the published model; odd, so that it has a middle. */
const SPAN = 25;

/** B × L to the mean of each value and the twelve on either side; beyond the edges the edge's own value goes on. */
function movingAverage(x: Tensor2D): Tensor2D {
  const [rows, lookback] = x.shape;
  const reach = (SPAN - 1) / 2;
  const edge = (at: number): Tensor2D => tile(slice(x, [0, at], [rows, 1]), [1, reach]);
  const padded: Tensor2D = concat([edge(0), x, edge(lookback - 1)], 1);
  const column: Tensor4D = reshape(padded, [rows, lookback + 2 * reach, 1, 1]);
  return reshape(avgPool(column, [SPAN, 1], 1, 'valid'), [rows, lookback]);
}

/**
 * DLinear (Zeng et al. 2023): the look-back's moving average and what it leaves, one linear map each, added. No derivative
 * goes through the average, as it has no weights and x none before it.
 */
export const dlinear: Forward = ({ trend, head, headBias }, { x }) => {
  const average = movingAverage(x);
  const rest: Tensor2D = sub(x, average);
  return {
    output: add(fused.matMul({ a: average, b: trend!, bias: headBias }), fused.matMul({ a: rest, b: head })),
    backward: (dOutput) => [
      transposedProduct(average, dOutput),
      transposedProduct(rest, dOutput),
      sum(dOutput, 0),
    ],
  };
};
