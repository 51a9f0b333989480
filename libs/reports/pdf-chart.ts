import { INK, MARGIN, MUTED, type Pdf, RULE, WIDTH, write } from './pdf-page.ts';

/** One colour and what it stands for. */
export interface LegendItem {
  readonly label: string;
  readonly color: string;
}

export interface Frame {
  readonly top: number;
  readonly height: number;
  /** Top of the scale. */
  readonly most: number;
  readonly labels: readonly string[];
  /** Of values beside the scale. */
  readonly format: (value: number) => string;
}

const AXIS = 40;
const STEPS = 4;
const MOST_LABELS = 24;

const plotWidth = WIDTH - AXIS;
const plotLeft = MARGIN + AXIS;

const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The least top of a scale of round steps that reaches `most`. */
export function niceMost(most: number): number {
  if (!(most > 0)) return 1;
  const step = most / STEPS;
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = ROUND.find((each) => each * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power * STEPS;
}

/** Scale, grid lines and labels below. */
export function drawFrame(pdf: Pdf, { top, height, most, labels, format }: Frame): void {
  for (let step = 0; step <= STEPS; step += 1) {
    const y = top + height - (height * step) / STEPS;
    pdf
      .moveTo(plotLeft, y)
      .lineTo(plotLeft + plotWidth, y)
      .lineWidth(step === 0 ? 0.8 : 0.4)
      .strokeColor(step === 0 ? MUTED : RULE)
      .stroke();
    const at = { x: MARGIN, y: y - 3.5, width: AXIS - 6 };
    write(pdf, format((most * step) / STEPS), at, { size: 7, color: MUTED, align: 'right' });
  }
  const every = Math.ceil(labels.length / MOST_LABELS);
  const width = plotWidth / labels.length;
  for (const [n, label] of labels.entries()) {
    if (n % every !== 0) continue;
    const at = { x: plotLeft + (n + 0.5) * width - 20, y: top + height + 4, width: 40 };
    write(pdf, label, at, { size: 7, color: MUTED, align: 'center' });
  }
}

/** Names of colours, from the right edge. */
export function drawLegend(pdf: Pdf, items: readonly LegendItem[], y: number): void {
  let x = MARGIN + WIDTH;
  for (const { label, color } of items.toReversed()) {
    pdf.font('Helvetica').fontSize(7.5);
    const width = pdf.widthOfString(label) + 2;
    x -= width;
    write(pdf, label, { x, y, width }, { size: 7.5, color: INK });
    pdf.rect(x - 10, y, 7, 7).fill(color);
    x -= 22;
  }
}

export interface Bars {
  /** Beside each other within a bin: how many, and which of them this is. */
  readonly of: number;
  readonly at: number;
  /** On each other. */
  readonly stack: readonly { readonly color: string; readonly values: readonly (number | null)[] }[];
}

export function drawBars(pdf: Pdf, { top, height, most, labels }: Frame, { of, at, stack }: Bars): void {
  const bin = plotWidth / labels.length;
  const width = (bin * 0.72) / of;
  for (let n = 0; n < labels.length; n += 1) {
    const x = plotLeft + n * bin + bin * 0.14 + at * width;
    let y = top + height;
    for (const { color, values } of stack) {
      const tall = (height * Math.max(0, values[n] ?? 0)) / most;
      if (tall <= 0) continue;
      y -= tall;
      pdf.rect(x, y, width * 0.94, tall).fill(color);
    }
  }
}

/** A line of steps, broken where nothing is known. */
export function drawSteps(
  pdf: Pdf,
  { top, height, most, labels }: Frame,
  {
    color,
    values,
    dash,
  }: { readonly color: string; readonly values: readonly (number | null)[]; readonly dash?: number },
): void {
  const bin = plotWidth / labels.length;
  let isOpen = false;
  for (const [n, value] of values.entries()) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    const x = plotLeft + n * bin;
    const y = top + height - (height * value) / most;
    if (isOpen) pdf.lineTo(x, y);
    else pdf.moveTo(x, y);
    pdf.lineTo(x + bin, y);
    isOpen = true;
  }
  pdf.lineWidth(1.6).strokeColor(color);
  if (dash === undefined) pdf.undash();
  else pdf.dash(dash, { space: dash });
  pdf.stroke().undash();
}
