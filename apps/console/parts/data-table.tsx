import { type ReactNode, useState } from 'react';
import { messages } from './messages.ts';
import { toCsv } from './csv.ts';
import { saveFile } from './save-file.ts';

/** More of them only by a click: long tables hide what follows. The CSV has all. */
const ROWS_SHOWN = 30;

export interface Column<Row> {
  readonly title: string;
  /** What the cell and the CSV say. */
  readonly value: (row: Row) => string | number | null;
  /** What the cell shows instead of it. */
  readonly cell?: (row: Row) => ReactNode;
}

/** A table with its caption and a download of exactly what it shows. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}) {
  const [isWhole, showWhole] = useState(false);
  if (rows.length === 0) return <p className="soft">{messages.states.empty}</p>;
  const numeric = columns.map(({ value }) => rows.every((row) => typeof value(row) === 'number'));
  const className = (column: number) => (numeric[column] === true ? 'number' : undefined);
  return (
    <div className="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title }, i) => (
              <th key={title} scope="col" className={className(i)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(isWhole ? rows : rows.slice(0, ROWS_SHOWN)).map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, value, cell }, i) => (
                <td key={title} className={className(i)}>
                  {cell === undefined ? (value(row) ?? messages.states.none) : cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {!isWhole && rows.length > ROWS_SHOWN && (
        <button type="button" onClick={() => showWhole(true)}>
          {messages.states.allRows(rows.length)}
        </button>
      )}{' '}
      <button
        type="button"
        aria-label={`${messages.states.csv}: ${caption}`}
        onClick={() =>
          saveFile(`${fileName(caption)}.csv`, new Blob([toCsv(columns, rows)], { type: 'text/csv' }))
        }
      >
        {messages.states.csv}
      </button>
    </div>
  );
}

const fileName = (caption: string): string => caption.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
