import { describe, expect, it } from '@jest/globals';
import { canonicalJson, DAY_MS, interval } from '#core';
import {
  type Contribution,
  contributionEntry,
  contributionHash,
  contributionStatement,
  settlementReference,
} from './index.ts';

const contribution: Contribution = {
  session: 's1',
  participant: 'p1',
  product: 'energy',
  version: 1,
  interval: interval(0, DAY_MS),
  boughtWh: 2_000,
  soldWh: 0,
  tradedWh: 2_000,
  deviationWh: 300,
  missing: 0,
  givenWh: 0,
  receivedWh: 1_900,
  avoidedGrams: null,
  dataRounds: 3,
};

describe('a contribution', () => {
  it('has one canonical form, and keeps its hash: what is certified today verifies tomorrow', async () => {
    expect(canonicalJson(contributionStatement(contribution))).toBe(
      '{"avoidedGrams":null,"boughtWh":2000,"dataRounds":3,"deviationWh":300,"form":"gridcommons/contribution/1",' +
        '"givenWh":0,"interval":{"end":"1970-01-02T00:00:00Z","start":"1970-01-01T00:00:00Z"},"missing":0,' +
        '"participant":"p1","product":"energy","receivedWh":1900,"session":"s1","soldWh":0,"tradedWh":2000,"version":1}',
    );
    expect(await contributionHash(contribution)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has another hash when any fact differs', async () => {
    const changed: Contribution[] = Object.keys(contribution).map((key) => ({
      ...contribution,
      [key]: key === 'interval' ? interval(0, DAY_MS - 1) : key === 'avoidedGrams' ? 0 : key === 'product' ? 'reserve' : 'session participant'.includes(key) ? 'x' : 7, // prettier-ignore
    }));
    const hashes = await Promise.all([contribution, ...changed].map(contributionHash));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is certified by an entry of one unit without a currency, one a version', () => {
    expect(contributionEntry(contribution, 'ab')).toEqual({
      type: 'market.contribution',
      reference: 's1/p1',
      currency: 'XXX',
      memo: 'gridcommons/contribution/1 ab',
      postings: [
        { account: 'participant:p1', amountMinor: 1 },
        { account: 'contributions', amountMinor: -1 },
      ],
    });
    expect(settlementReference({ ...contribution, version: 2 })).toBe('s1/p1/2');
  });
});
