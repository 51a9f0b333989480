import { type Finding, Places } from './finding.ts';

/** One instant and one number (NaN = blank) a column and row. */
export interface Rows {
  readonly instants: readonly number[];
  readonly cells: readonly (readonly number[])[];
}

function inOrder(table: Rows): { rows: Rows; late: Places } {
  const late = new Places();
  let latest = Number.NEGATIVE_INFINITY;
  for (const instant of table.instants) {
    if (instant < latest) late.add(instant, 0);
    latest = Math.max(latest, instant);
  }
  if (late.count === 0) return { rows: table, late };
  // Stable, so that of equal instants the last row of the file stays last.
  const order = table.instants.map((_, i) => i).toSorted((a, b) => table.instants[a]! - table.instants[b]!);
  const sorted = (list: readonly number[]) => order.map((i) => list[i]!);
  return { rows: { instants: sorted(table.instants), cells: table.cells.map(sorted) }, late };
}

/** Of several rows for one instant the last wins, cell by cell; a blank says nothing and does not erase. */
function withoutDuplicates(rows: Rows): { rows: Rows; same: Places; conflicting: Places } {
  const same = new Places();
  const conflicting = new Places();
  const instants: number[] = [];
  const cells: number[][] = rows.cells.map(() => []);
  for (const [row, instant] of rows.instants.entries()) {
    if (instant !== instants.at(-1)) {
      instants.push(instant);
      for (const [c, column] of cells.entries()) column.push(rows.cells[c]![row]!);
      continue;
    }
    const at = instants.length - 1;
    let conflict = false;
    for (const [c, column] of cells.entries()) {
      const value = rows.cells[c]![row]!;
      if (Number.isNaN(value)) continue;
      conflict ||= !Number.isNaN(column[at]!) && column[at] !== value;
      column[at] = value;
    }
    (conflict ? conflicting : same).add(instant, 0);
  }
  return { rows: { instants, cells }, same, conflicting };
}

/** Rows in the order of time, one an instant, and what had to be done for it. */
export interface OrderedRows {
  readonly rows: Rows;
  readonly late: Places;
  readonly same: Places;
  readonly conflicting: Places;
}

export function orderedRows(rows: Rows): OrderedRows {
  const { rows: sorted, late } = inOrder(rows);
  return { ...withoutDuplicates(sorted), late };
}

export function rowFindings({ late, same, conflicting }: OrderedRows, offGrid: Places): Finding[] {
  return [
    ...late.finding(
      'OUT_OF_ORDER',
      'info',
      null,
      `${late.count} rows are earlier than a row above them; sorted`,
    ),
    ...same.finding('DUPLICATE', 'info', null, `${same.count} rows repeat an interval with the same values`),
    ...conflicting.finding(
      'DUPLICATE',
      'warning',
      null,
      `${conflicting.count} rows repeat an interval with other values; the last row of the file counts`,
    ),
    ...offGrid.finding(
      'OFF_GRID',
      'warning',
      null,
      `${offGrid.count} rows start between two intervals; not read`,
    ),
  ];
}
