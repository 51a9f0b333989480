/*
 * What a value costs under threshold BFV with 1, 2 and 3 lanes, beside CKKS (N = 8192, [60, 40, 40], scale 2^40, public
 * key) as NVFlare ships it, on the same machine in the same run. Repetitions of all candidates are interleaved, so that a
 * busy machine slows them alike; medians are printed. `npm run bench:encryption`; the last line is JSON with `ms` and
 * `bytesPerValue` of one value's encode + encrypt. `-- --peers` goes on to whole rounds of a million values beside other
 * frameworks (peers/), of which `-- --rounds 1` runs fewer than three, `-- --json` keeps standard output for the JSON line.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { CKKSEncoder, Decryptor, Encryptor, Evaluator, SEALContext } from 'node-seal/allows';
import initialize, { type MainModule } from 'node-seal/allows';
import type { Bytes } from '#core';
import { seededDither, thresholdAggregator } from '#encryption';
import { type Aggregator, decodeSums, encodeValues } from '#federation';
import { comparePeers } from './peers/comparison.ts';
import {
  finestParameters,
  LANES,
  type Lanes,
  LARGEST_VALUE,
  MAX_SITES,
  maxErrorOfMean,
  median,
  type Print,
  questionTo,
  rounded,
  SITES,
  vectorOf,
} from './peers/workload.ts';

const DECRYPTORS = 7;
const ACTIVE = [1, 4, 6];
const WARM_UP = 30;
const REPETITIONS = 60;

const STEPS = ['encrypt', 'add', 'answer', 'combine'] as const;
type Step = (typeof STEPS)[number];

/** One scheme: what is timed once a repetition, and what a ten-site mean loses. */
interface Candidate {
  readonly name: string;
  readonly values: number;
  readonly bytes: number;
  readonly valueBits: number;
  readonly maxError: number;
  readonly steps: Readonly<Record<Step, (repetition: number) => unknown>>;
}

const { values: options } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

const progress: Print = (text) => process.stderr.write(`${text}\n`);
const print: Print = (text) => process.stdout.write(`${text}\n`);
/** Tables; with `--json` standard output has the object alone. */
const show: Print = options.json ? progress : print;

async function thresholdCandidate(lanes: Lanes): Promise<Candidate & Disposable> {
  const params = finestParameters(lanes, 8191 * lanes);
  const aggregator: Aggregator & Disposable = await thresholdAggregator(params);
  const sites = Array.from({ length: SITES }, () => aggregator.deal(ACTIVE.length, DECRYPTORS));
  const vectors = sites.map((_, site) => vectorOf(site, params.values));
  const encrypt = (site: number, round: number): Bytes => {
    const values = vectors[site]!;
    const dither = seededDither(sites[site]!.secret, { cardHash: 'bench', step: String(round), values });
    const [slots] = encodeValues(values, params, dither);
    return aggregator.encrypt(sites[site]!.secret, slots!, { cardHash: 'bench', round, chunk: 0 });
  };
  const uploads = sites.map((_, site) => encrypt(site, 0));
  const answers = ACTIVE.map((index) =>
    aggregator.answer(questionTo(index, sites, { active: ACTIVE, round: 0, chunk: 0 })),
  );
  const total = aggregator.add(uploads);
  const open = () => decodeSums([aggregator.combine(total, answers)], params);
  return {
    name: `threshold BFV, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
    values: params.values,
    bytes: uploads[0]!.length,
    valueBits: params.fractionBits,
    maxError: maxErrorOfMean(vectors, open()),
    steps: {
      // A fresh component each time, as no site ever encrypts twice for one.
      encrypt: (repetition) => encrypt(0, 1 + repetition),
      add: () => aggregator.add([uploads[0]!, uploads[1]!]),
      answer: (repetition) =>
        aggregator.answer(questionTo(ACTIVE[0]!, sites, { active: ACTIVE, round: 1 + repetition, chunk: 0 })),
      combine: open,
    },
    [Symbol.dispose]: () => aggregator[Symbol.dispose](),
  };
}

interface Ckks {
  readonly seal: MainModule;
  readonly encoder: CKKSEncoder;
  readonly encryptor: Encryptor;
  readonly evaluator: Evaluator;
  readonly decryptor: Decryptor;
}

const CKKS_DEGREE = 8192;
const CKKS_BITS = [60, 40, 40];
const CKKS_SCALE = 2 ** 40;

/** Objects live as long as the process. */
async function ckks(): Promise<Ckks> {
  const seal = await initialize();
  const parameters = new seal.EncryptionParameters(seal.SchemeType.ckks);
  parameters.setPolyModulusDegree(CKKS_DEGREE);
  parameters.setCoeffModulus(seal.CoeffModulus.Create(CKKS_DEGREE, Int32Array.from(CKKS_BITS)));
  const context: SEALContext = new seal.SEALContext(parameters, true, seal.SecLevelType.tc128);
  const keys = new seal.KeyGenerator(context);
  return {
    seal,
    encoder: new seal.CKKSEncoder(context),
    encryptor: new seal.Encryptor(context, keys.createPublicKey()),
    evaluator: new seal.Evaluator(context),
    decryptor: new seal.Decryptor(context, keys.secretKey()),
  };
}

/** Serialization is not timed on this side; decryption with the one secret key is, in the place of combining. */
async function ckksCandidate(): Promise<Candidate> {
  const { seal, encoder, encryptor, evaluator, decryptor } = await ckks();
  const values = encoder.slotCount();
  const vectors = Array.from({ length: SITES }, (_, site) => vectorOf(site, values));
  const plaintext = new seal.Plaintext();
  const scratch = new seal.Ciphertext();
  const uploads = vectors.map((vector) => {
    const ciphertext = new seal.Ciphertext();
    encoder.encode(vector, CKKS_SCALE, plaintext);
    encryptor.encrypt(plaintext, ciphertext);
    return ciphertext;
  });
  const total = new seal.Ciphertext();
  evaluator.add(uploads[0]!, uploads[1]!, total);
  for (const upload of uploads.slice(2)) evaluator.addInplace(total, upload);
  const open = (): Float64Array => {
    decryptor.decrypt(total, plaintext);
    return encoder.decodeFloat64(plaintext);
  };
  const maxError = maxErrorOfMean(vectors, open());
  // Compressed as SEAL and TenSEAL serialize by default.
  const bytes: Uint8Array = uploads[0]!.saveToArray(seal.ComprModeType.zstd);
  return {
    name: 'CKKS [60, 40, 40], public key',
    values,
    bytes: bytes.length,
    valueBits: Math.floor(-Math.log2(maxError)),
    maxError,
    steps: {
      encrypt: () => {
        encoder.encode(vectors[0]!, CKKS_SCALE, plaintext);
        encryptor.encrypt(plaintext, scratch);
      },
      add: () => evaluator.add(uploads[0]!, uploads[1]!, scratch),
      answer: () => undefined,
      combine: open,
    },
  };
}

/** Milliseconds a value, by candidate and step: medians of interleaved repetitions. */
function measure(candidates: readonly Candidate[]): Record<Step, number>[] {
  const samples = candidates.map((): Record<Step, number[]> => ({
    encrypt: [],
    add: [],
    answer: [],
    combine: [],
  }));
  for (let repetition = -WARM_UP; repetition < REPETITIONS; repetition++) {
    if (repetition % 15 === 0)
      progress(repetition < 0 ? 'warming up' : `repetition ${repetition} of ${REPETITIONS}`);
    for (const step of STEPS) {
      for (const [c, candidate] of candidates.entries()) {
        const start = performance.now();
        candidate.steps[step](repetition + WARM_UP);
        const elapsed = performance.now() - start;
        if (repetition >= 0) samples[c]![step].push(elapsed / candidate.values);
      }
    }
  }
  return samples.map((of) => ({
    encrypt: median(of.encrypt),
    add: median(of.add),
    answer: median(of.answer),
    combine: median(of.combine),
  }));
}

function printTable(candidates: readonly Candidate[], times: readonly Record<Step, number>[]): void {
  const seal: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.resolve('node-seal/allows')), 'utf8'),
  );
  const [processor] = cpus();
  show(
    `${processor?.model ?? 'unknown processor'}, ${cpus().length} cores; Node ${process.version}, node-seal ${seal.version}`,
  );
  show(
    `mean of ${SITES} sites, largest value ±${LARGEST_VALUE}, lanes for ${MAX_SITES} sites, ${ACTIVE.length} of ${DECRYPTORS} decryptors`,
  );
  show(
    'nanoseconds a value: encode + encrypt, add one upload, one decryptor’s answer, combine (CKKS: decrypt)',
  );
  candidates.forEach((candidate, c) => {
    const columns = STEPS.map((step) => (times[c]![step] * 1e6).toFixed(0).padStart(7)).join('');
    const bytes = (candidate.bytes / candidate.values).toFixed(2).padStart(8);
    const precision = `${candidate.valueBits} bits, max. error ${candidate.maxError.toExponential(1)}`;
    show(`${candidate.name.padEnd(30)}${columns}${bytes} bytes a value; ${precision}`);
  });
}

function summary(candidates: readonly Candidate[], times: readonly Record<Step, number>[]): object {
  const [peer, ...own] = candidates.map(({ bytes, values, valueBits, maxError }, c) => ({
    ms: times[c]!.encrypt,
    bytesPerValue: bytes / values,
    valueBits,
    maxError,
  }));
  const lanes = own.map((candidate, i) => [
    String(LANES[i]),
    {
      ms: rounded(candidate.ms),
      bytesPerValue: rounded(candidate.bytesPerValue),
      valueBits: candidate.valueBits,
      maxError: rounded(candidate.maxError),
      ratioTime: rounded(candidate.ms / peer!.ms),
      ratioBytes: rounded(candidate.bytesPerValue / peer!.bytesPerValue),
    },
  ]);
  return {
    lanes: Object.fromEntries(lanes),
    ckks: {
      ms: rounded(peer!.ms),
      bytesPerValue: rounded(peer!.bytesPerValue),
      valueBits: peer!.valueBits,
      maxError: rounded(peer!.maxError),
    },
  };
}

const own: (Candidate & Disposable)[] = [];
for (const lanes of LANES) {
  progress(`preparing ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`);
  own.push(await thresholdCandidate(lanes));
}
const candidates = [await ckksCandidate(), ...own];
const times = measure(candidates);
printTable(candidates, times);
for (const candidate of own) candidate[Symbol.dispose]();
const peers = options.peers ? { peers: await comparePeers(Number(options.rounds), progress, show) } : {};
print(JSON.stringify({ ...summary(candidates, times), ...peers }));
