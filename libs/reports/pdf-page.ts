/** Colours, sizes and the cursor of a page. Points, from the top left corner. */
export const INK = '#1b2430';
export const MUTED = '#66727f';
export const RULE = '#dbe1e7';
export const TILE = '#f4f7f9';
export const ACCENT = '#0f4c4a';
export const LOCATION = '#8d9bab';
export const MATCHED = '#2f9e6e';
export const GRID_FREE = '#a9dcc3';
export const FAILED = '#b3261e';
/** Of the market-based account's parts, the grid first. */
export const PARTS: readonly string[] = ['#d9772b', '#f2c14e', '#7a4e9f', '#4e79a7', '#9c755f'];

export const MARGIN = 48;
export const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - 56;

export const SANS = 'Helvetica';
export const BOLD = 'Helvetica-Bold';
export const MONO = 'Courier';

export type Pdf = PDFKit.PDFDocument;

export interface TextStyle {
  readonly font?: string;
  readonly size?: number;
  readonly color?: string;
  readonly align?: 'left' | 'right' | 'center';
}

/** One line, cut off where it is too long. */
export function write(
  pdf: Pdf,
  text: string,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  { font = SANS, size = 8.5, color = INK, align = 'left' }: TextStyle = {},
): void {
  pdf
    .font(font)
    .fontSize(size)
    .fillColor(color)
    .text(latin(text), x, y, { width, align, lineBreak: false, height: size * 1.3, ellipsis: true });
}

/** Several lines. @returns their height */
export function writeWrapped(
  pdf: Pdf,
  text: string,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  { font = SANS, size = 8.5, color = INK }: TextStyle = {},
): number {
  const lines = latin(text);
  pdf.font(font).fontSize(size).fillColor(color);
  const height = pdf.heightOfString(lines, { width });
  pdf.text(lines, x, y, { width });
  return height;
}

/** The built-in fonts know Windows-1252; what is not in it stands as a question mark here and whole in the JSON. */
export const latin = (text: string): string =>
  text.replaceAll(/[^\n\u0020-\u007e\u00a0-\u00ff–—‘’“”•…€™]/g, '?');

/** A section's heading. @returns where its content begins */
export function heading(pdf: Pdf, title: string, y: number, note = ''): number {
  write(pdf, title, { x: MARGIN, y, width: WIDTH }, { font: BOLD, size: 11 });
  const titleWidth = pdf.widthOfString(latin(title));
  const x = MARGIN + titleWidth + 8;
  write(pdf, note, { x, y: y + 2.5, width: WIDTH - titleWidth - 8 }, { color: MUTED, size: 8 });
  return y + 18;
}

/** `y`, or the top of a new page where `height` does not fit any more. */
export function room(pdf: Pdf, y: number, height: number): number {
  if (y + height <= BOTTOM) return y;
  pdf.addPage();
  return MARGIN;
}
