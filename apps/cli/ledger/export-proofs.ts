import { resolve } from 'node:path';
import { DomainError } from '#core';
import { verifyProofs } from '#ledger';
import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { requireAbsent, writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { type Access, ask } from '../platform/graphql-client.ts';
import {
  COUNTERSIGNATURE,
  DAY,
  ENTRY,
  PATH,
  PROOFS_FORMAT,
  type ProofsFile,
  proofsOf,
} from './proof-schema.ts';

const DAY_FIELDS = 'day firstIndex lastIndex entries root head previous platformKey hash signature';
const PROOF_FIELDS =
  'entry { index previousHash hash type reference currency postings { account amountMinor } memo at salt } path';
const PROVE = `query ($index: SafeInt!) { ledgerProof(entryIndex: $index) { ${PROOF_FIELDS} day { ${DAY_FIELDS} } } }`;

const listOf = (list: string, parameters: string, given: string, fields: string): string =>
  `query ($after: String${parameters}) {
    ${list}(first: 100, after: $after${given}) { edges { node { ${fields} } } pageInfo { hasNextPage endCursor } }
  }`;
const LISTS = {
  ledgerDays: listOf('ledgerDays', '', '', DAY_FIELDS),
  ledgerProofs: listOf('ledgerProofs', ', $day: String!', ', day: $day', PROOF_FIELDS),
  ledgerCountersignatures: listOf(
    'ledgerCountersignatures',
    ', $day: String!',
    ', day: $day',
    'participantId signingKey signature',
  ),
} as const;

const PROOF = z.object({ entry: ENTRY, path: PATH });

type Day = z.infer<typeof DAY>;

interface ExportOptions extends AdminOptions {
  readonly output: string;
}

/** Writes the proof of one entry to a new file. @throws LEDGER_ENTRY_UNKNOWN, LEDGER_DAY_OPEN, FILE_EXISTS, FILE_UNWRITABLE */
export async function proveEntry(
  options: ExportOptions & { readonly index: number },
  output: Output,
): Promise<void> {
  await requireAbsent(options.output);
  const access = await accessOf(options);
  const { ledgerProof } = await ask(
    access,
    PROVE,
    { index: options.index },
    z.object({ ledgerProof: PROOF.extend({ day: DAY }) }),
  );
  const { day, ...proof } = ledgerProof;
  await writeProofs(
    { format: PROOFS_FORMAT, days: [await countersigned(access, day)], entries: [proof] },
    options,
    output,
  );
}

/** Writes the records of all days and the proofs of all own entries to a new file. @throws FILE_EXISTS, FILE_UNWRITABLE */
export async function exportLedger(options: ExportOptions, output: Output): Promise<void> {
  await requireAbsent(options.output);
  const access = await accessOf(options);
  const days: ProofsFile['days'] = [];
  const entries: ProofsFile['entries'] = [];
  for (const day of await all(access, 'ledgerDays', {}, DAY)) {
    days.push(await countersigned(access, day));
    entries.push(...(await all(access, 'ledgerProofs', { day: day.day }, PROOF)));
  }
  await writeProofs({ format: PROOFS_FORMAT, days, entries }, options, output);
}

const countersigned = async (access: Access, day: Day): Promise<ProofsFile['days'][number]> => ({
  ...day,
  countersignatures: await all(access, 'ledgerCountersignatures', { day: day.day }, COUNTERSIGNATURE),
});

/** All pages of a list, in its order. */
async function all<T>(
  access: Access,
  list: keyof typeof LISTS,
  variables: Readonly<Record<string, string>>,
  node: z.ZodType<T>,
): Promise<T[]> {
  const nodes: T[] = [];
  const shape = z.record(z.string(), pageOf(node));
  let after: string | null = null;
  do {
    const answer: z.infer<typeof shape> = await ask(access, LISTS[list], { ...variables, after }, shape);
    const { edges, pageInfo } = answer[list]!;
    nodes.push(...edges.map((edge) => edge.node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}

/** What the platform answers is checked as its reader will: a file that does not verify is not written. */
async function writeProofs(file: ProofsFile, { output: path }: ExportOptions, output: Output): Promise<void> {
  const { verified, checks, head } = await verifyProofs(proofsOf(file));
  const failed = checks.find(({ ok }) => !ok);
  if (!verified && failed)
    throw new DomainError(failed.code ?? 'LEDGER_PROOF_INVALID', failed.detail, 'conflict');
  await writeNewFile(path, `${JSON.stringify(file, null, 2)}\n`);
  const { days, entries } = file;
  output.result(
    { file: resolve(path), days: days.length, entries: entries.length, record: head },
    `${entries.length} entries of ${days.length} days in ${resolve(path)}\n  npx gridcommons ledger verify --input ${path}`,
  );
}
