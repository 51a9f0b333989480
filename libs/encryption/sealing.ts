import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import {
  type Bytes,
  canonicalJson,
  concat,
  DomainError,
  fromHex,
  requireSignature,
  sha256Hex,
  signJson,
  toHex,
  utf8,
} from '#core';
import { encodeFields } from './expand.ts';

/** An X25519 key (RFC 7748): raw 32-byte public key and PKCS#8 private key, in lower-case hex. */
export interface AgreementKey {
  readonly publicKey: string;
  /** Never logged, never sent. */
  readonly privateKey: string;
}

/** What a sealed share is for; in any other place it does not open. */
export interface ShareContext {
  readonly cardHash: string;
  readonly dealer: string;
  readonly decryptor: string;
  /** The decryptor's Shamir point. */
  readonly index: number;
}

const PUBLIC_BYTES = 32;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
const NONCE_BYTES = 12;
/** By which a sealed share is longer than the share. */
export const SEALING_BYTES = PUBLIC_BYTES + TAG_BYTES + SIGNATURE_BYTES;
const SEAL = 'gridcommons/seal/1';
const MASK = 'gridcommons/mask/1';
const SHARE_SIGNATURE = 'gridcommons/share/1';

const rawPublic = (key: KeyObject): Bytes => {
  const der = key.export({ format: 'der', type: 'spki' });
  return new Uint8Array(der.subarray(der.length - PUBLIC_BYTES));
};

export function agreementKeyPair(): AgreementKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicKey: toHex(rawPublic(publicKey)),
    privateKey: toHex(privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

function importPublic(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

const importPrivate = (hex: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(fromHex(hex)), format: 'der', type: 'pkcs8' });

/** Runs key import and agreement; OpenSSL's refusals (another curve, a point of low order) get one code. */
function agreeing<T>(code: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw Object.assign(new DomainError(code, 'expected X25519 keys that agree, got others', 'forbidden'), {
      cause,
    });
  }
}

const KEY_CODE = 'AGREEMENT_KEY_INVALID';

/**
 * K_lk: 32 bytes that only two decryptors of one card know, the same from either side: HKDF-SHA-256 of X25519, salted with
 * the card hash, bound to both public keys. @throws AGREEMENT_KEY_INVALID
 */
export function maskKey(privateKey: string, publicKey: string, cardHash: string): Bytes {
  return agreeing(KEY_CODE, () => {
    const own = importPrivate(privateKey);
    const shared = diffieHellman({ privateKey: own, publicKey: importPublic(fromHex(publicKey)) });
    const pair = [toHex(rawPublic(createPublicKey(own))), publicKey].toSorted();
    return new Uint8Array(hkdfSync('sha256', shared, utf8(cardHash), encodeFields([MASK, ...pair]), 32));
  });
}

interface Agreed {
  readonly key: Bytes;
  readonly nonce: Bytes;
}

/** Key and nonce of one sealing; the ephemeral key makes both unique. */
function derive(
  secrets: readonly Uint8Array[],
  publicKeys: readonly Uint8Array[],
  context: ShareContext,
): Agreed {
  const info = encodeFields([SEAL, ...publicKeys, canonicalJson({ ...context })]);
  const out = new Uint8Array(
    hkdfSync('sha256', concat(...secrets), utf8(context.cardHash), info, 32 + NONCE_BYTES),
  );
  return { key: out.slice(0, 32), nonce: out.slice(32) };
}

const associatedData = (context: ShareContext): Bytes => utf8(canonicalJson({ ...context }));

export interface Sealing {
  /** The dealer's private keys. */
  readonly agreementPrivateKey: string;
  readonly signingPrivateKey: string;
  /** The decryptor's X25519 public key. */
  readonly recipient: string;
  readonly context: ShareContext;
}

/**
 * Seals a share to one decryptor: X25519 of an ephemeral and of the dealer's key with the decryptor's, HKDF-SHA-256,
 * AES-256-GCM with the context as associated data (as HPKE's authenticated mode, RFC 9180), and the dealer's Ed25519
 * signature over context and ciphertext.
 * @returns ephemeral key ‖ ciphertext ‖ tag ‖ signature: 112 bytes more than the share
 * @throws AGREEMENT_KEY_INVALID
 */
export async function seal(share: Uint8Array, sealing: Sealing): Promise<Bytes> {
  const { context } = sealing;
  const [ephemeralKey, { key, nonce }] = agreeing(KEY_CODE, () => {
    const ephemeral = generateKeyPairSync('x25519');
    const own = importPrivate(sealing.agreementPrivateKey);
    const publicKey = importPublic(fromHex(sealing.recipient));
    const secrets = [ephemeral.privateKey, own].map((privateKey) => diffieHellman({ privateKey, publicKey }));
    const publics = [ephemeral.publicKey, createPublicKey(own), publicKey].map(rawPublic);
    return [publics[0]!, derive(secrets, publics, context)] as const;
  });
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associatedData(context));
  const sealed = concat(ephemeralKey, cipher.update(share), cipher.final(), cipher.getAuthTag());
  const statement = { ...context, ciphertext: await sha256Hex(sealed) };
  return concat(sealed, fromHex(await signJson(sealing.signingPrivateKey, SHARE_SIGNATURE, statement)));
}

export interface Unsealing {
  /** The decryptor's private key. */
  readonly agreementPrivateKey: string;
  /** The dealer's public keys, from the card's roster. */
  readonly sender: { readonly agreementKey: string; readonly signingKey: string };
  readonly context: ShareContext;
}

/**
 * @throws SIGNATURE_INVALID unless the dealer signed this ciphertext for this context, SHARE_UNSEALABLE unless it was
 *   sealed by that dealer to this decryptor.
 */
export async function unseal(blob: Uint8Array, unsealing: Unsealing): Promise<Bytes> {
  const { context, sender } = unsealing;
  const end = blob.length - SIGNATURE_BYTES;
  if (end < PUBLIC_BYTES + TAG_BYTES) {
    throw unsealable(`at least ${PUBLIC_BYTES + TAG_BYTES + SIGNATURE_BYTES} bytes, got ${blob.length}`);
  }
  const sealed = blob.subarray(0, end);
  const statement = { ...context, ciphertext: await sha256Hex(sealed) };
  await requireSignature(sender.signingKey, SHARE_SIGNATURE, statement, toHex(blob.subarray(end)));
  const ephemeral = sealed.subarray(0, PUBLIC_BYTES);
  const { key, nonce } = agreeing('SHARE_UNSEALABLE', () => {
    const privateKey = importPrivate(unsealing.agreementPrivateKey);
    const senders = [ephemeral, fromHex(sender.agreementKey)].map(importPublic);
    const secrets = senders.map((publicKey) => diffieHellman({ privateKey, publicKey }));
    const publics = [...senders, createPublicKey(privateKey)].map(rawPublic);
    return derive(secrets, publics, context);
  });
  return open(sealed.subarray(PUBLIC_BYTES), { key, nonce }, context);
}

function open(body: Uint8Array, { key, nonce }: Agreed, context: ShareContext): Bytes {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  const start = decipher.update(body.subarray(0, body.length - TAG_BYTES));
  try {
    return concat(start, decipher.final());
  } catch {
    throw unsealable('a share sealed to this decryptor for this context, got another');
  }
}

const unsealable = (expected: string) =>
  new DomainError('SHARE_UNSEALABLE', `expected ${expected}`, 'forbidden');
