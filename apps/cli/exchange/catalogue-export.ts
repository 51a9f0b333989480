import { canonicalJson, DomainError, type Json } from '#core';
import { z } from 'zod';
import { requireAbsent, writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { type Access, ask, download } from '../platform/graphql-client.ts';

/** Of 50 data sets each; a platform that goes on for longer is not to be believed. */
const MOST_PAGES = 10_000;
const NEXT = 'xhv:next';

const PAGE = z.looseObject({
  'dcat:dataset': z.array(z.json()),
  [NEXT]: z.object({ '@id': z.string() }).optional(),
});
const ONE = z.object({ answer: z.json() });

/** @throws FILE_EXISTS, FILE_UNWRITABLE, DATA_SET_NOT_FOUND, CATALOGUE_UNREADABLE where the platform answers in another form */
export async function exportCatalogue(
  id: string | undefined,
  options: AdminOptions & { readonly output?: string },
  output: Output,
): Promise<void> {
  const { output: file } = options;
  if (file !== undefined) await requireAbsent(file);
  const access = await accessOf(options);
  const document = id === undefined ? await wholeCatalogue(access) : await oneDataSet(access, id);
  if (file === undefined) {
    output.result(document, canonicalJson(document));
    return;
  }
  const text = canonicalJson(document);
  await writeNewFile(file, `${text}\n`);
  output.result({ file, characters: text.length }, `${text.length} characters in ${file}`);
}

async function oneDataSet(access: Access, id: string): Promise<Json> {
  const query = 'query Dcat($id: ID!) { answer: dataSetDcat(id: $id) }';
  return (await ask(access, query, { id }, ONE)).answer;
}

/** Its pages as one: of the address of the next page only the cursor is taken, so that the key goes nowhere else. */
async function wholeCatalogue(access: Access): Promise<Json> {
  const dataSets: Json[] = [];
  let path = '/catalogue.jsonld';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { [NEXT]: next, ...document } = await pageAt(access, path);
    dataSets.push(...document['dcat:dataset']);
    if (next === undefined) return { ...document, 'dcat:dataset': dataSets };
    const after = URL.canParse(next['@id']) ? new URL(next['@id']).searchParams.get('after') : null;
    if (after === null) throw unreadable('a next page with its cursor');
    path = `/catalogue.jsonld?after=${encodeURIComponent(after)}`;
  }
  throw unreadable(`at most ${MOST_PAGES} pages`);
}

async function pageAt(access: Access, path: string): Promise<z.infer<typeof PAGE>> {
  const response = await download(access, path);
  // A proxy's page or half an answer is no page of a catalogue either.
  const page = PAGE.safeParse(await response.json().catch(() => undefined));
  if (page.success) return page.data;
  throw unreadable('a page of a catalogue');
}

const unreadable = (expected: string): DomainError =>
  new DomainError('CATALOGUE_UNREADABLE', `expected ${expected}, got another answer`, 'unavailable');
