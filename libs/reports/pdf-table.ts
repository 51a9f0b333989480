import { BOLD, latin, MARGIN, MONO, MUTED, type Pdf, room, RULE, SANS, WIDTH, write } from './pdf-page.ts';

export interface Column {
  readonly title: string;
  /** Share of the width. */
  readonly share: number;
  readonly align?: 'left' | 'right';
  readonly isCode?: boolean;
}

export interface Cell {
  readonly text: string;
  readonly color?: string;
}

const SIZE = 8;
const PAD = 3.5;
const GAP = 8;

/** Rows as high as their highest cell; the header again on each page. @returns where the next thing may stand */
export function drawTable(
  pdf: Pdf,
  columns: readonly Column[],
  rows: readonly (readonly (string | Cell)[])[],
  top: number,
): number {
  let y = drawHeader(pdf, columns, room(pdf, top, 40));
  for (const row of rows) {
    const cells = row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell));
    const height = rowHeight(pdf, columns, cells);
    const at = room(pdf, y, height);
    y = at === y ? y : drawHeader(pdf, columns, at);
    drawRow(pdf, columns, cells, y);
    y += height;
    line(pdf, y, 0.4);
  }
  return y + 14;
}

function drawHeader(pdf: Pdf, columns: readonly Column[], y: number): number {
  for (const [n, { title, align = 'left' }] of columns.entries()) {
    write(pdf, title, { ...span(columns, n), y }, { font: BOLD, size: 7.5, color: MUTED, align });
  }
  line(pdf, y + 13, 0.8);
  return y + 13;
}

function line(pdf: Pdf, y: number, width: number): void {
  pdf
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + WIDTH, y)
    .lineWidth(width)
    .strokeColor(RULE)
    .stroke();
}

/** Where the column stands. */
function span(columns: readonly Column[], at: number): { x: number; width: number } {
  const before = columns.slice(0, at).reduce((sum, { share }) => sum + share, 0);
  const gap = at === columns.length - 1 ? 0 : GAP;
  return { x: MARGIN + before * WIDTH, width: columns[at]!.share * WIDTH - gap };
}

const styled = (pdf: Pdf, { isCode = false }: Column): Pdf =>
  pdf.font(isCode ? MONO : SANS).fontSize(isCode ? SIZE - 1 : SIZE);

function rowHeight(pdf: Pdf, columns: readonly Column[], cells: readonly Cell[]): number {
  const heights = cells.map(({ text }, n) =>
    styled(pdf, columns[n]!).heightOfString(latin(text), { width: span(columns, n).width }),
  );
  return Math.max(...heights) + 2 * PAD;
}

function drawRow(pdf: Pdf, columns: readonly Column[], cells: readonly Cell[], y: number): void {
  for (const [n, { text, color = '#1b2430' }] of cells.entries()) {
    const { x, width } = span(columns, n);
    const { align = 'left' } = columns[n]!;
    styled(pdf, columns[n]!)
      .fillColor(color)
      .text(latin(text), x, y + PAD, { width, align });
  }
}
