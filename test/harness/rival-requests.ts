import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { EXAMPLES, idKind, textKind } from './rival-examples.ts';

/** What a request may name: for each kind of object its id. */
export type Ids = (kind: string) => string;

export interface RivalRequest {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly field: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Kinds of objects that its arguments name. */
  readonly kinds: readonly string[];
}

type Root = GraphQLField<unknown, unknown>;
type Input = GraphQLArgument | GraphQLInputField;

/** Every field that a request can begin with. */
export function rootFields(schema: GraphQLSchema): (readonly [RivalRequest['operation'], Root])[] {
  const of = (operation: RivalRequest['operation'], type: ReturnType<GraphQLSchema['getQueryType']>) =>
    Object.values(type?.getFields() ?? {}).map((field) => [operation, field] as const);
  return [
    ...of('query', schema.getQueryType()),
    ...of('mutation', schema.getMutationType()),
    ...of('subscription', schema.getSubscriptionType()),
  ];
}

/**
 * Asks for all that a field can answer, with arguments made from their types: those that it requires and, unless `bare`,
 * all that name an object.
 * @throws Error for an argument of which there is no example
 */
export function requestOf(
  [operation, field]: readonly [RivalRequest['operation'], Root],
  ids: Ids,
  bare = false,
): RivalRequest {
  const kinds = new Set<string>();
  const make = new ArgumentMaker(field, bare, (kind) => {
    kinds.add(kind);
    return ids(kind);
  });
  const given = field.args.filter((argument) => make.wants(argument, isRequiredArgument(argument)));
  const variables = Object.fromEntries(given.map((argument) => [argument.name, make.value(argument, field.name)])); // prettier-ignore
  const declared = given.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = `${field.name}${passed && `(${passed})`}`;
  const query = `${operation}${declared && ` (${declared})`} { ${call}${selection(field.type, [])} }`;
  return { operation, field: field.name, query, variables, kinds: [...kinds] };
}

/** Whether a stream can begin at its first event. */
export const takesCursor = ({ args }: Root): boolean =>
  args.some(({ name, type }) => name === 'after' && getNamedType(type).name === 'String');

/** All fields of a type, of those within too, each type once on a path. */
function selection(type: GraphQLOutputType, path: readonly string[]): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) throw new Error(`expected an object, got ${named.name}`);
  const within = [...path, named.name];
  const fields = Object.values(named.getFields())
    .filter((field) => !within.includes(getNamedType(field.type).name))
    .map((field) => field.name + nestedArguments(field) + selection(field.type, within));
  return ` { ${fields.length > 0 ? fields.join(' ') : '__typename'} }`;
}

/** @throws Error where a field within an answer needs arguments */
function nestedArguments({ name, args }: Root): string {
  const needed = args.filter(isRequiredArgument);
  if (needed.length > 0)
    throw new Error(`expected ${name} without required arguments, got ${needed[0]!.name}`);
  return args.some((argument) => argument.name === 'first') ? '(first: 20)' : '';
}

class ArgumentMaker {
  constructor(
    private readonly field: Root,
    private readonly bare: boolean,
    private readonly ids: Ids,
  ) {}

  /** Pages are read whole. */
  wants(input: Input, isRequired: boolean): boolean {
    return isRequired || input.name === 'first' || (!this.bare && namesObject(input.type, []));
  }

  value(input: Input, owner: string): unknown {
    if (input.name === 'first') return 100;
    return this.#of(input.type, input.name, owner);
  }

  #of(type: GraphQLInputType, name: string, owner: string): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [this.#of(nullable.ofType, name, owner)];
    if (isInputObjectType(nullable)) return this.#object(Object.values(nullable.getFields()), nullable.name);
    const example = EXAMPLES[`${owner}.${name}`] ?? EXAMPLES[name];
    const kind = textKind(owner, name);
    if (kind !== undefined) return this.ids(kind);
    if (nullable.name === 'ID' && example === undefined)
      return this.ids(idKind(owner, name, getNamedType(this.field.type).name));
    if (isEnumType(nullable)) return nullable.getValues()[0]!.name;
    if (example !== undefined) return example;
    if (nullable.name === 'Boolean') return false;
    throw new Error(
      `expected an example of ${owner}.${name}: ${nullable.name} in rival-examples.ts, got none`,
    );
  }

  #object(fields: readonly GraphQLInputField[], owner: string): Record<string, unknown> {
    const wanted = fields.filter((field) => this.wants(field, isRequiredInputField(field)));
    return Object.fromEntries(wanted.map((field) => [field.name, this.value(field, owner)]));
  }
}

/** Whether an object's id is in it. */
function namesObject(type: GraphQLInputType, path: readonly string[]): boolean {
  const named = getNamedType(type);
  if (named.name === 'ID') return true;
  if (!isInputObjectType(named) || path.includes(named.name)) return false;
  return Object.values(named.getFields()).some((field) => namesObject(field.type, [...path, named.name]));
}
