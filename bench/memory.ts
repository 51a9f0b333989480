/*
 * Whether SEAL's memory, outside the garbage collector's reach, stays flat over a thousand encrypt–add–decrypt rounds,
 * with a new aggregator every hundred. `npm run bench:memory`; the last line is JSON; ends with 1 if it grew.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Bytes } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import { type Aggregator, type AnswerInput, type Dealing, decodeSums, encodeValues } from '#federation';

const ROUNDS = 1_000;
const WARM_UP = 100;
const SITES = 3;
const ACTIVE = [1, 3];
/** What JavaScript may retain more after a collection; one kept ciphertext a round would be twelve times as much. */
const RETAINED_SLACK_BYTES = 16 * 2 ** 20;

const progress = (text: string) => process.stderr.write(`${text}\n`);

interface Memory {
  readonly buffer: ArrayBuffer;
}
interface WasmApi {
  instantiate: (...args: unknown[]) => Promise<{ instance?: { exports: Record<string, unknown> } }>;
  readonly Memory: new (...args: never[]) => Memory;
}

/** Remembers the memory of whatever WebAssembly is instantiated from here on: SEAL's loader keeps it to itself. */
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

/** `node --expose-gc` from within: a package script cannot pass flags on every platform. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const params = thresholdParameters({ values: 3 * 8191, lanes: 3, fractionBits: 4, maxSites: 16 });
const values = Float64Array.from({ length: params.values }, (_, i) => (i % 1999) - 999);
const zeroDraws = (_chunk: number, count: number) => new Uint32Array(count);
const [slots] = encodeValues(values, params, zeroDraws);

const answerTo = (aggregator: Aggregator, sites: readonly Dealing[], index: number, round: number): Bytes => {
  const question: AnswerInput = {
    shares: sites.map(({ shares }) => shares[index - 1]!),
    index,
    active: ACTIVE,
    maskKeys: new Map(ACTIVE.filter((other) => other !== index).map((other) => [other, new Uint8Array(32)])),
    agreementHash: 'a9'.repeat(32),
    component: { cardHash: 'bench', round, chunk: 0 },
  };
  return aggregator.answer(question);
};

function runRound(aggregator: Aggregator, sites: readonly Dealing[], round: number): void {
  const component = { cardHash: 'bench', round, chunk: 0 };
  const uploads = sites.map(({ secret }) => aggregator.encrypt(secret, slots!, component));
  const answers = ACTIVE.map((index) => answerTo(aggregator, sites, index, round));
  const sums = decodeSums([aggregator.combine(aggregator.add(uploads), answers)], params);
  if (sums.some((sum, i) => sum !== SITES * values[i]!)) throw new Error(`round ${round}: wrong sum`);
}

const ROUNDS_PER_AGGREGATOR = 100;

async function run(from: number, to: number): Promise<void> {
  for (let round = from; round < to;) {
    using aggregator = await thresholdAggregator(params);
    const sites = Array.from({ length: SITES }, () => aggregator.deal(ACTIVE.length, 4));
    const end = Math.min(to, round + ROUNDS_PER_AGGREGATOR);
    for (; round < end; round++) runRound(aggregator, sites, round);
    progress(`${round} rounds`);
  }
}

const memories = watchMemories();
const collect = garbageCollector();
const heapBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

/** Objects and array buffers that survive collections; buffers of one are freed behind its back, hence the second. */
async function retainedBytes(): Promise<number> {
  collect();
  await setImmediate();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

await run(0, WARM_UP);
const [heapBytesStart, retainedBytesStart] = [heapBytes(), await retainedBytes()];
await run(WARM_UP, WARM_UP + ROUNDS);
const [heapBytesEnd, retainedBytesEnd] = [heapBytes(), await retainedBytes()];
const flat =
  heapBytesStart > 0 &&
  heapBytesEnd <= heapBytesStart &&
  retainedBytesEnd <= retainedBytesStart + RETAINED_SLACK_BYTES;
process.stdout.write(
  `${JSON.stringify({
    rounds: ROUNDS,
    heapBytesStart,
    heapBytesEnd,
    retainedBytesStart,
    retainedBytesEnd,
    residentBytesEnd: process.memoryUsage().rss,
    flat,
  })}\n`,
);
process.exitCode = flat ? 0 : 1;
