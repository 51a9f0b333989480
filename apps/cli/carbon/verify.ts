import { styleText } from 'node:util';
import type { ReportVerdict } from '#carbon';
import { MAX_REPORT_BYTES, verifyReportBytes } from '#studies';
import { requireFormat } from '../file-kind.ts';
import { readInputFile } from '../input.ts';
import { EXIT, type Output } from '../output.ts';

/** Tells the verdict on a report; exit code 1 where it does not verify. @throws FILE_UNREADABLE, FILE_TOO_LARGE, FILE_KIND */
export async function verifyReportFile(
  path: string,
  { key }: { readonly key?: string },
  output: Output,
): Promise<void> {
  const bytes = await readInputFile(path, MAX_REPORT_BYTES);
  const verdict = await verifyReportBytes(bytes, key === undefined ? {} : { publicKey: key });
  // Of a file that does verify nothing else has to be found out.
  if (verdict.checks[0]?.ok !== true) requireFormat(bytes, 'gridcommons/carbon-report/');
  output.result(verdict, render(verdict));
  if (!verdict.verified) process.exitCode = EXIT.refused;
}

function render({ verified, hash, signedBy, checks }: ReportVerdict): string {
  const lines = checks.map(({ name, ok, code, detail }) => {
    const sign = ok ? styleText('green', '✓') : styleText('red', '✗');
    return `${sign} ${name.padEnd(11)} ${code === null ? '' : `${code}: `}${detail}`;
  });
  const by = signedBy === null ? 'not signed' : `signed by ${signedBy}`;
  const last = verified
    ? styleText('green', `verified, hash ${hash}, ${by}`)
    : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
