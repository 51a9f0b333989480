import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { DomainError, type Json } from '#core';

/** Any JSON value: cards and transcript messages, whose form their own formats state. */
export const JsonScalar = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description: 'Any JSON value; its form is that of the format it names.',
  serialize: (value) => value as Json,
  parseValue: (value) => value as Json,
  parseLiteral: literal,
});

function literal(node: ValueNode): Json {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map(literal);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literal(value)]));
    default:
      throw new DomainError('JSON_LITERAL', `expected a JSON literal or a variable, got ${node.kind}`);
  }
}
