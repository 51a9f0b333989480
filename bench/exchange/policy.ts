import { type Decision, evaluate, parsePolicy, type PolicyRequest } from '#exchange';

const DECISIONS = 200_000;
const RUNS = 5;
const START_MS = Date.UTC(2026, 0, 1);

const limit = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});

/** An agreement of the usual size: two permissions under all seven operands, a price, a deadline and a prohibition. */
const AGREEMENT = {
  '@context': 'http://www.w3.org/ns/odrl.jsonld',
  '@type': 'Agreement',
  conflict: 'prohibit',
  assigner: 'north',
  assignee: 'south',
  target: 'urn:data-set:1',
  permission: [
    {
      action: 'use',
      constraint: [
        limit('dateTime', 'lt', '2027-01-01T00:00:00Z'),
        limit('elapsedTime', 'lteq', 'P180D'),
        limit('purpose', 'isAnyOf', ['forecasting', 'research', 'grid-planning']),
        limit('count', 'lteq', 1000),
        limit('recipient', 'eq', 'south'),
        { or: [limit('spatial', 'isPartOf', 'DE'), limit('spatial', 'eq', 'AT')] },
        limit('resolution', 'gteq', 'PT15M'),
      ],
      duty: [
        {
          action: {
            'rdf:value': 'compensate',
            refinement: { ...limit('payAmount', 'eq', '250.00'), unit: 'EUR' },
          },
        },
        { action: 'delete', constraint: limit('elapsedTime', 'lt', 'P200D') },
      ],
    },
    { action: 'aggregate', constraint: limit('resolution', 'gteq', 'PT1H') },
  ],
  prohibition: { action: 'distribute' },
};

/** Every fact told; half of the requests are refused, each for another reason. */
function requests(): PolicyRequest[] {
  const fulfilled = [{ action: 'compensate', amount: '250.00', currency: 'EUR' }] as const;
  const granted: PolicyRequest = {
    action: 'use',
    at: START_MS + 86_400_000,
    purpose: 'research',
    count: 7,
    recipient: 'south',
    spatial: 'DE-BY',
    resolution: 'PT15M',
    agreedAt: START_MS,
    fulfilled,
    target: 'urn:data-set:1',
    assignee: 'south',
  };
  const refused: Partial<PolicyRequest>[] = [
    { purpose: 'advertising' },
    { at: Date.UTC(2027, 0, 1) },
    { action: 'distribute' },
    { fulfilled: [] },
  ];
  return refused.flatMap((change) => [granted, { ...granted, ...change }]);
}

/** Decisions a second on one core, the policy compiled once; the median of the runs. */
export function measurePolicy(show: (text: string) => void): { readonly perSecond: number } {
  const policy = parsePolicy(AGREEMENT);
  const asked = requests();
  const decided = asked.map((request): Decision['decision'] => evaluate(policy, request).decision);
  if (decided.some((decision, i) => decision !== (i % 2 === 0 ? 'PERMIT' : 'DENY')))
    throw new Error(`expected every second request to be refused, got ${decided.join(' ')}`);
  const rates = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    for (let i = 0; i < DECISIONS; i++) evaluate(policy, asked[i % asked.length]!);
    return DECISIONS / ((performance.now() - begin) / 1000);
  });
  const perSecond = Math.round(rates.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!);
  show(`policy: ${perSecond} decisions a second`);
  return { perSecond };
}
