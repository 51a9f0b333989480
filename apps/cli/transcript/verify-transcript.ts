import { styleText } from 'node:util';
import { outcomeOf } from '#forecasting';
import { type Verdict, verifyTranscript } from '#transcript';
import { requireFormat } from '../file-kind.ts';
import { readInputFile } from '../input.ts';
import { EXIT, type Output } from '../output.ts';

const MAX_FILE_BYTES = 2 ** 30;

/** Tells the verdict on a transcript; exit code 1 where it does not verify. @throws FILE_UNREADABLE, FILE_TOO_LARGE, FILE_KIND */
export async function verifyTranscriptFile(
  path: string,
  options: { readonly root?: string; readonly card?: string },
  output: Output,
): Promise<void> {
  const { root, card } = options;
  const bytes = await readInputFile(path, MAX_FILE_BYTES);
  const verdict = await verifyTranscript(bytes, {
    ...(root === undefined ? {} : { root }),
    ...(card === undefined ? {} : { cardHash: card }),
    outcomeOf,
  });
  if (verdict.checks[0]?.ok !== true) requireFormat(bytes, 'gridcommons/transcript/');
  output.result(verdict, render(verdict));
  if (!verdict.verified) process.exitCode = EXIT.refused;
}

function render({ verified, root, checks }: Verdict): string {
  const lines = checks.map(({ name, ok, code, detail }) => {
    const sign = ok ? styleText('green', '✓') : styleText('red', '✗');
    return `${sign} ${name.padEnd(10)} ${code === null ? '' : `${code}: `}${detail}`;
  });
  const last = verified ? styleText('green', `verified, root ${root}`) : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
