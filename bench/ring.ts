/*
 * What each step of a secure sum costs a site, a decryptor and the platform: one chunk of 8192 slots, three lanes, in
 * milliseconds of one core. The first call counts too, as a site deals once a task: it is printed beside the mean of warm
 * calls. `npm run bench:ring`; the last line is JSON with `ms`, `firstMs` and, where there is one, `targetMs` by step.
 */
import { cpus } from 'node:os';
import type { Bytes } from '#core';
import { requireCiphertext, seededDither, thresholdAggregator, thresholdParameters } from '#encryption';
import { type AnswerInput, type Dealing, encodeValues } from '#federation';

const THRESHOLD = 7;
const DECRYPTORS = 20;
const ACTIVE = [1, 4, 6];
const FEW_SITES = 10;
const MANY_SITES = 1000;
/** Distinct shares among those of MANY_SITES: too many for the processor's caches. */
const DEALINGS = 100;
const WARM_UP = 40;
const REPETITIONS = 100;
const FEWEST = 5;
/** A step repeated for so long is not repeated further. */
const PATIENCE_MS = 5_000;

const print = (text: string) => process.stdout.write(`${text}\n`);

interface Step {
  readonly name: string;
  readonly text: string;
  readonly targetMs?: number;
  readonly run: (repetition: number) => unknown;
}

const params = thresholdParameters({ values: 3 * 8191, lanes: 3, fractionBits: 8, maxSites: MANY_SITES });
using aggregator = await thresholdAggregator(params);
const values = Float64Array.from({ length: params.values }, (_, i) => Math.cos(i) / 2);

function encrypt(secret: Bytes, round: number): Bytes {
  const dither = seededDither(secret, { cardHash: 'bench', step: String(round), values });
  const [slots] = encodeValues(values, params, dither);
  return aggregator.encrypt(secret, slots!, { cardHash: 'bench', round, chunk: 0 });
}

const questionTo = (index: number, shares: readonly Bytes[], round: number): AnswerInput => ({
  shares,
  index,
  active: ACTIVE,
  maskKeys: new Map(
    ACTIVE.filter((other) => other !== index).map((other) => [other, new Uint8Array(32).fill(index + other)]),
  ),
  agreementHash: 'a9'.repeat(32),
  component: { cardHash: 'bench', round, chunk: 0 },
});

const [first] = ACTIVE;
const answer = (shares: readonly Bytes[], round: number): Bytes =>
  aggregator.answer(questionTo(first!, shares, round));

let site: Dealing;
const dealing: Step = {
  name: 'deal',
  text: `deal to ${DECRYPTORS}, t = ${THRESHOLD}`,
  targetMs: 300,
  run: () => (site = aggregator.deal(THRESHOLD, DECRYPTORS)),
};

/** What follows a dealing, in the order of a task, so that first calls are those of a fresh process. */
function stepsAfterDealing(): Step[] {
  const share = site.shares[first! - 1]!;
  const shares = Array.from({ length: DEALINGS }, () => share.slice());
  const few = shares.slice(0, FEW_SITES);
  const many = Array.from({ length: MANY_SITES }, (_, i) => shares[i % DEALINGS]!);
  let upload = site.secret;
  return [
    {
      name: 'shareTest',
      text: 'share test of one dealer',
      run: (seed) => aggregator.shareTest(share, new Uint8Array(32).fill(seed)),
    },
    {
      name: 'encrypt',
      text: 'round, pack, encrypt',
      targetMs: 8,
      run: (round) => (upload = encrypt(site.secret, round)),
    },
    {
      name: 'answer',
      text: `answer for ${FEW_SITES} sites, first chunk`,
      targetMs: 8,
      run: (round) => answer([...few], round),
    },
    {
      name: 'nextAnswer',
      text: `answer for ${FEW_SITES} sites, next chunk`,
      targetMs: 8,
      run: (round) => answer(few, round),
    },
    {
      name: 'answerMany',
      text: `answer for ${MANY_SITES} sites, first chunk`,
      run: (round) => answer([...many], round),
    },
    {
      name: 'nextAnswerMany',
      text: `answer for ${MANY_SITES} sites, next chunk`,
      targetMs: 8,
      run: (round) => answer(many, round),
    },
    ...platformSteps(() => upload),
  ];
}

function platformSteps(upload: () => Bytes): Step[] {
  // Opening costs the same whether or not the answers belong to the sum.
  const answers = ACTIVE.map(() => site.secret);
  const uploads = Array.from({ length: FEW_SITES }, upload);
  return [
    { name: 'check', text: 'check an upload', run: () => requireCiphertext(upload(), 1, params) },
    { name: 'add', text: `add ${FEW_SITES} uploads`, run: () => aggregator.add(uploads) },
    {
      name: 'combine',
      text: `combine with ${ACTIVE.length} answers`,
      run: () => aggregator.combine(upload(), answers),
    },
  ];
}

/** This thread's processor time, which a busy machine changes little. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the first call and the mean of warm ones; the clock is too coarse for a median of short ones. */
function measure({ run }: Step): { readonly firstMs: number; readonly ms: number } {
  const deadline = performance.now() + PATIENCE_MS;
  const start = processorMs();
  run(0);
  const firstMs = processorMs() - start;
  let repetition = 1;
  while (repetition < WARM_UP && performance.now() < deadline) run(repetition++);
  const [warm, warmStart] = [repetition, processorMs()];
  while (repetition < warm + FEWEST || (repetition < warm + REPETITIONS && performance.now() < deadline)) {
    run(repetition++);
  }
  return { firstMs, ms: (processorMs() - warmStart) / (repetition - warm) };
}

const measured = (step: Step) => ({ ...step, ...measure(step) });
const results = [measured(dealing)];
results.push(...stepsAfterDealing().map(measured));

print(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; Node ${process.version}`);
print('milliseconds of one core for a chunk of 8192 slots: warm, first call, target');
for (const { text, ms, firstMs, targetMs } of results) {
  print(
    `${text.padEnd(36)}${ms.toFixed(2).padStart(8)}${firstMs.toFixed(1).padStart(8)}${String(targetMs ?? '').padStart(6)}`,
  );
}
const rounded = (value: number): number => Number(value.toPrecision(4));
const byStep = (value: (result: (typeof results)[number]) => number | undefined) =>
  Object.fromEntries(
    results.flatMap((result) => {
      const number = value(result);
      return number === undefined ? [] : [[result.name, rounded(number)]];
    }),
  );
print(
  JSON.stringify({
    ms: byStep(({ ms }) => ms),
    firstMs: byStep(({ firstMs }) => firstMs),
    targetMs: byStep(({ targetMs }) => targetMs),
  }),
);
