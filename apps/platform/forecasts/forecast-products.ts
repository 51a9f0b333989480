import { type EntityManager, In } from 'typeorm';
import { DomainError } from '#core';
import { ForecastProductRow, ModelDecisionRow } from '../models/product.entities.ts';
import { requireProductRow } from '../models/product-store.ts';
import { resolutionOf } from '../models/product.ts';
import { STANDING_KINDS } from '../models/standing.ts';
import { publishedAs } from './forecast-series.ts';
import { type Forecast, FORECAST_RESOLUTION } from './forecast.ts';

/** Each a look into its log. */
const MAX_PRODUCTS_A_BATCH = 16;

/**
 * That each forecast of a batch is one of the product it names: of its series and resolution, by a model that the product has or
 * had, as far as the publisher may see its models. A champion that was replaced a moment ago still counts.
 * @throws PRODUCT_UNKNOWN, FORECAST_PRODUCT_SERIES, FORECAST_PRODUCT_MODEL, FORECAST_BATCH_SIZE for more products than a batch may name
 */
export async function requireProducts(manager: EntityManager, batch: readonly Forecast[]): Promise<void> {
  const ids = [...new Set(batch.flatMap(({ productId }) => productId ?? []))];
  if (ids.length > MAX_PRODUCTS_A_BATCH) {
    throw new DomainError(
      'FORECAST_BATCH_SIZE',
      `expected forecasts of at most ${MAX_PRODUCTS_A_BATCH} products in a batch, got more`,
      'limit',
    );
  }
  for (const id of ids) {
    const product = await requireProductRow(manager, id);
    const own = batch.filter(({ productId }) => productId === id);
    requireSeriesOf(product, own);
    await requireModelsOf(manager, product, own);
  }
}

function requireSeriesOf({ series, stepMinutes }: ForecastProductRow, batch: readonly Forecast[]): void {
  const published = publishedAs(series);
  const serves =
    resolutionOf(stepMinutes) === FORECAST_RESOLUTION && batch.every((each) => each.series === published);
  if (serves) return;
  throw new DomainError(
    'FORECAST_PRODUCT_SERIES',
    `expected forecasts of the product's series ${series} in steps of ${resolutionOf(stepMinutes)}, got others`,
  );
}

async function requireModelsOf(
  manager: EntityManager,
  { id: productId }: ForecastProductRow,
  batch: readonly Forecast[],
): Promise<void> {
  const hashes = [...new Set(batch.map(({ modelHash }) => modelHash))];
  const decisions = await manager.findBy(ModelDecisionRow, {
    productId,
    modelHash: In(hashes),
    kind: In([...STANDING_KINDS]),
  });
  const placed = new Set(decisions.map(({ modelHash }) => modelHash));
  if (hashes.every((hash) => placed.has(hash))) return;
  throw new DomainError(
    'FORECAST_PRODUCT_MODEL',
    'expected a model that the product has or had and the publisher may see, got another',
    'conflict',
  );
}
