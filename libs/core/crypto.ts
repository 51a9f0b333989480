import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { DomainError } from './domain-error.ts';

/** Browsers' types ask that memory is not shared with other threads, Node's do not. */
const unshared = (bytes: Uint8Array): Bytes => bytes as Bytes;

/** SHA-256 (FIPS 180-4) by Web Crypto, so that Node and browsers run the same code. 32 bytes. */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', unshared(bytes)));
}

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(await sha256(bytes));
}

/** Lower-case hex SHA-256 of the canonical form of `value`. */
export async function hashJson(value: Json): Promise<string> {
  return sha256Hex(utf8(canonicalJson(value)));
}

/** An Ed25519 identity (RFC 8032). Keys are raw: 32-byte seed and 32-byte public key, in lower-case hex. */
export interface SigningKey {
  readonly publicKey: string;
  /** PKCS#8 private key, hex. Never logged, never sent. */
  readonly privateKey: string;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('publicKey' in pair)) throw new TypeError('Web Crypto made one key where Ed25519 needs a pair');
  return {
    publicKey: toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))),
    privateKey: toHex(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))),
  };
}

/** Ed25519 signature of `message`, 64 bytes as hex. */
export async function sign(privateKey: string, message: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey('pkcs8', fromHex(privateKey), 'Ed25519', false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('Ed25519', key, unshared(message))));
}

/** Whether `signature` is `publicKey`'s over `message`; a malformed key or signature is false, never an exception. */
export async function verify(publicKey: string, message: Uint8Array, signature: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(publicKey) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  const key = await crypto.subtle.importKey('raw', fromHex(publicKey), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, fromHex(signature), unshared(message));
}

/** Domain-separated signature of a JSON value: `context` says what the signature is for and keeps it from meaning anything else. */
export function signJson(privateKey: string, context: string, value: Json): Promise<string> {
  return sign(privateKey, utf8(`${context}\n${canonicalJson(value)}`));
}

/** @throws SIGNATURE_INVALID unless `signature` is `publicKey`'s over `value` in `context`. */
export async function requireSignature(
  publicKey: string,
  context: string,
  value: Json,
  signature: string,
): Promise<void> {
  if (!(await verify(publicKey, utf8(`${context}\n${canonicalJson(value)}`), signature))) {
    throw new DomainError(
      'SIGNATURE_INVALID',
      `expected a signature of ${publicKey.slice(0, 16)}… over this ${context}, got one that does not verify`,
      'forbidden',
      { context, publicKey },
    );
  }
}
