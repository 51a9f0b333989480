import { z } from 'zod';
import { readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, mutate } from '../platform/graphql-client.ts';
import { tableText } from '../table-text.ts';

const MAX_CSV_BYTES = 2_000_000;

const FIELDS = 'id title rank rows findings { kind line from to } since';
const SET = z.object({
  id: z.string(),
  title: z.string(),
  rank: z.string(),
  rows: z.number(),
  findings: z.array(z.object({ kind: z.string(), line: z.number(), from: z.string(), to: z.string() })),
  since: z.string(),
});
const IMPORT = `mutation ImportFactors($input: ImportFactorSetInput!) { set: importFactorSet(input: $input) { ${FIELDS} } }`;
const LIST = `query FactorSets { sets: factorSets { ${FIELDS} } }`;

/** Gives a CSV of factors to a platform. @throws FILE_*, the platform's own code */
export async function importFactors(
  file: string,
  options: AdminOptions & { readonly title: string; readonly community?: boolean },
  output: Output,
): Promise<void> {
  const csv = new TextDecoder().decode(await readInputFile(file, MAX_CSV_BYTES));
  const { title, community = false } = options;
  const input = { csv, title, communityDefault: community };
  const { set } = await mutate(await accessOf(options), IMPORT, { input }, z.object({ set: SET }));
  const gaps = set.findings.map(({ line, from, to }) => `  line ${line}: none holds from ${from} to ${to}`);
  output.result(set, [`${set.id}: ${set.rows} factors, ${set.rank}`, ...gaps].join('\n'));
}

/** Lists the sets that an organisation's factors come from. @throws the platform's own code */
export async function listFactorSets(options: AdminOptions, output: Output): Promise<void> {
  const { sets } = await ask(await accessOf(options), LIST, {}, z.object({ sets: z.array(SET) }));
  output.result(
    sets,
    tableText(
      ['set', 'rank', 'factors', 'since', 'title'],
      sets.map(({ id, rank, rows, since, title }) => [id, rank, rows, since, title]),
    ),
  );
}
