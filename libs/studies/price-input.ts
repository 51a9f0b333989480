import { type Allocation, type CurvePoint, MAX_CURVE_POINTS, MAX_MEMBERS, type PriceRule } from '#community';
import { DomainError } from '#core';
import { z } from 'zod';
import { decimal, identifier, nonNegative } from './decimal-schema.ts';

export const PRICE_RULES = [
  'bill-sharing',
  'mmr',
  'sdr',
  'sdr-compensated',
  'crossing',
  'curve',
  'keys',
] as const satisfies readonly PriceRule['kind'][];

const point = z.union([
  z.strictObject({ ratio: nonNegative, price: decimal }),
  z.tuple([nonNegative, decimal]).describe('[ratio, price]'),
]);

/** What rules need beside tariffs; each rule takes its own and leaves the others. */
export const ruleTerms = {
  divisor: decimal.optional().describe('mmr: (min retail + max feedIn) / divisor, default 2'),
  compensation: decimal.optional().describe('sdr-compensated: share of the spread, 0 to 1, default 0.5'),
  prune: z.boolean().optional().describe('mmr, sdr: only offers that trade in merit order count'),
  curve: z
    .array(point)
    .min(1)
    .max(MAX_CURVE_POINTS)
    .optional()
    .describe('curve: price at supply–demand ratios, straight between, level beyond'),
  residual: z
    .enum(['operator', 'members'])
    .optional()
    .describe('curve: who bears the difference to the grid’s bill, default operator'),
  keys: z
    .union([
      z.record(identifier, nonNegative).describe('fixed shares by member id'),
      z.array(nonNegative).max(MAX_MEMBERS).describe('fixed shares in the order of members'),
      z.enum(['dynamic', 'optimal']).describe('pro rata of load; highest retail tariff first'),
      z.strictObject({ priority: z.array(identifier).max(MAX_MEMBERS) }).describe('in this order'),
    ])
    .optional()
    .describe('keys: how generation is allotted'),
  localPrice: decimal.optional().describe('keys: price of allotted energy; absent: holders own their shares'),
};

const member = z.strictObject({
  id: identifier,
  load: nonNegative.default(0).describe('drawn, in `unit`'),
  generation: nonNegative.default(0).describe('fed in, in `unit`'),
  retail: decimal.optional().describe('its own tariff, else the community’s'),
  feedIn: decimal.optional().describe('its own tariff, else the community’s'),
  zone: identifier.optional().describe('for `fees`'),
});

const fees = z
  .strictObject({
    kind: z.enum(['constant', 'percentage']),
    matrix: z
      .record(identifier, z.record(identifier, nonNegative))
      .describe('matrix[seller’s zone][buyer’s zone], per unit or as a ratio of the pool price'),
  })
  .describe('grid fees of energy shared between zones, paid by the buyer on top of its bill');

/** Input of `market price`. */
export const priceInput = z.strictObject({
  members: z.array(member).max(MAX_MEMBERS),
  retail: decimal.optional().describe('price of energy from outside, per unit'),
  feedIn: decimal.optional().describe('price of energy sold outside, per unit'),
  unit: z.string().max(20).default('kWh').describe('unit of every quantity'),
  net: z
    .boolean()
    .default(false)
    .describe('own generation covers own load first; else both count as metered'),
  fees: fees.optional(),
  ...ruleTerms,
});

export type PriceInput = z.infer<typeof priceInput>;

type RuleTerms = Pick<PriceInput, keyof typeof ruleTerms>;

/** The rule `kind` with its terms; `members` in the input's order. @throws PRICE_RULE_TERMS where it needs one that is absent */
export function ruleOf(kind: PriceRule['kind'], terms: RuleTerms, members: readonly string[]): PriceRule {
  const { divisor, compensation = '0.5', prune, residual, localPrice } = terms;
  switch (kind) {
    case 'mmr':
      return { kind, divisor, prune };
    case 'sdr':
      return { kind, prune };
    case 'sdr-compensated':
      return { kind, compensation, prune };
    case 'curve':
      return { kind, points: needed(terms.curve, 'curve', kind).map(pointOf), residual };
    case 'keys':
      return { kind, allocation: allocationOf(needed(terms.keys, 'keys', kind), members), localPrice };
    case 'bill-sharing':
    case 'crossing':
      return { kind };
  }
}

function needed<T>(value: T | undefined, name: string, rule: string): T {
  if (value !== undefined) return value;
  throw new DomainError('PRICE_RULE_TERMS', `expected ${name} for the rule ${rule}, got none`, 'invalid', {
    term: name,
  });
}

function pointOf(corner: z.infer<typeof point>): CurvePoint {
  if (!Array.isArray(corner)) return corner;
  const [ratio, price] = corner;
  return { ratio, price };
}

function allocationOf(keys: NonNullable<RuleTerms['keys']>, members: readonly string[]): Allocation {
  if (keys === 'dynamic' || keys === 'optimal') return { kind: keys };
  if (Array.isArray(keys)) {
    if (keys.length !== members.length) {
      throw new DomainError(
        'PRICE_RULE_TERMS',
        `expected a key of each of ${members.length} members, got ${keys.length}`,
      );
    }
    return { kind: 'static', coefficients: Object.fromEntries(keys.map((key, i) => [members[i]!, key])) };
  }
  const { priority } = keys;
  if (Array.isArray(priority)) return { kind: 'priority', order: priority };
  return { kind: 'static', coefficients: keys as Record<string, string | number> };
}
