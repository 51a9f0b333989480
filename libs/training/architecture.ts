import {
  matMul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
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

/** Parameters and B × L inputs to outputs. The caller owns the memory: to be called within `tidy`. */
export type Forward = (parameters: Tensors, x: Tensor2D) => Pass;

/** aᵀ·b. Transposing first is many times faster than `matMul`'s own flags, for which the WebAssembly backend leaves XNNPACK. */
export const transposedProduct = (a: Tensor2D, b: Tensor2D): Tensor2D => matMul(transpose(a), b);

/** B × L as segments, the first of every window, then the second …: (S·B) × (L / S). */
export function bySegment(x: Tensor2D, length: number): Tensor2D {
  const [rows, lookback] = x.shape;
  const segmented: Tensor3D = reshape(x, [rows, lookback / length, length]);
  return reshape(transpose(segmented, [1, 0, 2]), [-1, length]);
}
