import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isSpecifiedScalarType,
  printType,
} from 'graphql';
import { format, resolveConfig } from 'prettier';
import { type CommandNode, commandTree, verbsOf } from '../apps/cli/command-tree.ts';
import { manualPage } from '../apps/cli/manual.ts';
import { buildProgram } from '../apps/cli/program.ts';

/** The pages of docs/reference by name, each made from what it describes; `npm run docs:reference` writes them. */
export async function references(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([
    ['cli.md', cliPage()],
    ['graphql.md', graphqlPage(buildSchema(await readFile('schema.graphql', 'utf8')))],
    ['errors.md', await errorsPage()],
  ]);
  const options = await resolveConfig('docs/reference/cli.md');
  const formatted = [...pages].map(async ([name, text]): Promise<[string, string]> => [
    name,
    await format(text, { ...options, parser: 'markdown' }),
  ]);
  return new Map(await Promise.all(formatted));
}

/** Said once for all verbs, in front of them. */
const COMMON = new Set(['GLOBAL OPTIONS', 'EXIT STATUS']);

const idle = (): never => {
  throw new Error('expected no verb to run, got one');
};

function cliPage(): string {
  const root = commandTree(buildProgram(idle, false));
  const [page, verbs] = [manualPage(root, [], 96), verbsOf(root)];
  return [
    '# Command line',
    'Every verb as its `--help` has it, made from the commands themselves. Output, configuration, completion: [CLI](../CLI.md).',
    fenced('text', page),
    ...verbs.map(verbSection),
  ].join('\n\n');
}

const verbSection = (verb: CommandNode): string =>
  `## ${verb.path.join(' ')}\n\n${fenced(
    'text',
    manualPage(verb, [], 96)
      .split(/^(?=[A-Z][A-Z ]+$)/m)
      .filter((section) => !COMMON.has(section.slice(0, section.indexOf('\n'))))
      .join(''),
  )}`;

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

const ROOTS = ['Query', 'Mutation', 'Subscription'] as const;

function graphqlPage(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .filter(({ name }) => !ROOTS.some((root) => root === name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '# GraphQL',
    'Made from `schema.graphql`, which is made from the platform. Energy is in integer Wh, money in integer minor units, instants are ISO 8601 in UTC; lists are pages of at most 100.',
    ...ROOTS.flatMap((root) => rootSection(root, schema.getType(root) as GraphQLObjectType)),
    '## Types',
    ...types.map(typeSection),
  ].join('\n\n');
}

const HEADINGS = { Query: '## Queries', Mutation: '## Mutations', Subscription: '## Subscriptions' } as const;

const rootSection = (name: (typeof ROOTS)[number], root: GraphQLObjectType): string[] => [
  HEADINGS[name],
  ...Object.values(root.getFields())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((field) => fieldSection(name, field)),
];

function fieldSection(
  root: string,
  { name, description, args, type }: GraphQLField<unknown, unknown>,
): string {
  const parameters = args.map((arg) => `${arg.name}: ${String(arg.type)}`).join(', ');
  const signature = `type ${root} {\n  ${name}${parameters === '' ? '' : `(${parameters})`}: ${String(type)}\n}`;
  return [`### ${name}`, ...(description ? [escaped(description)] : []), fenced('graphql', signature)].join(
    '\n\n',
  );
}

/** Its description stands before it, not in it. */
const typeSection = (type: GraphQLNamedType): string => {
  const printed = printType(type);
  const body = type.description ? printed.slice(printed.indexOf('"""', 3) + 3).trimStart() : printed;
  return [
    `### ${type.name}`,
    ...(type.description ? [escaped(type.description)] : []),
    fenced('graphql', body),
  ].join('\n\n');
};

const escaped = (text: string): string => text.replaceAll(/[<>{}|*_]/g, String.raw`\$&`);

/** Calls that make an error from a code and, mostly, a message. */
const RAISES =
  /\b(?:DomainError|refuse|csvError|refusal|invalid|refused|decline|fail|tooMuch|deliveryError|availabilityError|unusable|refusing|pinned|fault)\(\s*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'(?:,\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`))?/g;

interface Raised {
  readonly message: string;
  readonly places: ReadonlySet<string>;
}

async function errorsPage(): Promise<string> {
  const codes = new Map<string, Raised>();
  for (const file of await sources()) {
    const place = file
      .split('/')
      .slice(0, file.startsWith('libs') ? 2 : 3)
      .join('/');
    for (const [, code = '', plain, template] of (await readFile(file, 'utf8')).matchAll(RAISES)) {
      const known = codes.get(code) ?? { message: '', places: new Set() };
      const message = known.message || plain || template || '';
      codes.set(code, { message, places: new Set([...known.places, place]) });
    }
  }
  const rows = [...codes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(errorRow);
  return [
    '# Error codes',
    'Codes are stable, messages are for people. Collected from the sources: what is expected and what came, and where it is said.',
    ['| Code | Says | From |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function errorRow([code, { message, places }]: readonly [string, Raised]): string {
  const from = [...places].toSorted().map((place) => `\`${place}\``);
  return `| \`${code}\` | ${escaped(placeholders(message))} | ${from.join(', ')} |`;
}

/** What is filled in reads as its place. */
const placeholders = (message: string): string =>
  message
    .replaceAll(/\$\{[^`]*?\}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(String.raw`\'`, "'");

async function sources(): Promise<string[]> {
  const files = await Promise.all(
    ['apps', 'libs'].map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  return files
    .flat()
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .toSorted();
}
