import { styleText } from 'node:util';
import { DomainError } from '#core';
import { type ExpectedLedger, type ProofVerdict, verifyProofs } from '#ledger';
import { type AnchorCheck, checkAnchors } from './check-anchors.ts';
import type { FileVerb } from '../file-verb.ts';
import { EXIT, type Output } from '../output.ts';
import { PROOFS, type ProofsFile, proofsOf } from './proof-schema.ts';

export interface VerifyOptions extends ExpectedLedger {
  readonly rpc?: string;
  readonly contract?: string;
}

type Verdict = Omit<ProofVerdict, 'checks'> & {
  readonly checks: readonly (ProofVerdict['checks'][number] | AnchorCheck)[];
};

/** Tells the verdict on a file of proofs; exit code 1 where it does not verify. */
export const verifyVerb: FileVerb<ProofsFile, VerifyOptions> = {
  schema: PROOFS,
  async run(file: ProofsFile, output: Output, options: VerifyOptions): Promise<void> {
    const { platformKey, record } = options;
    const anchors = anchorsOf(options);
    const offline = await verifyProofs(proofsOf(file), {
      ...(platformKey === undefined ? {} : { platformKey }),
      ...(record === undefined ? {} : { record }),
    });
    // What does not hold by itself is worth no question to a chain.
    const verdict = offline.verified && anchors ? await withAnchors(offline, file, anchors) : offline;
    output.result(verdict, render(verdict));
    if (!verdict.verified) process.exitCode = EXIT.refused;
  },
};

async function withAnchors(
  { checks, ...verdict }: ProofVerdict,
  { days }: ProofsFile,
  { rpc, contract }: Required<Pick<VerifyOptions, 'rpc' | 'contract'>>,
): Promise<Verdict> {
  const check = await checkAnchors(days, rpc, contract);
  return { ...verdict, verified: check.ok, checks: [...checks, check] };
}

/** @throws ANCHOR_OPTIONS where one of two is missing */
function anchorsOf({
  rpc,
  contract,
}: VerifyOptions): Required<Pick<VerifyOptions, 'rpc' | 'contract'>> | null {
  if (rpc === undefined && contract === undefined) return null;
  if (rpc !== undefined && contract !== undefined) return { rpc, contract };
  throw new DomainError('ANCHOR_OPTIONS', 'expected --rpc and --contract together, got one of them');
}

function render({ verified, head, platformKey, checks }: Verdict): string {
  const lines = checks.map(({ name, ok, code, detail }) => {
    const sign = ok ? styleText('green', '✓') : styleText('red', '✗');
    return `${sign} ${name.padEnd(17)} ${code === null ? '' : `${code}: `}${detail}`;
  });
  const last = verified
    ? styleText('green', `verified, record ${head}, platform ${platformKey}`)
    : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
