import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type Bytes, concat, DomainError, equalBytes, sha256, sha256Hex, toHex } from '#core';
import { maskKey, seal, seededDither, seededNoise, unseal } from '#encryption';
import {
  type Aggregator,
  agreementHashOf,
  attemptLabel,
  type BlobReference,
  chunkCount,
  decryptorAt,
  decryptorIndex,
  drawNoise,
  encodeValues,
  type MemberKind,
  type Payloads,
  requireOpening,
  rosterMember,
  shareTestChallenge,
  shareTestSeed,
  startingModel,
  summedGroups,
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
  agree: async ({ state }) => ({ payload: { challenge: await shareTestChallenge(state) }, blobs: [] }),
  test,
  open,
  upload,
  ready: async ({ state }) => ({ payload: { uploadsHash: state.uploadsHash! }, blobs: [] }),
  answer,
};

/** Draws this task's secret, shares it t-of-n and seals each share to its decryptor. The secret is durable before any share exists outside. */
async function deal(duty: Duty): Promise<Statement<'deal'>> {
  const { node, state, outbox, aggregator } = duty;
  const { card, cardHash } = state;
  const { decryptors, threshold } = card.release;
  const { secret, shares } = aggregator.deal(threshold, decryptors.length);
  writeDurably(outbox.path('secret.bin'), secret);
  // Only what a dispute may ask for is kept: the dealer answers it with the very share it dealt.
  shares.forEach((share, i) => writeDurably(outbox.path(dealtFile(decryptors[i]!)), share));
  const blobs = await Promise.all(
    decryptors.map((decryptor, i) =>
      seal(shares[i]!, {
        agreementPrivateKey: node.identity.agreement.privateKey,
        signingPrivateKey: node.identity.signing.privateKey,
        recipient: rosterMember(card, decryptor).agreementKey,
        context: { cardHash, dealer: self(duty), decryptor, index: i + 1 },
      }),
    ),
  );
  return { payload: { shares: await Promise.all(blobs.map(reference)) }, blobs };
}

const dealtFile = (decryptor: string): string => `dealt-${decryptor}.bin`;

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

/**
 * Nothing where the dealer's share does not open or is none: the dealer then opens it to all. A share that the platform
 * does not hand out is no such case: opened, it would be known to the platform and to t − 1 decryptors beside it.
 */
async function response(duty: Duty, dealer: string): Promise<readonly string[]> {
  const { state, aggregator, node } = duty;
  try {
    return aggregator.shareTest(await shareOf(duty, dealer), await shareTestSeed(state, dealer));
  } catch (error) {
    if (!(error instanceof DomainError) || !BAD_SHARE.has(error.code)) throw withheld(error);
    node.report('bad-share', { card: state.cardHash, dealer, code: error.code });
    return [];
  }
}

const BAD_SHARE = new Set(['SIGNATURE_INVALID', 'SHARE_UNSEALABLE', 'SHARE_MALFORMED']);

/** To be waited for, without holding up other tasks. */
const withheld = (error: unknown): unknown =>
  error instanceof DomainError && (error.code === 'BLOB_NOT_FOUND' || error.code === 'BLOB_MISMATCH')
    ? new DomainError('SHARE_WITHHELD', 'expected the sealed share from the platform, got none', 'not-found')
    : error;

/** This site's share of a dealer's secret: opened to all, or unsealed once and kept beside the log. @throws SHARE_UNSEALABLE */
async function shareOf(duty: Duty, dealer: string): Promise<Bytes> {
  const { node, state, outbox, aggregator } = duty;
  const { card, cardHash } = state;
  const opened = state.openings.get(dealer)?.openings.find(({ decryptor }) => decryptor === self(duty));
  const file = outbox.path(opened ? `opened-${dealer}.bin` : `share-${dealer}.bin`);
  const kept = await keptShare(file);
  if (kept) return kept;
  if (opened) {
    const share = new Uint8Array(await node.client.getBlob(opened.share.blob, SEALED_SHARE_LIMIT));
    requireOpening(aggregator.shareTest(share, await shareTestSeed(state, dealer)), opened.responses);
    await keepShare(file, share);
    return share;
  }
  const index = decryptorIndex(card, self(duty));
  const sealed = await node.client.getBlob(
    state.deals.get(dealer)!.shares[index - 1]!.blob,
    SEALED_SHARE_LIMIT,
  );
  const share = await unseal(sealed, {
    agreementPrivateKey: node.identity.agreement.privateKey,
    sender: rosterMember(card, dealer),
    context: { cardHash, dealer, decryptor: self(duty), index },
  });
  await keepShare(file, share);
  return share;
}

const HASH_BYTES = 32;

/** With its SHA-256 behind it: a share that the disk has spoilt must not be disputed, it would be opened to all. */
const keepShare = async (file: string, share: Bytes): Promise<void> =>
  writeDurably(file, concat(share, await sha256(share)));

/** Null where there is none, or another than was kept: it is fetched again. */
async function keptShare(file: string): Promise<Bytes | null> {
  if (!existsSync(file)) return null;
  const bytes = new Uint8Array(readFileSync(file));
  const share = bytes.subarray(0, -HASH_BYTES);
  return equalBytes(await sha256(share), bytes.subarray(-HASH_BYTES)) ? share.slice() : null;
}

/**
 * Answers those who dispute this site's shares with the shares themselves, for all to test. Honest decryptors of an honest
 * dealer dispute nothing, so at most t − 1 ask, and they know what they ask for.
 * @throws DISPUTED_BY_TOO_MANY where opening would let the readers of the transcript rebuild the secret
 */
async function open(duty: Duty): Promise<Statement<'open'>> {
  const { state, outbox, aggregator } = duty;
  const { decryptors } = state.disputes.get(self(duty))!;
  const { threshold } = state.card.release;
  if (decryptors.length >= threshold) {
    throw new DomainError(
      'DISPUTED_BY_TOO_MANY',
      `expected fewer than t = ${threshold} decryptors to dispute a share, got ${decryptors.length}`,
      'forbidden',
    );
  }
  const seed = await shareTestSeed(state, self(duty));
  const blobs = decryptors.map(
    (decryptor) => new Uint8Array(readFileSync(outbox.path(dealtFile(decryptor)))),
  );
  const openings = await Promise.all(
    blobs.map(async (share, i) => ({
      decryptor: decryptors[i]!,
      share: await reference(share),
      responses: aggregator.shareTest(share, seed),
    })),
  );
  return { payload: { openings }, blobs };
}

async function upload(duty: Duty): Promise<Statement<'upload'>> {
  const { state, outbox, aggregator, statistic } = duty;
  const { card, cardHash, round } = state;
  const secret = new Uint8Array(readFileSync(outbox.path('secret.bin')));
  // No dispute can come any more.
  for (const decryptor of card.release.decryptors) rmSync(outbox.path(dealtFile(decryptor)), { force: true });
  const values = await statistic();
  if (values.length !== card.encryption.values) {
    throw new DomainError(
      'STATISTIC_LENGTH',
      `expected ${card.encryption.values} values, got ${values.length}`,
    );
  }
  const started = performance.now();
  const seed = { cardHash, step: attemptLabel(state), values };
  const noise = card.privacy && drawNoise(card.privacy, values.length, seededNoise(secret, seed));
  const chunks = encodeValues(values, card.encryption, seededDither(secret, seed), noise ?? undefined);
  const ciphertext = concat(
    ...chunks.map((slots, chunk) => aggregator.encrypt(secret, slots, { cardHash, round, chunk })),
  );
  duty.node.report('encrypted', {
    values: values.length,
    bytes: ciphertext.length,
    ms: Math.round(performance.now() - started),
  });
  const payload = { ...(await reference(ciphertext)), model: startingModel(state), attempt: state.attempt };
  return { payload, blobs: [ciphertext] };
}

/** Answers for every chunk of each summed group under the one active set; durable in the outbox before it is sent. */
async function answer(duty: Duty): Promise<Statement<'answer'>> {
  const { state, aggregator } = duty;
  const { card, cardHash, round, active } = state;
  const index = decryptorIndex(card, self(duty));
  const maskKeys = maskKeysOf(duty, index);
  const cohort = state.close!.uploads.map(({ organisation }) => organisation);
  const answers: Bytes[] = [];
  for (const [group, members] of summedGroups(card, cohort).entries()) {
    const agreementHash = await agreementHashOf(state.uploadsHash!, active, group);
    const shares: Bytes[] = [];
    for (const organisation of members) shares.push(await shareOf(duty, organisation));
    for (let chunk = 0; chunk < chunkCount(card.encryption); chunk++) {
      const component = { cardHash, round, chunk };
      answers.push(aggregator.answer({ shares, index, active, maskKeys, agreementHash, component }));
    }
  }
  const bytes = concat(...answers);
  return { payload: await reference(bytes), blobs: [bytes] };
}

function maskKeysOf({ node, state }: Duty, index: number): Map<number, Bytes> {
  const others = state.active.filter((point) => point !== index);
  return new Map(
    others.map((point) => {
      const { agreementKey } = rosterMember(state.card, decryptorAt(state, point));
      return [point, maskKey(node.identity.agreement.privateKey, agreementKey, state.cardHash)];
    }),
  );
}
