import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import type { Bytes } from '#core';
import { type Aggregator, type Dealing, decodeSums, encodeValues } from '#federation';
import { thresholdParameters } from './parameters.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

const ROUNDS = 1_000;
const WARM_UP = 50;
const ROUNDS_PER_AGGREGATOR = 250;
const ACTIVE = [1, 3];
/** A kept ciphertext a round would be twelve times as much. */
const RETAINED_SLACK_BYTES = 16 * 2 ** 20;
const MINUTES = 60_000;

interface Memory {
  readonly buffer: ArrayBuffer;
}
interface WasmApi {
  instantiate: (...args: unknown[]) => Promise<{ instance?: { exports: Record<string, unknown> } }>;
  readonly Memory: new (...args: never[]) => Memory;
}

/** The memory of whatever WebAssembly is instantiated from here on: SEAL's loader keeps it to itself. */
function watchMemories(): Memory[] {
  const api = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const { instantiate } = api;
  const memories: Memory[] = [];
  api.instantiate = async (...args) => {
    const result = await instantiate.apply(api, args);
    const exports = Object.values(result.instance?.exports ?? {});
    memories.push(...exports.filter((value) => value instanceof api.Memory));
    return result;
  };
  return memories;
}

const params = thresholdParameters({ values: 8191, lanes: 1, fractionBits: 4, maxSites: 4 });
const values = Float64Array.from({ length: params.values }, (_, i) => (i % 1999) - 999);
const [slots] = encodeValues(values, params, (_chunk, count) => new Uint32Array(count));

function runRound(aggregator: Aggregator, { secret, shares }: Dealing, round: number): void {
  const component = { cardHash: 'heap', round, chunk: 0 };
  const upload = aggregator.encrypt(secret, slots!, component);
  const answerOf = (index: number): Bytes =>
    aggregator.answer({
      shares: [shares[index - 1]!],
      index,
      active: ACTIVE,
      maskKeys: new Map(ACTIVE.map((other) => [other, new Uint8Array(32)])),
      agreementHash: 'a9'.repeat(32),
      component,
    });
  const sums = decodeSums([aggregator.combine(aggregator.add([upload]), ACTIVE.map(answerOf))], params);
  if (sums.some((sum, i) => sum !== values[i])) throw new Error(`round ${round}: wrong sum`);
}

async function run(from: number, to: number): Promise<void> {
  for (let round = from; round < to;) {
    using aggregator = await thresholdAggregator(params);
    const site = aggregator.deal(ACTIVE.length, 4);
    const end = Math.min(to, round + ROUNDS_PER_AGGREGATOR);
    for (; round < end; round++) runRound(aggregator, site, round);
    // Lets the test runner speak to its parent.
    await setImmediate();
  }
}

it(
  '1 000 rounds → WASM heap flat',
  async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const memories = watchMemories();
    const heapBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    /** Buffers of a collected object are freed behind the collector's back, hence the second time. */
    const retainedBytes = async (): Promise<number> => {
      collect();
      await setImmediate();
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };

    await run(0, WARM_UP);
    const before = { heap: heapBytes(), retained: await retainedBytes() };
    await run(WARM_UP, WARM_UP + ROUNDS);
    expect(before.heap).toBeGreaterThan(0);
    expect(heapBytes()).toBe(before.heap);
    expect(await retainedBytes()).toBeLessThan(before.retained + RETAINED_SLACK_BYTES);
  },
  5 * MINUTES,
);
