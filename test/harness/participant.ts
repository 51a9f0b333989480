import { randomBytes } from 'node:crypto';
import { generateSigningKey, sha256Hex, type SigningKey, signJson, toHex, utf8 } from '#core';

/** An enrolled participant as a test plays it: its keys, and the headers that sign a request. */
export interface TestParticipant {
  readonly id: string;
  readonly signingKey: SigningKey;
  /** X25519, raw public and PKCS#8 private key in hex. */
  readonly agreementKey: SigningKey;
}

export async function newParticipantKeys(): Promise<Omit<TestParticipant, 'id'>> {
  return { signingKey: await generateSigningKey(), agreementKey: await generateAgreementKey() };
}

/** The proof that goes with an enrolment token. */
export async function enrolmentProof(token: string, keys: Omit<TestParticipant, 'id'>): Promise<string> {
  return signJson(keys.signingKey.privateKey, 'gridcommons/enrol/1', {
    tokenHash: await sha256Hex(utf8(token)),
    signingKey: keys.signingKey.publicKey,
    agreementKey: keys.agreementKey.publicKey,
  });
}

/** What is signed; a test of refusals overrides a part after the fact. */
export interface RequestToSign {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  readonly date?: string;
  readonly nonce?: string;
}

export async function signatureHeaders(
  participant: TestParticipant,
  request: RequestToSign,
): Promise<Record<string, string>> {
  const {
    method,
    path,
    body,
    date = new Date().toISOString(),
    nonce = randomBytes(16).toString('hex'),
  } = request;
  const digest = await sha256Hex(body);
  return {
    'gridcommons-participant': participant.id,
    'gridcommons-date': date,
    'gridcommons-nonce': nonce,
    'gridcommons-digest': digest,
    'gridcommons-signature': await signJson(participant.signingKey.privateKey, 'gridcommons/request/1', {
      method,
      path,
      digest,
      date,
      nonce,
      participant: participant.id,
    }),
  };
}

async function generateAgreementKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey('X25519', true, ['deriveBits']);
  if (!('publicKey' in pair)) throw new TypeError('Web Crypto made one key where X25519 needs a pair');
  return {
    publicKey: toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))),
    privateKey: toHex(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))),
  };
}
