import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Bytes, concat, DomainError, fromHex, hashJson, sha256Hex, toHex } from '#core';
import { maskKey, seal, seededDither, unseal } from '#encryption';
import {
  type Aggregator,
  agreementHashOf,
  type BlobReference,
  chunkCount,
  decryptorIndex,
  encodeValues,
  type MemberKind,
  type Payloads,
  type TaskState,
} from '#federation';
import { writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import type { Outbox } from './outbox.ts';

/** What a duty wants to say: the payload, the bytes that travel beside it, and what must be remembered but not sent. */
export interface Statement<K extends MemberKind = MemberKind> {
  readonly payload: Payloads[K];
  readonly blobs: readonly Uint8Array[];
  readonly secret?: string;
}

/** The site's side of one task. */
export interface Duty {
  readonly node: SiteNode;
  readonly state: TaskState;
  readonly outbox: Outbox;
  readonly aggregator: Aggregator;
  /** The vector to be summed, of `card.encryption.values` numbers, computed from the site's own readings. */
  readonly statistic: () => Promise<Float64Array>;
}

const SEALED_SHARE_LIMIT = 1 << 20;

const reference = async (bytes: Uint8Array): Promise<BlobReference> => ({
  blob: await sha256Hex(bytes),
  bytes: bytes.length,
});

const self = ({ node }: Duty): string => node.enrolment.organisationId;

/** One function a kind: computes what to say; says nothing itself. */
export const DUTIES: { readonly [K in MemberKind]: (duty: Duty) => Promise<Statement<K>> } = {
  deal,
  commit,
  reveal: async ({ outbox }) => ({ payload: { nonce: outbox.find('commit', 1)!.secret! }, blobs: [] }),
  test,
  upload,
  ready: async ({ state }) => ({ payload: { uploadsHash: state.uploadsHash! }, blobs: [] }),
  answer,
};

/** Draws this task's secret, shares it t-of-n and seals each share to its decryptor. The secret is durable before any share exists outside. */
async function deal(duty: Duty): Promise<Statement<'deal'>> {
  const { node, state, outbox, aggregator } = duty;
  const { card, cardHash } = state;
  const { secret, shares } = aggregator.deal(card.release.threshold, card.roster.length);
  writeDurably(outbox.path('secret.bin'), secret);
  const blobs = await Promise.all(
    card.roster.map((decryptor, i) =>
      seal(shares[i]!, {
        agreementPrivateKey: node.identity.agreement.privateKey,
        signingPrivateKey: node.identity.signing.privateKey,
        recipient: decryptor.agreementKey,
        context: { cardHash, dealer: self(duty), decryptor: decryptor.organisation, index: i + 1 },
      }),
    ),
  );
  return { payload: { shares: await Promise.all(blobs.map(reference)) }, blobs };
}

async function commit(): Promise<Statement<'commit'>> {
  const nonce = new Uint8Array(randomBytes(32));
  return { payload: { commitment: await sha256Hex(nonce) }, blobs: [], secret: toHex(nonce) };
}

/** Opens the shares dealt to this site and answers the share test for each dealer. */
async function test(duty: Duty): Promise<Statement<'test'>> {
  const { state } = duty;
  const responses: (readonly string[])[] = [];
  for (const dealer of state.dealers) {
    responses.push(await response(duty, dealer));
  }
  return { payload: { responses }, blobs: [] };
}

/** Nothing where the dealer's share does not open or is none: falling silent would let one dealer silence everybody. */
async function response(duty: Duty, dealer: string): Promise<readonly string[]> {
  const { state, aggregator, node } = duty;
  try {
    return aggregator.shareTest(await shareOf(duty, dealer), await challenge(state, dealer));
  } catch (error) {
    if (!(error instanceof DomainError) || !BAD_SHARE.has(error.code)) throw error;
    node.report('bad-share', { card: state.cardHash, dealer, code: error.code });
    return [];
  }
}

const BAD_SHARE = new Set([
  'BLOB_NOT_FOUND',
  'BLOB_TOO_LARGE',
  'SIGNATURE_INVALID',
  'SHARE_UNSEALABLE',
  'SHARE_MALFORMED',
]);

/** Nobody can choose it: every dealer's nonce goes in, each committed to before any was revealed. */
async function challenge(state: TaskState, dealer: string): Promise<Bytes> {
  const nonces = state.dealers.map((member) => state.nonces.get(member)!);
  const shares = state.deals.get(dealer)!.shares.map(({ blob }) => blob);
  return fromHex(await hashJson({ purpose: 'sharetest', cardHash: state.cardHash, dealer, shares, nonces }));
}

/** This site's share of a dealer's secret: unsealed once, then kept beside the log. @throws SHARE_UNSEALABLE */
async function shareOf(duty: Duty, dealer: string): Promise<Bytes> {
  const { node, state, outbox } = duty;
  const { card, cardHash } = state;
  const file = outbox.path(`share-${dealer}.bin`);
  if (existsSync(file)) return new Uint8Array(readFileSync(file));
  const index = decryptorIndex(card, self(duty));
  const sealed = await node.client.getBlob(
    state.deals.get(dealer)!.shares[index - 1]!.blob,
    SEALED_SHARE_LIMIT,
  );
  const from = card.roster[decryptorIndex(card, dealer) - 1]!;
  const share = await unseal(sealed, {
    agreementPrivateKey: node.identity.agreement.privateKey,
    sender: { agreementKey: from.agreementKey, signingKey: from.signingKey },
    context: { cardHash, dealer, decryptor: self(duty), index },
  });
  writeDurably(file, share);
  return share;
}

async function upload(duty: Duty): Promise<Statement<'upload'>> {
  const { state, outbox, aggregator, statistic } = duty;
  const { card, cardHash, round } = state;
  const secret = new Uint8Array(readFileSync(outbox.path('secret.bin')));
  const values = await statistic();
  if (values.length !== card.encryption.values) {
    throw new DomainError(
      'STATISTIC_LENGTH',
      `expected ${card.encryption.values} values, got ${values.length}`,
    );
  }
  const started = performance.now();
  const chunks = encodeValues(
    values,
    card.encryption,
    seededDither(secret, { cardHash, step: `upload ${round}`, values }),
  );
  const ciphertext = concat(
    ...chunks.map((slots, chunk) => aggregator.encrypt(secret, slots, { cardHash, round, chunk })),
  );
  duty.node.report('encrypted', {
    values: values.length,
    bytes: ciphertext.length,
    ms: Math.round(performance.now() - started),
  });
  return { payload: await reference(ciphertext), blobs: [ciphertext] };
}

/** Answers for every chunk under the one active set; durable in the outbox before it is sent. */
async function answer(duty: Duty): Promise<Statement<'answer'>> {
  const { node, state, aggregator } = duty;
  const { card, cardHash, round, active } = state;
  const index = decryptorIndex(card, self(duty));
  const shares: Bytes[] = [];
  for (const { organisation } of state.close!.uploads) shares.push(await shareOf(duty, organisation));
  const maskKeys = new Map<number, Bytes>();
  for (const point of active.filter((other) => other !== index)) {
    maskKeys.set(
      point,
      maskKey(node.identity.agreement.privateKey, card.roster[point - 1]!.agreementKey, cardHash),
    );
  }
  const agreementHash = await agreementHashOf(state.uploadsHash!, active);
  const chunks = Array.from({ length: chunkCount(card.encryption) }, (_, chunk) =>
    aggregator.answer({
      shares,
      index,
      active,
      maskKeys,
      agreementHash,
      component: { cardHash, round, chunk },
    }),
  );
  const bytes = concat(...chunks);
  return { payload: await reference(bytes), blobs: [bytes] };
}
