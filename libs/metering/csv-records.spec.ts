import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError } from '#core';
import { CSV_LIMITS, csvRecords } from './csv-records.ts';

const fieldsOf = (text: string) => [...csvRecords(text)].map((record) => record.fields);

const written = (rows: string[][]) =>
  rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\r\n');

function refusal(text: string) {
  try {
    Array.from(csvRecords(text));
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.data } : String(error);
  }
  return 'no error';
}

describe('CSV records (RFC 4180)', () => {
  it('reads plain and quoted fields, doubled quotes, line feeds in quotes, CRLF and a byte order mark', () => {
    expect(fieldsOf('\uFEFFa,b\r\n"1,5","say ""x"""\n\n"two\nlines",\n')).toEqual([
      ['a', 'b'],
      ['1,5', 'say "x"'],
      ['two\nlines', ''],
    ]);
  });

  it('counts lines through quoted line feeds and blank lines', () => {
    expect([...csvRecords('a\n"x\ny"\n\nb')].map((record) => record.line)).toEqual([1, 2, 5]);
  });

  it('refuses misplaced and unclosed quotes with line and column', () => {
    expect(refusal('a,b\n1,"2')).toEqual({ code: 'CSV_QUOTE', line: 2, column: 2 });
    expect(refusal('a,b\n"1"2,3')).toEqual({ code: 'CSV_QUOTE', line: 2, column: 1 });
    expect(refusal('a,b\n1,2"')).toEqual({ code: 'CSV_QUOTE', line: 2, column: 2 });
  });

  it('refuses what exceeds a limit', () => {
    const long = 'x'.repeat(CSV_LIMITS.lineCharacters + 1);
    expect(refusal(`a\n${long}`)).toMatchObject({ code: 'CSV_TOO_LARGE', line: 2 });
    expect(refusal(`a\n"${long}"`)).toMatchObject({ code: 'CSV_TOO_LARGE', line: 2 });
    expect(refusal(','.repeat(CSV_LIMITS.columns))).toMatchObject({ code: 'CSV_TOO_LARGE', line: 1 });
    expect(refusal('x\n'.repeat(CSV_LIMITS.rows + 2))).toMatchObject({ code: 'CSV_TOO_LARGE' });
  });

  it('gives back whatever fields were written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '1') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(table, (rows) => expect(fieldsOf(written(rows))).toEqual(rows)));
  });

  it('ends every text in records or a coded refusal', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '1') });
    fc.assert(
      fc.property(text, (any) => {
        const got = refusal(any);
        expect(got === 'no error' || (typeof got === 'object' && got.code.startsWith('CSV_'))).toBe(true);
      }),
    );
  });
});
