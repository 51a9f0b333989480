import { expect, it } from '@jest/globals';
import { checkEic } from './index.ts';
import { exchangeCases } from '../../test/harness/published-cases.ts';

interface EicCase {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

exchangeCases.published('published energy identification codes', () => {
  it('are valid, and end in the check character that follows from the rest; their mutations are not', () => {
    const { valid, invalid }: EicCase = JSON.parse(exchangeCases.readCase('20_eic_codes.json'));
    expect(valid.length).toBeGreaterThan(0);
    expect(invalid.length).toBeGreaterThan(0);
    for (const code of valid)
      expect(checkEic(code)).toEqual({
        code,
        valid: true,
        expectedCheckCharacter: code.at(-1),
        type: 'area',
        problem: null,
      });
    for (const code of invalid) expect([code, checkEic(code).valid]).toEqual([code, false]);
  });
});
