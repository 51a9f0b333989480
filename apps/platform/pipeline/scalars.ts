import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { DomainError, isoInstant, parseInstant } from '#core';

/** An instant: ISO 8601 with an offset on the wire, milliseconds since 1970-01-01 UTC (or a Date, outward) in code. */
export const InstantScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'An instant in ISO 8601 with an offset or Z; answers are in UTC.',
  serialize: (value) => isoInstant(value instanceof Date ? value.getTime() : safeInteger(value)),
  parseValue: (value) => parseInstant(String(value)),
  parseLiteral: (node) => parseInstant(stringOf(node)),
});

/** A whole number within ±2^53: Wh, minor units, grams. GraphQL's own Int ends at 2^31. */
export const SafeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number within ±(2^53 − 1).',
  serialize: safeInteger,
  parseValue: safeInteger,
  parseLiteral: (node) => safeInteger(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Accepts the text of a bigint column as well; a boolean or a fraction is refused. */
function safeInteger(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw new DomainError(
      'INTEGER_MALFORMED',
      `expected a whole number within ±(2^53 − 1), got a ${typeof value}`,
    );
  }
  return number;
}

function stringOf(node: ValueNode): string {
  return node.kind === Kind.STRING ? node.value : '';
}
