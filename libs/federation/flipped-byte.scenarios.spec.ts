import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Bytes, generateSigningKey, type Json, sha256Hex, type SigningKey } from '#core';
import {
  type AgreementKey,
  agreementKeyPair,
  seal,
  thresholdAggregator,
  thresholdParameters,
  unseal,
} from '#encryption';
import type { Aggregator } from './aggregator.ts';
import type { TaskCard } from './card.ts';
import { type Cast, castOf, memberPayload, open, signed, until } from './cast.ts';
import { type AnyMessage, PLATFORM } from './message.ts';
import { decodeSums, encodeValues } from './packing.ts';
import { advance, openFromCard } from './replay.ts';
import type { TaskState } from './task-state.ts';

/*
 * What the platform writes down of a refused message is in test/federation-refusals.scenarios.spec.ts.
 */

let cast: Cast;
let uploading: TaskState;
let upload: AnyMessage;
beforeAll(async () => {
  cast = await castOf(6);
  uploading = await until(cast, await open(cast), 'uploading');
  upload = await signed(cast, 1, 'upload', 'org-1', await memberPayload(uploading, 'upload', 'org-1'));
});

const flip = (bytes: Uint8Array, at: number, by = 1): Bytes => {
  const flipped = new Uint8Array(bytes);
  flipped[at % bytes.length]! ^= by;
  return flipped;
};
/** One character of a text. */
const changed = (text: string, at: number): string => {
  const i = at % text.length;
  return text.slice(0, i) + (text[i] === '0' ? '1' : '0') + text.slice(i + 1);
};
const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const anywhere = fc.nat(1_000_000);

describe('one flipped byte in share, upload, signature, round, card, sender → named error, audit entry', () => {
  it('is against a message that is taken as it is', async () => {
    expect((await advance(uploading, upload)).uploads.size).toBe(1);
  });

  it.each<[string, (at: number) => Partial<AnyMessage>, RegExp]>([
    ['signature', (at) => ({ signature: changed(upload.signature, at) }), /^SIGNATURE_INVALID$/],
    ['round', (at) => ({ round: upload.round ^ (1 << (at % 20)) }), /^SIGNATURE_INVALID$/],
    ['card hash', (at) => ({ cardHash: changed(upload.cardHash, at) }), /^SIGNATURE_INVALID$/],
    ['sender', (at) => ({ sender: changed(upload.sender, at) }), /^(?:NOT_IN_ROSTER|SIGNATURE_INVALID)$/],
    [
      'upload’s hash',
      (at) => {
        const payload = upload.payload as { blob: string; bytes: number; model: string };
        return { payload: { ...payload, blob: changed(payload.blob, at) } };
      },
      /^SIGNATURE_INVALID$/,
    ],
  ])('in the %s', async (_what, change, code) => {
    await fc.assert(
      fc.asyncProperty(anywhere, async (at) => {
        const message = { ...upload, ...change(at) } as AnyMessage;
        fc.pre(JSON.stringify(message) !== JSON.stringify(upload));
        expect(await codeOf(() => advance(uploading, message))).toMatch(code);
      }),
      { numRuns: 60 },
    );
  });

  it('in the sender, to another member', async () => {
    for (const sender of ['org-2', 'org-6', PLATFORM])
      expect(await codeOf(() => advance(uploading, { ...upload, sender }))).toBe('SIGNATURE_INVALID');
  });

  it('in the card', async () => {
    const card = JSON.stringify(cast.card);
    const message = await signed(cast, 0, 'card', PLATFORM, { card: cast.card as unknown as Json });
    await expect(openFromCard(message)).resolves.toMatchObject({ phase: 'dealing' });
    let parsed = 0;
    await fc.assert(
      fc.asyncProperty(anywhere, async (at) => {
        let other: TaskCard;
        try {
          other = JSON.parse(changed(card, at)) as TaskCard;
        } catch {
          return;
        }
        fc.pre(JSON.stringify(other) !== card);
        parsed += 1;
        const forged = { ...message, payload: { card: other as unknown as Json } } as AnyMessage;
        expect(await codeOf(() => openFromCard(forged))).toMatch(
          /^(?:CARD_\w+|ROSTER_\w+|ZONE_UNKNOWN|INSTANT_\w+)$/,
        );
      }),
      { numRuns: 200 },
    );
    expect(parsed).toBeGreaterThan(50);
  });

  describe('in bytes beside a message', () => {
    const params = thresholdParameters({ values: 100, lanes: 1, fractionBits: 0, maxSites: 4 });
    const context = { cardHash: 'c0'.repeat(32), dealer: 'org-1', decryptor: 'org-2', index: 2 };
    const component = { cardHash: context.cardHash, round: 1, chunk: 0 };
    let aggregator: Aggregator & Disposable;
    let keys: { dealer: AgreementKey; decryptor: AgreementKey; signing: SigningKey };
    beforeAll(async () => {
      aggregator = await thresholdAggregator(params);
      keys = {
        dealer: agreementKeyPair(),
        decryptor: agreementKeyPair(),
        signing: await generateSigningKey(),
      };
    });
    afterAll(() => aggregator[Symbol.dispose]());

    it('a share: sealed, it does not open; opened, it is another share', async () => {
      const share = aggregator.deal(2, 4).shares[1]!;
      const sealed = await seal(share, {
        agreementPrivateKey: keys.dealer.privateKey,
        signingPrivateKey: keys.signing.privateKey,
        recipient: keys.decryptor.publicKey,
        context,
      });
      const unsealed = (blob: Uint8Array) =>
        unseal(blob, {
          agreementPrivateKey: keys.decryptor.privateKey,
          sender: { agreementKey: keys.dealer.publicKey, signingKey: keys.signing.publicKey },
          context,
        });
      expect(Buffer.from(await unsealed(sealed)).equals(share)).toBe(true);
      const seed = new Uint8Array(32);
      const responses = aggregator.shareTest(share, seed).join();
      await fc.assert(
        fc.asyncProperty(anywhere, fc.integer({ min: 1, max: 255 }), async (at, by) => {
          expect(await codeOf(() => unsealed(flip(sealed, at, by)))).toBe('SIGNATURE_INVALID');
          const other = flip(share, at, by);
          const code = await codeOf(() => {
            if (aggregator.shareTest(other, seed).join() !== responses) throw Object.assign(new Error(), { code: 'OFF' }); // prettier-ignore
          });
          expect(code).toMatch(/^(?:SHARE_MALFORMED|OFF)$/);
        }),
        { numRuns: 40 },
      );
    });

    it('an upload: it has another hash than the one signed, and its sum fails the checksum', async () => {
      const site = aggregator.deal(2, 4);
      const values = Float64Array.from({ length: 100 }, (_, i) => i - 50);
      const [slots] = encodeValues(values, params, (_, count) => new Uint32Array(count));
      const ciphertext = aggregator.encrypt(site.secret, slots!, component);
      const active = [1, 2];
      const answers = active.map((index) =>
        aggregator.answer({
          shares: [site.shares[index - 1]!],
          index,
          active,
          maskKeys: new Map(active.map((other) => [other, new Uint8Array(32)])),
          agreementHash: 'a9'.repeat(32),
          component,
        }),
      );
      const opened = (bytes: Bytes) =>
        decodeSums([aggregator.combine(aggregator.add([bytes]), answers)], params);
      expect([...opened(ciphertext)]).toEqual([...values]);
      const hash = await sha256Hex(ciphertext);
      await fc.assert(
        fc.asyncProperty(anywhere, fc.integer({ min: 1, max: 255 }), async (at, by) => {
          const other = flip(ciphertext, at, by);
          expect(await sha256Hex(other)).not.toBe(hash);
          expect(await codeOf(() => opened(other))).toMatch(/^(?:CHECKSUM_MISMATCH|CIPHERTEXT_MALFORMED)$/);
        }),
        { numRuns: 40 },
      );
    });
  });
});
