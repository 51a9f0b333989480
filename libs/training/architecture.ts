import { matMul, type Tensor, type Tensor1D, type Tensor2D, transpose } from '@tensorflow/tfjs-core';

/** A network's parameters as tensors. */
export interface Tensors {
  readonly input: Tensor2D;
  readonly inputBias: Tensor1D;
  /** Of a recurrent network. */
  readonly recurrent?: Tensor2D;
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
