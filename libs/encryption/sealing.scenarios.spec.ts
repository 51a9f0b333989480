import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { generateSigningKey, sha256Hex, signJson, type SigningKey } from '#core';
import { type AgreementKey, agreementKeyPair, maskKey, seal, type ShareContext, unseal } from './sealing.ts';

interface Party {
  readonly agreement: AgreementKey;
  readonly signing: SigningKey;
}

const party = async (): Promise<Party> => ({
  agreement: agreementKeyPair(),
  signing: await generateSigningKey(),
});

const context: ShareContext = { cardHash: 'c0'.repeat(32), dealer: 'north', decryptor: 'south', index: 2 };
const share = Uint8Array.from({ length: 300 }, (_, i) => i);

let dealer: Party;
let decryptor: Party;
let mallory: Party;
beforeAll(async () => {
  [dealer, decryptor, mallory] = await Promise.all([party(), party(), party()]);
});

const sealed = (by: Party, to: Party, at = context, bytes = share) =>
  seal(bytes, {
    agreementPrivateKey: by.agreement.privateKey,
    signingPrivateKey: by.signing.privateKey,
    recipient: to.agreement.publicKey,
    context: at,
  });

const unsealed = (blob: Uint8Array, from: Party, by: Party, at = context) =>
  unseal(blob, {
    agreementPrivateKey: by.agreement.privateKey,
    sender: { agreementKey: from.agreement.publicKey, signingKey: from.signing.publicKey },
    context: at,
  });

const coded = (code: string) => expect.objectContaining({ code });

/** The blob's ciphertext under another party's signature, as a thief would send it on. */
async function signedBy(thief: Party, blob: Uint8Array, at: ShareContext): Promise<Uint8Array> {
  const body = blob.slice(0, blob.length - 64);
  const statement = { ...at, ciphertext: await sha256Hex(body) };
  const signature = await signJson(thief.signing.privateKey, 'gridcommons/share/1', statement);
  return Uint8Array.from([...body, ...Buffer.from(signature, 'hex')]);
}

describe('sealed shares', () => {
  it('open for their decryptor, whatever the bytes, and never look the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const [a, b] = [
          await sealed(dealer, decryptor, context, bytes),
          await sealed(dealer, decryptor, context, bytes),
        ];
        expect([...(await unsealed(a, dealer, decryptor))]).toEqual([...bytes]);
        expect(a).toHaveLength(bytes.length + 112);
        expect(Buffer.from(a).equals(b)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['card', { cardHash: 'c1'.repeat(32) }],
    ['dealer', { dealer: 'east' }],
    ['decryptor', { decryptor: 'east' }],
    ['index', { index: 3 }],
  ])('do not open for another %s', async (_name, change) => {
    const blob = await sealed(dealer, decryptor);
    await expect(unsealed(blob, dealer, decryptor, { ...context, ...change })).rejects.toEqual(
      coded('SIGNATURE_INVALID'),
    );
    const at = { ...context, ...change };
    await expect(unsealed(await signedBy(dealer, blob, at), dealer, decryptor, at)).rejects.toEqual(
      coded('SHARE_UNSEALABLE'),
    );
  });

  it('copied or re-sealed shares → refused: they do not open when a thief passes them on as its own', async () => {
    const blob = await sealed(dealer, decryptor);
    await expect(unsealed(blob, mallory, decryptor)).rejects.toEqual(coded('SIGNATURE_INVALID'));
    await expect(unsealed(await signedBy(mallory, blob, context), mallory, decryptor)).rejects.toEqual(
      coded('SHARE_UNSEALABLE'),
    );
    await expect(unsealed(await sealed(mallory, decryptor), dealer, decryptor)).rejects.toEqual(
      coded('SIGNATURE_INVALID'),
    );
  });

  it('do not open for anybody else', async () => {
    const blob = await sealed(dealer, decryptor);
    await expect(unsealed(blob, dealer, mallory)).rejects.toEqual(coded('SHARE_UNSEALABLE'));
  });

  it('do not open with any byte changed', async () => {
    const blob = await sealed(dealer, decryptor);
    await fc.assert(
      fc.asyncProperty(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), async (i, by) => {
        const changed = blob.slice();
        changed[i]! ^= by;
        await expect(unsealed(changed, dealer, decryptor)).rejects.toEqual(coded('SIGNATURE_INVALID'));
        if (i >= blob.length - 64) return;
        await expect(unsealed(await signedBy(dealer, changed, context), dealer, decryptor)).rejects.toEqual(
          coded('SHARE_UNSEALABLE'),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('of too few bytes are refused', async () => {
    for (const length of [0, 64, 111]) {
      await expect(unsealed(new Uint8Array(length), dealer, decryptor)).rejects.toEqual(
        coded('SHARE_UNSEALABLE'),
      );
    }
  });

  it('with an ephemeral key of low order are refused', async () => {
    const blob = (await sealed(dealer, decryptor)).fill(0, 0, 32);
    await expect(unsealed(await signedBy(dealer, blob, context), dealer, decryptor)).rejects.toEqual(
      coded('SHARE_UNSEALABLE'),
    );
  });
});

describe('mask keys', () => {
  it('are the same from either side, and differ by card and by pair', () => {
    const [a, b, c] = [dealer.agreement, decryptor.agreement, mallory.agreement];
    const key = Buffer.from(maskKey(a.privateKey, b.publicKey, 'card'));
    expect(key).toHaveLength(32);
    expect(key.equals(maskKey(b.privateKey, a.publicKey, 'card'))).toBe(true);
    expect(key.equals(maskKey(a.privateKey, b.publicKey, 'other'))).toBe(false);
    expect(key.equals(maskKey(a.privateKey, c.publicKey, 'card'))).toBe(false);
    expect(key.equals(maskKey(c.privateKey, b.publicKey, 'card'))).toBe(false);
  });

  it.each([
    ['of low order', '00'.repeat(32)],
    ['of another length', '09'.repeat(31)],
  ])('are not made with a public key %s', (_name, publicKey) => {
    expect(() => maskKey(dealer.agreement.privateKey, publicKey, 'card')).toThrow(
      coded('AGREEMENT_KEY_INVALID'),
    );
  });

  it('are not made with a signing key', () => {
    expect(() => maskKey(dealer.signing.privateKey, decryptor.agreement.publicKey, 'card')).toThrow(
      coded('AGREEMENT_KEY_INVALID'),
    );
  });
});
