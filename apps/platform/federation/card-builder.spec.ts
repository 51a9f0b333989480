import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval, parseInstant } from '#core';
import { type RosterMember, valueLimit } from '#federation';
import { DAY_AHEAD_RIDGE, momentBound, momentCount } from '#forecasting';
import { buildCard, type CardRequest } from './card-builder.ts';

const START = parseInstant('2026-01-01T00:00:00Z');

function request(members: number, hours = 24 * 90): CardRequest {
  const middle = START + Math.floor(hours * 0.75) * HOUR_MS;
  const roster = Array.from({ length: members }, (_, i): RosterMember => {
    const key = (digit: string) => `${digit}${i}`.padStart(64, '0');
    return { organisation: `org-${i}`, legalId: `LEI-${i}`, signingKey: key('a'), agreementKey: key('b') };
  });
  return {
    taskId: '00000000-0000-4000-8000-000000000001',
    platformKey: 'c'.repeat(64),
    issuedAtMs: START,
    series: 'load_kwh',
    zone: 'Europe/Berlin',
    train: interval(START, middle),
    validation: interval(middle, START + hours * HOUR_MS),
    windows: { keys: 60, upload: 60, answer: 60 },
    roster,
  };
}

describe('the card of a one-shot ridge task', () => {
  it('says what is summed: the full moments, in one lane', () => {
    const { encryption, model, data } = buildCard(request(4));
    expect(encryption).toMatchObject({ lanes: 1, values: momentCount(DAY_AHEAD_RIDGE), maxSites: 16 });
    expect(model).toMatchObject({ kind: 'one-shot-ridge', lookback: 168, horizon: 24, cycle: 168 });
    expect(data.train).toEqual({ start: '2026-01-01T00:00:00Z', end: data.validation.start });
  });

  it.each([
    { members: 4, hours: 24 * 21 },
    { members: 6, hours: 24 * 90 },
    { members: 16, hours: 24 * 365 },
    { members: 20, hours: 24 * 3_650 },
  ])(
    'has room for the largest moments of $members sites over $hours h, and wastes less than a bit',
    ({ members, hours }) => {
      const { encryption } = buildCard(request(members, hours));
      const largest = momentBound(DAY_AHEAD_RIDGE, hours) * 2 ** encryption.fractionBits;
      expect(largest).toBeLessThanOrEqual(valueLimit(encryption));
      expect(2 * largest).toBeGreaterThan(valueLimit(encryption));
      expect(encryption.maxSites).toBe(Math.max(16, members));
    },
  );

  it.each([
    // n, t, Q, k_min, sizes of the blocks
    { n: 4, t: 2, quorum: 3, minimum: 3, sizes: [4] },
    { n: 6, t: 2, quorum: 4, minimum: 3, sizes: [3, 3] },
    { n: 7, t: 3, quorum: 5, minimum: 4, sizes: [7] },
    { n: 10, t: 4, quorum: 7, minimum: 5, sizes: [5, 5] },
    { n: 20, t: 7, quorum: 14, minimum: 8, sizes: [10, 10] },
  ])(
    'of $n organisations needs $t decryptors, $quorum READY and blocks of $minimum',
    ({ n, t, quorum, minimum, sizes }) => {
      const { release } = buildCard(request(n));
      expect(release).toMatchObject({ threshold: t, quorum, minimumOrganisations: minimum });
      expect(release.blocks.map(({ length }) => length)).toEqual(sizes);
    },
  );

  it('is refused where it cannot be kept', () => {
    expect(() => buildCard(request(3))).toThrow(expect.objectContaining({ code: 'ROSTER_TOO_SMALL' }));
    const twice = request(4);
    const roster = [...twice.roster.slice(0, 3), { ...twice.roster[3]!, legalId: 'LEI-0' }];
    expect(() => buildCard({ ...twice, roster })).toThrow(
      expect.objectContaining({ code: 'ROSTER_NOT_DISTINCT' }),
    );
    expect(() => buildCard({ ...twice, zone: 'Mars/Olympus' })).toThrow(
      expect.objectContaining({ code: 'ZONE_UNKNOWN' }),
    );
    const validation = interval(START, START + HOUR_MS);
    expect(() => buildCard({ ...twice, validation })).toThrow(
      expect.objectContaining({ code: 'CARD_EPOCHS' }),
    );
  });
});
