import { expect, it } from '@jest/globals';
import { tableText } from './table-text.ts';

it('shows what rounding leaves of zero as 0, and small numbers as they are', () => {
  expect(
    tableText(
      ['bus', 'price'],
      [
        ['a', 1.06e-22],
        ['b', -2.5e-7],
        ['c', 100],
      ],
    ),
  ).toBe(['bus    price', 'a          0', 'b    -2.5e-7', 'c        100'].join('\n'));
});
