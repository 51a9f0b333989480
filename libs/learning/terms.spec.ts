import { describe, expect, it } from '@jest/globals';
import { DAY_AHEAD_LEARNING, type LearningTerms, type OptimiserTerms, requireSoundTerms } from './terms.ts';

const FEDAVG: OptimiserTerms = { kind: 'fedavg', serverLearningRate: 1 };
const FEDADAM: OptimiserTerms = {
  kind: 'fedadam',
  serverLearningRate: 0.01,
  beta1: 0.9,
  beta2: 0.99,
  tau: 1e-3,
};
const TERMS = DAY_AHEAD_LEARNING;

describe('learning terms', () => {
  it.each<OptimiserTerms>([
    FEDAVG,
    { kind: 'fedprox', serverLearningRate: 1, proximal: 0 },
    FEDADAM,
    { ...FEDADAM, kind: 'fedyogi' },
    { kind: 'scaffold', serverLearningRate: 1, controlClip: 2 },
  ])('accept $kind, also after a journey as JSON', (optimiser) => {
    const terms = JSON.parse(JSON.stringify({ ...TERMS, optimiser })) as LearningTerms;
    expect(() => requireSoundTerms(terms)).not.toThrow();
  });

  it.each([
    ['localEpochs', { localEpochs: 0 }],
    ['batchSize', { batchSize: 1.5 }],
    ['learningRate', { learningRate: 0 }],
    ['learningRate', { learningRate: Number.NaN }],
    ['clip', { clip: Infinity }],
    ['rowsScale', { rowsScale: -1 }],
    ['optimiser.kind', { optimiser: { kind: 'toString', serverLearningRate: 1 } }],
    ['optimiser.serverLearningRate', { optimiser: { kind: 'fedavg', serverLearningRate: '1' } }],
    ['optimiser.proximal', { optimiser: { kind: 'fedprox', serverLearningRate: 1 } }],
    ['optimiser.beta1', { optimiser: { ...FEDADAM, beta1: 1 } }],
    ['optimiser.tau', { optimiser: { ...FEDADAM, tau: 0 } }],
    ['optimiser.controlClip', { optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 0 } }],
    ['optimiser.proximal', { optimiser: { ...FEDAVG, proximal: 1 } }],
    ['vote.quorum', { vote: { quorum: 0 } }],
    ['vote.quorum', { vote: { quorum: 2.5 } }],
    ['vote', { vote: { quorum: 3 }, optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 2 } }],
  ])('refuse %s in %j', (field, change) => {
    const refusal = expect.objectContaining({ code: 'LEARNING_TERMS_INVALID', data: { field } });
    expect(() => requireSoundTerms({ ...TERMS, ...change } as LearningTerms)).toThrow(refusal);
  });

  it('say which range they expect', () => {
    expect(() => requireSoundTerms({ ...TERMS, batchSize: 0 })).toThrow(
      'expected batchSize a whole number from 1 to 1000000, got 0',
    );
  });
});
