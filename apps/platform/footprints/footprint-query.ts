import { DomainError, parseInstant } from '#core';
import { MAX_PAGE_SIZE } from '../pipeline/connection.ts';
import { requireStorable } from '../pipeline/request-text.ts';

/** Where a page begins. The name is of the form that the specification leaves to implementers. */
export const AFTER = 'x-gridcommons-after';

const MAX_VALUES = 100;
const MAX_LENGTH = 500;

/** Criteria of a list: each that is there must hold, by any of its values. Text is in lower case. */
export interface FootprintQuery {
  readonly productId: readonly string[] | undefined;
  readonly companyId: readonly string[] | undefined;
  readonly geography: readonly string[] | undefined;
  readonly classification: readonly string[] | undefined;
  readonly validOn: Date | undefined;
  readonly validAfter: Date | undefined;
  readonly validBefore: Date | undefined;
  readonly status: 'active' | 'deprecated' | undefined;
  readonly limit: number;
  /** What the page begins after, as a link of the page before said it. */
  readonly after: string | undefined;
}

const LISTS = ['productId', 'companyId', 'geography', 'classification'] as const;
const INSTANTS = ['validOn', 'validAfter', 'validBefore'] as const;
const NAMES: readonly string[] = [...LISTS, ...INSTANTS, 'status', 'limit', AFTER];

/** @throws FOOTPRINT_QUERY for what is unknown or malformed, INSTANT_MALFORMED, TEXT_INVALID */
export function readFootprintQuery(params: URLSearchParams): FootprintQuery {
  requireStorable([...params.values()]);
  for (const name of params.keys()) if (!NAMES.includes(name)) throw malformed('known parameters');
  const list = (name: (typeof LISTS)[number]): string[] | undefined => values(params, name);
  const instant = (name: (typeof INSTANTS)[number]): Date | undefined => {
    const text = single(params, name);
    return text === undefined ? undefined : new Date(parseInstant(text));
  };
  return {
    productId: list('productId'),
    companyId: list('companyId'),
    geography: list('geography'),
    classification: list('classification'),
    validOn: instant('validOn'),
    validAfter: instant('validAfter'),
    validBefore: instant('validBefore'),
    status: requireStatus(single(params, 'status')),
    limit: requireLimit(single(params, 'limit')),
    after: single(params, AFTER),
  };
}

function values(params: URLSearchParams, name: string): string[] | undefined {
  const all = params.getAll(name);
  if (all.length > MAX_VALUES || all.some((each) => each.length === 0 || each.length > MAX_LENGTH))
    throw malformed(`at most ${MAX_VALUES} values of ${name}, each of 1 to ${MAX_LENGTH} characters`);
  return all.length === 0 ? undefined : all.map((each) => each.toLowerCase());
}

function single(params: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = params.getAll(name);
  if (more.length > 0) throw malformed(`one ${name}`);
  return value;
}

function requireStatus(text: string | undefined): FootprintQuery['status'] {
  const status = text?.toLowerCase();
  if (status === undefined || status === 'active' || status === 'deprecated') return status;
  throw malformed('status Active or Deprecated');
}

/** A longer page than the platform gives is no error: the rest is linked to. */
function requireLimit(text: string | undefined): number {
  if (text === undefined) return MAX_PAGE_SIZE;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw malformed('a limit of at least 1');
  return Math.min(Number(text), MAX_PAGE_SIZE);
}

const malformed = (expected: string): DomainError =>
  new DomainError('FOOTPRINT_QUERY', `expected ${expected}, got others`);
