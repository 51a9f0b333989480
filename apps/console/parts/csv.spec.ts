import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toCsv } from './csv.ts';

const columns = [
  { title: 'Name', value: ({ name }: Row) => name },
  { title: 'kWh', value: ({ kwh }: Row) => kwh },
];
interface Row {
  readonly name: string | null;
  readonly kwh: number | null;
}

describe('a table as CSV', () => {
  it('quotes what would end a field, and leaves nothing told empty', () => {
    const rows = [
      { name: 'a, "b"\nc', kwh: 1.5 },
      { name: null, kwh: null },
    ];
    expect(toCsv(columns, rows)).toBe('Name,kWh\r\n"a, ""b""\nc",1.5\r\n,\r\n');
  });

  it('keeps a text that a spreadsheet would run a text, and numbers numbers', () => {
    expect(toCsv(columns, [{ name: '=HYPERLINK("x")', kwh: -2 }])).toBe(
      'Name,kWh\r\n"\'=HYPERLINK(""x"")",-2\r\n',
    );
  });

  it('has one record a row, whatever is written in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const csv = toCsv(
          columns,
          names.map((name) => ({ name, kwh: 1 })),
        );
        const outsideQuotes = csv.replaceAll(/"(?:[^"]|"")*"/g, '');
        expect(outsideQuotes.split('\r\n')).toHaveLength(names.length + 2);
      }),
    );
  });
});
