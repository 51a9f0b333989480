import { resolve } from 'node:path';
import { type CarbonReport, verifyReport } from '#carbon';
import { DomainError } from '#core';
import { type ReportFormat, renderReport, reportText } from '#reports';
import { carbonReportInput, carbonReportStudy, reportDocument, STUDY_REPORT_METHODS } from '#studies';
import { z } from 'zod';
import type { FileVerb } from '../file-verb.ts';
import { toldOnTerminal } from '../study-progress.ts';
import { writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

const input = z.union([carbonReportInput, reportDocument]);

/** Makes a report, or takes one that verifies, and writes it in the format asked for. */
export const reportVerb: FileVerb<z.infer<typeof input>, ReportOptions> = {
  schema: input,
  async run(document, output, options) {
    const report =
      'format' in document
        ? await requireVerified(document)
        : await toldOnTerminal((context) => carbonReportStudy.run(document, {}, context));
    await tellReport(report, options, output);
  },
};

/** @throws the code of the check that failed */
export async function requireVerified(report: CarbonReport): Promise<CarbonReport> {
  const { checks } = await verifyReport(report, {}, STUDY_REPORT_METHODS);
  const failed = checks.find(({ ok }) => !ok);
  if (failed)
    throw new DomainError(failed.code ?? 'REPORT_DIFFERS', `${failed.name}: ${failed.detail}`, 'conflict');
  return report;
}

/** @throws REPORT_OUT without a file for what is no text, FILE_EXISTS, FILE_UNWRITABLE */
async function tellReport(
  report: CarbonReport,
  { format, output: path }: ReportOptions,
  output: Output,
): Promise<void> {
  if (path === undefined) {
    if (format !== 'json')
      throw new DomainError('REPORT_OUT', `expected --output FILE for ${format}, got none`);
    output.result(report, reportText(report));
    return;
  }
  const bytes = await renderReport(report, format, STUDY_REPORT_METHODS);
  await writeNewFile(path, bytes);
  const verify = format === 'json' ? `\n  npx gridcommons carbon verify ${path}` : '';
  output.result(
    { file: resolve(path), format, bytes: bytes.length, hash: report.hash, total: report.total },
    `${reportText(report)}\n${bytes.length} bytes in ${resolve(path)}${verify}`,
  );
}
