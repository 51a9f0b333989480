import { randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError, fromHex, sha256, sha256Hex, utf8 } from '#core';

const API_KEY = /^gck_([0-9a-f]{16})_([0-9a-f]{64})$/;

/** A new secret in the two forms it has: what its holder gets once, and what is kept. */
export interface IssuedKey {
  /** `gck_<prefix>_<secret>` */
  readonly text: string;
  readonly prefix: string;
  readonly secretHash: string;
}

export async function issueApiKey(): Promise<IssuedKey> {
  const prefix = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('hex');
  return { text: `gck_${prefix}_${secret}`, prefix, secretHash: await sha256Hex(utf8(secret)) };
}

/** @throws UNAUTHENTICATED unless `authorization` is `Bearer gck_…`. */
export function parseBearer(authorization: string): { prefix: string; secret: string } {
  const [, prefix, secret] = API_KEY.exec(authorization.replace(/^Bearer /i, '')) ?? [];
  if (prefix === undefined || secret === undefined) throw unknownKey();
  return { prefix, secret };
}

/** Compares in constant time; 256 random bits need no slow hash. */
export async function matchesSecret(secret: string, secretHash: string): Promise<boolean> {
  return timingSafeEqual(await sha256(utf8(secret)), fromHex(secretHash));
}

/** One answer for a malformed, an unknown and a revoked key: which it was is nobody's business. */
export function unknownKey(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'expected a valid API key, got another one', 'unauthenticated');
}
