import { concat, fused, matMul, mul, relu, step, sum, type Tensor2D, transpose } from '@tensorflow/tfjs-core';
import { type Forward, transposedProduct } from './architecture.ts';

/** x·W₁ + b₁ → ReLU → ·W₂ + b₂, and its derivatives by hand (Rumelhart et al. 1986). */
export const mlp: Forward = ({ input, inputBias, head, headBias }, seen) => {
  const x = seen.covariates ? concat([seen.x, seen.covariates], 1) : seen.x;
  const hidden: Tensor2D = relu(fused.matMul({ a: x, b: input, bias: inputBias }) as Tensor2D);
  return {
    output: fused.matMul({ a: hidden, b: head, bias: headBias }) as Tensor2D,
    backward: (dOutput) => {
      const dHidden: Tensor2D = mul(matMul<Tensor2D>(dOutput, transpose(head)), step(hidden));
      return [
        transposedProduct(x, dHidden),
        sum(dHidden, 0),
        transposedProduct(hidden, dOutput),
        sum(dOutput, 0),
      ];
    },
  };
};
