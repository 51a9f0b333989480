import { expect, it } from '@jest/globals';
import { quoted } from './quoted.ts';

it.each<[unknown, string]>([
  ['furlong', '"furlong"'],
  ['a\nb\u001b[2J', '"a\\nb\\u001b[2J"'],
  ['x'.repeat(1_000), `"${'x'.repeat(40)}…"`],
  [-1.5, '-1.5'],
  [Number.NaN, 'NaN'],
  [null, 'null'],
  [undefined, 'none'],
  [[1, 2], 'a list of 2'],
  [{ apiKey: 'gck_secret' }, 'an object'],
])('what came is told short and on one line: %j', (value, told) => {
  expect(quoted(value)).toBe(told);
});
