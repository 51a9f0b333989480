import { createHash } from 'node:crypto';
import { type Json, DomainError, fromHex, requireSignature, signJson } from '#core';

/** A key that deliveries are re-encrypted to, with the words of whose it is. */
export interface ReceivingKeyStatement {
  readonly organisationId: string;
  readonly participantId: string;
  /** Umbral, compressed point, hex. */
  readonly publicKey: string;
}

/** What an owner grants with a key fragment: one version, under one agreement as it stands, to one key. */
export interface GrantStatement {
  readonly agreementId: string;
  readonly versionId: string;
  readonly contentId: string;
  readonly root: string;
  readonly receivingKey: string;
  /** Under a higher one the fragment is worth nothing. */
  readonly revocationEpoch: number;
  /** ISO 8601; exclusive end, null without one. */
  readonly validUntil: string | null;
  /** SHA-256, hex. */
  readonly fragmentHash: string;
}

const RECEIVING_KEY = 'gridcommons/delivery/receiving-key/1';
const GRANT = 'gridcommons/delivery/grant/1';

export const signReceivingKey = (privateKey: string, statement: ReceivingKeyStatement): Promise<string> =>
  signJson(privateKey, RECEIVING_KEY, { ...statement });

/** @throws SIGNATURE_INVALID */
export const requireReceivingKeySignature = (
  signingKey: string,
  { organisationId, participantId, publicKey }: ReceivingKeyStatement,
  signature: string,
): Promise<void> =>
  requireSignature(signingKey, RECEIVING_KEY, { organisationId, participantId, publicKey }, signature);

export const signGrant = (privateKey: string, statement: GrantStatement): Promise<string> =>
  signJson(privateKey, GRANT, { ...statement });

/** What both sides expect of a grant; the rest of it is its own. */
export type ExpectedGrant = Omit<GrantStatement, 'fragmentHash'>;

/** @throws GRANT_DIFFERS where it is about something else, SIGNATURE_INVALID */
export async function requireGrant(
  json: unknown,
  expected: ExpectedGrant,
  by: { readonly signingKey: string; readonly signature: string },
): Promise<GrantStatement> {
  const told = (typeof json === 'object' && json !== null ? json : {}) as GrantStatement;
  const { fragmentHash, ...rest } = told;
  const names = Object.keys(expected) as (keyof ExpectedGrant)[];
  const isSame =
    Object.keys(rest).length === names.length && names.every((name) => rest[name] === expected[name]);
  if (!isSame || typeof fragmentHash !== 'string') {
    throw new DomainError('GRANT_DIFFERS', 'expected a grant of this version under this agreement, got another', 'conflict'); // prettier-ignore
  }
  await requireSignature(by.signingKey, GRANT, told as unknown as Json, by.signature);
  return told;
}

export const fragmentHash = (fragment: string): string =>
  createHash('sha256').update(fromHex(fragment)).digest('hex');
