import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoInstant, type Json } from '#core';
import {
  assertSatisfiable,
  evaluateOdrl,
  parsePolicy,
  policyHash,
  type PolicyRequest,
  toOdrl,
} from './index.ts';
import { toPrefixedOdrl } from './prefixed-odrl.ts';
import {
  ACTIONS,
  CONFLICT_STRATEGIES,
  LIST_OPERATORS,
  LOGICS,
  type Operand,
  OPERANDS,
  OPERATORS_OF,
} from './vocabulary.ts';

const RUNS = { numRuns: 100 };
const T0 = Date.UTC(2026, 0, 1);
const names = fc.constantFrom('a', 'A', 'a/x', 'a-x', 'b', 'c');
const durations = fc.constantFrom('PT15M', 'PT1H', 'PT60M', 'P1D', 'P28D', 'P30D', 'P1M');
const instants = fc.integer({ min: 0, max: 3 }).map((day) => isoInstant(T0 + day * 86_400_000));

const VALUE_OF: Readonly<Record<Operand, fc.Arbitrary<unknown>>> = {
  dateTime: instants,
  elapsedTime: durations,
  purpose: names,
  count: fc.integer({ min: 0, max: 3 }),
  recipient: names,
  spatial: names,
  resolution: durations,
};

const atom = fc.constantFrom(...OPERANDS).chain((leftOperand) =>
  fc.constantFrom(...OPERATORS_OF[leftOperand]).chain((operator) => {
    const value = VALUE_OF[leftOperand];
    const rightOperand = LIST_OPERATORS.has(operator)
      ? fc.array(value, { minLength: 1, maxLength: 3 })
      : value;
    return fc.record({
      leftOperand: fc.constant(leftOperand),
      operator: fc.constant(operator),
      rightOperand,
    });
  }),
);
const constraint = fc.oneof(
  { weight: 3, arbitrary: atom },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...LOGICS), fc.array(atom, { minLength: 2, maxLength: 3 }))
      .map(([logic, parts]) => ({ [logic]: parts })),
  },
);
const duty = fc.oneof(
  fc.constant({ action: 'attribute' }),
  fc.constantFrom('1', '2.50').map((amount) => ({
    action: {
      'rdf:value': 'compensate',
      refinement: { leftOperand: 'payAmount', operator: 'eq', rightOperand: amount, unit: 'EUR' },
    },
  })),
  instants.map((rightOperand) => ({
    action: 'delete',
    constraint: { leftOperand: 'dateTime', operator: 'lt', rightOperand },
  })),
);
const prohibition = fc.record({
  action: fc.subarray([...ACTIONS], { minLength: 1 }),
  target: fc.subarray(['s1', 's2']),
  constraint: fc.array(constraint, { maxLength: 3 }),
});
const permission = fc
  .tuple(prohibition, fc.array(duty, { maxLength: 2 }))
  .map(([rule, duties]) => ({ ...rule, duty: duties }));
const policies = fc.record({
  conflict: fc.constantFrom(...CONFLICT_STRATEGIES),
  permission: fc.array(permission, { minLength: 1, maxLength: 3 }),
  prohibition: fc.array(prohibition, { maxLength: 2 }),
  obligation: fc.array(duty, { maxLength: 1 }),
});

const fulfilled = fc.subarray([
  { action: 'attribute' as const },
  { action: 'compensate' as const, amount: '3.50', currency: 'EUR' },
]);
const requests: fc.Arbitrary<PolicyRequest> = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    at: fc.integer({ min: T0, max: T0 + 4 * 86_400_000 }),
    facts: fc.record(
      {
        purpose: names,
        count: fc.integer({ min: 1, max: 4 }),
        recipient: names,
        spatial: names,
        resolution: durations,
        agreedAt: fc.constant(T0),
        fulfilled,
        target: fc.constantFrom('s1', 's2'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ facts, ...rest }) => ({ ...rest, ...facts }));

/** Every list of the document the other way round, but list operands of xone keep their number. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => reversed(item)).toReversed();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, Json] => [key, reversed(item)])
      .toReversed(),
  );
}

/** The document with the n-th word of its vocabulary made unknown. */
function withUnknownWord(policy: Json, at: number): Json {
  const text = JSON.stringify(policy);
  const words = [
    ...text.matchAll(/"(?:action|leftOperand|operator|conflict|constraint|permission|duty)":(?!\[\])/g),
  ];
  const { index, 0: key } = words[at % words.length]!;
  return JSON.parse(
    `${text.slice(0, index)}${key.replace('":', 'Of":')}${text.slice(index + key.length)}`,
  ) as Json;
}

describe('policies', () => {
  it('one more constraint or duty on a permission never turns DENY into PERMIT', () => {
    fc.assert(
      fc.property(policies, requests, constraint, duty, (policy, request, more, owed) => {
        const before = evaluateOdrl(policy, request).decision;
        const narrower = policy.permission.map((rule, i) =>
          i === 0 ? { ...rule, constraint: [...rule.constraint, more], duty: [...rule.duty, owed] } : rule,
        );
        const after = evaluateOdrl({ ...policy, permission: narrower }, request).decision;
        expect(before === 'DENY' && after === 'PERMIT').toBe(false);
      }),
      RUNS,
    );
  });

  it('one more prohibition, or one fact fewer, never turns DENY into PERMIT', () => {
    fc.assert(
      fc.property(policies, requests, prohibition, fc.nat(), (policy, request, more, pick) => {
        const before = evaluateOdrl(policy, request).decision;
        const stricter = { ...policy, prohibition: [...policy.prohibition, more] };
        const facts = Object.keys(request).filter((key) => key !== 'action' && key !== 'at');
        const dropped = facts[pick % Math.max(1, facts.length)] ?? '';
        const fewer = Object.fromEntries(Object.entries(request).filter(([key]) => key !== dropped));
        const asked = [
          evaluateOdrl(stricter, request),
          ...(dropped === 'target' ? [] : [evaluateOdrl(policy, fewer as never)]),
        ];
        // Without a target the only one named stands in: then the question is another.
        expect(before === 'DENY' && asked.some(({ decision }) => decision === 'PERMIT')).toBe(false);
      }),
      RUNS,
    );
  });

  it('a word that is not known anywhere in a policy is DENY', () => {
    fc.assert(
      fc.property(policies, requests, fc.nat(), (policy, request, at) => {
        const odd = withUnknownWord(policy as unknown as Json, at);
        expect(evaluateOdrl(odd, request).decision).toBe('DENY');
      }),
      RUNS,
    );
  });

  it('come back from their own ODRL, and the order of lists and keys changes neither policy, hash nor decision', async () => {
    await fc.assert(
      fc.asyncProperty(policies, requests, async (policy, request) => {
        const parsed = parsePolicy(policy);
        const other = reversed(policy as unknown as Json);
        expect(parsePolicy(toOdrl(parsed))).toEqual(parsed);
        expect(parsePolicy(toPrefixedOdrl(parsed))).toEqual(parsed);
        expect(parsePolicy(other)).toEqual(parsed);
        expect(await policyHash(parsePolicy(other))).toBe(await policyHash(parsed));
        expect(evaluateOdrl(other, request)).toEqual(evaluateOdrl(policy, request));
      }),
      RUNS,
    );
  });

  it('that permit a request are never refused as unsatisfiable for want of that permission', () => {
    fc.assert(
      fc.property(permission, requests, (rule, request) => {
        const alone = { permission: { ...rule, action: request.action } };
        fc.pre(evaluateOdrl(alone, request).decision === 'PERMIT');
        expect(() => assertSatisfiable(parsePolicy(alone))).not.toThrow();
      }),
      RUNS,
    );
  });
});
