import { apportion, DomainError, interval, type Interval, quoted, roundDiv, toSafeInteger } from '#core';
import { currencyDigits } from './currency.ts';

/** How often a subscription is paid, as in ISO 8601. */
export const PERIODS = ['P1D', 'P7D', 'P1M', 'P1Y'] as const;
export type Period = (typeof PERIODS)[number];

/** What an offer asks for. Amounts are integer minor units of the currency, ISO 4217. */
export type PriceModel =
  | { readonly kind: 'free' }
  /** Once, for the whole of the agreement. */
  | { readonly kind: 'flat'; readonly currency: string; readonly amountMinor: number }
  /** `amountMinor` for every `readings` that are read, over all reads of an agreement together. */
  | {
      readonly kind: 'perReading';
      readonly currency: string;
      readonly amountMinor: number;
      readonly readings: number;
    }
  /** At the beginning of each period. */
  | {
      readonly kind: 'subscription';
      readonly currency: string;
      readonly amountMinor: number;
      readonly period: Period;
    }
  /** So many hundredths of a percent of what the buyer earns with the data, as the buyer states it. */
  | { readonly kind: 'revenueShare'; readonly currency: string; readonly basisPoints: number };

/** What is priced; whatever a model does not look at is ignored. */
export interface Usage {
  /** Readings metered under the agreement before. */
  readonly readingsBefore?: number;
  readonly readings?: number;
  /** Subscription periods that begin. */
  readonly periods?: number;
  /** What the buyer earned with the data, in minor units of the model's currency. */
  readonly revenueMinor?: number;
}

/** What the platform keeps of a payment: a share, and at least or at most an amount; never more than the payment. */
export interface FeeRule {
  readonly basisPoints: number;
  readonly leastMinor?: number;
  readonly mostMinor?: number;
}

export const MAX_PRICE_MINOR = 1_000_000_000;
/** Of one read, one agreement and one file: what can be metered and priced. */
export const MAX_READINGS = 1_000_000_000_000;
const WHOLE_IN_BASIS_POINTS = 10_000;

const KEYS: Readonly<Record<PriceModel['kind'], readonly string[]>> = {
  free: [],
  flat: ['currency', 'amountMinor'],
  perReading: ['currency', 'amountMinor', 'readings'],
  subscription: ['currency', 'amountMinor', 'period'],
  revenueShare: ['currency', 'basisPoints'],
};

/**
 * A price model from foreign JSON; null and undefined are free.
 * @throws PRICE_MODEL_UNKNOWN, PRICE_MODEL_MALFORMED for a key too many or too few, CURRENCY_UNKNOWN, PRICE_AMOUNT,
 * PRICE_READINGS, PRICE_PERIOD, PRICE_SHARE
 */
export function parsePriceModel(document: unknown): PriceModel {
  if (document === null || document === undefined) return { kind: 'free' };
  const { kind, fields } = modelFields(document);
  if (kind === 'free') return { kind };
  const currency = requireCurrency(fields['currency']);
  if (kind === 'revenueShare') {
    const share = fields['basisPoints'];
    return { kind, currency, basisPoints: requireWhole('PRICE_SHARE', share, WHOLE_IN_BASIS_POINTS) };
  }
  const amountMinor = requireWhole('PRICE_AMOUNT', fields['amountMinor'], MAX_PRICE_MINOR);
  if (kind === 'flat') return { kind, currency, amountMinor };
  if (kind === 'subscription')
    return { kind, currency, amountMinor, period: requirePeriod(fields['period']) };
  const readings = requireWhole('PRICE_READINGS', fields['readings'], MAX_PRICE_MINOR);
  return { kind, currency, amountMinor, readings };
}

/** The kind, with exactly the keys that it has. */
function modelFields(document: unknown): {
  kind: PriceModel['kind'];
  fields: Readonly<Record<string, unknown>>;
} {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    malformed('a price model as an object', quoted(document));
  const fields = document as Readonly<Record<string, unknown>>;
  const kind = kindOf(fields['kind']);
  const keys = ['kind', ...KEYS[kind]];
  const odd = Object.keys(fields).find((key) => !keys.includes(key));
  if (odd !== undefined) malformed(`a ${kind} price of ${keys.join(', ')}`, quoted(odd));
  const missing = keys.find((key) => !Object.hasOwn(fields, key));
  if (missing !== undefined) malformed(`a ${kind} price of ${keys.join(', ')}`, `no ${missing}`);
  return { kind, fields };
}

function malformed(expected: string, got: string): never {
  throw new DomainError('PRICE_MODEL_MALFORMED', `expected ${expected}, got ${got}`);
}

function kindOf(kind: unknown): PriceModel['kind'] {
  if (typeof kind === 'string' && Object.hasOwn(KEYS, kind)) return kind as PriceModel['kind'];
  throw new DomainError(
    'PRICE_MODEL_UNKNOWN',
    `expected as kind of price ${Object.keys(KEYS).join(', ')}, got ${quoted(kind)}`,
  );
}

function requireCurrency(code: unknown): string {
  if (typeof code === 'string' && currencyDigits(code) !== undefined) return code;
  throw new DomainError(
    'CURRENCY_UNKNOWN',
    `expected a currency as in ISO 4217, such as EUR, got ${quoted(code)}`,
  );
}

function requirePeriod(period: unknown): Period {
  const known = PERIODS.find((each) => each === period);
  if (known !== undefined) return known;
  throw new DomainError('PRICE_PERIOD', `expected as period ${PERIODS.join(', ')}, got ${quoted(period)}`);
}

/** Fields of a model by the code that refuses them. */
const FIELDS: Readonly<Record<string, string>> = {
  PRICE_SHARE: 'basisPoints: ',
  PRICE_AMOUNT: 'amountMinor: ',
  PRICE_READINGS: 'readings: ',
};

function requireWhole(code: string, value: unknown, most: number, least = 1): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw new DomainError(
    code,
    `expected ${FIELDS[code] ?? ''}a whole number from ${least} to ${most}, got ${quoted(value)}`,
  );
}

/**
 * What a use costs, in minor units. Readings are counted over the whole agreement: n of them cost ⌈n · amount / readings⌉
 * together, so that what is paid does not depend on how reads are cut. A share of revenue is rounded half away from zero.
 * @throws PRICE_USAGE for counts that are negative or too large, AMOUNT_TOO_LARGE
 */
export function priceOf(model: PriceModel, usage: Usage): number {
  switch (model.kind) {
    case 'free':
      return 0;
    case 'flat':
      return model.amountMinor;
    case 'subscription':
      return toSafeInteger(BigInt(model.amountMinor) * counted(usage.periods ?? 1));
    case 'perReading': {
      const [before, more] = [counted(usage.readingsBefore ?? 0), counted(usage.readings ?? 0)];
      return toSafeInteger(priceOfReadings(model, before + more) - priceOfReadings(model, before));
    }
    case 'revenueShare': {
      const revenue = counted(usage.revenueMinor ?? 0);
      return toSafeInteger(roundDiv(revenue * BigInt(model.basisPoints), BigInt(WHOLE_IN_BASIS_POINTS)));
    }
  }
}

const priceOfReadings = (
  { amountMinor, readings }: Extract<PriceModel, { kind: 'perReading' }>,
  count: bigint,
): bigint => (count * BigInt(amountMinor) + BigInt(readings) - 1n) / BigInt(readings);

const counted = (count: number): bigint => BigInt(requireWhole('PRICE_USAGE', count, MAX_READINGS, 0));

/**
 * The platform's part of a payment: the share rounded half away from zero, held between the rule's least and most, and
 * never more than the payment.
 * @throws FEE_RULE, PRICE_USAGE
 */
export function feeOf(
  { basisPoints, leastMinor = 0, mostMinor = MAX_PRICE_MINOR }: FeeRule,
  priceMinor: number,
): number {
  requireWhole('FEE_RULE', basisPoints, WHOLE_IN_BASIS_POINTS, 0);
  requireWhole(
    'FEE_RULE',
    mostMinor,
    MAX_PRICE_MINOR,
    requireWhole('FEE_RULE', leastMinor, MAX_PRICE_MINOR, 0),
  );
  requireWhole('PRICE_USAGE', priceMinor, Number.MAX_SAFE_INTEGER, 0);
  const share = Number(roundDiv(BigInt(priceMinor) * BigInt(basisPoints), BigInt(WHOLE_IN_BASIS_POINTS)));
  return Math.min(priceMinor, mostMinor, Math.max(leastMinor, share));
}

/** A payment and who gets it: `paidMinor = feeMinor + Σ sellerMinor`, to the unit. */
export interface Payment {
  readonly paidMinor: number;
  readonly feeMinor: number;
  /** In the order of the weights. */
  readonly sellerMinor: readonly number[];
}

/**
 * Divides a payment among sellers in proportion to whole weights, by largest remainder (Hamilton's method), after the fee.
 * @param weights whole numbers ≥ 0, not all 0
 * @throws SELLER_WEIGHTS, FEE_RULE, PRICE_USAGE
 */
export function dividePayment(paidMinor: number, fee: FeeRule, weights: readonly bigint[]): Payment {
  if (!weights.some((weight) => weight > 0n) || weights.some((weight) => weight < 0n)) {
    throw new DomainError('SELLER_WEIGHTS', 'expected weights of at least 0, one of them above, got others');
  }
  const feeMinor = feeOf(fee, paidMinor);
  return { paidMinor, feeMinor, sellerMinor: apportion(BigInt(paidMinor - feeMinor), weights).map(Number) };
}

/**
 * Who gives back what of a refund: each in proportion to what it got, by largest remainder, nobody more than that.
 * @throws REFUND_TOO_LARGE above what was paid
 */
export function divideRefund(refundMinor: number, { paidMinor, feeMinor, sellerMinor }: Payment): Payment {
  if (!(Number.isSafeInteger(refundMinor) && refundMinor >= 0 && refundMinor <= paidMinor)) {
    throw new DomainError(
      'REFUND_TOO_LARGE',
      `expected at most ${paidMinor} minor units, got ${quoted(refundMinor)}`,
    );
  }
  const [fee, ...sellers] = apportion(BigInt(refundMinor), [feeMinor, ...sellerMinor].map(BigInt)).map(
    Number,
  );
  return { paidMinor: refundMinor, feeMinor: fee!, sellerMinor: sellers };
}

/**
 * What is due back where an agreement is revoked at an instant: of a subscription's period the time left of it, rounded
 * down; of a flat price all of it where nothing has been read, else nothing; of readings and revenue, which are paid after
 * the fact, nothing.
 */
export function refundOnRevocation(
  model: PriceModel,
  paid: { readonly paidMinor: number; readonly period: Interval | null; readonly wasRead: boolean },
  atMs: number,
): number {
  if (model.kind === 'flat') return paid.wasRead ? 0 : paid.paidMinor;
  if (model.kind !== 'subscription' || paid.period === null) return 0;
  const { startMs, endMs } = paid.period;
  const left = BigInt(endMs - Math.min(endMs, Math.max(startMs, atMs)));
  return Number((BigInt(paid.paidMinor) * left) / BigInt(endMs - startMs));
}

/**
 * The period of a subscription by its number from 0, half-open in UTC. Months and years begin on the day of the month on
 * which the first began, or on the month's last where it has none such.
 * @throws PRICE_USAGE
 */
export function subscriptionPeriod(period: Period, anchorMs: number, number: number): Interval {
  requireWhole('PRICE_USAGE', number, 100_000, 0);
  return interval(periodStart(period, anchorMs, number), periodStart(period, anchorMs, number + 1));
}

function periodStart(period: Period, anchorMs: number, number: number): number {
  const start = new Date(anchorMs);
  if (period === 'P1D' || period === 'P7D') {
    start.setUTCDate(start.getUTCDate() + number * (period === 'P1D' ? 1 : 7));
    return start.getTime();
  }
  const day = start.getUTCDate();
  start.setUTCDate(1);
  start.setUTCMonth(start.getUTCMonth() + number * (period === 'P1M' ? 1 : 12));
  const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  start.setUTCDate(Math.min(day, last));
  return start.getTime();
}
