import { styleText } from 'node:util';
import { type ExpectedLedger, type ProofVerdict, verifyProofs } from '#ledger';
import type { FileVerb } from '../market/file-verb.ts';
import { EXIT, type Output } from '../output.ts';
import { PROOFS, type ProofsFile, proofsOf } from './proof-schema.ts';

/** Tells the verdict on a file of proofs; exit code 1 where it does not verify. */
export const verifyVerb: FileVerb<ProofsFile, ExpectedLedger> = {
  schema: PROOFS,
  async run(file: ProofsFile, output: Output, { platformKey, record }: ExpectedLedger): Promise<void> {
    const verdict = await verifyProofs(proofsOf(file), {
      ...(platformKey === undefined ? {} : { platformKey }),
      ...(record === undefined ? {} : { record }),
    });
    output.result(verdict, render(verdict));
    if (!verdict.verified) process.exitCode = EXIT.refused;
  },
};

function render({ verified, head, platformKey, checks }: ProofVerdict): string {
  const lines = checks.map(({ name, ok, code, detail }) => {
    const sign = ok ? styleText('green', '✓') : styleText('red', '✗');
    return `${sign} ${name.padEnd(17)} ${code === null ? '' : `${code}: `}${detail}`;
  });
  const last = verified
    ? styleText('green', `verified, record ${head}, platform ${platformKey}`)
    : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
