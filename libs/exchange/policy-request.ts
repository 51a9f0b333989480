import { DomainError, parseInstant, quoted } from '#core';
import { minorUnits } from './currency.ts';
import { type Duration, parseDuration } from './duration.ts';
import { isName } from './odrl-fields.ts';
import { type Action, ACTIONS, type Operand } from './vocabulary.ts';

/** A duty that was done: a payment (amount as decimal), or an attribution promised or made. */
export interface FulfilledDuty {
  readonly action: 'compensate' | 'attribute';
  readonly amount?: string | number | undefined;
  readonly currency?: string | undefined;
  readonly party?: string | null | undefined;
}

/**
 * What is asked of a policy: one action at one time. Whoever asks the evaluator vouches for these facts; what is left out is
 * unknown, and an unknown fact never permits.
 */
export interface PolicyRequest {
  readonly action: string;
  /** ISO 8601 with an offset, or milliseconds since 1970 UTC. */
  readonly at: string | number;
  /** The one purpose of this use. */
  readonly purpose?: string | undefined;
  /** The number of this execution, from 1: those already made and this one. */
  readonly count?: number | undefined;
  /** Who receives the result. */
  readonly recipient?: string | undefined;
  /** Where the action happens. */
  readonly spatial?: string | undefined;
  /** ISO 8601 duration of one interval of what is read. */
  readonly resolution?: string | undefined;
  /** Since when the agreement holds; elapsedTime counts from it. */
  readonly agreedAt?: string | number | undefined;
  readonly fulfilled?: readonly FulfilledDuty[] | undefined;
  /** The asset; may be left out where the policy names one only. */
  readonly target?: string | undefined;
  /** Who asks. */
  readonly assignee?: string | undefined;
}

/** What a constraint compares: an instant in ms, a count, a name, a duration, or the two ends of an elapsed time. */
export type OperandValue = number | string | Duration | { readonly sinceMs: number; readonly atMs: number };

/** A request that was checked, with paid minor units by currency and party. */
export interface ReadyRequest {
  readonly action: Action;
  readonly atMs: number;
  readonly target: string | null;
  readonly assignee: string | null;
  readonly values: Readonly<Record<Operand, OperandValue | null>>;
  readonly paid: ReadonlyMap<string, number>;
  readonly attributed: ReadonlySet<string>;
}

const KEYS: ReadonlySet<string> = new Set([
  'action',
  'at',
  'purpose',
  'count',
  'recipient',
  'spatial',
  'resolution',
  'agreedAt',
  'fulfilled',
  'target',
  'assignee',
]);
const FULFILLED_KEYS: ReadonlySet<string> = new Set(['action', 'amount', 'currency', 'party']);
const MOST_FULFILLED = 100;

const invalid = (key: string, expected: string, got: unknown): DomainError =>
  new DomainError('REQUEST_INVALID', `expected ${key} as ${expected}, got ${quoted(got)}`, 'invalid', {
    key,
  });

/** @throws ACTION_UNKNOWN, REQUEST_INVALID, REQUEST_KEY_UNKNOWN, REQUEST_BEFORE_AGREEMENT, CURRENCY_UNKNOWN, AMOUNT_INVALID */
export function readyRequest(request: PolicyRequest): ReadyRequest {
  requireKeys(request, KEYS);
  const action = ACTIONS.find((each) => each === request.action);
  if (action === undefined)
    throw new DomainError(
      'ACTION_UNKNOWN',
      `expected one of ${ACTIONS.join(', ')}, got ${quoted(request.action)}`,
    );
  const atMs = instantOf(request.at, 'at');
  const sinceMs = request.agreedAt === undefined ? null : instantOf(request.agreedAt, 'agreedAt');
  if (sinceMs !== null && atMs < sinceMs)
    throw new DomainError(
      'REQUEST_BEFORE_AGREEMENT',
      'expected a request after the agreement, got an earlier one',
    );
  const { paid, attributed } = fulfilment(request.fulfilled);
  return {
    action,
    atMs,
    target: nameOrNull(request.target, 'target'),
    assignee: nameOrNull(request.assignee, 'assignee'),
    values: {
      dateTime: atMs,
      elapsedTime: sinceMs === null ? null : { sinceMs, atMs },
      purpose: nameOrNull(request.purpose, 'purpose'),
      count: countOrNull(request.count),
      recipient: nameOrNull(request.recipient, 'recipient'),
      spatial: nameOrNull(request.spatial, 'spatial'),
      resolution: resolutionOrNull(request.resolution),
    },
    paid,
    attributed,
  };
}

function requireKeys(value: object, known: ReadonlySet<string>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('request', 'an object', value);
  for (const key of Object.keys(value))
    if (!known.has(key))
      throw new DomainError('REQUEST_KEY_UNKNOWN', `expected ${[...known].join(', ')}, got ${quoted(key)}`);
}

/** The last instant a Date can hold, less a century of durations. */
const LAST_MS = 8.64e15 - 1e13;

function instantOf(value: string | number, key: string): number {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && Math.abs(value) <= LAST_MS) return value;
    throw invalid(key, 'whole milliseconds', value);
  }
  if (typeof value !== 'string') throw invalid(key, 'ISO 8601 or milliseconds', value);
  return parseInstant(value);
}

function nameOrNull(value: string | undefined, key: string): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && isName(value)) return value;
  throw invalid(key, 'one name', value);
}

function countOrNull(value: number | undefined): number | null {
  if (value === undefined) return null;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw invalid('count', 'a whole number from 1', value);
}

function resolutionOrNull(value: string | undefined): Duration | null {
  if (value === undefined) return null;
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration !== null && duration.months + duration.ms > 0) return duration;
  throw invalid('resolution', 'a duration of ISO 8601 above nothing', value);
}

const NONE = { paid: new Map<string, number>(), attributed: new Set<string>() };

function fulfilment(fulfilled: PolicyRequest['fulfilled']) {
  if (fulfilled === undefined) return NONE;
  if (!Array.isArray(fulfilled) || fulfilled.length > MOST_FULFILLED)
    throw invalid('fulfilled', `a list of at most ${MOST_FULFILLED} duties`, fulfilled);
  const paid = new Map<string, number>();
  const attributed = new Set<string>();
  for (const duty of fulfilled as readonly FulfilledDuty[]) {
    requireKeys(duty, FULFILLED_KEYS);
    const party = nameOrNull(duty.party ?? undefined, 'fulfilled.party');
    if (duty.action === 'attribute') attributed.add(party ?? '');
    else addPayment(paid, duty, party);
  }
  return { paid, attributed };
}

function addPayment(paid: Map<string, number>, duty: FulfilledDuty, party: string | null): void {
  if (duty.action !== 'compensate') throw invalid('fulfilled.action', 'compensate or attribute', duty.action);
  if (
    typeof duty.currency !== 'string' ||
    (typeof duty.amount !== 'string' && typeof duty.amount !== 'number')
  )
    throw invalid('fulfilled', 'an amount and a currency', `${quoted(duty.amount)} ${quoted(duty.currency)}`);
  const key = paymentKey(duty.currency, party);
  paid.set(key, (paid.get(key) ?? 0) + minorUnits(duty.amount, duty.currency));
}

/** A payment counts for duties to the same party only. */
export const paymentKey = (currency: string, party: string | null): string => `${currency} ${party ?? ''}`;
