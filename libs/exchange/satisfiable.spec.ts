import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#core';
import { assertSatisfiable, parsePolicy } from './index.ts';

const limit = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});
const use = (...constraint: readonly object[]) => ({ action: 'use', constraint });

function refusal(policy: object): string | null {
  const parsed = parsePolicy(policy);
  try {
    assertSatisfiable(parsed);
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}

describe('terms that can never hold', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
  const only = (...constraint: readonly object[]) => ({ permission: use(...constraint) });
  const purpose = (name: string) => limit('purpose', 'eq', name);

  it.each<[string, object]>([
    ['gold and silver', only(purpose('gold'), purpose('silver'))],
    [
      'gold and silver, nested',
      only({ and: [purpose('gold'), { or: [purpose('silver'), purpose('iron')] }] }),
    ],
    ['all of gold and silver', only(limit('purpose', 'isAllOf', ['gold', 'silver']))],
    [
      'one of what is excluded',
      only(limit('purpose', 'isAnyOf', ['a', 'b']), limit('purpose', 'isNoneOf', ['a', 'b', 'c'])),
    ],
    ['a kind of two kinds', only(limit('purpose', 'isA', 'a'), limit('purpose', 'isA', 'b'))],
    ['before and not before', only(limit('dateTime', 'lt', early), limit('dateTime', 'gteq', late))],
    [
      'before and not before the same',
      only(limit('dateTime', 'lt', early), limit('dateTime', 'gteq', early)),
    ],
    ['fewer than no use', only(limit('count', 'lt', 0))],
    ['fewer than one use', only(limit('count', 'lt', 1))],
    ['between two neighbours', only(limit('count', 'gt', 3), limit('count', 'lt', 4))],
    ['less than no time', only(limit('elapsedTime', 'lt', 'PT0S'))],
    [
      'more than two months in a month',
      only(limit('elapsedTime', 'gt', 'P2M'), limit('elapsedTime', 'lt', 'P28D')),
    ],
    ['finer and coarser', only(limit('resolution', 'lt', 'PT15M'), limit('resolution', 'gteq', 'PT1H'))],
    ['exactly one of the same', only({ xone: [purpose('a'), purpose('a')] })],
    ['permitted and forbidden', { permission: use(), prohibition: use() }],
    ['permitted within what is forbidden', { permission: { action: 'train' }, prohibition: use() }],
    [
      'forbidden on both sides',
      { ...only(), prohibition: [use(purpose('a')), use(limit('purpose', 'neq', 'a'))] },
    ],
    [
      'forbidden where it is permitted',
      { ...only(purpose('a')), prohibition: use(limit('purpose', 'isA', 'a')) },
    ],
    ['a prohibition of nothing', { ...only(), prohibition: use(purpose('a'), purpose('b')) }],
    [
      'deleted before it is read',
      {
        permission: {
          ...use(limit('dateTime', 'gteq', late)),
          duty: { action: 'delete', constraint: limit('dateTime', 'lt', early) },
        },
      },
    ],
    ['no permission', { prohibition: use() }],
  ])('%s', (_name, policy) => {
    expect(refusal(policy)).toBe('POLICY_UNSATISFIABLE');
  });

  it.each<[string, object]>([
    ['gold or silver', only({ or: [purpose('gold'), purpose('silver')] })],
    ['less than a month', only(limit('resolution', 'lt', 'P1M'))],
    ['a millisecond', only(limit('dateTime', 'gteq', early), limit('dateTime', 'lteq', early))],
    ['one use', only(limit('count', 'lt', 2))],
    ['neither of two', only(limit('purpose', 'neq', 'a'), limit('purpose', 'neq', 'b'))],
    ['a kind of a kind', only(limit('purpose', 'isA', 'a'), limit('purpose', 'isA', 'a/b'))],
    ['31 days in a month', only(limit('elapsedTime', 'gteq', 'P30D'), limit('elapsedTime', 'lt', 'P1M'))],
    ['all but one action', { ...only(), prohibition: { action: 'distribute' } }],
    ['all but one purpose', { ...only(), prohibition: use(purpose('a')) }],
    ['permission that overrides', { ...only(), conflict: 'perm', prohibition: use() }],
    [
      'another target',
      { permission: { action: 'use', target: 'a' }, prohibition: { action: 'use', target: 'b' } },
    ],
  ])('but not: %s', (_name, policy) => {
    expect(refusal(policy)).toBeNull();
  });

  it('are not searched for without end', () => {
    const many = Array.from({ length: 14 }, (_, i) => ({
      or: [
        limit('purpose', 'neq', `a${i}`),
        limit('spatial', 'neq', `b${i}`),
        limit('recipient', 'neq', `c${i}`),
      ],
    }));
    const [x, y, z] = ['x', 'y', 'z'].map((name) => limit('spatial', 'eq', name));
    const hard = only(...many, x!, { or: [y, z] });
    expect(refusal(hard)).toBe('POLICY_TOO_INTRICATE');
  });
});
