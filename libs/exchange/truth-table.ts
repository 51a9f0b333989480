import { evaluateOdrl } from './evaluate.ts';
import type { PolicyRequest } from './policy-request.ts';
import {
  ACTIONS,
  CONFLICT_STRATEGIES,
  LIST_OPERATORS,
  LOGICS,
  type Operand,
  OPERANDS,
  type Operator,
  OPERATORS_OF,
} from './vocabulary.ts';

const AT = '2026-06-01T12:00:00Z';
const AT_MS = Date.parse(AT);

type Row = readonly string[];
type Facts = Partial<PolicyRequest>;

const ask = (facts: Facts): PolicyRequest => ({ action: 'use', at: AT, ...facts });

const limit = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});

/** Decision and first code, as `DENY NOT_PERMITTED`. */
function told(policy: object, request: PolicyRequest): string {
  const { decision, reasons } = evaluateOdrl(policy, request);
  return `${decision} ${reasons[0]?.code ?? ''}`.trim();
}

/** What a constraint is found to be: it permits where TRUE, and clears a prohibition where FALSE. */
function truth(constraint: object, facts: Facts): string {
  const permission = { action: 'use', constraint };
  const permits = evaluateOdrl({ permission }, ask(facts)).decision === 'PERMIT';
  const clears =
    evaluateOdrl({ permission: { action: 'use' }, prohibition: permission }, ask(facts)).decision ===
    'PERMIT';
  return permits ? 'true' : clears ? 'false' : 'unknown';
}

/**
 * The evaluator as tables, each cell found by asking it: docs/policy-truth-table.md.
 * @returns Markdown
 */
export function policyTruthTable(): string {
  const sections = [
    '# Truth table of the policy evaluator',
    'Written by `npm run policy:table` from the evaluator itself; a test fails when it is out of date. What the words mean: [EXCHANGE](EXCHANGE.md#policies).',
    '## Permission, prohibition and conflict strategy',
    'A permission or prohibition without constraints is true of its action; one with a constraint that does not hold is false; one with a fact the request does not tell is unknown.',
    conflictTable(),
    '## Actions',
    'Whether a permission of the first action permits a request of the others. A prohibition reaches exactly as far.',
    actionTable(),
    '## Ordered operands',
    'The bound is t, 5 or PT1H; the fact lies just below, at or just above it, or is not told. Just below and above are 1 ms, 1 and 1 s.',
    orderedTable(),
    '## Names',
    'The right operand is `aa`, for list operators `aa, bb`. Purposes have kinds by `/`, areas parts by `-`; recipients have neither.',
    nameTable(),
    '## Logical constraints',
    'Of two constraints with the truths in the first two columns.',
    logicTable(),
    '## Duties',
    dutyTable(),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Columns padded as the formatter of this repository does. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (row: Row): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Rules of each truth: by the count of uses, which the request tells as 1, or by a purpose, which it does not tell. */
const RULE_OF: Readonly<Record<string, object>> = {
  none: [],
  true: { action: 'use' },
  false: { action: 'use', constraint: limit('count', 'gt', 1) },
  unknown: { action: 'use', constraint: limit('purpose', 'eq', 'aa') },
};

function conflictTable(): string {
  const names = Object.keys(RULE_OF);
  const rows = names.flatMap((permission) =>
    names.map((prohibition) => [
      permission,
      prohibition,
      ...CONFLICT_STRATEGIES.map((conflict) =>
        // A policy has a rule at least; another action stands for none.
        told(
          {
            conflict,
            permission: [RULE_OF[permission]!].flat(),
            prohibition: [RULE_OF[prohibition]!, { action: 'distribute' }].flat(),
          },
          ask({ count: 1 }),
        ),
      ),
    ]),
  );
  return table(['Permission', 'Prohibition', ...CONFLICT_STRATEGIES.map((name) => `\`${name}\``)], rows);
}

const actionTable = (): string =>
  table(
    ['Permission of', ...ACTIONS],
    ACTIONS.map((permitted) => [
      permitted,
      ...ACTIONS.map((action) => told({ permission: { action: permitted } }, ask({ action })).split(' ')[0]!),
    ]),
  );

const ORDERED: Readonly<
  Partial<Record<Operand, { readonly bound: unknown; readonly facts: readonly Facts[] }>>
> = {
  dateTime: { bound: AT, facts: [-1, 0, 1].map((by) => ({ at: AT_MS + by })) },
  elapsedTime: {
    bound: 'PT1H',
    facts: [-1, 0, 1].map((by) => ({ at: AT_MS + by, agreedAt: AT_MS - 3_600_000 })),
  },
  count: { bound: 5, facts: [4, 5, 6].map((count) => ({ count })) },
  resolution: {
    bound: 'PT1H',
    facts: ['PT59M59S', 'PT60M', 'PT1H1S'].map((resolution) => ({ resolution })),
  },
};

function orderedTable(): string {
  const rows = OPERANDS.flatMap((operand) => {
    const { bound, facts = [] } = ORDERED[operand] ?? {};
    if (facts.length === 0) return [];
    return OPERATORS_OF[operand].map((operator) => {
      const found = facts.map((fact) => truth(limit(operand, operator, bound), fact));
      // Every request has a time.
      const untold = operand === 'dateTime' ? '' : truth(limit(operand, operator, bound), {});
      return [operand, operator, ...found, untold];
    });
  });
  return table(['Operand', 'Operator', 'Below', 'At', 'Above', 'Not told'], rows);
}

const NAMES = ['aa', 'AA', 'aa/x', 'aa-x', 'bb', 'zz'] as const;

const rightOf = (operator: Operator): unknown => (LIST_OPERATORS.has(operator) ? ['aa', 'bb'] : 'aa');

function nameTable(): string {
  const named = ['purpose', 'recipient', 'spatial'] as const;
  const rows = named.flatMap((operand) =>
    OPERATORS_OF[operand].map((operator) => [
      operand,
      operator,
      ...NAMES.map((name) => truth(limit(operand, operator, rightOf(operator)), { [operand]: name })),
      truth(limit(operand, operator, rightOf(operator)), {}),
    ]),
  );
  return table(['Operand', 'Operator', ...NAMES.map((name) => `\`${name}\``), 'Not told'], rows);
}

const CONSTRAINT_OF: Readonly<Record<string, readonly [object, object]>> = {
  true: [limit('count', 'gteq', 1), limit('count', 'lt', 2)],
  unknown: [limit('purpose', 'eq', 'aa'), limit('purpose', 'neq', 'bb')],
  false: [limit('count', 'gt', 1), limit('count', 'neq', 1)],
};

function logicTable(): string {
  const names = Object.keys(CONSTRAINT_OF);
  const rows = names.flatMap((first) =>
    names.map((second) => [
      first,
      second,
      ...LOGICS.map((logic) =>
        truth({ [logic]: [CONSTRAINT_OF[first]![0], CONSTRAINT_OF[second]![1]] }, { count: 1 }),
      ),
    ]),
  );
  return table(['First', 'Second', ...LOGICS], rows);
}

const paid = (value: string, currency: string): Facts => ({
  fulfilled: [{ action: 'compensate', amount: value, currency }],
});

function dutyTable(): string {
  const amount = { ...limit('payAmount', 'eq', '5'), unit: 'EUR' };
  const pay = { action: { 'rdf:value': 'compensate', refinement: amount } };
  const deletion = { action: 'delete', constraint: limit('dateTime', 'lt', AT) };
  const cases: readonly (readonly [string, object, string, Facts])[] = [
    ['compensate 5 EUR', pay, 'nothing paid', {}],
    ['compensate 5 EUR', pay, '4.99 EUR paid', paid('4.99', 'EUR')],
    ['compensate 5 EUR', pay, '5.00 EUR paid', paid('5.00', 'EUR')],
    ['compensate 5 EUR', pay, '5 USD paid', paid('5', 'USD')],
    ['attribute', { action: 'attribute' }, 'not promised', {}],
    ['attribute', { action: 'attribute' }, 'promised', { fulfilled: [{ action: 'attribute' }] }],
    ['delete before t', deletion, 'at t - 1 ms', { at: AT_MS - 1 }],
    ['delete before t', deletion, 'at t', {}],
  ];
  const rows = cases.map(([duty, odrl, state, facts]) => [
    duty,
    state,
    told({ permission: { action: 'use', duty: odrl } }, ask(facts)),
    told({ permission: { action: 'use' }, obligation: odrl }, ask(facts)),
  ]);
  return table(['Duty', 'State', 'Of the permission', 'Of the policy'], rows);
}
