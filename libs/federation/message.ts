import { DomainError, hashJson, type Json, requireSignature, signJson } from '#core';

/** Who may say what: roster members their own part, the platform (sender `platform`) the announcements. */
export const MEMBER_KINDS = [
  'deal',
  'commit',
  'reveal',
  'agree',
  'test',
  'open',
  'upload',
  'ready',
  'answer',
] as const;
export const PLATFORM_KINDS = [
  'card',
  'dealt',
  'proceed',
  'close',
  'active',
  'release',
  'burn',
  'fail',
] as const;

export type MemberKind = (typeof MEMBER_KINDS)[number];
export type PlatformKind = (typeof PLATFORM_KINDS)[number];
export type MessageKind = MemberKind | PlatformKind;

export const PLATFORM = 'platform';

/** A content-addressed payload too large for the transcript: ciphertexts, sealed shares, answers. */
export interface BlobReference {
  /** SHA-256, hex. */
  readonly blob: string;
  readonly bytes: number;
}

export interface Payloads {
  readonly card: { readonly card: Json };
  /** One sealed share for every decryptor, by point. */
  readonly deal: { readonly shares: readonly BlobReference[] };
  /** Dealers that go on, in roster order. */
  readonly dealt: { readonly dealers: readonly string[] };
  /** SHA-256 of a 32-byte nonce, then the nonce: nobody can choose the share test's challenge. */
  readonly commit: { readonly commitment: string };
  readonly reveal: { readonly nonce: string };
  /** Hash of the one challenge this decryptor will answer: a quorum on it is a quorum on no other. */
  readonly agree: { readonly challenge: string };
  /** By dealer, in the order of `dealers`: Aggregator.shareTest responses, none where the share could not be read. */
  readonly test: { readonly responses: readonly (readonly string[])[] };
  /** A dealer's answer to those who dispute its share, in the order of their points: the share itself, for all to test. */
  readonly open: {
    readonly openings: readonly {
      readonly decryptor: string;
      readonly share: BlobReference;
      readonly responses: readonly string[];
    }[];
  };
  /**
   * The window of a phase has passed; it goes on without these, in roster order. Names the phase: the same may be silent in two,
   * and nothing is said twice.
   */
  readonly proceed: { readonly phase: string; readonly silent: readonly string[] };
  /**
   * All chunks of one round, concatenated; what they were computed from: hash of the model the step starts with; and the
   * attempt whose noise is in them.
   */
  readonly upload: BlobReference & { readonly model: string; readonly attempt: number };
  /** U: the uploads that are summed, in roster order, and the model they all started from. */
  readonly close: {
    readonly model: string;
    readonly uploads: readonly { readonly organisation: string; readonly blob: string }[];
  };
  /** Hash of the close payload this decryptor will answer for. */
  readonly ready: { readonly uploadsHash: string };
  /** A: points of the decryptors that answer, ascending. */
  readonly active: { readonly active: readonly number[] };
  /** Answers of all chunks of each summed group, concatenated. */
  readonly answer: BlobReference;
  readonly release: {
    /** The summed values of each group (float64 little-endian). */
    readonly aggregate: BlobReference;
    /** Hash of the model that follows from them. */
    readonly modelHash: string;
    /** The task ends here: its last step, or one that patience ended. */
    readonly final: boolean;
    /** What the task has cost each organisation in U so far; null: nothing bounds it. */
    readonly privacy: { readonly epsilon: number; readonly delta: number } | null;
    /** Of the step, where it is one of learning; each null where no site had a window. */
    readonly metrics: StepMetrics | null;
    /** Hash of the transcript's entry before: with the platform's signature, the root of all that led here. */
    readonly previous: string;
  };
  /** The round ends without a release and opens again; why, and who is not counted on in the next. */
  readonly burn: { readonly code: BurnCode; readonly organisations: readonly string[] };
  readonly fail: {
    readonly code: string;
    readonly organisations: readonly string[];
    /** Whose part of the sum gives no model; null where it is not that. */
    readonly series: string | null;
    readonly previous: string;
  };
}

/** Losses per value in standardised units, of the model that the step started from on all validation windows. */
export interface StepMetrics {
  readonly rows: number;
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  readonly validationMae: number | null;
}

export type BurnCode =
  | 'DECRYPTOR_SILENT' // members of A did not answer
  | 'SUM_UNREADABLE' // all answered, and the checksum does not hold
  | 'COHORT_INCOMPLETE'; // a repeated round lacks uploads of the cohort it repeats

/** One signed statement of the protocol. */
export interface Message<K extends MessageKind = MessageKind> {
  readonly cardHash: string;
  readonly round: number;
  readonly kind: K;
  /** Organisation id, or `platform`. */
  readonly sender: string;
  readonly payload: Payloads[K];
  /** Ed25519 over {cardHash, round, kind, sender, payloadHash}, hex. */
  readonly signature: string;
}

export type AnyMessage = { [K in MessageKind]: Message<K> }[MessageKind];

const CONTEXT = 'gridcommons/message/1';

export type Unsigned<K extends MessageKind = MessageKind> = Omit<Message<K>, 'signature'>;

async function statement(message: Unsigned): Promise<Json> {
  const { cardHash, round, kind, sender, payload } = message;
  return { cardHash, round, kind, sender, payloadHash: await hashJson(payload as unknown as Json) };
}

export async function signMessage<K extends MessageKind>(
  message: Unsigned<K>,
  privateKey: string,
): Promise<Message<K>> {
  return { ...message, signature: await signJson(privateKey, CONTEXT, await statement(message)) };
}

/** @throws SIGNATURE_INVALID, or MESSAGE_MALFORMED where the payload does not have the shape of its kind. */
export async function requireSigned(message: AnyMessage, publicKey: string): Promise<void> {
  await requireSignature(publicKey, CONTEXT, await statement(message), message.signature);
  requireShape(message);
}

/** SHA-256 of the whole signed message, hex. */
export const messageHash = (message: AnyMessage): Promise<string> => hashJson(message as unknown as Json);

export const uploadsHashOf = (close: Payloads['close']): Promise<string> =>
  hashJson({
    model: close.model,
    uploads: close.uploads.map(({ organisation, blob }) => ({ organisation, blob })),
  });

/** Binds U, A and the summed group into the decryptors' masks. */
export const agreementHashOf = (
  uploadsHash: string,
  active: readonly number[],
  group: number,
): Promise<string> => hashJson({ uploadsHash, active, group });

type Check = (value: unknown) => boolean;

const hash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const text: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 200;
const residue: Check = (value) => typeof value === 'string' && /^(?:0|[1-9]\d{0,19})$/.test(value);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= 10_000 && value.every((item) => check(item));
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([key, check]) => check((value as Record<string, unknown>)[key]));

const truth: Check = (value) => typeof value === 'boolean';
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const positive: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const nothingOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const reference = { blob: hash, bytes: whole };
const blobReference = record(reference);

const SHAPES = {
  card: record({ card: (value) => typeof value === 'object' && value !== null }),
  deal: record({ shares: listOf(blobReference) }),
  dealt: record({ dealers: listOf(text) }),
  commit: record({ commitment: hash }),
  reveal: record({ nonce: hash }),
  agree: record({ challenge: hash }),
  test: record({ responses: listOf(listOf(residue)) }),
  open: record({
    openings: listOf(record({ decryptor: text, share: blobReference, responses: listOf(residue) })),
  }),
  proceed: record({ phase: text, silent: listOf(text) }),
  upload: record({ ...reference, model: hash, attempt: whole }),
  close: record({ model: hash, uploads: listOf(record({ organisation: text, blob: hash })) }),
  ready: record({ uploadsHash: hash }),
  active: record({ active: listOf(whole) }),
  answer: blobReference,
  release: record({
    aggregate: blobReference,
    modelHash: hash,
    final: truth,
    privacy: nothingOr(record({ epsilon: positive, delta: positive })),
    metrics: nothingOr(
      record({
        rows: finite,
        trainLoss: nothingOr(finite),
        validationLoss: nothingOr(finite),
        validationMae: nothingOr(finite),
      }),
    ),
    previous: hash,
  }),
  burn: record({ code: text, organisations: listOf(text) }),
  fail: record({ code: text, organisations: listOf(text), series: nothingOr(text), previous: hash }),
} satisfies Record<MessageKind, Check>;

/** @throws MESSAGE_MALFORMED unless envelope and payload have exactly the fields of the message's kind. */
export function requireShape(value: unknown): asserts value is AnyMessage {
  const envelope = record({
    cardHash: hash,
    round: whole,
    kind: (kind) => typeof kind === 'string' && Object.hasOwn(SHAPES, kind),
    sender: text,
    payload: (payload) => typeof payload === 'object' && payload !== null,
    signature: (signature) => typeof signature === 'string' && /^[0-9a-f]{128}$/.test(signature),
  });
  if (!envelope(value)) throw malformed('an envelope {cardHash, round, kind, sender, payload, signature}');
  const { kind, payload } = value as { kind: MessageKind; payload: unknown };
  if (!SHAPES[kind](payload)) throw malformed(`a payload of kind ${kind}`);
}

const malformed = (expected: string) =>
  new DomainError('MESSAGE_MALFORMED', `expected ${expected}, got something of another shape`);
