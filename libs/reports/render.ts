import { type CarbonReport, reportBytes, type ReportMethod } from '#carbon';
import { utf8 } from '#core';
import { reportPdf } from './pdf.ts';
import { reportCsv } from './report-csv.ts';
import { reportXlsx } from './xlsx.ts';

export type ReportFormat = 'json' | 'csv' | 'xlsx' | 'pdf';

/** A report as the bytes of a file. JSON is the document itself, in the one form in which it verifies; `methods` as verifyReport. */
export async function renderReport(
  made: CarbonReport,
  format: ReportFormat,
  methods: readonly ReportMethod[] = [],
): Promise<Uint8Array> {
  const json = reportBytes(made);
  // With keys in their canonical order, whoever made it: tables follow them.
  const report = JSON.parse(new TextDecoder().decode(json)) as CarbonReport;
  switch (format) {
    case 'json':
      return json;
    case 'csv':
      return utf8(reportCsv(report));
    case 'xlsx':
      return reportXlsx(report);
    case 'pdf':
      return reportPdf(report, methods);
  }
}
