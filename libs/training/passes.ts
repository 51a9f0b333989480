import {
  mean,
  mul,
  slice,
  square,
  sub,
  tensor1d,
  tensor2d,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Forward, Pass, Tensors } from './architecture.ts';
import { dlinear } from './dlinear.ts';
import { gru } from './gru.ts';
import { mlp } from './mlp.ts';
import { tcn } from './tcn.ts';
import { type Architecture, type NetworkTerms, parametersOf, type Windows, windowWidth } from '#learning';

const FORWARDS: Readonly<Record<Architecture, Forward>> = { mlp, gru, dlinear, tcn };

/** To be called within `tidy`. */
function forward(network: NetworkTerms, weights: Float32Array, x: Float32Array, rows: number): Pass {
  const tensors = parametersOf(network).map(({ name, rows: height, columns, offset }) => {
    const values = weights.subarray(offset, offset + height * columns);
    return [name, name.endsWith('Bias') ? tensor1d(values) : tensor2d(values, [height, columns])];
  });
  const parameters: Tensors = Object.fromEntries(tensors);
  const [width, { lookback }] = [windowWidth(network), network];
  const whole: Tensor2D = tensor2d(x, [rows, width]);
  const seen =
    width === lookback
      ? { x: whole, covariates: null }
      : {
          x: slice(whole, [0, 0], [rows, lookback]),
          covariates: slice(whole, [0, lookback], [rows, width - lookback]),
        };
  return FORWARDS[network.architecture](parameters, seen);
}

/** Outputs of `rows` windows, row by row. Synchronous; leaves no tensor behind. */
export const outputsOf = (
  network: NetworkTerms,
  weights: Float32Array,
  x: Float32Array,
  rows: number,
): Float32Array => tidy(() => forward(network, weights, x, rows).output.dataSync<'float32'>());

export interface LossGradient {
  /** Mean squared error over rows and horizon. */
  readonly loss: number;
  /** Its derivative by each weight. */
  readonly gradient: Float32Array;
}

/** Mean squared error of a batch and its gradient. Synchronous; leaves no tensor behind. */
export function lossGradient(network: NetworkTerms, weights: Float32Array, batch: Windows): LossGradient {
  const gradient = new Float32Array(weights.length);
  const loss = tidy(() => {
    const { output, backward } = forward(network, weights, batch.x, batch.rows);
    const error: Tensor2D = sub(output, tensor2d(batch.y, [batch.rows, network.horizon]));
    const derivatives = backward(mul(error, 2 / batch.y.length));
    for (const [i, { offset }] of parametersOf(network).entries()) {
      gradient.set(derivatives[i]!.dataSync<'float32'>(), offset);
    }
    return mean(square(error)).dataSync<'float32'>()[0]!;
  });
  return { loss, gradient };
}
