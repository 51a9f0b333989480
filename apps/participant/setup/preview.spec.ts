import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '#core';
import { agreementKeyPair, seal, thresholdAggregator, thresholdParameters } from '#encryption';
import { OPEN_CONSENT } from '../federation/consent.ts';
import { type PreviewOf, previewText, sitePreview } from './preview.ts';

const OPEN: PreviewOf = {
  publish: { forecasts: true, orders: true, emissions: true, scores: true },
  consent: OPEN_CONSENT,
  columns: ['load_kwh'],
  organisations: 6,
};
const LEARNING = { ...OPEN_CONSENT, budget: { epsilon: 1, delta: 1e-6 }, allowWithoutPrivacy: false };

const leaving = (of: Partial<PreviewOf>, what: RegExp) =>
  sitePreview({ ...OPEN, ...of }).leaves.find((each) => what.test(each.what))!;

describe('the preview', () => {
  it('tells the sizes that the protocol has', async () => {
    const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 1, maxSites: 4 });
    using aggregator = await thresholdAggregator(params);
    const { secret, shares } = aggregator.deal(2, 4);
    const slots = new BigInt64Array(params.ringDegree);
    const upload = aggregator.encrypt(secret, slots, { cardHash: '0'.repeat(64), round: 1, chunk: 0 });
    const signing = await generateSigningKey();
    const sealed = await seal(shares[0]!, {
      context: { cardHash: '0'.repeat(64), dealer: 'a', decryptor: 'b', index: 1 },
      agreementPrivateKey: agreementKeyPair().privateKey,
      signingPrivateKey: signing.privateKey,
      recipient: agreementKeyPair().publicKey,
    });
    expect(leaving({}, /^autocovariances/)).toMatchObject({ numbers: 386, bytes: upload.length });
    expect(leaving({}, /^shares/).bytes).toBe(6 * sealed.length);
  });

  it('grows with noise, which takes moments, and never tells a reading', () => {
    const noisy = leaving({ consent: LEARNING }, /^moments of own readings with noise/);
    expect(noisy.bytes!).toBeGreaterThan(leaving({}, /^autocovariances/).bytes!);
    expect(leaving({ organisations: 50 }, /^shares/).what).toContain('20 decryptors');
  });

  it('leaves out what its owner does not let go', () => {
    const publish = { forecasts: false, orders: true, emissions: true, scores: true };
    expect(leaving({ publish }, /^forecasts/).allowed).toBe(false);
    const consent = { ...OPEN_CONSENT, series: ['pv_kwh'] };
    expect(leaving({ consent }, /^autocovariances/).allowed).toBe(false);
    const text = previewText(sitePreview({ ...OPEN, publish, consent }));
    expect(text).toMatch(
      /as its owner has chosen[^]*autocovariances[^]*forecasts of the next day[^]*What stays here/,
    );
    expect(previewText(sitePreview(OPEN))).not.toContain('as its owner has chosen');
  });
});
