/**
 * reports: a carbon report, or an invoice, as a file people open: JSON, CSV, spreadsheet, PDF. The only importer of pdfkit and write-excel-file,
 * each loaded when it is asked for.
 *
 * Vocabulary: format (of a file), row (an input with what it came to), sheet, chart. Files are deterministic: the same report is
 * the same bytes, and nothing in them is of the moment of writing.
 */
export { type ReportFormat, renderReport } from './render.ts';
export { reportText } from './report-text.ts';
export { type InvoiceDocument, renderInvoice } from './invoice.ts';
