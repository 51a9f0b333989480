import { resolve } from 'node:path';
import { styleText } from 'node:util';
import { DomainError } from '#core';
import { type AuditVerdict, type ExpectedAudit, verifyAuditLog } from '#ledger';
import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { readFormat } from '../input.ts';
import { requireAbsent, writeNewFile } from '../new-file.ts';
import { EXIT, type Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { type Access, ask } from '../platform/graphql-client.ts';
import {
  AUDIT_ENTRY,
  AUDIT_FILE,
  AUDIT_FORMAT,
  AUDIT_HEAD,
  type AuditFile,
  auditLogOf,
} from './audit-schema.ts';

const HEAD = 'query ($id: ID) { auditHead(agreementId: $id) { chain index hash at platformKey signature } }';
const ENTRIES = `query ($id: ID, $after: String) { auditEntries(agreementId: $id, first: 100, after: $after) {
  edges { node { ${Object.keys(AUDIT_ENTRY.shape).join(' ')} } } pageInfo { hasNextPage endCursor } } }`;

/**
 * Writes the decisions under an agreement to a new file; the own organisation's without one.
 * @throws AUDIT_CHAIN_NOT_FOUND, FILE_EXISTS, FILE_UNWRITABLE, and the code of what does not verify
 */
export async function exportAudit(
  agreementId: string | undefined,
  options: AdminOptions & { readonly output: string },
  output: Output,
): Promise<void> {
  await requireAbsent(options.output);
  const access = await accessOf(options);
  const id = agreementId ?? null;
  const { auditHead: head } = await ask(access, HEAD, { id }, z.object({ auditHead: AUDIT_HEAD }));
  const file = { format: AUDIT_FORMAT, entries: await entriesUpTo(access, id, head.index), head } as const;
  // What the platform answers is checked as its reader will: a file that does not verify is not written.
  const { checks } = await verifyAuditLog(auditLogOf(file));
  const failed = checks.find(({ ok }) => !ok);
  if (failed) throw new DomainError(failed.code ?? 'AUDIT_CHAIN_BROKEN', failed.detail, 'conflict');
  await writeNewFile(options.output, `${JSON.stringify(file, null, 2)}\n`);
  output.result(
    { file: resolve(options.output), chain: head.chain, entries: file.entries.length, head: head.hash },
    `${file.entries.length} decisions in ${resolve(options.output)}\n  npx gridcommons audit verify ${options.output}`,
  );
}

/** What was decided since the head was signed is the next export's. */
async function entriesUpTo(access: Access, id: string | null, last: number): Promise<AuditFile['entries']> {
  const entries: AuditFile['entries'] = [];
  const shape = z.object({ auditEntries: pageOf(AUDIT_ENTRY) });
  let after: string | null = null;
  while (entries.length <= last) {
    const { auditEntries: page }: z.infer<typeof shape> = await ask(access, ENTRIES, { id, after }, shape);
    entries.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  return entries.slice(0, last + 1);
}

/** Tells the verdict on a file of decisions; exit code 1 where it does not verify. */
export async function verifyAudit(
  path: string,
  { platformKey, earlierHead }: ExpectedAudit,
  output: Output,
): Promise<void> {
  const file = await readFormat(path, 'gridcommons/audit-log/', AUDIT_FILE);
  const verdict = await verifyAuditLog(auditLogOf(file), {
    ...(platformKey === undefined ? {} : { platformKey }),
    ...(earlierHead === undefined ? {} : { earlierHead }),
  });
  const { hash: head, platformKey: key } = file.head;
  output.result(
    { ...verdict, entries: file.entries.length, head, platformKey: key },
    render(verdict, head, key),
  );
  if (!verdict.verified) process.exitCode = EXIT.refused;
}

function render({ verified, checks }: AuditVerdict, head: string, platformKey: string): string {
  const lines = checks.map(
    ({ name, ok, code, detail }) =>
      `${ok ? styleText('green', '✓') : styleText('red', '✗')} ${name.padEnd(8)} ${code === null ? '' : `${code}: `}${detail}`,
  );
  const last = verified
    ? styleText('green', `verified, head ${head}, platform ${platformKey}`)
    : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
