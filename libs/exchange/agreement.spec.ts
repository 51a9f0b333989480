import { describe, expect, it } from '@jest/globals';
import { AGREEMENT_ENDINGS, type AgreementFacts, standingAt } from './index.ts';

const [FROM, UNTIL] = [1_000, 2_000];
const facts: AgreementFacts = {
  finalised: true,
  ending: null,
  validFromMs: FROM,
  validUntilMs: UNTIL,
  paid: true,
};

describe('the standing of an agreement', () => {
  it('is in force from the first millisecond of its validity to before its end', () => {
    const at = [FROM - 1, FROM, FROM + 1, UNTIL - 1, UNTIL, UNTIL + 1];
    expect(at.map((atMs) => standingAt(facts, atMs))).toEqual([
      'NOT_YET_VALID',
      'IN_FORCE',
      'IN_FORCE',
      'IN_FORCE',
      'EXPIRED',
      'EXPIRED',
    ]);
  });

  it('has no end where none was agreed', () => {
    expect(standingAt({ ...facts, validUntilMs: null }, Number.MAX_SAFE_INTEGER)).toBe('IN_FORCE');
  });

  it('is nothing to read under before it is finalised and paid', () => {
    expect(standingAt({ ...facts, finalised: false }, FROM)).toBe('AGREED');
    expect(standingAt({ ...facts, paid: false }, FROM)).toBe('UNPAID');
  });

  it.each(AGREEMENT_ENDINGS)('stays %s at whatever instant it is asked about', (ending) => {
    for (const atMs of [0, FROM, UNTIL]) expect(standingAt({ ...facts, ending }, atMs)).toBe(ending);
  });
});
