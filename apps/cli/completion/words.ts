import type { CommandNode, OptionNode, ValueKind } from '../command-tree.ts';

/** What may follow somewhere. */
export interface Word {
  readonly word: string;
  readonly description: string;
}

/** What a value may be: one of some words, a file, a directory, or what no shell can know. */
export interface Values {
  readonly kind: ValueKind;
  readonly choices: readonly string[];
}

/** What can be typed after a path of commands. */
export interface Place {
  /** ` market clear`, with a space before each name; of the program itself empty. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly (Word & { readonly values: (Values & { readonly variadic: boolean }) | null })[];
  /** Of its arguments; null where it takes none. */
  readonly arguments: Values | null;
}

/** All places of a tree, each with the options of the program too. */
export function placesOf(program: CommandNode): readonly Place[] {
  const global = program.options.flatMap(optionWords);
  const below = (node: CommandNode): Place[] => [
    {
      path: node.path.map((name) => ` ${name}`).join(''),
      commands: node.commands.map(({ path, summary }) => ({ word: path.at(-1)!, description: summary })),
      options: [...(node === program ? [] : node.options.flatMap(optionWords)), ...global, HELP],
      arguments: argumentsOf(node),
    },
    ...node.commands.flatMap(below),
  ];
  return below(program);
}

const HELP = { word: '--help', description: 'show the manual page', values: null };

const optionWords = ({ names, description, value, choices }: OptionNode): Place['options'] =>
  names
    .filter((name) => name.startsWith('--'))
    .map((word) => ({
      word,
      description,
      values: value === null ? null : { kind: value.kind, choices: choices ?? [], variadic: value.variadic },
    }));

/** A shell does not count words here: any argument's values are offered at each. */
function argumentsOf(node: CommandNode): Values | null {
  if (node.arguments.length === 0) return null;
  const kinds = node.arguments.map(({ kind }) => kind);
  return {
    kind: kinds.includes('file') ? 'file' : kinds.includes('directory') ? 'directory' : 'text',
    choices: node.arguments.flatMap(({ choices }) => choices ?? []),
  };
}

/** Patterns of a `case` in a Bourne shell: `' market clear --rule'`. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The places where options take the same values, as patterns of `"$path $option"`: all of them in one list. */
export function optionsByValues(
  places: readonly Place[],
): readonly { readonly values: Values; readonly patterns: readonly string[] }[] {
  const groups = new Map<string, { values: Values; patterns: string[] }>();
  for (const { path, options } of places) {
    for (const { word, values } of options) {
      if (values === null) continue;
      const { kind, choices } = values;
      const key = JSON.stringify([kind, choices]);
      const group = groups.get(key) ?? { values: { kind, choices }, patterns: [] };
      group.patterns.push(quoted(`${path} ${word}`));
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** Options after which several values may stand, as the same patterns. */
export const variadicPatterns = (places: readonly Place[]): readonly string[] =>
  places.flatMap(({ path, options }) =>
    options.filter(({ values }) => values?.variadic === true).map(({ word }) => quoted(`${path} ${word}`)),
  );
