import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Bytes, HOUR_MS, type Interval, interval, parseInstant, sha256Hex, utf8 } from '#core';
import {
  agreementKeyPair,
  maskKey,
  seededDither,
  thresholdAggregator,
  thresholdParameters,
} from '#encryption';
import {
  type Aggregator,
  agreementHashOf,
  chunkCount,
  type Dealing,
  decodeSums,
  type EncryptionParameters,
  encodeValues,
  valueLimit,
} from '#federation';
import {
  DAY_AHEAD_MOMENTS,
  fitRidge,
  momentBound,
  momentCount,
  type RidgeFit,
  siteMoments,
} from '#forecasting';

/*
 * The weights that leave the encrypted sums against the weights of all raw rows in one place, the latter by code of this
 * file alone: windows, profile and scale written down again from their documentation, the local week by Intl, and the
 * ridge by Householder QR of the stacked rows, which never forms the second moments that the sites send.
 */

const ZONE = 'Europe/Berlin';
const SITES = 5;
const THRESHOLD = 2;
/** Shamir points of the decryptors that answer: some t-subset. */
const ACTIVE = [2, 5];
const day = (date: string): number => parseInstant(`${date}T00:00:00+01:00`);
/** The clock changes on 29 March. */
const TRAIN = interval(day('2026-03-01'), day('2026-03-29') + 3 * 24 * HOUR_MS);
const VALIDATION = interval(TRAIN.endMs, TRAIN.endMs + 12 * 24 * HOUR_MS);
const HOURS = (VALIDATION.endMs - TRAIN.startMs) / HOUR_MS;
const { lookback: L, horizon: H, lambdas } = DAY_AHEAD_MOMENTS;
const P = L - 1;

/** Park & Miller's minimal standard generator (1988): the same readings in every run. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Hourly kWh with a week's rhythm and a memory; site 1 has a gap, site 2 an hour far beyond the limit of deviations. */
function readingsOf(site: number): Float64Array {
  const random = uniforms(20_261 + 7_919 * site);
  let memory = 0;
  const values = Float64Array.from({ length: HOURS }, (_, i) => {
    memory = 0.6 * memory + random() + random() + random() - 1.5;
    const daily = Math.sin((2 * Math.PI * (i + 3 * site)) / 24) + 0.4 * Math.cos((2 * Math.PI * i) / 168);
    return (5 + 40 * site) * (2.5 + daily + 0.3 * memory);
  });
  if (site === 1) values.fill(Number.NaN, 250, 257);
  if (site === 2) values[400] = 1e6;
  return values;
}

// ---------------------------------------------------------------------------------------------- pooled, in plain doubles

const WEEK_HOUR = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'short', hour: '2-digit', hourCycle: 'h23' }); // prettier-ignore
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function weekHour(index: number): number {
  const parts = WEEK_HOUR.formatToParts(TRAIN.startMs + index * HOUR_MS);
  const part = (type: string) => parts.find((item) => item.type === type)!.value;
  return 24 * WEEKDAYS.indexOf(part('weekday')) + Number(part('hour'));
}
const WEEK_HOURS = Array.from({ length: HOURS }, (_, i) => weekHour(i));
const TRAIN_HOURS = (TRAIN.endMs - TRAIN.startMs) / HOUR_MS;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** (reading − weekly profile) / standard deviation, both of the training hours; priors worth 60 and 20 weeks. */
function deviationsOf(readings: Float64Array): number[] {
  const known = Array.from({ length: TRAIN_HOURS }, (_, i) => i).filter((i) => !Number.isNaN(readings[i]));
  const energies = known.map((i) => readings[i]!);
  const overall = meanOf(energies);
  const scale = Math.sqrt(meanOf(energies.map((value) => (value - overall) ** 2)));
  const profile = Array.from({ length: 168 }, (_, slot) => {
    const ofHour = known.filter((i) => WEEK_HOURS[i]! % 24 === slot % 24).map((i) => readings[i]!);
    const ofSlot = known.filter((i) => WEEK_HOURS[i] === slot).map((i) => readings[i]!);
    const daily = meanOf(ofHour);
    const weekly = (ofSlot.length / (ofSlot.length + 20)) * (meanOf(ofSlot) - daily);
    return overall + (ofHour.length / 7 / (ofHour.length / 7 + 60)) * (daily - overall + weekly);
  });
  return Array.from(readings, (value, i) => {
    const deviation = (value - profile[WEEK_HOURS[i]!]!) / scale;
    return Math.min(20, Math.max(-20, deviation));
  });
}

/** Rows [x − x_L without its last | y − x_L] of the windows whose target lies in hours [from, to), nothing missing. */
function windowsOf(deviations: readonly number[], from: number, to: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let first = 0; first + L + H <= to; first++) {
    const window = deviations.slice(first, first + L + H);
    if (first + L < from || window.some(Number.isNaN)) continue;
    const last = window[L - 1]!;
    rows.push(Float64Array.from([...window.slice(0, P), ...window.slice(L)], (value) => value - last));
  }
  return rows;
}

/** Householder (1958): the first P columns become upper triangular, the rest goes along. In place. @returns R | QᵀY */
function triangular(rows: readonly Float64Array[]): Float64Array[] {
  const width = P + H;
  for (let k = 0; k < P; k++) {
    let squares = 0;
    for (let r = k; r < rows.length; r++) squares += rows[r]![k]! ** 2;
    const alpha = rows[k]![k]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const v = Float64Array.from(rows.slice(k), (row) => row[k]!);
    v[0]! -= alpha;
    const norm = v.reduce((sum, value) => sum + value * value, 0);
    if (norm === 0) continue;
    const projections = new Float64Array(width);
    for (let r = 0; r < v.length; r++) addMultiple(projections, rows[k + r]!, v[r]!, k);
    for (let r = 0; r < v.length; r++) addMultiple(rows[k + r]!, projections, (-2 * v[r]!) / norm, k);
  }
  return rows.slice(0, P);
}

function addMultiple(into: Float64Array, row: Float64Array, factor: number, from: number): void {
  for (let c = from; c < into.length; c++) into[c]! += factor * row[c]!;
}

/** min ‖R·W − QᵀY‖² + penalty·‖W‖² from the triangle, by QR of [R; √penalty·I]. @returns W, P × H row by row */
function ridge(triangle: readonly Float64Array[], penalty: number): Float64Array {
  const unit = Array.from({ length: P }, (_, i) => {
    const row = new Float64Array(P + H);
    row[i] = Math.sqrt(penalty);
    return row;
  });
  const r = triangular([...triangle.map((row) => row.slice()), ...unit]);
  const w = new Float64Array(P * H);
  for (let i = P - 1; i >= 0; i--) {
    for (let h = 0; h < H; h++) {
      let value = r[i]![P + h]!;
      for (let j = i + 1; j < P; j++) value -= r[i]![j]! * w[j * H + h]!;
      w[i * H + h] = value / r[i]![i]!;
    }
  }
  return w;
}

/** Mean of the diagonal of XᵀX: the unit of the penalties. */
const meanDiagonal = (rows: readonly Float64Array[]): number =>
  rows.reduce((sum, row) => sum + row.subarray(0, P).reduce((s, value) => s + value * value, 0), 0) / P;

const squaredErrors = (rows: readonly Float64Array[], w: Float64Array): number => {
  let sum = 0;
  for (const row of rows) {
    const errors = row.slice(P);
    for (let j = 0; j < P; j++) addMultiple(errors, w.subarray(j * H, (j + 1) * H), -row[j]!, 0);
    sum += errors.reduce((s, error) => s + error * error, 0);
  }
  return sum;
};

interface Pooled {
  readonly lambda: number;
  readonly weights: Float64Array;
}

function pooledRidge(sites: readonly Float64Array[]): Pooled {
  const deviations = sites.map((readings) => deviationsOf(readings));
  const train = deviations.flatMap((site) => windowsOf(site, 0, TRAIN_HOURS));
  const validation = deviations.flatMap((site) => windowsOf(site, TRAIN_HOURS, HOURS));
  const all = [...train, ...validation].map((row) => row.slice());
  const unit = meanDiagonal(train);
  const unitOfAll = meanDiagonal(all);
  const triangle = triangular(train);
  const losses = lambdas.map((lambda) => squaredErrors(validation, ridge(triangle, lambda * unit)));
  const lambda = lambdas[losses.indexOf(Math.min(...losses))]!;
  return { lambda, weights: ridge(triangular(all), lambda * unitOfAll) };
}

// ------------------------------------------------------------------------------------------------------------- encrypted

/** The parameters of a card over these hours: as many fraction bits as the bound on a moment leaves free. */
function parameters(): EncryptionParameters {
  const shape = { values: momentCount(DAY_AHEAD_MOMENTS), lanes: 1, maxSites: 16 } as const;
  const limit = valueLimit(thresholdParameters({ ...shape, fractionBits: 0 }));
  const fractionBits = Math.floor(Math.log2(limit / momentBound(DAY_AHEAD_MOMENTS, HOURS)));
  return thresholdParameters({ ...shape, fractionBits });
}

interface Committee {
  readonly cardHash: string;
  readonly agreementHash: string;
  readonly dealings: readonly Dealing[];
  readonly maskKeys: ReadonlyMap<number, ReadonlyMap<number, Bytes>>;
}

async function committee(aggregator: Aggregator): Promise<Committee> {
  const cardHash = await sha256Hex(utf8('encrypted ridge'));
  const keys = new Map(ACTIVE.map((point) => [point, agreementKeyPair()]));
  const sharedWith = (own: number, other: number) =>
    [other, maskKey(keys.get(own)!.privateKey, keys.get(other)!.publicKey, cardHash)] as const;
  const maskKeys = new Map(
    ACTIVE.map((own) => [
      own,
      new Map(ACTIVE.filter((other) => other !== own).map((other) => sharedWith(own, other))),
    ]),
  );
  const dealings = Array.from({ length: SITES }, () => aggregator.deal(THRESHOLD, SITES));
  return { cardHash, agreementHash: await agreementHashOf(cardHash, ACTIVE, 0), dealings, maskKeys };
}

/** Every site's vector through encoding, encryption, sum, answers of the t-subset, rounding and decoding. */
async function encryptedSums(vectors: readonly Float64Array[], params: EncryptionParameters) {
  using aggregator = await thresholdAggregator(params);
  const { cardHash, agreementHash, dealings, maskKeys } = await committee(aggregator);
  const encoded = vectors.map((values, site) =>
    encodeValues(
      values,
      params,
      seededDither(dealings[site]!.secret, { cardHash, step: 'upload 1', values }),
    ),
  );
  const chunks = Array.from({ length: chunkCount(params) }, (_, chunk) => {
    const component = { cardHash, round: 1, chunk };
    const uploads = encoded.map((slots, site) =>
      aggregator.encrypt(dealings[site]!.secret, slots[chunk]!, component),
    );
    const answers = ACTIVE.map((index) =>
      aggregator.answer({
        shares: dealings.map(({ shares }) => shares[index - 1]!),
        index,
        active: ACTIVE,
        maskKeys: maskKeys.get(index)!,
        agreementHash,
        component,
      }),
    );
    return aggregator.combine(aggregator.add(uploads), answers);
  });
  return decodeSums(chunks, params);
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('the one-shot ridge through threshold encryption', () => {
  const params = parameters();
  const sites = Array.from({ length: SITES }, (_, i) => readingsOf(i + 1));
  const epochs: { train: Interval; validation: Interval } = { train: TRAIN, validation: VALIDATION };
  let plain: Float64Array;
  let decoded: Float64Array;
  let fit: RidgeFit;

  beforeAll(async () => {
    const vectors = sites.map((values) =>
      siteMoments({ startMs: TRAIN.startMs, resolutionMs: HOUR_MS, values }, ZONE, epochs, DAY_AHEAD_MOMENTS),
    );
    plain = vectors.reduce((sum, vector) => sum.map((value, i) => value + vector[i]!));
    decoded = await encryptedSums(vectors, params);
    fit = fitRidge(decoded, DAY_AHEAD_MOMENTS);
  }, 120_000);

  it('decodes sums within one rounding a site', () => {
    const error = largest(decoded.map((value, i) => value - plain[i]!));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThanOrEqual(SITES * 2 ** -params.fractionBits);
  });

  it('gives the weights of the pooled raw rows within 1e-6 of the largest', () => {
    const pooled = pooledRidge(sites);
    const ratio =
      largest(fit.weights.map((value, i) => value - pooled.weights[i]!)) / largest(pooled.weights);
    process.stdout.write(
      `max|W_enc − W_pooled| / max|W_pooled| = ${ratio.toExponential(2)} (${SITES} sites, λ = ${fit.lambda}, ${params.fractionBits} fraction bits)\n`,
    );
    expect(fit.lambda).toBe(pooled.lambda);
    expect(ratio).toBeLessThanOrEqual(1e-6);
  }, 120_000);
});
