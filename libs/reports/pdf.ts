import { type CarbonReport, type ReportMethod, verifyReport } from '#carbon';
import { concat, parseInstant } from '#core';
import { localTime } from './local-time.ts';
import { drawCharts, drawTiles } from './pdf-figures.ts';
import { ACCENT, BOLD, latin, MARGIN, MUTED, type Pdf, RULE, WIDTH, write } from './pdf-page.ts';
import { drawLines } from './pdf-lines.ts';
import { drawChecks, drawFactors, drawQuality, drawTotals } from './pdf-tables.ts';
import { reportSeries } from './report-series.ts';

/** A4 pages: figures and charts, then totals, factors, data and checks. Its text can be searched and copied. */
export async function reportPdf(report: CarbonReport, methods: readonly ReportMethod[]): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const pdf = new PDFDocument({ size: 'A4', margin: 0, bufferPages: true, info: infoOf(report) });
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  const afterTitle = drawTitle(pdf, report);
  const afterTiles = drawTiles(pdf, report, afterTitle);
  const series = reportSeries(report);
  const afterCharts = series === null ? afterTiles : drawCharts(pdf, report, series, afterTiles);
  const afterTotals = drawLines(pdf, report, drawTotals(pdf, report, afterCharts));
  const afterFactors = drawFactors(pdf, report, afterTotals);
  const afterQuality = drawQuality(pdf, report, afterFactors);
  drawChecks(pdf, report, await verifyReport(report, {}, methods), afterQuality);
  drawFooters(pdf, report);
  pdf.end();
  await ended;
  return concat(...parts);
}

/** Dates of the report's own, so that the same report is the same bytes. */
function infoOf({ subject, period, hash }: CarbonReport) {
  const end = new Date(parseInstant(period.end));
  return {
    Title: latin(`Carbon report of ${subject.name}`),
    Author: latin(subject.name),
    Subject: hash,
    Creator: 'gridcommons',
    Producer: 'gridcommons',
    CreationDate: end,
    ModDate: end,
  };
}

function drawTitle(pdf: Pdf, { subject, period }: CarbonReport): number {
  pdf.rect(0, 0, 596, 7).fill(ACCENT);
  write(pdf, 'Carbon report', { x: MARGIN, y: 34, width: WIDTH }, { font: BOLD, size: 22, color: ACCENT });
  write(pdf, subject.name, { x: MARGIN, y: 62, width: WIDTH }, { font: BOLD, size: 11 });
  const { start, end, zone } = period;
  const between = `${localTime(start, zone)} to ${localTime(end, zone)}, ${zone}`;
  write(pdf, between, { x: MARGIN, y: 77, width: WIDTH }, { size: 9, color: MUTED });
  return 102;
}

function drawFooters(pdf: Pdf, { method, hash }: CarbonReport): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    const y = 812;
    pdf
      .moveTo(MARGIN, y - 8)
      .lineTo(MARGIN + WIDTH, y - 8)
      .lineWidth(0.5)
      .strokeColor(RULE)
      .stroke();
    const style = { size: 7, color: MUTED };
    write(pdf, `${method}, hash ${hash}`, { x: MARGIN, y, width: WIDTH - 40 }, style);
    write(pdf, `${page + 1} / ${count}`, { x: MARGIN, y, width: WIDTH }, { ...style, align: 'right' });
  }
}
