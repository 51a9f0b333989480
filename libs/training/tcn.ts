import {
  add,
  concat,
  fused,
  gather,
  matMul,
  mul,
  pad,
  relu,
  reshape,
  slice,
  split,
  stack,
  step,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  transpose,
  unstack,
} from '@tensorflow/tfjs-core';
import { bySegment, type Forward, segmentOf, transposedProduct } from './architecture.ts';
import { TCN_KERNEL, tcnSteps } from '#learning';

/** A dimension that is not padded. */
const ALL: [number, number] = [0, 0];

/** What one layer leaves for its derivatives. */
interface Layer {
  /** Three neighbouring steps side by side: one row for each convolved step and window. */
  readonly patches: Tensor2D;
  readonly activated: Tensor2D;
  readonly kernel: Tensor2D;
}

/** Rows (2j, 2j + 1, 2j + 2) of 2m + 1 steps × B rows next to each other, for every j < m: convolution becomes one product. */
function patchesOf(steps: Tensor2D, rows: number): Tensor2D {
  const convolved = (steps.shape[0] / rows - 1) / 2;
  const indices = Int32Array.from({ length: convolved * rows * TCN_KERNEL }, (_, i) => {
    const [tap, row] = [i % TCN_KERNEL, Math.floor(i / TCN_KERNEL) % rows];
    return (2 * Math.floor(i / (TCN_KERNEL * rows)) + tap) * rows + row;
  });
  const taken: Tensor2D = gather(steps, tensor1d(indices, 'int32'));
  return reshape(taken, [convolved * rows, TCN_KERNEL * steps.shape[1]]);
}

/** Derivatives by the steps from those by the patches: the even steps stand in two, at either end. */
function unpatched(dPatches: Tensor2D, rows: number): Tensor2D {
  const convolved = dPatches.shape[0] / rows;
  const channels = dPatches.shape[1] / TCN_KERNEL;
  const taps: Tensor4D = reshape(dPatches, [convolved, rows, TCN_KERNEL, channels]);
  const [first, middle, last] = unstack(taps, 2) as [Tensor3D, Tensor3D, Tensor3D];
  const even: Tensor3D = add(pad(first, [[0, 1], ALL, ALL]), pad(last, [[1, 0], ALL, ALL]));
  const pairs = stack([slice(even, 0, convolved), middle], 1);
  const flat = (part: Tensor): Tensor2D => reshape(part, [-1, channels]);
  return concat([flat(pairs), flat(slice(even, convolved, 1))], 0);
}

/**
 * A temporal convolutional network (Bai et al. 2018) over segments of the look-back, as the GRU reads them: each layer is one
 * causal convolution of three steps with ReLU, added to its input; dilations double. Only what the last step sees is
 * computed: the steps a layer with dilation 2^k is asked for lie 2^(k+1) apart, so that each takes every other step of the one
 * before. In front of a look-back that does not fill the whole reach stand segments of zeros: the last value, going back.
 */
export const tcn: Forward = ({ input, inputBias, convolutions, convolutionsBias, head, headBias }, seen) => {
  const { x, covariates } = seen;
  const [rows] = x.shape;
  const channels = head.shape[0];
  /** Where a patch has its newest step. */
  const newest = (TCN_KERNEL - 1) * channels;
  const kernels = split<Tensor2D>(convolutions!, convolutionsBias!.shape[0] / channels);
  const biases = split<Tensor1D>(convolutionsBias!, kernels.length);
  const length = segmentOf(input, seen);
  const reach = tcnSteps(kernels.length) * length;
  const segments = bySegment({ x: pad(x, [ALL, [reach - x.shape[1], 0]]), covariates }, length);
  let state = fused.matMul({ a: segments, b: input, bias: inputBias }) as Tensor2D;
  const layers: Layer[] = kernels.map((kernel, i) => {
    const patches = patchesOf(state, rows);
    const activated: Tensor2D = relu(fused.matMul({ a: patches, b: kernel, bias: biases[i]! }) as Tensor2D);
    state = add(slice(patches, [0, newest], [-1, channels]), activated);
    return { patches, activated, kernel };
  });
  return {
    output: fused.matMul({ a: state, b: head, bias: headBias }) as Tensor2D,
    backward: (dOutput) => {
      let dState: Tensor2D = matMul(dOutput, transpose(head));
      const derivatives = layers.toReversed().map(({ patches, activated, kernel }): [Tensor, Tensor] => {
        const dSum: Tensor2D = mul(dState, step(activated));
        const residual: Tensor2D = pad(dState, [ALL, [newest, 0]]);
        dState = unpatched(add(matMul(dSum, transpose(kernel)), residual), rows);
        return [transposedProduct(patches, dSum), sum(dSum, 0)];
      });
      const ofLayers = derivatives.toReversed();
      return [
        transposedProduct(segments, dState),
        sum(dState, 0),
        concat(ofLayers.map(([dKernel]) => dKernel)),
        concat(ofLayers.map(([, dBias]) => dBias)),
        transposedProduct(state, dOutput),
        sum(dOutput, 0),
      ];
    },
  };
};
