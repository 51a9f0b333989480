import { DomainError, sha256Hex } from '#core';
import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { tellSchema } from '../file-verb.ts';
import { readInput, readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, mutate, upload } from '../platform/graphql-client.ts';
import { tableText } from '../table-text.ts';

export interface CreateOptions {
  readonly key: string;
  readonly unit: string;
  readonly zone: string;
  readonly resolution: string;
  readonly dataSet?: string;
  readonly declareOpen?: boolean;
}

export interface BatchOptions {
  readonly unit?: string;
  readonly zone?: string;
}

export interface UploadOptions extends BatchOptions {
  readonly startColumn: string;
  readonly valueColumn: string;
  readonly qualityColumn: string;
  readonly skipRefused: boolean;
}

export interface ListOptions {
  readonly dataSet?: string;
  readonly first: number;
  readonly after?: string;
}

export interface ReadOptions {
  readonly from: string;
  readonly until: string;
  readonly resolution?: string;
  readonly asOf?: string;
  readonly agreement?: string;
}

const MOST_BYTES = 64 * 2 ** 20;
const MOST_SHOWN = 20;
/** In the message of an error. */
const MOST_NAMED = 3;

const SERIES = z.looseObject({ id: z.string(), key: z.string(), unit: z.string(), zone: z.string(), resolution: z.string(), dataSetId: z.string().nullable() }); // prettier-ignore
const SERIES_FIELDS = 'id organisationId dataSetId key unit zone resolution declaredOpenAt createdAt';
const INGEST = z.looseObject({ accepted: z.number(), corrected: z.number(), unchanged: z.number(), rejected: z.number(), recordedAt: z.string(), findings: z.array(z.looseObject({ message: z.string() })) }); // prettier-ignore
const INGEST_FIELDS = 'id source accepted corrected unchanged rejected recordedAt findings { code severity count message }'; // prettier-ignore
const INGESTED = z.object({
  answer: z.object({
    ingest: INGEST,
    rejected: z.array(z.looseObject({ index: z.number(), code: z.string(), message: z.string() })),
  }),
});
const ANSWER = `{ ingest { ${INGEST_FIELDS} } rejected { index code message } }`;

const CREATE = `mutation Create($input: CreateSeriesInput!) { answer: createSeries(input: $input) { ${SERIES_FIELDS} } }`;
const INGEST_READINGS = `mutation Ingest($input: IngestReadingsInput!) { answer: ingestReadings(input: $input) ${ANSWER} }`;
const UPLOAD = `mutation Upload($input: UploadReadingsInput!) { answer: uploadReadings(input: $input) ${ANSWER} }`;
const SHOW = `query Show($id: ID!) { answer: hostedSeries(id: $id) { ${SERIES_FIELDS} } }`;
const LIST = `query List($dataSetId: ID, $first: Int, $after: String) { answer: allHostedSeries(dataSetId: $dataSetId, first: $first, after: $after) {
  edges { node { ${SERIES_FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const OWNER = 'query Owner { answer: me { organisation { id } } }';
const INGESTS = `query Ingests($id: ID!) { answer: seriesIngests(seriesId: $id) { edges { cursor node { ${INGEST_FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const READ = `query Read($id: ID!, $agreementId: ID, $from: DateTime!, $until: DateTime!, $resolution: String, $asOf: DateTime) {
  answer: seriesReadingsBlock(seriesId: $id, agreementId: $agreementId, from: $from, until: $until, resolution: $resolution, asOf: $asOf) { start value known expected } }`;

type Ingested = z.infer<typeof INGESTED>['answer'];

/** @throws SERIES_NOT_OPEN, the platform's own code */
export async function createSeries(options: AdminOptions & CreateOptions, output: Output): Promise<void> {
  const { key, unit, zone, resolution, dataSet: dataSetId, declareOpen: declaredOpen = false } = options;
  const input = { key, unit, zone, resolution, dataSetId, declaredOpen };
  const { answer } = await mutate(await accessOf(options), CREATE, { input }, z.object({ answer: SERIES }));
  output.result(answer, `${answer.id}  ${answer.key}, ${answer.unit}, ${answer.resolution}`);
}

const READINGS = z.array(
  z.strictObject({ start: z.string(), value: z.string(), quality: z.string().optional() }),
);

export const tellReadingsSchema = (output: Output): void => tellSchema(READINGS, output);

/** @throws FILE_*, INPUT_*, SERIES_ROWS_REFUSED where no row is taken, the platform's own code */
export async function ingestReadings(
  seriesId: string,
  file: string,
  options: AdminOptions & BatchOptions,
  output: Output,
): Promise<void> {
  const { unit, zone } = options;
  const input = { seriesId, unit, zone, readings: await readInput(file, READINGS) };
  const { answer } = await mutate(await accessOf(options), INGEST_READINGS, { input }, INGESTED);
  tellIngested(answer, output);
}

/** Bytes first, named by their hash; then they are taken. @throws FILE_*, the platform's own code */
export async function uploadReadings(
  seriesId: string,
  file: string,
  options: AdminOptions & UploadOptions,
  output: Output,
): Promise<void> {
  const { unit, zone, startColumn, valueColumn, qualityColumn, skipRefused } = options;
  const bytes = await readInputFile(file, MOST_BYTES);
  const sha256 = await sha256Hex(bytes);
  const access = await accessOf(options);
  await upload(access, `/blobs/${sha256}`, bytes);
  const input = { seriesId, sha256, unit, zone, startColumn, valueColumn, qualityColumn, skipRefused };
  const { answer } = await mutate(access, UPLOAD, { input }, INGESTED);
  tellIngested(answer, output);
}

const rowText = ({ index, code, message }: Ingested['rejected'][number]): string =>
  `row ${index + 1} ${code}: ${message}`;

/** @throws SERIES_ROWS_REFUSED where there were rows and none was taken or known */
function tellIngested({ ingest, rejected }: Ingested, output: Output): void {
  const { accepted, corrected, unchanged } = ingest;
  if (rejected.length > 0 && accepted + corrected + unchanged === 0) {
    const more = ingest.rejected > MOST_NAMED ? `; and ${ingest.rejected - MOST_NAMED} more` : '';
    const rows = rejected.slice(0, MOST_NAMED).map(rowText).join('; ');
    throw new DomainError('SERIES_ROWS_REFUSED', `expected readings, got ${ingest.rejected} rows of which none can be taken: ${rows}${more}`, 'invalid', { count: ingest.rejected }); // prettier-ignore
  }
  const text = [
    `${accepted} accepted, ${corrected} corrected, ${unchanged} unchanged, ${ingest.rejected} rejected`,
    ...rejected.slice(0, MOST_SHOWN).map(rowText),
    ...ingest.findings.map(({ message }) => message),
  ];
  output.result(
    { ingest, rejected: rejected.map((row) => ({ row: row.index + 1, ...row })) },
    text.join('\n'),
  );
}

/** The own ones and those of data sets under an own agreement, a page, oldest first. */
export async function listSeries(
  { dataSet: dataSetId, first, after, ...options }: AdminOptions & ListOptions,
  output: Output,
): Promise<void> {
  const shape = z.object({ answer: pageOf(SERIES) });
  const { answer } = await ask(await accessOf(options), LIST, { dataSetId, first, after }, shape);
  const rows = answer.edges.map(({ node }) => [node.id, node.key, node.unit, node.resolution, node.zone, node.dataSetId ?? '–']); // prettier-ignore
  const { hasNextPage, endCursor } = answer.pageInfo;
  const table = rows.length === 0 ? 'none' : tableText(['series', 'key', 'unit', 'step', 'zone', 'data set'], rows); // prettier-ignore
  output.result(answer, hasNextPage ? `${table}\nmore: --after ${endCursor}` : table);
}

/** @throws SERIES_NOT_FOUND */
export async function showSeries(id: string, options: AdminOptions, output: Output): Promise<void> {
  const access = await accessOf(options);
  const { answer: series } = await ask(access, SHOW, { id }, z.object({ answer: SERIES }));
  const me = await ask(access, OWNER, {}, z.object({ answer: z.object({ organisation: z.object({ id: z.string() }) }) })); // prettier-ignore
  const isOwn = series['organisationId'] === me.answer.organisation.id;
  const ingests = isOwn ? (await ask(access, INGESTS, { id }, z.object({ answer: pageOf(INGEST) }))).answer.edges.map(({ node }) => node) : []; // prettier-ignore
  const { key, unit, resolution, zone, dataSetId } = series;
  const rows = ingests.map((each) => [each.recordedAt, each.accepted, each.corrected, each.unchanged, each.rejected].map(String)); // prettier-ignore
  const text = `${key}: ${unit}, ${resolution}, ${zone}, open, data set ${dataSetId ?? 'none'}`;
  output.result(
    { ...series, ingests },
    isOwn ? `${text}\n${tableText(['taken', 'accepted', 'corrected', 'unchanged', 'rejected'], rows)}` : text,
  );
}

const BLOCK = z.object({
  answer: z.object({
    start: z.array(z.string()),
    value: z.array(z.string()),
    known: z.array(z.number()),
    expected: z.array(z.number()),
  }),
});

/** @throws SERIES_NOT_FOUND, SERIES_BLOCK_LIMIT, the gate's codes */
export async function readSeries(
  id: string,
  options: AdminOptions & ReadOptions,
  output: Output,
): Promise<void> {
  const { from, until, resolution, asOf, agreement: agreementId } = options;
  const asked = { id, agreementId, from, until, resolution, asOf };
  const { answer } = await ask(await accessOf(options), READ, asked, BLOCK);
  const { start, value, known, expected } = answer;
  const rows = start.map((each, i) => [each, value[i]!, `${known[i]}/${expected[i]}`]);
  output.result(answer, tableText(['start', 'value', 'known'], rows));
}
