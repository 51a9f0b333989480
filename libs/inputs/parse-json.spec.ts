import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from './parse-json.ts';

const messageOf = (text: string): string => {
  try {
    parseJson(text);
    return 'parsed';
  } catch (error) {
    return (error as Error).message;
  }
};

function parserError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

describe('text that is no JSON is told the place of its first fault', () => {
  it.each<[string, string]>([
    ['', 'a value in line 1, column 1, got the end of the text'],
    ['orders', 'a value in line 1, column 1, got "o"'],
    ['{"a": 1,\n  "b": 2,\n}', 'a name in double quotes in line 3, column 1, got "}"'],
    ["{'a': 1}", 'a name in double quotes or "}" in line 1, column 2, got "\'"'],
    ['{"a" 1}', '":" in line 1, column 6, got "1"'],
    ['[1 2]', '"," or the closing bracket in line 1, column 4, got "2"'],
    ['[1}', '"," or the closing bracket in line 1, column 3, got "}"'],
    ['[1,]', 'a value in line 1, column 4, got "]"'],
    ['{"a": [1, 2', '"," or the closing bracket in line 1, column 12, got the end of the text'],
    ['{"a": 01}', 'a value in line 1, column 7, got "0"'],
    ['{"a": NaN}', 'a value in line 1, column 7, got "N"'],
    ['{"a": "tab\there"}', 'a value in line 1, column 7, got "\\""'],
    ['{} {}', 'nothing more in line 1, column 4, got "{"'],
  ])('%j', (text, told) => {
    expect(messageOf(text)).toBe(`expected JSON: ${told}`);
  });

  it('and of a secret in the wrong place no more than its first character', () => {
    expect(messageOf('gck_0123456789')).not.toContain('gck');
  });

  it('what stands before the fault is the beginning of JSON, and the parser goes no less far', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', 'x', ' '), (text, place, other) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        const column = /column (\d+)/.exec(messageOf(changed))?.[1];
        if (column === undefined) return;
        const before = changed.slice(0, Number(column) - 1);
        expect(messageOf(before)).toMatch(/^parsed$|got the end of the text$/);
        const parserAt = /at position (\d+)/.exec(String(parserError(changed)))?.[1];
        expect(before.length).toBeLessThanOrEqual(Number(parserAt ?? changed.length));
      }),
    );
  });
});
