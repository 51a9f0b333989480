import { DomainError, requireZone } from '#core';
import { type DriftTerms, type PromotionTerms, requireDriftTerms, requirePromotionTerms } from '#forecasting';

/** What is forecast, how finely and how far, and by which rules its models follow one another. */
export interface ProductDraft {
  readonly name: string;
  /** A column of the organisations' files. */
  readonly series: string;
  /** Of the local days that forecasts are made and judged by. */
  readonly zone: string;
  readonly stepMinutes: number;
  /** Steps. */
  readonly horizon: number;
  readonly promotion: PromotionTerms;
  readonly drift: DriftTerms;
}

export const MAX_PRODUCTS = 100;
/** Each costs a site a forecast a day. */
export const MAX_CHALLENGERS = 4;

const MINUTES_PER_DAY = 1_440;
const STEPS: readonly number[] = [5, 10, 15, 20, 30, 60, MINUTES_PER_DAY];
const MAX_HORIZON = 1_008;

/** The length of a step as ISO 8601 has it: PT15M, PT1H, P1D. */
export const resolutionOf = (stepMinutes: number): string =>
  stepMinutes === MINUTES_PER_DAY ? 'P1D' : stepMinutes === 60 ? 'PT1H' : `PT${stepMinutes}M`;

/** @throws PRODUCT_RESOLUTION */
export function requireResolution(text: string): number {
  const stepMinutes = STEPS.find((minutes) => resolutionOf(minutes) === text);
  if (stepMinutes !== undefined) return stepMinutes;
  throw new DomainError(
    'PRODUCT_RESOLUTION',
    `expected a resolution ${STEPS.map(resolutionOf).join(', ')}, got another`,
  );
}

/** @throws PRODUCT_NAME, PRODUCT_SERIES, PRODUCT_HORIZON, ZONE_UNKNOWN, PROMOTION_TERMS, DRIFT_TERMS */
export function requireProduct({ name, series, zone, horizon, promotion, drift }: ProductDraft): void {
  if (!/^[^\p{C}]{1,80}$/u.test(name) || name.trim() !== name)
    throw new DomainError('PRODUCT_NAME', 'expected a name of 1 to 80 printable characters, got another');
  if (!/^[^\p{C}]{1,80}$/u.test(series))
    throw new DomainError('PRODUCT_SERIES', 'expected a column of 1 to 80 printable characters, got another');
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > MAX_HORIZON)
    throw new DomainError(
      'PRODUCT_HORIZON',
      `expected a horizon of 1 to ${MAX_HORIZON} steps, got ${horizon}`,
    );
  requireZone(zone);
  requirePromotionTerms(promotion);
  requireDriftTerms(drift);
}

type Served = Pick<ProductDraft, 'series' | 'zone' | 'stepMinutes' | 'horizon'>;

/** @throws MODEL_UNFIT unless the model forecasts the product's series, in its steps and zone, at least as far ahead. */
export function requireServes(
  model: Omit<Served, 'series'> & { readonly series: readonly string[] },
  product: Served,
): void {
  const serves =
    model.series.includes(product.series) &&
    model.zone === product.zone &&
    model.stepMinutes === product.stepMinutes &&
    model.horizon >= product.horizon;
  if (serves) return;
  throw new DomainError(
    'MODEL_UNFIT',
    `expected a model of ${product.series} in ${product.zone}, ${product.horizon} steps of ${product.stepMinutes} min ahead, got another`,
    'conflict',
  );
}

/** Days over which the errors of successive daily forecasts overlap. */
export const horizonDays = ({ stepMinutes, horizon }: Served): number =>
  Math.max(1, Math.ceil((stepMinutes * horizon) / MINUTES_PER_DAY));
