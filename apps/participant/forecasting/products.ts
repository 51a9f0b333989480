import type { SiteNode } from '../node/node.ts';
import { malformedAnswer } from '../node/platform-client.ts';
import { type HomeModel, isForecastColumn } from './home-model.ts';

const PRODUCTS = `query Products {
  forecastProducts(first: 20) {
    edges { node { id series zone stepMinutes horizon champion { modelHash } challengers { modelHash } } }
  }
}`;

/** A forecast product of the community, with those of its models that this organisation may see. */
export interface Product {
  readonly id: string;
  readonly series: string;
  readonly zone: string;
  readonly stepMinutes: number;
  /** Steps. */
  readonly horizon: number;
  readonly champion: { readonly modelHash: string } | null;
  readonly challengers: readonly { readonly modelHash: string }[];
}

/** The platform's word is not trusted to have the form that was asked for. @throws ANSWER_MALFORMED */
export async function readProducts({ client }: Pick<SiteNode, 'client'>): Promise<Product[]> {
  const answer = await client.request<{ forecastProducts?: { edges?: unknown } } | undefined>(PRODUCTS);
  const edges = answer?.forecastProducts?.edges;
  if (!Array.isArray(edges)) throw malformedAnswer('a list of forecast products');
  return edges.map((edge: { node?: unknown } | null) => {
    const product = edge?.node;
    if (!isProduct(product))
      throw malformedAnswer('forecast products with id, series, zone, steps, horizon and models');
    return product;
  });
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 200;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;
const isModel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && isText((value as { modelHash?: unknown }).modelHash);

function isProduct(value: unknown): value is Product {
  if (typeof value !== 'object' || value === null) return false;
  const { id, series, zone, stepMinutes, horizon, champion, challengers } = value as Record<string, unknown>;
  return (
    [id, series, zone].every(isText) &&
    [stepMinutes, horizon].every(isCount) &&
    (champion === null || isModel(champion)) &&
    Array.isArray(challengers) &&
    challengers.every(isModel)
  );
}

/** Whether a model of this site forecasts what the product is of. */
export const serves = ({ card }: HomeModel, { series, zone, stepMinutes }: Product): boolean =>
  isForecastColumn(series) &&
  card.data.series.includes(series) &&
  card.data.zone === zone &&
  card.model.stepMinutes === stepMinutes;
