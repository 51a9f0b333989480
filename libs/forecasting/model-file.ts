import {
  type Bytes,
  canonicalJson,
  concat,
  DomainError,
  equalBytes,
  type Json,
  sha256,
  sha256Hex,
  utf8,
} from '#core';
import {
  type NetworkTerms,
  requireSoundNetwork,
  requireWeights,
  type ServerState,
  serverStateBytes,
  serverStateFrom,
  weightCount,
  weightsBytes,
  weightsFrom,
} from '#learning';
import { requireSoundConfig, type RidgeModelConfig, shapeOf } from './config.ts';
import { type InputShape, requireSoundNetworkInputs } from './inputs.ts';
import { featureCount } from './moments.ts';
import { modelBytes, type RidgeFit } from './ridge.ts';

/*
 * One file for one released model: a line with the format, a line of canonical JSON (card, model hash, terms, lengths), the
 * released model's one byte form, which its hash is taken over (a network's weights float32, a ridge's float64, both
 * little-endian), where a site has refined a network its own weights as float32, and the SHA-256 of all before it.
 */
const FORMAT = 'gridcommons/model/';
const VERSION = '1';
const DIGEST_BYTES = 32;
/** A hundred times what terms take. */
const LONGEST_LINE = 65_536;

/** What a network needs to know of its windows beside its own terms. */
export type ModelTerms =
  | (NetworkTerms & InputShape & { readonly kind: 'network' })
  | (RidgeModelConfig & { readonly kind: 'one-shot-ridge'; readonly series: readonly string[] });

interface Saved {
  /** Of the task that released it. */
  readonly cardHash: string;
}

export interface SavedNetwork extends Saved {
  readonly terms: Extract<ModelTerms, { kind: 'network' }>;
  /** What the last step released: the shared weights, and what the optimiser carries. */
  readonly state: ServerState;
  /** The site's own weights, refined from the shared ones; null in what everybody may have. */
  readonly refined: Float32Array | null;
}

export interface SavedRidge extends Saved {
  readonly terms: Extract<ModelTerms, { kind: 'one-shot-ridge' }>;
  /** By series, in the order of its terms. */
  readonly fits: ReadonlyMap<string, RidgeFit>;
}

export type SavedModel = SavedNetwork | SavedRidge;

const isNetwork = (saved: SavedModel): saved is SavedNetwork => saved.terms.kind === 'network';

interface Header {
  readonly cardHash: string;
  /** SHA-256 of the released model, as in the task's transcript. */
  readonly modelHash: string;
  readonly terms: ModelTerms;
  /** Length of the released model, and of the refined weights behind it. */
  readonly bytes: number;
  readonly refinedBytes: number;
}

const malformed = (expected: string) =>
  new DomainError('MODEL_FILE_MALFORMED', `expected ${expected}, got something else`);

/** Terms alone: a card's model has more. */
function termsOf(terms: ModelTerms): ModelTerms {
  const shape = shapeOf(terms);
  if (terms.kind === 'one-shot-ridge') {
    const { kind, series, statistic, lambdas, inputs } = terms;
    return { kind, series: [...series], statistic, ...shape, lambdas: [...lambdas], inputs };
  }
  const { kind, architecture, hidden, seed, covariates, inputs } = terms;
  const beside = inputs ? { covariates: covariates ?? 0, inputs } : {};
  return { kind, architecture, ...shape, hidden, seed, ...beside };
}

/** Plain data, as a card has them. */
const jsonOfTerms = (terms: ModelTerms): Json => ({ ...terms }) as unknown as Json;

const numbersOf = (saved: SavedModel): readonly (Float32Array | Float64Array)[] => {
  if (!isNetwork(saved))
    return [...saved.fits.values()].flatMap((fit) => [fit.weights, fit.validationWeights]);
  return saved.refined ? [saved.state.weights, saved.refined] : [saved.state.weights];
};

function requireFinite(saved: SavedModel): void {
  if (numbersOf(saved).every((numbers) => numbers.every(Number.isFinite))) return;
  throw new DomainError('MODEL_NOT_FINITE', 'expected finite weights, got NaN or infinity');
}

/** The file of a model, the same bytes for the same model. @throws MODEL_NOT_FINITE, WEIGHTS_LENGTH, NETWORK_TERMS_INVALID */
export async function modelFile(saved: SavedModel): Promise<Bytes> {
  requireFinite(saved);
  const { cardHash } = saved;
  const released = isNetwork(saved) ? serverStateBytes(saved.state) : modelBytes(saved.fits, saved.terms);
  const refined = isNetwork(saved) ? refinedBytes(saved) : new Uint8Array(0);
  const header: Header = {
    cardHash,
    modelHash: await sha256Hex(released),
    terms: termsOf(saved.terms),
    bytes: released.length,
    refinedBytes: refined.length,
  };
  const lines = utf8(
    `${FORMAT}${VERSION}\n${canonicalJson({ ...header, terms: jsonOfTerms(header.terms) })}\n`,
  );
  const content = concat(lines, released, refined);
  return concat(content, await sha256(content));
}

function refinedBytes({ terms, state, refined }: SavedNetwork): Bytes {
  requireWeights(terms, state.weights);
  if (refined === null) return new Uint8Array(0);
  requireWeights(terms, refined);
  return weightsBytes(refined);
}

/**
 * The model in a file, all of it or nothing, with the hash under which its task released it.
 * @throws MODEL_FILE_MALFORMED, MODEL_VERSION_UNKNOWN, MODEL_HASH_MISMATCH where the file is damaged or its model is not the one
 * it names, MODEL_NOT_FINITE, NETWORK_TERMS_INVALID, RIDGE_CONFIG_INVALID
 */
export async function readModelFile(file: Uint8Array): Promise<SavedModel & { readonly modelHash: string }> {
  requireVersion(file);
  const content = file.subarray(0, Math.max(0, file.length - DIGEST_BYTES));
  if (!equalBytes(await sha256(content), file.subarray(content.length)))
    throw new DomainError('MODEL_HASH_MISMATCH', 'expected the digest of the file at its end, got another');
  const { header, end } = headerOf(content);
  const { modelHash, bytes } = header;
  if (content.length !== end + bytes + header.refinedBytes)
    throw malformed('the lengths that its header names');
  const released = content.subarray(end, end + bytes);
  if ((await sha256Hex(released)) !== modelHash)
    throw new DomainError('MODEL_HASH_MISMATCH', `expected the model ${modelHash}, got another`);
  const saved = savedOf(header, released, content.subarray(end + bytes));
  requireFinite(saved);
  return { ...saved, modelHash };
}

function lineOf(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } {
  const end = bytes.subarray(start, start + LONGEST_LINE).indexOf(10);
  if (end < 0) throw malformed('a line of text');
  return { text: new TextDecoder().decode(bytes.subarray(start, start + end)), end: start + end + 1 };
}

function requireVersion(file: Uint8Array): void {
  if (!equalBytes(file.subarray(0, FORMAT.length), utf8(FORMAT)))
    throw malformed(`a file that begins with ${FORMAT}`);
  const version = lineOf(file, FORMAT.length).text;
  if (version === VERSION) return;
  const got = JSON.stringify(version.slice(0, 20));
  throw new DomainError('MODEL_VERSION_UNKNOWN', `expected version ${VERSION} of ${FORMAT}, got ${got}`);
}

function headerOf(content: Uint8Array): { readonly header: Header; readonly end: number } {
  const { text, end } = lineOf(content, lineOf(content, 0).end);
  const value = jsonOf(text);
  const { cardHash, modelHash, terms, bytes, refinedBytes: refined, ...rest } = value as Partial<Header>;
  const hashes = [cardHash, modelHash].every(
    (hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash),
  );
  const lengths = [bytes, refined].every((length) => Number.isSafeInteger(length) && length! >= 0);
  if (!hashes || !lengths || Object.keys(rest).length > 0) throw malformed('hashes and lengths');
  requireTerms(terms);
  return { header: value as Header, end };
}

/** In its one byte form. */
function jsonOf(text: string): object {
  try {
    const value: Json = JSON.parse(text);
    if (typeof value === 'object' && value !== null && canonicalJson(value) === text) return value;
  } catch {
    // Said below.
  }
  throw malformed('a header of canonical JSON');
}

/** @throws MODEL_FILE_MALFORMED, NETWORK_TERMS_INVALID, RIDGE_CONFIG_INVALID */
function requireTerms(terms: unknown): asserts terms is ModelTerms {
  const { kind, series, lambdas, inputs } = (terms ?? {}) as Partial<Record<string, unknown>>;
  if (kind === 'network' && (inputs === undefined || isSeen(inputs))) {
    requireSoundNetworkInputs(terms as NetworkTerms & InputShape);
    requireSoundNetwork(terms as NetworkTerms);
  } else if (kind === 'one-shot-ridge' && isSeries(series) && Array.isArray(lambdas) && isInputs(inputs)) {
    requireSoundConfig(terms as RidgeModelConfig);
  } else throw malformed('terms of a network or of a ridge');
  const known = termsOf(terms as ModelTerms);
  if (canonicalJson(jsonOfTerms(known)) !== canonicalJson(jsonOfTerms(terms as ModelTerms)))
    throw malformed('no other terms');
}

/** Different names, one at least. */
const isSeries = (series: unknown): boolean =>
  Array.isArray(series) &&
  series.length > 0 &&
  new Set(series).size === series.length &&
  series.every((name) => typeof name === 'string');

/** Lists where the rules of inputs expect lists. */
const hasLists = (value: unknown, lists: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  lists.every((field) => Array.isArray((value as Partial<Record<string, unknown>>)[field]));
const isSeen = (inputs: unknown): boolean => hasLists(inputs, ['ahead', 'past']);
const isInputs = (inputs: unknown): boolean =>
  inputs === null || hasLists(inputs, ['ahead', 'past', 'penalties']);

function savedOf({ cardHash, terms }: Header, released: Uint8Array, refined: Uint8Array): SavedModel {
  if (terms.kind === 'one-shot-ridge') {
    if (refined.length > 0) throw malformed('no refined weights of a ridge');
    return { cardHash, terms, fits: fitsFrom(released, terms) };
  }
  if (refined.length > 0 && refined.length !== 4 * weightCount(terms))
    throw malformed('as many refined weights');
  return {
    cardHash,
    terms,
    state: stateFrom(released, terms),
    refined: refined.length > 0 ? weightsFrom(refined) : null,
  };
}

function stateFrom(released: Uint8Array, terms: NetworkTerms): ServerState {
  try {
    return serverStateFrom(released, terms);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw malformed('weights of its terms');
  }
}

/** The fits that `modelBytes` wrote under these terms. */
function fitsFrom(released: Uint8Array, terms: SavedRidge['terms']): SavedRidge['fits'] {
  const start = released.indexOf(0) + 1;
  const count = featureCount(terms) * terms.horizon;
  const losses = terms.lambdas.length * (terms.inputs?.penalties.length ?? 1);
  const numbers = 2 + 2 * count + losses;
  if (released.length !== start + 8 * numbers * terms.series.length) throw malformed('weights of its terms');
  const view = new DataView(released.buffer, released.byteOffset + start);
  const doubles = (offset: number, length: number) =>
    Float64Array.from({ length }, (_, i) => view.getFloat64(8 * (offset + i), true));
  const fitAt = (first: number): RidgeFit => ({
    ...shapeOf(terms),
    inputs: terms.inputs,
    lambda: view.getFloat64(8 * first, true),
    inputPenalty: view.getFloat64(8 * (first + 1), true),
    weights: doubles(first + 2, count),
    validationWeights: doubles(first + 2 + count, count),
    validationLosses: [...doubles(first + 2 + 2 * count, losses)],
  });
  const fits = new Map(terms.series.map((series, i) => [series, fitAt(i * numbers)]));
  if (!equalBytes(modelBytes(fits, terms), released)) throw malformed('weights of its terms');
  return fits;
}
