import { DomainError } from '#core';
import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, mutate } from '../platform/graphql-client.ts';
import { pageOf, PRODUCT, PRODUCT_FIELDS, productText } from './registry-answer.ts';

export interface PageOptions {
  readonly first: number;
  readonly after?: string;
}

export interface CreateProductOptions {
  readonly name: string;
  readonly zone: string;
  readonly series?: string;
  readonly resolution?: string;
  readonly horizon?: number;
}

export interface RetrainingOptions {
  readonly never?: boolean;
  readonly every?: number;
  readonly gap?: number;
  readonly drift: boolean;
  readonly trainDays?: number;
  readonly validationDays?: number;
  readonly lagDays?: number;
  readonly stepMinutes?: number;
  readonly lookback?: number;
  readonly horizon?: number;
  readonly organisation?: readonly string[];
}

const LIST = `query Products($first: Int!, $after: String) {
  forecastProducts(first: $first, after: $after) {
    edges { node { ${PRODUCT_FIELDS} } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const LISTED = z.object({ forecastProducts: pageOf(PRODUCT) });
const CREATE = `mutation CreateProduct($input: CreateForecastProductInput!) {
  product: createForecastProduct(input: $input) { ${PRODUCT_FIELDS} }
}`;
const RETRAINING = `mutation SetRetraining($productId: ID!, $input: SetRetrainingInput) {
  product: setRetraining(productId: $productId, input: $input) { ${PRODUCT_FIELDS} }
}`;
const CHANGED = z.object({ product: PRODUCT });
const LOG = `query Decisions($productId: ID!, $first: Int!, $after: String) {
  modelDecisions(productId: $productId, first: $first, after: $after) {
    edges { node { kind modelTaskId modelHash otherTaskId day statistics decidedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const DECISION = z.object({
  kind: z.string(),
  modelTaskId: z.string().nullable(),
  modelHash: z.string().nullable(),
  otherTaskId: z.string().nullable(),
  day: z.string().nullable(),
  statistics: z.record(z.string(), z.unknown()),
  decidedAt: z.string(),
});
const LOGGED = z.object({ modelDecisions: pageOf(DECISION) });

/** How a model's place in a product changes. */
export type Placing = 'nameChampion' | 'addChallenger' | 'dropChallenger';

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** One page of the community's products, newest first. */
export async function listProducts(options: AdminOptions & PageOptions, output: Output): Promise<void> {
  const { first, after = null } = options;
  const { forecastProducts } = await ask(await accessOf(options), LIST, { first, after }, LISTED);
  const { hasNextPage, endCursor } = forecastProducts.pageInfo;
  const products = forecastProducts.edges.map(({ node }) => node);
  const lines = [...products.map(productText), ...(hasNextPage ? [`more: --after ${endCursor}`] : [])];
  output.result({ products, hasNextPage, endCursor }, lines.length === 0 ? 'no product' : lines.join('\n'));
}

/** @throws PRODUCT_…, ZONE_UNKNOWN */
export async function createProduct(
  options: AdminOptions & CreateProductOptions,
  output: Output,
): Promise<void> {
  const { name, zone, series, resolution, horizon } = options;
  const input = defined({ name, zone, series, resolution, horizon });
  const { product } = await mutate(await accessOf(options), CREATE, { input }, CHANGED);
  output.result(product, productText(product));
}

/** @throws PRODUCT_…, MODEL_…, CHALLENGER… */
export async function placeModel(
  placing: Placing,
  { productId, modelHash }: { readonly productId: string; readonly modelHash: string },
  options: AdminOptions,
  output: Output,
): Promise<void> {
  const query = `mutation Place($productId: ID!, $modelHash: String!) {
    product: ${placing}(productId: $productId, modelHash: $modelHash) { ${PRODUCT_FIELDS} }
  }`;
  const { product } = await mutate(await accessOf(options), query, { productId, modelHash }, CHANGED);
  output.result(product, productText(product));
}

/** @throws OPTION_ALONE, PRODUCT_…, RETRAINING_…, MODEL_UNFIT */
export async function setRetraining(
  productId: string,
  options: AdminOptions & RetrainingOptions,
  output: Output,
): Promise<void> {
  const input = retrainingInput(options);
  const { product } = await mutate(await accessOf(options), RETRAINING, { productId, input }, CHANGED);
  output.result(product, productText(product));
}

function retrainingInput(options: RetrainingOptions): object | null {
  if (options.never === true) return null;
  const { every: everyDays, gap: leastGapDays, drift: onDrift, trainDays, validationDays, lagDays } = options;
  if (trainDays === undefined || validationDays === undefined)
    throw new DomainError(
      'OPTION_ALONE',
      'expected --train-days and --validation-days, or --never, got neither',
    );
  const { stepMinutes, lookback, horizon, organisation: organisationIds } = options;
  const ridge = defined({ stepMinutes, lookback, horizon });
  return {
    onDrift,
    trainDays,
    validationDays,
    ...defined({ everyDays, leastGapDays, lagDays, organisationIds }),
    ...(Object.keys(ridge).length > 0 && { ridge }),
  };
}

/** One page of a product's log, newest first. @throws PRODUCT_UNKNOWN */
export async function showLog(
  productId: string,
  options: AdminOptions & PageOptions,
  output: Output,
): Promise<void> {
  const { first, after = null } = options;
  const { modelDecisions } = await ask(await accessOf(options), LOG, { productId, first, after }, LOGGED);
  const { hasNextPage, endCursor } = modelDecisions.pageInfo;
  const decisions = modelDecisions.edges.map(({ node }) => node);
  const lines = decisions.map(({ decidedAt, kind, modelTaskId, day, statistics }) =>
    [
      decidedAt,
      kind,
      modelTaskId,
      day,
      ...Object.entries(statistics).map(([name, value]) => `${name}=${String(value)}`),
    ]
      .filter((part) => part !== null)
      .join('  '),
  );
  if (hasNextPage) lines.push(`more: --after ${endCursor}`);
  output.result(
    { decisions, hasNextPage, endCursor },
    lines.length === 0 ? 'nothing decided' : lines.join('\n'),
  );
}
