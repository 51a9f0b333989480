import { describe, expect, it } from '@jest/globals';
import { checkEic } from './index.ts';

describe('an energy identification code', () => {
  it('has its check character told where it is missing or wrong', () => {
    expect(checkEic('10YBE----------')).toMatchObject({ expectedCheckCharacter: '2', problem: 'LENGTH' });
    expect(checkEic('10YBE----------3')).toMatchObject({
      expectedCheckCharacter: '2',
      problem: 'CHECK_CHARACTER',
    });
  });

  it.each([
    ['10ybe----------2', 'CHARACTER', null],
    ['10YBE_---------2', 'CHARACTER', null],
    ['10YBE----------２', 'CHARACTER', '2'],
    ['10YBE----------22', 'LENGTH', '2'],
    ['', 'LENGTH', null],
  ])('%j is refused as %s', (code, problem, expectedCheckCharacter) => {
    expect(checkEic(code)).toMatchObject({ valid: false, problem, expectedCheckCharacter });
  });

  it('names a kind of object by its third letter, known or not', () => {
    const kinds = ['10X', '10Y', '10Z', '10W', '10T', '10V', '10A', '10B'].map(
      (start) => checkEic(start).type,
    );
    expect(kinds).toEqual([
      'party',
      'area',
      'measurement point',
      'resource object',
      'tie line',
      'location',
      'substation',
      null,
    ]);
  });

  it('changes its check character with any one of the others', () => {
    const code = '10X1001A1001A45N';
    const expected = checkEic(code).expectedCheckCharacter;
    for (let i = 0; i < 15; i++)
      for (const other of '0AZ-') {
        if (code[i] === other) continue;
        const changed = code.slice(0, i) + other + code.slice(i + 1);
        expect(checkEic(changed).expectedCheckCharacter).not.toBe(expected);
      }
  });
});
