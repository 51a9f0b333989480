import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, mutate } from '../platform/graphql-client.ts';
import { tableText } from '../table-text.ts';
import { tellSchema } from '../file-verb.ts';
import { publicationInput } from './publication-input.ts';
import { priceText, validityText } from './terms-text.ts';

export interface SearchOptions {
  readonly carrier?: string;
  readonly kind?: string;
  readonly first: number;
  readonly after?: string;
}

const DATA_SET = z.looseObject({ id: z.string(), title: z.string(), carrier: z.string(), kind: z.string(), resolution: z.string().nullable(), area: z.string().nullable(), licence: z.string(), status: z.string() }); // prettier-ignore
const FIELDS =
  'id organisationId key title description keywords carrier kind licence resolution zone eic area status listedAt';
const VERSION = z.looseObject({ id: z.string(), number: z.number(), start: z.string(), end: z.string(), bytes: z.number(), findings: z.array(z.looseObject({ code: z.string(), message: z.string() })) }); // prettier-ignore
const OFFER = z.looseObject({ id: z.string(), price: z.unknown(), status: z.string(), validFrom: z.string(), validUntil: z.string().nullable(), terms: z.array(z.object({ text: z.string(), enforcement: z.string() })) }); // prettier-ignore

const SEARCH = `query Search($search: String, $carrier: DataCarrier, $kind: DataKind, $first: Int, $after: String) {
  answer: dataSets(search: $search, carrier: $carrier, kind: $kind, first: $first, after: $after) {
    edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const SHOW = `query Show($id: ID!) {
  dataSet: dataSet(id: $id) { ${FIELDS} }
  versions: dataSetVersions(dataSetId: $id) { edges { cursor node { id number start end bytes chunks contentRoot columns { name unit description } findings { code severity count message } sample } } pageInfo { hasNextPage endCursor } }
  offers: dataOffers(dataSetId: $id) { edges { cursor node { id policy policyHash price validFrom validUntil status terms { text enforcement } } } pageInfo { hasNextPage endCursor } } }`;

/** @throws the platform's own code */
export async function searchCatalogue(
  words: readonly string[],
  options: AdminOptions & SearchOptions,
  output: Output,
): Promise<void> {
  const { carrier, kind, first, after } = options;
  const asked = { search: words.join(' '), carrier, kind, first, after };
  const { answer } = await ask(
    await accessOf(options),
    SEARCH,
    asked,
    z.object({ answer: pageOf(DATA_SET) }),
  );
  const rows = answer.edges.map(({ node }) => [node.id, node.title, node.carrier, node.kind, node.resolution ?? '', node.area ?? '']); // prettier-ignore
  output.result(answer, tableText(['data set', 'title', 'carrier', 'kind', 'step', 'area'], rows));
}

export interface ChangesOptions extends SearchOptions {
  readonly organisation?: readonly string[];
}

const CHANGE = z.looseObject({ type: z.string(), dataSetId: z.string(), createdAt: z.string(), dataSet: z.looseObject({ title: z.string() }).nullable() }); // prettier-ignore
const CHANGES = `query Changes($carrier: DataCarrier, $kind: DataKind, $organisationIds: [ID!], $first: Int, $after: String) {
  answer: catalogueChanges(carrier: $carrier, kind: $kind, organisationIds: $organisationIds, first: $first, after: $after) {
    edges { cursor node { type dataSetId organisationId carrier kind versionId offerId createdAt dataSet { ${FIELDS} } } } pageInfo { hasNextPage endCursor } } }`;

/** @throws ORGANISATION_IDS, CURSOR_MALFORMED */
export async function listChanges(options: AdminOptions & ChangesOptions, output: Output): Promise<void> {
  const { carrier, kind, organisation: organisationIds, first, after } = options;
  const shape = z.object({ answer: pageOf(CHANGE) });
  const asked = { carrier, kind, organisationIds, first, after };
  const { answer } = await ask(await accessOf(options), CHANGES, asked, shape);
  const rows = answer.edges.map(({ node }) => [node.createdAt, node.type, node.dataSetId, node.dataSet?.title ?? '']); // prettier-ignore
  const { endCursor } = answer.pageInfo;
  const more = endCursor === null ? '' : `\nfurther: --after ${endCursor}`;
  output.result(answer, tableText(['at', 'change', 'data set', 'title'], rows) + more);
}

/** @throws DATA_SET_NOT_FOUND */
export async function showDataSet(id: string, options: AdminOptions, output: Output): Promise<void> {
  const shape = z.object({ dataSet: DATA_SET, versions: pageOf(VERSION), offers: pageOf(OFFER) });
  const shown = await ask(await accessOf(options), SHOW, { id }, shape);
  const { dataSet, versions, offers } = shown;
  const text = [
    `${dataSet.title}: ${dataSet.carrier}, ${dataSet.kind}, ${dataSet.licence}, ${dataSet.status}`,
    ...versions.edges.flatMap(({ node }) => [
      `version ${node.number}, ${node.id}: ${node.start} to ${node.end}, ${node.bytes} bytes`,
      ...node.findings.map(({ code, message }) => `  ${code}: ${message}`),
    ]),
    ...offers.edges.flatMap(({ node }) => [
      `offer ${node.id}: ${priceText(node.price)}, ${validityText(node.validFrom, node.validUntil)}${node.status === 'LISTED' ? '' : `, ${node.status.toLowerCase()}`}`,
      ...node.terms.map((term) => `  ${term.enforcement.padEnd(11)}  ${term.text}`),
    ]),
  ];
  output.result(shown, text.join('\n'));
}

const CREATED = z.object({ answer: z.looseObject({ id: z.string() }) });
const CREATE = 'mutation Create($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }';
const ADD =
  'mutation Add($input: AddDataSetVersionInput!) { answer: addDataSetVersion(input: $input) { id } }';
const OFFER_IT = 'mutation Offer($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }';
const LIST = `mutation List($id: ID!) { answer: listDataSet(id: $id) { ${FIELDS} } }`;

export const tellPublicationSchema = (output: Output): void => tellSchema(publicationInput, output);

/** One thing after the other; what fails leaves a draft that nobody else sees. @throws FILE_*, INPUT_*, the platform's own code */
export async function publishDataSet(
  file: string,
  options: AdminOptions & { readonly draft?: boolean },
  output: Output,
): Promise<void> {
  const { dataSet, versions, offers } = await readInput(file, publicationInput);
  const { idempotencyKey, ...access } = await accessOf(options);
  const step = async (mutation: string, variables: Readonly<Record<string, unknown>>, name: string) => {
    const key = idempotencyKey === undefined ? {} : { idempotencyKey: `${idempotencyKey}-${name}` };
    return (await mutate({ ...access, ...key }, mutation, variables, CREATED)).answer;
  };
  const { id } = await step(CREATE, { input: dataSet }, 'create');
  for (const [i, version] of versions.entries()) await step(ADD, { input: { ...version, dataSetId: id } }, `version-${i}`); // prettier-ignore
  for (const [i, offer] of offers.entries()) await step(OFFER_IT, { input: { ...offer, dataSetId: id } }, `offer-${i}`); // prettier-ignore
  const told = options.draft === true ? { id } : await step(LIST, { id }, 'list');
  output.result(told, `${id}  ${options.draft === true ? 'draft' : 'listed'}`);
}
