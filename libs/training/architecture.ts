import {
  concat,
  matMul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';

/** A network's parameters as tensors. */
export interface Tensors {
  /** Of every network but DLinear, which has no layer before its head. */
  readonly input: Tensor2D;
  readonly inputBias: Tensor1D;
  /** Of a recurrent network. */
  readonly recurrent?: Tensor2D;
  /** Of a convolutional network: kernels of all layers one under the other, biases one after the other. */
  readonly convolutions?: Tensor2D;
  readonly convolutionsBias?: Tensor1D;
  /** Of DLinear, whose head is the map of the rest. */
  readonly trend?: Tensor2D;
  readonly head: Tensor2D;
  readonly headBias: Tensor1D;
}

/** B × H outputs with their derivatives. */
export interface Pass {
  readonly output: Tensor2D;
  /** From derivatives by the output to those by each parameter, in the order of `parametersOf`. */
  readonly backward: (dOutput: Tensor2D) => Tensor[];
}

/** What a batch sees: B × L values of the look-back, and B × c covariates where the network has any. */
export interface Seen {
  readonly x: Tensor2D;
  readonly covariates: Tensor2D | null;
}

/** Parameters and a batch to outputs. The caller owns the memory: to be called within `tidy`. */
export type Forward = (parameters: Tensors, seen: Seen) => Pass;

/** aᵀ·b. Transposing first is many times faster than `matMul`'s own flags, for which the WebAssembly backend leaves XNNPACK. */
export const transposedProduct = (a: Tensor2D, b: Tensor2D): Tensor2D => matMul(transpose(a), b);

/** Values of the look-back that a step reads with these input weights. */
export const segmentOf = (input: Tensor2D, { covariates }: Seen): number =>
  input.shape[0] - (covariates?.shape[1] ?? 0);

/** B × L as segments, the first of every window, then the second …, each followed by its window's covariates: (S·B) × (L / S + c). */
export function bySegment({ x, covariates }: Seen, length: number): Tensor2D {
  const [rows, lookback] = x.shape;
  const steps = lookback / length;
  const segmented: Tensor3D = reshape(x, [rows, steps, length]);
  const segments: Tensor2D = reshape(transpose(segmented, [1, 0, 2]), [-1, length]);
  return covariates ? concat([segments, tile(covariates, [steps, 1])], 1) : segments;
}
