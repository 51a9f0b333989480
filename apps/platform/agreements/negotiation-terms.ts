import { canonicalJson, DomainError, hashJson, isoInstant, type Json } from '#core';
import {
  assertSatisfiable,
  isPriceInPolicy,
  parsePolicy,
  parsePriceModel,
  policyHash,
  type PriceModel,
  requirePaidBy,
  rulesHash,
  takePrice,
  toOdrl,
} from '#exchange';
import { namesOf } from './party.ts';

const MAX_YEARS = 50;
const YEAR_MS = 366 * 24 * 3_600_000;

/** What a side offers: under which policy, for which price, and for how long. */
export interface Terms {
  /** ODRL as this platform writes it. */
  readonly policy: object;
  readonly policyHash: string;
  /** A price model; null: free of charge. */
  readonly price: object | null;
  readonly validFrom: Date;
  /** Exclusive; null: without an end. */
  readonly validUntil: Date | null;
}

/** As a client states them; what is absent stays as it was offered last. */
export interface StatedTerms {
  readonly policy?: Json | null | undefined;
  /** A price model; `{kind: 'free'}` for nothing. */
  readonly price?: Json | null | undefined;
  /** The policy was stated where prices have no place but in it: what it says of compensation is the price. */
  readonly priceInPolicy?: boolean;
  /** Milliseconds. */
  readonly validFrom?: number | null | undefined;
  readonly validUntil?: number | null | undefined;
}

/**
 * The terms last offered with the stated changes.
 * @throws POLICY_* as parsePolicy, takePrice, assertSatisfiable and requirePaidBy say, as parsePriceModel, VALIDITY_RANGE
 */
export async function changedTerms(
  last: Terms,
  asked: StatedTerms,
  { providerId, nowMs }: { readonly providerId: string; readonly nowMs: number },
): Promise<Terms> {
  const stated = asked.priceInPolicy === true ? pricedApart(last, asked) : asked;
  const { policy, policyHash: hash } = await changedPolicy(last, stated.policy);
  const terms = {
    policy,
    policyHash: hash,
    price: isGiven(stated.price) ? priceJson(parsePriceModel(stated.price)) : last.price,
    validFrom: isGiven(stated.validFrom) ? new Date(stated.validFrom) : last.validFrom,
    validUntil: isGiven(stated.validUntil) ? new Date(stated.validUntil) : last.validUntil,
  };
  requireValidity(terms, nowMs);
  requirePaidBy(parsePolicy(terms.policy), parsePriceModel(terms.price), namesOf(providerId));
  return terms;
}

/** A price as it is kept. */
export const priceJson = (price: PriceModel): PriceModel | null => (price.kind === 'free' ? null : price);

/** Where the last price could stand in its policy, what a policy says of compensation is the price; elsewhere the last one stays. */
function pricedApart(last: Terms, stated: StatedTerms): StatedTerms {
  const isCarried = isPriceInPolicy(parsePolicy(last.policy), parsePriceModel(last.price));
  if (!isCarried || !isGiven(stated.policy)) return stated;
  const { policy, price } = takePrice(parsePolicy(stated.policy));
  return { ...stated, policy: toOdrl(policy), price };
}

async function changedPolicy(
  last: Terms,
  stated: Json | null | undefined,
): Promise<Pick<Terms, 'policy' | 'policyHash'>> {
  if (!isGiven(stated)) return last;
  const policy = parsePolicy(stated);
  // The same rules in another envelope are no other terms: what was offered last stays, with its name and its parties.
  if ((await rulesHash(policy)) === (await rulesHash(parsePolicy(last.policy)))) return last;
  assertSatisfiable(policy);
  return { policy: toOdrl(policy), policyHash: await policyHash(policy) };
}

/** @throws VALIDITY_RANGE */
function requireValidity({ validFrom, validUntil }: Terms, nowMs: number): void {
  const latest = nowMs + MAX_YEARS * YEAR_MS;
  const untilMs = validUntil?.getTime() ?? latest;
  if (untilMs > Math.max(validFrom.getTime(), nowMs) && untilMs <= latest) return;
  throw new DomainError(
    'VALIDITY_RANGE',
    `expected a validity that ends after its start and after now, within ${MAX_YEARS} years, got ${isoInstant(validFrom.getTime())} to ${validUntil === null ? 'no end' : isoInstant(validUntil.getTime())}`,
  );
}

export const isSameTerms = (one: Terms, other: Terms): boolean =>
  one.policyHash === other.policyHash &&
  canonicalJson(one.price as Json) === canonicalJson(other.price as Json) &&
  one.validFrom.getTime() === other.validFrom.getTime() &&
  one.validUntil?.getTime() === other.validUntil?.getTime();

/** SHA-256 of what a first request asks for: by it a repeated one is known to be the same. */
export async function requestHash(offerId: string, stated: StatedTerms): Promise<string> {
  const { policy, price, validFrom, validUntil } = stated;
  return hashJson({
    offerId,
    policy: isGiven(policy) ? await rulesHash(parsePolicy(policy)) : null,
    validFrom: validFrom ?? null,
    validUntil: validUntil ?? null,
    // Left out where none is stated, as in requests from before prices could be.
    ...(isGiven(price) ? { price } : {}),
  });
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
