import { digitsOf } from './currency-digits.ts';

/** A price model as a form has it: texts, empty where the kind has no such field. */
export interface PriceFields {
  readonly kind: string;
  readonly amount: string;
  readonly currency: string;
  readonly readings: string;
  readonly period: string;
  readonly share: string;
}

/** What of a policy a form can change: how often, and for what. Empty: not limited. */
export interface Limits {
  readonly count: string;
  readonly purposes: string;
}

/** A form of terms. */
export interface TermsFields extends PriceFields, Limits {
  readonly validFrom: string;
  readonly validUntil: string;
  /** JSON; empty where the limits say it. */
  readonly policy: string;
}

/** Terms that stand; a price of null is free. */
export interface Terms {
  readonly price: unknown;
  readonly policy: unknown;
  readonly validFrom: string;
  readonly validUntil?: string | null;
}

/** What is said of terms: absent is as it stands. */
export interface OtherTerms {
  readonly price?: unknown;
  readonly policy?: unknown;
  readonly validFrom?: string;
  readonly validUntil?: string;
}

type Json = Readonly<Record<string, unknown>>;
const PERCENT = 100;
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Exact; null where it is no amount of the currency, which the platform then refuses. */
export function minorUnits(amount: string, currency: string): number | null {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(amount) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || fraction.length > digits) return null;
  return Number(whole + fraction.padEnd(digits, '0'));
}

function majorUnits(minor: unknown, currency: string): string {
  const digits = digitsOf(currency);
  if (typeof minor !== 'number') return '';
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function priceFields(price: unknown): PriceFields {
  const { kind = 'free', currency, amountMinor, readings, period, basisPoints } = (price ?? {}) as Json;
  return {
    kind: textOf(kind),
    currency: textOf(currency) || 'EUR',
    amount: majorUnits(amountMinor, textOf(currency)),
    readings: textOf(readings) || '1000',
    period: textOf(period) || 'P1M',
    share: typeof basisPoints === 'number' ? String(basisPoints / PERCENT) : '',
  };
}

const whole = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

export function priceOf({ kind, amount, currency, readings, period, share }: PriceFields): Json {
  const flat = { kind, currency, amountMinor: minorUnits(amount, currency) };
  switch (kind) {
    case 'flat':
      return flat;
    case 'perReading':
      return { ...flat, readings: whole(readings) };
    case 'subscription':
      return { ...flat, period };
    case 'revenueShare':
      return { kind, currency, basisPoints: minorUnits(share, 'EUR') };
    default:
      return { kind };
  }
}

/** What the form says that is not as it stands. @throws SyntaxError where the policy is no JSON */
export function otherTerms(fields: TermsFields, standing: Terms): OtherTerms {
  const before = termsFields(standing);
  const priced = priceOf(fields);
  const policy = policyOf(fields, before, standing.policy);
  return {
    ...(JSON.stringify(priced) === JSON.stringify(priceOf(before)) ? {} : { price: priced }),
    ...(policy === undefined ? {} : { policy }),
    ...(fields.validFrom === before.validFrom ? {} : { validFrom: instantOf(fields.validFrom) }),
    ...(fields.validUntil === before.validUntil ? {} : { validUntil: instantOf(fields.validUntil) }),
  };
}

/** Where the policy is more than limits of uses and purposes, it is JSON. */
export function termsFields({ price, policy, validFrom, validUntil }: Terms): TermsFields {
  const limits = limitsOf(policy);
  return {
    ...priceFields(price),
    ...(limits ?? { count: '', purposes: '' }),
    policy: limits === null ? JSON.stringify(policy, null, 1) : '',
    validFrom: minuteOf(validFrom),
    validUntil: minuteOf(validUntil),
  };
}

function policyOf(fields: TermsFields, before: TermsFields, standing: unknown): unknown {
  if (before.policy !== '')
    return fields.policy === before.policy ? undefined : (JSON.parse(fields.policy) as unknown);
  const isSame = fields.count === before.count && fields.purposes === before.purposes;
  return isSame ? undefined : withLimits(standing as Json, fields);
}

/** As a field of date and time writes an instant in UTC. */
const MINUTE = 'YYYY-MM-DDTHH:mm'.length;
const minuteOf = (iso: string | null | undefined): string => iso?.slice(0, MINUTE) ?? '';
const instantOf = (minute: string): string => `${minute}:00Z`;

const rulesOf = (policy: unknown): readonly Json[] | null => {
  const { permission } = policy as Json;
  return Array.isArray(permission) ? (permission as Json[]) : null;
};
const constraintsOf = ({ constraint }: Json): readonly Json[] =>
  Array.isArray(constraint) ? (constraint as Json[]) : [];

/** The limits of every permission alike; null where they are written in another way, or differ. */
export function limitsOf(policy: unknown): Limits | null {
  const found = (rulesOf(policy) ?? []).map((rule) => {
    const constraints = constraintsOf(rule);
    const count = limit(constraints, 'count', ['lteq']);
    const purposes = limit(constraints, 'purpose', ['isAnyOf', 'eq']);
    return count === null || purposes === null ? null : { count, purposes };
  });
  const [first = null] = found;
  return found.every((each) => JSON.stringify(each) === JSON.stringify(first)) ? first : null;
}

function limit(constraints: readonly Json[], operand: string, operators: readonly string[]): string | null {
  const about = constraints.filter((constraint) => JSON.stringify(constraint).includes(`"${operand}"`));
  const [only] = about;
  if (only === undefined) return '';
  const isPlain = about.length === 1 && only['leftOperand'] === operand;
  if (!isPlain || !operators.includes(textOf(only['operator']))) return null;
  return [only['rightOperand']].flat().map(textOf).join(', ');
}

/** The policy with other limits in each permission; what else it says stays. */
export function withLimits(policy: Json, { count, purposes }: Limits): Json {
  const words = purposes
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const limits = [
    ...(count === ''
      ? []
      : [{ leftOperand: 'count', operator: 'lteq', rightOperand: whole(count) ?? count }]),
    ...(words.length === 0 ? [] : [{ leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: words }]),
  ];
  const isLimit = ({ leftOperand }: Json) => leftOperand === 'count' || leftOperand === 'purpose';
  return {
    ...policy,
    permission: (rulesOf(policy) ?? []).map(({ constraint, ...rule }) => {
      const others = constraintsOf({ constraint }).filter((each) => !isLimit(each));
      const constraints = [...others, ...limits];
      return constraints.length === 0 ? rule : { ...rule, constraint: constraints };
    }),
  };
}

/** The field of the form that a refusal is about; null: the terms as a whole. */
export function fieldOf(
  { code, message }: { readonly code: string; readonly message: string },
  { policy, price }: OtherTerms,
): keyof TermsFields | null {
  const ofPrice = PRICE_FIELDS[code];
  if (ofPrice !== undefined) return ofPrice;
  if (code === 'VALIDITY_RANGE') return 'validUntil';
  if (code === 'CURRENCY_UNKNOWN' && price !== undefined) return 'currency';
  if (code !== 'CURRENCY_UNKNOWN' && !code.startsWith('POLICY_')) return null;
  return operandAt(policy, message) ?? 'policy';
}

const PRICE_FIELDS: Readonly<Record<string, keyof TermsFields>> = {
  PRICE_AMOUNT: 'amount',
  PRICE_READINGS: 'readings',
  PRICE_PERIOD: 'period',
  PRICE_SHARE: 'share',
  PRICE_MODEL_UNKNOWN: 'kind',
  PRICE_MODEL_MALFORMED: 'kind',
};

/** The platform names the place in the policy that it does not take. */
function operandAt(policy: unknown, message: string): 'count' | 'purposes' | null {
  const [, rule, at] = /permission\[(\d+)\]\.constraint\[(\d+)\]/.exec(message) ?? [];
  if (rule === undefined || policy === undefined) return null;
  const operand = constraintsOf(rulesOf(policy)?.[Number(rule)] ?? {})[Number(at)]?.['leftOperand'];
  if (operand === 'count') return 'count';
  return operand === 'purpose' ? 'purposes' : null;
}
