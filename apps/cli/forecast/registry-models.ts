import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask } from '../platform/graphql-client.ts';
import { MODEL, MODEL_FIELDS, modelLine, modelText, pageOf } from './registry-answer.ts';

export interface ModelsOptions {
  readonly series?: string;
  readonly kind?: string;
  readonly first: number;
  readonly after?: string;
}

const LIST = `query Models($series: String, $kind: String, $first: Int!, $after: String) {
  models(series: $series, kind: $kind, first: $first, after: $after) {
    edges { node { ${MODEL_FIELDS} } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const LISTED = z.object({ models: pageOf(MODEL) });
const FIND = `query Model($hash: String!) { modelVersion(hash: $hash) { ${MODEL_FIELDS} } }`;
const FOUND = z.object({ modelVersion: MODEL });

/** One page of the models of the organisation's tasks, newest first. */
export async function listModels(options: AdminOptions & ModelsOptions, output: Output): Promise<void> {
  const { series = null, kind = null, first, after = null } = options;
  const { models } = await ask(await accessOf(options), LIST, { series, kind, first, after }, LISTED);
  const { hasNextPage, endCursor } = models.pageInfo;
  const nodes = models.edges.map(({ node }) => node);
  const lines = [...nodes.map(modelLine), ...(hasNextPage ? [`more: --after ${endCursor}`] : [])];
  output.result(
    { models: nodes, hasNextPage, endCursor },
    lines.length === 0 ? 'no model' : lines.join('\n'),
  );
}

/** Where a model came from. @throws MODEL_UNKNOWN */
export async function showModel(hash: string, options: AdminOptions, output: Output): Promise<void> {
  const { modelVersion } = await ask(await accessOf(options), FIND, { hash }, FOUND);
  output.result(modelVersion, modelText(modelVersion));
}
