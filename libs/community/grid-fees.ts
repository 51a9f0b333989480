import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { Exact, ZERO, sum } from './exact.ts';
import { decimalOf } from './member.ts';

/** A market of the hierarchy and its fee: per unit of energy, or a ratio of what the seller gets. */
export interface FeeMarket {
  readonly market: string;
  readonly fee: Decimal.Value;
}

export type FeeKind = 'constant' | 'percentage';

/** Markets an offer goes through, the seller's own first, the buyer's own last. */
export type FeePath = readonly FeeMarket[];

/** A trade over several markets, per unit of energy. */
export interface FeeTrade {
  /** The offer's rate in each market it reached, with the fees of all markets up to it. */
  readonly offerRates: Readonly<Record<string, Decimal>>;
  /** The bid's rate in each market it reached, less the fees of all markets that it left. */
  readonly bidRates: Readonly<Record<string, Decimal>>;
  /** The rate of the market where both met; null where the bid does not cover offer and fees. */
  readonly clearing: Decimal | null;
  /** What the buyer pays, the seller gets, and each market keeps; zero without a trade. */
  readonly buyerPays: Decimal;
  readonly sellerGets: Decimal;
  readonly fees: Readonly<Record<string, Decimal>>;
  /** Of the seller's side of the meeting market (and it), and of the buyer's: per unit, or ratios. */
  readonly supplyFee: Decimal;
  readonly demandFee: Decimal;
  /** What changes hands in each market: the seller's part and the fees up to it. */
  readonly tradeRates: Readonly<Record<string, Decimal>>;
}

const MAX_MARKETS = 100;

/**
 * An offer bought at its rate in the buyer's market (pay as offer): the seller gets its offer, the buyer pays it and
 * every fee on the way. Fees as documented by Grid Singularity. @throws FEE_PATH, FEE_MALFORMED
 */
export function tradeAtOffer(kind: FeeKind, path: FeePath, offer: Decimal.Value): FeeTrade {
  const fees = requirePath(path);
  const rate = requireRate(offer);
  const rates = forwarded(kind, path, fees, rate);
  const supplyFee = sum(fees);
  return settled(kind, path, { fees, revenue: rate, supplyFee, demandFee: ZERO }, rates.at(-1)!, {
    offerRates: named(path, rates),
    bidRates: {},
  });
}

/**
 * A bid and an offer that meet in `matchedIn` and trade at the bid (pay as bid). An offer carries the fee of every
 * market it enters, a bid gives up the fee of every market it leaves, so that the meeting market's fee counts once. The
 * seller gets the bid less all fees; a ratio is of that: bid / (1 + Σ ratios). @throws FEE_PATH, FEE_MALFORMED
 */
export function tradeAtBid(
  kind: FeeKind,
  path: FeePath,
  { offer, bid, matchedIn }: { offer: Decimal.Value; bid: Decimal.Value; matchedIn: string },
): FeeTrade {
  const fees = requirePath(path);
  const [asked, offered] = [requireRate(offer), requireRate(bid)];
  const meeting = path.findIndex(({ market }) => market === matchedIn);
  if (meeting === -1) throw pathError('a market of the path to meet in');
  const offerRates = forwarded(kind, path, fees, asked).slice(0, meeting + 1);
  const left = fees.slice(meeting + 1);
  // From the buyer's market up: in each, less the fees of those below.
  const bidRates = path.slice(meeting).map((_, i) => {
    const below = sum(left.slice(i));
    return kind === 'constant' ? offered.minus(below) : offered.times(new Exact(1).minus(below));
  });
  const [supplyFee, demandFee] = [sum(fees.slice(0, meeting + 1)), sum(left)];
  const total = supplyFee.plus(demandFee);
  const revenue = kind === 'constant' ? offered.minus(total) : offered.div(total.plus(1));
  const rates = { offerRates: named(path, offerRates), bidRates: named(path.slice(meeting), bidRates) };
  const clearing = bidRates[0]!.lt(offerRates.at(-1)!) ? null : bidRates[0]!;
  return settled(kind, path, { fees, revenue, supplyFee, demandFee }, clearing, rates);
}

interface FeeSides extends Pick<FeeTrade, 'supplyFee' | 'demandFee'> {
  readonly fees: readonly Decimal[];
  readonly revenue: Decimal;
}

function settled(
  kind: FeeKind,
  path: FeePath,
  { fees, revenue, supplyFee, demandFee }: FeeSides,
  clearing: Decimal | null,
  rates: Pick<FeeTrade, 'offerRates' | 'bidRates'>,
): FeeTrade {
  const sellerGets = clearing === null ? ZERO : revenue;
  const kept = fees.map((fee) =>
    clearing === null ? ZERO : kind === 'constant' ? fee : sellerGets.times(fee),
  );
  const through = path.map((_, i) => sellerGets.plus(sum(kept.slice(0, i + 1))));
  return {
    ...rates,
    clearing,
    buyerPays: through.at(-1)!,
    sellerGets,
    fees: named(path, kept),
    supplyFee,
    demandFee,
    tradeRates: named(path, through),
  };
}

const named = (path: FeePath, values: readonly Decimal[]): Record<string, Decimal> =>
  Object.fromEntries(values.map((value, i) => [path[i]!.market, value]));

/** The offer's rate in each market of its path; ratios are of the original offer. */
function forwarded(kind: FeeKind, path: FeePath, fees: readonly Decimal[], offer: Decimal): Decimal[] {
  return path.map((_, i) => {
    const added = sum(fees.slice(0, i + 1));
    return kind === 'constant' ? offer.plus(added) : offer.times(added.plus(1));
  });
}

function requirePath(path: FeePath): Decimal[] {
  if (path.length === 0 || path.length > MAX_MARKETS) throw pathError(`1 to ${MAX_MARKETS} markets`);
  if (new Set(path.map(({ market }) => market)).size !== path.length) throw pathError('each market once');
  return path.map(({ fee }) => requireFee(fee));
}

const pathError = (expected: string): DomainError =>
  new DomainError('FEE_PATH', `expected ${expected}, got another path`);

/** @throws FEE_MALFORMED unless it is a number ≥ 0 */
export function requireFee(fee: Decimal.Value): Decimal {
  const exact = decimalOf(fee);
  if (exact === null || exact.isNegative())
    throw new DomainError('FEE_MALFORMED', 'expected fees as numbers ≥ 0, got another');
  return exact;
}

function requireRate(rate: Decimal.Value): Decimal {
  const exact = decimalOf(rate);
  if (exact === null) throw new DomainError('FEE_MALFORMED', 'expected rates as numbers, got another');
  return exact;
}
