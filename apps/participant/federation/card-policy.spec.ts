import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, generateSigningKey, isoInstant } from '#core';
import { thresholdParameters } from '#encryption';
import {
  type EncryptionParameters,
  ridgeTerms,
  type RidgeTerms,
  type RosterMember,
  type TaskCard,
} from '#federation';
import { statisticOf } from '#forecasting';
import { SiteStory } from '../../../test/harness/site-story.ts';
import { requireAcceptable } from './card-policy.ts';

describe('a card', () => {
  let story: SiteStory;
  let card: TaskCard;

  beforeAll(async () => {
    story = await SiteStory.start();
    card = story.card();
  });
  afterAll(() => story.stop());

  const refusal = async (other: TaskCard): Promise<unknown> =>
    requireAcceptable(story.node, other).catch((error: unknown) => error);

  it('of pinned members with the parameters this node derives is accepted, on each imported series', async () => {
    expect(await refusal(card)).toBeUndefined();
    expect(await refusal({ ...card, data: { ...card.data, series: 'pv_kwh' } })).toBeUndefined();
    const { values } = card.encryption;
    const narrower = (lanes: 1 | 2, fractionBits: number) =>
      thresholdParameters({ values, lanes, fractionBits, maxSites: 8 });
    expect(await refusal({ ...card, encryption: narrower(1, 4) })).toBeUndefined();
    // Room for most readings but not for all: whether it refuses would tell which these are.
    for (const encryption of [narrower(2, 16), narrower(1, 48)])
      expect(await refusal({ ...card, encryption })).toMatchObject({ code: 'CARD_PARAMETERS' });
  });

  // One window a firm would show in the sum of three; a thousand years, or a day of solving, would end the process.
  it.each<[string, Partial<RidgeTerms>, number, number]>([
    ['EPOCH_TOO_SHORT', { statistic: 'moments', lookback: 24, horizon: 1, cycle: 1 }, 1, 1],
    ['EPOCH_TOO_SHORT', { statistic: 'moments' }, 14, 14],
    ['EPOCH_TOO_SHORT', {}, 14, 0.5],
    ['EPOCH_TOO_LONG', { stepMinutes: 15, cycle: 672 }, 14, 40_000],
    ['CARD_MODEL', { lookback: 1_008, horizon: 1_008 }, 400, 100],
    ['CARD_MODEL', { lookback: 12 }, 60, 60],
    ['RIDGE_CONFIG_INVALID', { stepMinutes: 120 }, 60, 60],
    ['RIDGE_CONFIG_INVALID', { lambdas: [1, 1] }, 60, 60],
    ['READINGS_TOO_COARSE', { stepMinutes: 15, cycle: 672 }, 60, 60],
  ])('is refused with %s for %j over %d and %d days', async (code, changes, train, validation) => {
    const model = { ...ridgeTerms(card), ...changes };
    const startMs = Date.UTC(2000, 0, 1);
    const [start, split, end] = [0, train, train + validation].map((days) =>
      isoInstant(startMs + days * DAY_MS),
    );
    const values = statisticOf(model).count(model);
    const encryption = thresholdParameters({ values, lanes: 1, fractionBits: 8, maxSites: 16 });
    const data = {
      ...card.data,
      train: { start: start!, end: split! },
      validation: { start: split!, end: end! },
    };
    expect(await refusal({ ...card, model, data, encryption })).toMatchObject({ code });
  });

  it('on a series that was not imported is refused', async () => {
    const data = { ...card.data, series: 'heat_kwh' };
    expect(await refusal({ ...card, data })).toMatchObject({ code: 'SERIES_UNKNOWN', kind: 'forbidden' });
  });

  it("of another platform's key is refused", async () => {
    const { publicKey: platformKey } = await generateSigningKey();
    expect(await refusal({ ...card, platformKey })).toMatchObject({ code: 'PLATFORM_KEY_DIFFERS' });
  });

  it.each<[string, (member: RosterMember) => RosterMember]>([
    [
      'an invented organisation',
      () => ({
        organisation: 'org-9',
        legalId: 'LEI-9',
        signingKey: 'a'.repeat(64),
        agreementKey: 'b'.repeat(64),
      }),
    ],
    ['another key to seal shares to', (member) => ({ ...member, agreementKey: 'a'.repeat(64) })],
    ['another key to sign with', (member) => ({ ...member, signingKey: 'a'.repeat(64) })],
    ['pinned keys under another name', (member) => ({ ...member, legalId: 'LEI-9' })],
  ])('with %s is refused: its owner pinned none such', async (_what, change) => {
    const roster = [...card.roster.slice(0, 3), change(card.roster[3]!)];
    const error = await refusal({ ...card, roster });
    expect(error).toMatchObject({
      code: 'MEMBER_NOT_PINNED',
      data: { organisation: roster[3]!.organisation },
    });
  });

  const [first, second] = thresholdParameters({ values: 1, lanes: 1, fractionBits: 1, maxSites: 16 }).primes;
  it.each<[string, Partial<EncryptionParameters>]>([
    ['the plain sum of simulations', { scheme: 'plain/1' }],
    ['fewer primes', { primes: [first!, second!] }],
    ['one prime twice', { primes: [first!, first!, second!] }],
    ['primes in another order', { primes: [second!, first!, '1152921504606830593'] }],
    ['a smaller ring of two lanes', { ringDegree: 4_096, lanes: 2 }],
    ['a larger ring', { ringDegree: 16_384 }],
    ['another plaintext modulus', { plainModulus: '65537' }],
    ['another length', { values: 8 }],
    ['a parameter more', { smudging: 0 } as Partial<EncryptionParameters>],
  ])('with %s is refused', async (_what, change) => {
    const encryption = { ...card.encryption, ...change };
    expect(await refusal({ ...card, encryption })).toMatchObject({
      code: 'CARD_PARAMETERS',
      kind: 'forbidden',
    });
  });

  it('is never refused for the order in which its parameters are written', async () => {
    const encryption = Object.fromEntries(
      Object.entries(card.encryption).toReversed(),
    ) as unknown as EncryptionParameters;
    expect(await refusal({ ...card, encryption })).toBeUndefined();
  });
});
