/** What a permission or prohibition may be about. */
export const ACTIONS = ['use', 'aggregate', 'train', 'derive', 'distribute', 'anonymize'] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * `includedIn`: a rule about the broader action is about the narrower one too. ODRL 2.2 (ODRL22.ttl) includes aggregate, derive,
 * distribute and anonymize each in use and in nothing else; `train` (fit a model) is a word of ours, included in use in the same
 * way: who may derive may not train.
 */
export const INCLUDED_IN: Readonly<Record<Action, Action | null>> = {
  use: null,
  aggregate: 'use',
  train: 'use',
  derive: 'use',
  distribute: 'use',
  anonymize: 'use',
};

/** Whether a rule about `broad` is about `requested`: itself, or an action that includes it. */
export function covers(broad: Action, requested: Action): boolean {
  for (let action: Action | null = requested; action !== null; action = INCLUDED_IN[action])
    if (action === broad) return true;
  return false;
}

export const POLICY_TYPES = ['Set', 'Offer', 'Agreement'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** What happens where a permission and a prohibition meet; `invalid` is the standard's default. */
export const CONFLICT_STRATEGIES = ['invalid', 'prohibit', 'perm'] as const;
export type ConflictStrategy = (typeof CONFLICT_STRATEGIES)[number];

export const OPERATORS = [
  'eq',
  'neq',
  'lt',
  'lteq',
  'gt',
  'gteq',
  'isA',
  'isPartOf',
  'isAnyOf',
  'isAllOf',
  'isNoneOf',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Operators whose right operand is a list. */
export const LIST_OPERATORS: ReadonlySet<Operator> = new Set<Operator>(['isAnyOf', 'isAllOf', 'isNoneOf']);

export const OPERANDS = [
  'dateTime',
  'elapsedTime',
  'purpose',
  'count',
  'recipient',
  'spatial',
  'resolution',
] as const;
export type Operand = (typeof OPERANDS)[number];

const ORDER = ['lt', 'lteq', 'gt', 'gteq'] as const;
const LISTS = ['isAnyOf', 'isAllOf', 'isNoneOf'] as const;

/** Equality of instants and of elapsed times would hold for a millisecond; only names belong to lists and wholes. */
export const OPERATORS_OF: Readonly<Record<Operand, readonly Operator[]>> = {
  dateTime: ORDER,
  elapsedTime: ORDER,
  purpose: ['eq', 'neq', 'isA', ...LISTS],
  count: ['eq', 'neq', ...ORDER],
  recipient: ['eq', 'neq', ...LISTS],
  spatial: ['eq', 'neq', 'isPartOf', ...LISTS],
  resolution: ['eq', 'neq', ...ORDER],
};

/** andSequence is refused: a request has no order of events. */
export const LOGICS = ['and', 'or', 'xone'] as const;
export type Logic = (typeof LOGICS)[number];

export const ODRL_NAMESPACE = 'http://www.w3.org/ns/odrl/2/';
/** Names the words that are not ODRL's: `train`. */
export const PROFILE = 'urn:gridcommons:odrl:1';
/** Its one word in full, where no context says what a bare one means. */
export const TRAIN = `${PROFILE}#train`;

/** Contexts that mean what we read; known by name, never fetched. */
export const CONTEXTS: ReadonlySet<string> = new Set([
  'http://www.w3.org/ns/odrl.jsonld',
  'https://www.w3.org/ns/odrl.jsonld',
  'https://w3id.org/dspace/2025/1/context.jsonld',
  'https://w3id.org/dspace/2025/1/odrl-profile.jsonld',
  PROFILE,
]);

/** Prefixes a context may declare, with the one meaning each may have. */
export const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['odrl', ODRL_NAMESPACE],
  ['xsd', 'http://www.w3.org/2001/XMLSchema#'],
  ['rdf', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'],
]);
