import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson, concat, type Json, sha256, sha256Hex, utf8 } from '#core';
import {
  ARCHITECTURES,
  DAY_AHEAD_LEARNING,
  initialServerState,
  type OptimiserTerms,
  serverStateBytes,
} from '#learning';
import { DAY_AHEAD_RIDGE } from './config.ts';
import {
  modelFile,
  readModelFile,
  type SavedModel,
  type SavedNetwork,
  type SavedRidge,
} from './model-file.ts';
import { modelBytes } from './ridge.ts';

const CARD_HASH = 'c'.repeat(64);
const OPTIMISERS: readonly OptimiserTerms[] = [
  { kind: 'fedavg', serverLearningRate: 1 },
  { kind: 'fedadam', serverLearningRate: 1, beta1: 0.5, beta2: 0.9, tau: 0.01 },
  { kind: 'scaffold', serverLearningRate: 1, controlClip: 1 },
];

const networks: fc.Arbitrary<SavedNetwork> = fc
  .record({
    architecture: fc.constantFrom(...ARCHITECTURES),
    lookback: fc.integer({ min: 2, max: 30 }),
    horizon: fc.integer({ min: 1, max: 4 }),
    optimiser: fc.constantFrom(...OPTIMISERS),
    refined: fc.boolean(),
  })
  .map(({ optimiser, refined, ...shape }) => {
    const hidden = shape.architecture === 'dlinear' ? 0 : 3;
    const terms = { kind: 'network' as const, ...shape, hidden, seed: 1, stepMinutes: 60, cycle: 24 };
    const state = { ...initialServerState(terms, { ...DAY_AHEAD_LEARNING, optimiser }), round: 5 };
    return {
      cardHash: CARD_HASH,
      terms,
      state,
      refined: refined ? state.weights.map((value) => 2 * value) : null,
    };
  });

const ridges: fc.Arbitrary<SavedRidge> = fc
  .record({
    lookback: fc.integer({ min: 2, max: 9 }),
    horizon: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ count, ...shape }) => {
    const series = ['load_kwh', 'pv_kwh', 'net_kwh'].slice(0, count);
    const { statistic, stepMinutes, cycle } = DAY_AHEAD_RIDGE;
    const lambdas = [0.1, 1];
    const terms = {
      kind: 'one-shot-ridge' as const,
      series,
      statistic,
      stepMinutes,
      ...shape,
      cycle,
      lambdas,
      inputs: null,
    };
    const weights = Float64Array.from({ length: (shape.lookback - 1) * shape.horizon }, (_, i) => i / 7);
    return {
      cardHash: CARD_HASH,
      terms,
      fits: new Map(
        series.map((name, i) => [
          name,
          {
            stepMinutes,
            ...shape,
            cycle,
            inputs: null,
            lambda: 0.1 * (i + 1),
            inputPenalty: 1,
            weights: weights.map((value) => value + i),
            validationWeights: weights.map((value) => -value),
            validationLosses: [1, 2],
          },
        ]),
      ),
    };
  });

const models: fc.Arbitrary<SavedModel> = fc.oneof(networks, ridges);
const [sample] = fc.sample(networks, { numRuns: 1, seed: 1 }) as [SavedNetwork];
const refused = (code: string) => expect.objectContaining({ name: 'DomainError', code });

/** A file with other content, its digest right. */
const sealed = async (content: Uint8Array) => concat(content, await sha256(content));

/** The same file with a changed header, its digest right. */
async function withHeader(
  file: Uint8Array,
  change: (header: Record<string, Json>) => Json,
): Promise<Uint8Array> {
  const start = file.indexOf(10) + 1;
  const end = start + file.subarray(start).indexOf(10);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(start, end))) as Record<string, Json>;
  const changed = utf8(canonicalJson(change(header)));
  return sealed(concat(file.subarray(0, start), changed, file.subarray(end, -32)));
}

describe('a model file', () => {
  it('gives back the model it was written of, under the hash that its task released', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (saved) => {
        const file = await modelFile(saved);
        const { modelHash, ...read } = await readModelFile(file);
        expect(read).toEqual(saved);
        const released =
          'fits' in saved ? modelBytes(saved.fits, saved.terms) : serverStateBytes(saved.state);
        expect(modelHash).toBe(await sha256Hex(released));
        expect(await modelFile(read as SavedModel)).toEqual(file);
      }),
      { numRuns: 60 },
    );
  });

  it('is read from any part of a buffer', async () => {
    const file = await modelFile(sample);
    const { modelHash } = await readModelFile(file);
    expect(await readModelFile(concat(Uint8Array.of(1), file).subarray(1))).toMatchObject({ modelHash });
  });

  it('is refused whole where a byte is another, one is missing or one is too many', async () => {
    const file = await modelFile(sample);
    const codes = /^MODEL_(?:FILE_MALFORMED|VERSION_UNKNOWN|HASH_MISMATCH)$/;
    const expectRefusal = (bytes: Uint8Array) =>
      expect(readModelFile(bytes)).rejects.toMatchObject({ code: expect.stringMatching(codes) });
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        await expectRefusal(file.map((byte, i) => (i === at ? byte ^ by : byte)));
        await expectRefusal(file.subarray(0, at));
        await expectRefusal(concat(file, Uint8Array.of(by)));
      }),
      { numRuns: 100 },
    );
  });

  it('of a later version is refused by name', async () => {
    const text = new TextDecoder('latin1').decode(await modelFile(sample));
    const later = Uint8Array.from(text.replace('/model/1', '/model/2'), (c) => c.codePointAt(0)!);
    await expect(readModelFile(later)).rejects.toEqual(refused('MODEL_VERSION_UNKNOWN'));
    await expect(readModelFile(utf8('gridcommons/transcript/1\n'))).rejects.toEqual(
      refused('MODEL_FILE_MALFORMED'),
    );
  });

  it.each<[string, (header: Record<string, Json>) => Json]>([
    ['MODEL_HASH_MISMATCH', (header) => ({ ...header, modelHash: 'a'.repeat(64) })],
    ['MODEL_FILE_MALFORMED', (header) => ({ ...header, bytes: 1 })],
    ['MODEL_FILE_MALFORMED', (header) => ({ ...header, cardHash: 'no hash' })],
    ['MODEL_FILE_MALFORMED', (header) => ({ ...header, more: 1 })],
    ['MODEL_FILE_MALFORMED', (header) => ({ ...header, terms: null })],
    ['MODEL_FILE_MALFORMED', (header) => ({ ...header, terms: { ...(header['terms'] as object), more: 1 } })],
    [
      'MODEL_FILE_MALFORMED',
      (header) => ({ ...header, terms: { ...(header['terms'] as object), horizon: 30 } }),
    ],
    [
      'NETWORK_TERMS_INVALID',
      (header) => ({ ...header, terms: { ...(header['terms'] as object), seed: -1 } }),
    ],
    ['MODEL_FILE_MALFORMED', () => [1]],
  ])('whose header does not fit its model is refused with %s (%#)', async (code, change) => {
    await expect(readModelFile(await withHeader(await modelFile(sample), change))).rejects.toEqual(
      refused(code),
    );
  });

  it('of a model that has diverged is neither written nor read', async () => {
    const lost = {
      ...sample,
      state: { ...sample.state, weights: sample.state.weights.map(() => Number.NaN) },
    };
    await expect(modelFile(lost)).rejects.toEqual(refused('MODEL_NOT_FINITE'));
    const released = serverStateBytes(lost.state);
    const head = new TextDecoder('latin1').decode(await modelFile({ ...sample, refined: null }));
    const lines = head.split('\n').slice(0, 2).join('\n');
    const file = await sealed(concat(utf8(`${lines}\n`), released));
    const hash = await sha256Hex(released);
    await expect(
      readModelFile(await withHeader(file, (header) => ({ ...header, modelHash: hash }))),
    ).rejects.toEqual(refused('MODEL_NOT_FINITE'));
    const short = { ...sample, refined: new Float32Array(3) };
    await expect(modelFile(short)).rejects.toEqual(refused('WEIGHTS_LENGTH'));
  });
});
