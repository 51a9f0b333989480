import { randomUUID } from 'node:crypto';
import { isoInstant } from '#core';
import { type StartedDesk, startNegotiationDesk } from './negotiation-desk.ts';
import type { TestOrganisation } from './platform.ts';

/** The business clock a series desk starts with. */
export const NOW_MS = Date.parse('2026-11-27T12:00Z');
/* What an owner of hosted series and their readers ask through GraphQL. */
const INGEST = `ingest { accepted corrected unchanged rejected recordedAt findings { code count } } rejected { index code }`;
export const ASK = {
  create:
    'mutation ($input: CreateSeriesInput!) { answer: createSeries(input: $input) { id unit zone resolution dataSetId } }',
  ingest: `mutation ($input: IngestReadingsInput!) { answer: ingestReadings(input: $input) { ${INGEST} } }`,
  upload: `mutation ($input: UploadReadingsInput!) { answer: uploadReadings(input: $input) { ${INGEST} } }`,
  series: 'query ($id: ID!) { answer: hostedSeries(id: $id) { id key } }',
  all: 'query ($dataSetId: ID) { answer: allHostedSeries(dataSetId: $dataSetId) { edges { node { id } } } }',
  ingests: `query ($id: ID!, $after: String) { answer: seriesIngests(seriesId: $id, first: 1, after: $after) {
    edges { node { source accepted corrected } } pageInfo { endCursor hasNextPage } } }`,
  readings: `query ($id: ID!, $agreementId: ID, $from: DateTime!, $until: DateTime!, $resolution: String, $asOf: DateTime, $first: Int, $after: String) {
    answer: seriesReadings(seriesId: $id, agreementId: $agreementId, from: $from, until: $until, resolution: $resolution, asOf: $asOf, first: $first, after: $after) {
      edges { node { start end value known expected revision quality } } pageInfo { endCursor hasNextPage } } }`,
  audit:
    'query ($id: ID) { answer: auditEntries(agreementId: $id, first: 100) { edges { node { operation rows decision code } } } }',
  agreement: 'query ($id: ID!) { answer: dataAgreement(id: $id) { dataSetId } }',
  block: `query ($id: ID!, $agreementId: ID, $from: DateTime!, $until: DateTime!, $resolution: String) {
    answer: seriesReadingsBlock(seriesId: $id, agreementId: $agreementId, from: $from, until: $until, resolution: $resolution) { start value known expected } }`,
  download: `query ($id: ID!, $agreementId: ID, $from: DateTime!, $until: DateTime!) {
    answer: seriesReadingsDownload(seriesId: $id, agreementId: $agreementId, from: $from, until: $until) { url } }`,
} as const;

export interface Reading {
  readonly start: string;
  readonly end: string;
  readonly value: string;
  readonly known: number;
  readonly expected: number;
  readonly revision: number | null;
}
export interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}
export interface Ingested {
  readonly ingest: { readonly accepted: number; readonly corrected: number; readonly recordedAt: string };
  readonly rejected: readonly { readonly index: number; readonly code: string }[];
}

type Question = keyof typeof ASK;

export interface SeriesDesk {
  readonly desk: StartedDesk;
  /** A request that must succeed; of the provider unless told. */
  readonly ask: <T>(what: Question, variables: object, sender?: TestOrganisation) => Promise<T>;
  /** The code a request is refused with. */
  readonly refusal: (what: Question, variables: object, sender?: TestOrganisation) => Promise<string>;
  /** Of the provider: quarter-hours of Wh in Berlin unless told; its id. */
  readonly newSeries: (changes?: object) => Promise<string>;
  readonly ingest: (seriesId: string, readings: readonly object[], more?: object) => Promise<Ingested>;
  readonly readings: (variables: object, sender?: TestOrganisation) => Promise<Reading[]>;
}

export const seriesDraft = (changes: object = {}): object => ({
  input: {
    key: randomUUID(),
    unit: 'Wh',
    zone: 'Europe/Berlin',
    resolution: 'PT15M',
    declaredOpen: true,
    ...changes,
  },
});

/** Equal values at every step of an interval. */
export const steps = (fromMs: number, count: number, stepMs: number, value: string): object[] =>
  Array.from({ length: count }, (_, i) => ({ start: isoInstant(fromMs + i * stepMs), value }));

export async function startSeriesDesk(): Promise<SeriesDesk> {
  const desk = await startNegotiationDesk(NOW_MS);
  const ask: SeriesDesk['ask'] = async <T>(what: Question, variables: object, sender = desk.provider) =>
    (await desk.platform.data<{ answer: T }>(ASK[what], variables, sender.apiKey)).answer;
  return {
    desk,
    ask,
    async refusal(what, variables, sender = desk.provider) {
      const { errors } = await desk.platform.graphql(ASK[what], variables, sender.apiKey);
      return errors?.[0]?.extensions.code ?? 'none';
    },
    newSeries: async (changes) => (await ask<{ id: string }>('create', seriesDraft(changes))).id,
    ingest: (seriesId, readings, more) => ask('ingest', { input: { seriesId, readings, ...more } }),
    readings: async (variables, sender) =>
      (await ask<Page<Reading>>('readings', variables, sender)).edges.map(({ node }) => node),
  };
}
