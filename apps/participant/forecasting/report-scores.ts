import { DomainError, type Interval, localDate, localDay } from '#core';
import type { DayScore } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { type HomeModel, LOAD_COLUMN } from './home-model.ts';
import { type Product, readProducts, serves } from './products.ts';
import { scoreDay } from './score-day.ts';

const REPORT = `mutation Report($input: ReportForecastScoresInput!) { reportForecastScores(input: $input) { accepted } }`;

/**
 * Answers with what this site said of the model and day before, if anything; else with what it makes. The key is the model's
 * hash, and for another column than the load that column after it.
 */
export type Remembered = (key: string, make: () => Promise<DayScore | null>) => Promise<DayScore | null>;

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
    if (!model || !serves(model, product)) continue;
    const { series } = product;
    const key = series === LOAD_COLUMN ? modelHash : `${modelHash} ${series}`;
    const score = await remembered(key, () => scoreDay(node, model, series, day));
    if (score) scores.push({ modelHash, ...score });
  }
  return scores;
}
