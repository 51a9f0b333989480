import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { commitmentsHash, lotCommitment, lotSeed, lotStatement, requireReveal } from './index.ts';

const SLOT = interval(0, HOUR_MS);
const [ZEROS, ONES] = ['00'.repeat(32), '11'.repeat(32)];

const nonce = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const reveals = fc.uniqueArray(fc.record({ participant: fc.uuid(), nonce }), {
  minLength: 1,
  maxLength: 12,
  selector: ({ participant }) => participant,
});

describe('a commitment', () => {
  it('is SHA-256 over the canonical JSON of context, session, participant and nonce', () => {
    // printf '["gridcommons/lot/1","s","p","000…0"]' | sha256sum
    expect(lotCommitment('s', { participant: 'p', nonce: ZEROS })).toBe(
      '3826da05a66d79c11638e842ee05f6b30e4d7f691588064ac9bfdbe1e4e21c85',
    );
  });

  it('opens for its own nonce, session and participant only', () => {
    const commitment = lotCommitment('s', { participant: 'p', nonce: ZEROS });
    const open = (session: string, participant: string, with_: string) => () =>
      requireReveal(session, { participant, commitment }, with_);
    expect(open('s', 'p', ZEROS)).not.toThrow();
    const mismatch = expect.objectContaining({ code: 'LOT_MISMATCH', kind: 'conflict' });
    expect(open('s', 'p', ONES)).toThrow(mismatch);
    expect(open('t', 'p', ZEROS)).toThrow(mismatch);
    expect(open('s', 'q', ZEROS)).toThrow(mismatch);
  });

  it.each(['', '00', 'AA'.repeat(32), ZEROS.slice(1), `${ZEROS}0`, 'zz'.repeat(32)])(
    'is of 32 bytes in lower-case hexadecimal, and so is its nonce: not %j',
    (text) => {
      expect(() => lotCommitment('s', { participant: 'p', nonce: text })).toThrow(
        expect.objectContaining({ code: 'LOT_NONCE' }),
      );
      expect(() => lotStatement('s', { participant: 'p', commitment: text })).toThrow(
        expect.objectContaining({ code: 'LOT_COMMITMENT' }),
      );
    },
  );
});

describe('the set of commitments', () => {
  it('has one hash in any order, and another once a commitment changes, comes or goes', () => {
    const commitments = [
      { participant: 'a', commitment: ZEROS },
      { participant: 'b', commitment: ONES },
    ];
    const hash = commitmentsHash('s', commitments);
    expect(commitmentsHash('s', commitments.toReversed())).toBe(hash);
    const others = [
      [{ participant: 'a', commitment: ONES }, commitments[1]!],
      [...commitments, { participant: 'c', commitment: ZEROS }],
      commitments.slice(1),
    ];
    for (const other of others) expect(commitmentsHash('s', other)).not.toBe(hash);
    expect(commitmentsHash('t', commitments)).not.toBe(hash);
  });
});

describe('the seed of a slot', () => {
  it('is the same in any order of reveals', () => {
    fc.assert(
      fc.property(reveals, (all) => {
        expect(lotSeed('s', SLOT, all.toReversed())).toBe(lotSeed('s', SLOT, all));
      }),
    );
  });

  it('changes with every nonce, with who reveals, with the slot and with the session', () => {
    fc.assert(
      fc.property(reveals, nonce, fc.nat(), (all, other, at) => {
        const seed = lotSeed('s', SLOT, all);
        const i = at % all.length;
        fc.pre(all[i]!.nonce !== other);
        expect(lotSeed('s', SLOT, all.with(i, { ...all[i]!, nonce: other }))).not.toBe(seed);
        expect(lotSeed('s', SLOT, all.toSpliced(i, 1))).not.toBe(seed);
        expect(lotSeed('s', interval(HOUR_MS, 2 * HOUR_MS), all)).not.toBe(seed);
        expect(lotSeed('s', interval(0, HOUR_MS / 4), all)).not.toBe(seed);
        expect(lotSeed('t', SLOT, all)).not.toBe(seed);
      }),
    );
  });
});
