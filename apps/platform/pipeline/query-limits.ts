import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLError,
  type GraphQLFieldMap,
  type GraphQLSchema,
  getNullableType,
  getVariableValues,
  isLeafType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import type { Limits } from '#config';
import { DomainError } from '#core';
import { DEFAULT_PAGE_SIZE } from './connection.ts';

/** Assumed length of a list that takes no `first`. */
const LIST_LENGTH = 10;

export interface QueryToCheck {
  readonly schema: GraphQLSchema;
  /** Already validated: fragments exist and have no cycles. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Refuses an operation that asks for too much before any of it runs.
 * @returns its cost
 * @throws QUERY_TOO_DEEP, QUERY_TOO_MANY_ALIASES, QUERY_TOO_COSTLY
 */
export function requireWithinLimits(query: QueryToCheck, limits: Limits): number {
  const { depth, aliases } = measure(query.document, query.operation);
  requireAtMost('QUERY_TOO_DEEP', 'a depth', depth, limits.queryDepth);
  requireAtMost('QUERY_TOO_MANY_ALIASES', 'a number of aliases', aliases, limits.queryAliases);
  const cost = costOf(query);
  requireAtMost('QUERY_TOO_COSTLY', 'a cost', cost, limits.queryCost);
  return cost;
}

/**
 * Fields asked for, each page and list counted by its length: what the answer may hold at most. Infinite where counting
 * alone would take too long (fragments that double each other).
 */
export function costOf({ schema, document, operation, variables }: QueryToCheck): number {
  // Execution refuses such variables before anything runs, and says which one.
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  if (errors !== undefined) return 0;
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      ...(operation.name === undefined ? {} : { operationName: operation.name.value }),
      estimators: [fieldCost],
    });
  } catch (error) {
    if (error instanceof GraphQLError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/**
 * A page costs its size times its content, by the *default* size where `first` is absent; `first` is read after
 * variables are filled in, so that a variable hides nothing.
 */
const fieldCost: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const paged = field.args.some((arg) => arg.name === 'first');
  if (paged) return 1 + pageLength(args['first']) * childComplexity;
  const list = isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type));
  // The edges of a connection were counted with the page.
  const edges = field.name === 'edges' && 'getFields' in type && isConnection(type.getFields());
  return 1 + (list && !edges ? LIST_LENGTH : 1) * childComplexity;
};

const pageLength = (first: unknown): number =>
  typeof first === 'number' ? Math.max(first, 1) : DEFAULT_PAGE_SIZE;

const isConnection = (fields: GraphQLFieldMap<unknown, unknown>): boolean => fields['pageInfo'] !== undefined;

interface Measure {
  readonly depth: number;
  readonly aliases: number;
}

function measure(document: DocumentNode, operation: OperationDefinitionNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return measureSelections(operation.selectionSet, fragments, new Map());
}

/** `known` measures each fragment once: fragments that double each other would take exponential time otherwise. */
function measureSelections(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Measure>,
): Measure {
  let depth = 0;
  let aliases = 0;
  for (const selection of selections) {
    let inner: Measure = { depth: 0, aliases: 0 };
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      inner =
        known.get(name) ??
        (fragment === undefined ? inner : measureSelections(fragment.selectionSet, fragments, known));
      known.set(name, inner);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      inner = measureSelections(selection.selectionSet, fragments, known);
    } else if (!selection.name.value.startsWith('__')) {
      // Introspection is deep by nature; where it is switched off nothing of it runs.
      const below =
        selection.selectionSet === undefined
          ? inner
          : measureSelections(selection.selectionSet, fragments, known);
      inner = { depth: below.depth + 1, aliases: below.aliases + (selection.alias === undefined ? 0 : 1) };
    }
    depth = Math.max(depth, inner.depth);
    aliases += inner.aliases;
  }
  return { depth, aliases };
}

function requireAtMost(code: string, what: string, actual: number, limit: number): void {
  if (actual > limit) {
    throw new DomainError(code, `expected ${what} of at most ${limit}, got ${actual}`, 'limit', {
      limit,
      actual,
    });
  }
}
