import { DomainError, type Interval, localDate, localDay } from '#core';
import type { DayScore } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { malformedAnswer } from '../node/platform-client.ts';
import { type HomeModel, LOAD_COLUMN } from './home-model.ts';
import { scoreDay } from './score-day.ts';

const PRODUCTS = `query Products {
  forecastProducts(first: 20) {
    edges { node { id series zone stepMinutes champion { modelHash } challengers { modelHash } } }
  }
}`;
const REPORT = `mutation Report($input: ReportForecastScoresInput!) { reportForecastScores(input: $input) { accepted } }`;

interface Product {
  readonly id: string;
  readonly series: string;
  readonly zone: string;
  readonly stepMinutes: number;
  readonly champion: { readonly modelHash: string } | null;
  readonly challengers: readonly { readonly modelHash: string }[];
}

interface Products {
  readonly forecastProducts: { readonly edges: readonly { readonly node: Product }[] };
}

/** Answers with what this site said of the model and day before, if anything; else with what it makes. */
type Remembered = (modelHash: string, make: () => Promise<DayScore | null>) => Promise<DayScore | null>;

/**
 * Reports how the models of the community's products did at this site on a day that is over, which its owner allowed at
 * `participant init`. A product that takes no report is left, and said. @returns reports that were taken
 * @throws ANSWER_MALFORMED and what the platform's silence throws
 */
export async function reportScores(
  node: SiteNode,
  models: ReadonlyMap<string, HomeModel>,
  day: Interval,
  remembered: Remembered,
): Promise<number> {
  let taken = 0;
  for (const product of await readProducts(node)) {
    if (await reportProduct(node, { product, models, day }, remembered)) taken += 1;
  }
  return taken;
}

async function readProducts({ client }: SiteNode): Promise<Product[]> {
  const answer = await client.request<Partial<Products> | undefined>(PRODUCTS);
  const edges: unknown = answer?.forecastProducts?.edges;
  if (!Array.isArray(edges)) throw malformedAnswer('a list of forecast products');
  return (edges as Products['forecastProducts']['edges']).map(({ node }) => node);
}

interface ProductDay {
  readonly product: Product;
  readonly models: ReadonlyMap<string, HomeModel>;
  readonly day: Interval;
}

async function reportProduct(
  node: SiteNode,
  productDay: ProductDay,
  remembered: Remembered,
): Promise<boolean> {
  const { id: productId } = productDay.product;
  try {
    const date = dateOf(productDay);
    const scores = date === null ? [] : await scoresOf(node, productDay, remembered);
    if (scores.length === 0) return false;
    await node.client.request(REPORT, { input: { productId, day: date, scores } }, { purpose: 'scores' });
    return true;
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
    node.report('scores-refused', { product: productId, code: error.code });
    return false;
  }
}

/** The date in the product's zone; null where the day is none there. */
function dateOf({ product, day }: ProductDay): string | null {
  const date = localDate(product.zone, day.startMs);
  const own = localDay(product.zone, date);
  return own.startMs === day.startMs && own.endMs === day.endMs ? date : null;
}

/** Of the product's models that this site has. */
async function scoresOf(
  node: SiteNode,
  { product, models, day }: ProductDay,
  remembered: Remembered,
): Promise<object[]> {
  const { champion, challengers } = product;
  const scores: object[] = [];
  for (const { modelHash } of champion ? [champion, ...challengers] : challengers) {
    const model = models.get(modelHash);
    if (!model || !isOf(product, model)) continue;
    const score = await remembered(modelHash, () => scoreDay(node, model, day));
    if (score) scores.push({ modelHash, ...score });
  }
  return scores;
}

const isOf = ({ series, zone, stepMinutes }: Product, { card }: HomeModel): boolean =>
  series === LOAD_COLUMN &&
  card.data.series.includes(series) &&
  card.data.zone === zone &&
  card.model.stepMinutes === stepMinutes;
