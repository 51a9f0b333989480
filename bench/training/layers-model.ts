import { registerHooks } from 'node:module';
import {
  avgPool,
  pad,
  reshape,
  sub,
  type Tensor,
  tensor2d,
  tensor3d,
  tensor4d,
  type Tensor2D,
  type Tensor4D,
  tidy,
  train,
} from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type NetworkTerms, segmentLength, TCN_KERNEL, tcnLayers, type Windows } from '#learning';

/*
 * The same networks as anybody would write them in plain tensorflow.js: its layers, its automatic derivatives, its gradient
 * descent, a batch at a time. Its GRU resets before the product where ours resets after it, as many operations either way.
 */

// tfjs-core's derivatives are in files that name each other without their ending, for bundlers; they register in one place.
registerHooks({
  resolve: (specifier, context, next) => {
    const unended = context.parentURL?.includes('/tfjs-core/dist/') && /^\.[^]*\/[^.]+$/.test(specifier);
    return next(unended ? `${specifier}.js` : specifier, context);
  },
});
await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');

/** Steps of a DLinear's moving average on either side. */
const REACH = 12;

/** All but the first two steps. */
const NEWEST: [[number, number], [number, number]] = [
  [TCN_KERNEL - 1, 0],
  [0, 0],
];

const segmentsOf = ({ lookback }: NetworkTerms): readonly [number, number] => {
  const length = segmentLength(lookback);
  return [lookback / length, length];
};

const apply = (
  layer: { apply: (of: SymbolicTensor | SymbolicTensor[]) => unknown },
  ...of: SymbolicTensor[]
) => layer.apply(of.length === 1 ? of[0]! : of) as SymbolicTensor;

const MODELS: Readonly<Record<NetworkTerms['architecture'], (network: NetworkTerms) => LayersModel>> = {
  mlp: ({ lookback, hidden, horizon }) => {
    const x = input({ shape: [lookback] });
    const state = apply(layers.dense({ units: hidden, activation: 'relu' }), x);
    return model({ inputs: x, outputs: apply(layers.dense({ units: horizon }), state) });
  },
  gru: (network) => {
    const x = input({ shape: [...segmentsOf(network)] });
    const state = apply(
      layers.gru({
        units: network.hidden,
        recurrentActivation: 'sigmoid',
        recurrentInitializer: 'glorotUniform',
      }),
      x,
    );
    return model({ inputs: x, outputs: apply(layers.dense({ units: network.horizon }), state) });
  },
  dlinear: ({ lookback, horizon }) => {
    const parts = [input({ shape: [lookback] }), input({ shape: [lookback] })];
    const maps = parts.map((part, i) => apply(layers.dense({ units: horizon, useBias: i === 0 }), part));
    return model({ inputs: parts, outputs: apply(layers.add(), ...maps) });
  },
  // Derivatives of dilated convolutions are not there: strides take the steps that the last one sees, as ours do.
  tcn: (network) => {
    const { hidden, horizon, lookback } = network;
    const [steps, length] = segmentsOf(network);
    const x = input({ shape: [steps, 1, length] });
    let state = apply(layers.conv2d({ filters: hidden, kernelSize: 1 }), x);
    const strides: [number, number] = [2, 1];
    for (let layer = 0; layer < tcnLayers(lookback); layer += 1) {
      const kernelSize = [TCN_KERNEL, 1];
      const convolution = layers.conv2d({ filters: hidden, kernelSize, strides, activation: 'relu' });
      const newest = apply(layers.cropping2D({ cropping: NEWEST }), state);
      const seen = apply(layers.maxPooling2d({ poolSize: [1, 1], strides }), newest);
      state = apply(layers.add(), seen, apply(convolution, state));
    }
    const last = apply(layers.flatten(), state);
    return model({ inputs: x, outputs: apply(layers.dense({ units: horizon }), last) });
  },
};

/** What a model of this architecture reads of a batch. */
function inputsOf(network: NetworkTerms, { x, rows }: Windows): Tensor | Tensor[] {
  const { architecture, lookback } = network;
  const [steps, length] = segmentsOf(network);
  if (architecture === 'mlp') return tensor2d(x, [rows, lookback]);
  if (architecture === 'gru') return tensor3d(x, [rows, steps, length]);
  if (architecture === 'tcn') return tensor4d(x, [rows, steps, 1, length]);
  return tidy(() => {
    const flat: Tensor2D = tensor2d(x, [rows, lookback]);
    const edges: [number, number][] = [
      [0, 0],
      [REACH, REACH],
    ];
    // In front stands the last value, not the first: as many operations, which is what is measured.
    const column: Tensor4D = reshape(pad(flat, edges), [rows, lookback + 2 * REACH, 1, 1]);
    const trend: Tensor2D = reshape(avgPool(column, [2 * REACH + 1, 1], 1, 'valid'), [rows, lookback]);
    return [trend, sub(flat, trend)];
  });
}

/** One step of gradient descent on a batch of numbers; returns the loss before it. */
export function layersStep(network: NetworkTerms, learningRate: number): (batch: Windows) => Promise<number> {
  const compiled = MODELS[network.architecture](network);
  compiled.compile({ optimizer: train.sgd(learningRate), loss: 'meanSquaredError' });
  return async (batch) => {
    const x = inputsOf(network, batch);
    const y = tensor2d(batch.y, [batch.rows, network.horizon]);
    const loss = (await compiled.trainOnBatch(x, y)) as number;
    for (const tensor of [x, y].flat()) tensor.dispose();
    return loss;
  };
}
