import type { Argument, Command, Option } from 'commander';
import { DocumentedCommand } from './documented-command.ts';

/** What a parameter takes, as far as a shell can complete it. */
export type ValueKind = 'file' | 'directory' | 'text';

export interface ArgumentNode {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly kind: ValueKind;
  /** Null: any value. */
  readonly choices: readonly string[] | null;
}

export interface OptionNode {
  /** As declared: `--input <file>`. */
  readonly flags: string;
  /** The names to type, e.g. `--out` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether the command refuses to run without it. */
  readonly mandatory: boolean;
  /** Null where the option takes no value. */
  readonly value: { readonly name: string; readonly variadic: boolean; readonly kind: ValueKind } | null;
  readonly choices: readonly string[] | null;
  /** Null: none. */
  readonly defaultText: string | null;
}

/** A command with everything its help says. */
export interface CommandNode {
  /** Names below the program, e.g. `['market', 'clear']`; of the program itself none. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Behind the path: `[options] <file>`. */
  readonly usage: string;
  /** Paragraphs, as they were written. */
  readonly notes: readonly string[];
  /** What somebody would paste into a shell; each may be of several lines. */
  readonly examples: readonly string[];
  readonly arguments: readonly ArgumentNode[];
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
  /** Whether it does something itself: a verb. Groups may, too. */
  readonly runs: boolean;
}

/** A command and all below it as data, in the order of its help; help itself is left out. */
export function commandTree(command: Command): CommandNode {
  const { notes, examples } = documentation(command);
  return {
    path: pathOf(command),
    summary: command.description(),
    usage: command.usage(),
    notes,
    examples: examples.length > 0 ? examples : examplesOfGroup(command),
    arguments: command.registeredArguments.map(argumentNode),
    options: optionsOf(command),
    commands: command.commands.map((each) => commandTree(each)),
    runs: command instanceof DocumentedCommand && command.runs,
  };
}

export const optionsOf = (command: Command): readonly OptionNode[] =>
  command.options.filter(({ hidden }) => !hidden).map(optionNode);

/** Every command that does something, in the order of the help. */
export const verbsOf = (node: CommandNode): readonly CommandNode[] => [
  ...(node.runs ? [node] : []),
  ...node.commands.flatMap(verbsOf),
];

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

const argumentNode = (argument: Argument): ArgumentNode => ({
  name: argument.name(),
  description: argument.description,
  required: argument.required,
  variadic: argument.variadic,
  kind: kindOf(argument.name()),
  choices: argument.argChoices ?? null,
});

function optionNode(option: Option): OptionNode {
  const [, value] = /[<[]([^\].>]+)/.exec(option.flags) ?? [];
  return {
    flags: option.flags,
    names: option.flags.match(/(?<![\w<[-])--?[a-z][\w-]*/gi) ?? [],
    description: option.description,
    mandatory: option.mandatory,
    value: value === undefined ? null : { name: value, variadic: option.variadic, kind: kindOf(value) },
    choices: option.argChoices ?? null,
    defaultText: defaultText(option),
  };
}

function defaultText({ defaultValue, defaultValueDescription, negate }: Option): string | null {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  return defaultValue === undefined || typeof defaultValue === 'boolean' || negate
    ? null
    : String(defaultValue);
}

function kindOf(name: string): ValueKind {
  if (/file/i.test(name)) return 'file';
  return /director/i.test(name) ? 'directory' : 'text';
}

interface Documentation {
  readonly notes: readonly string[];
  readonly examples: readonly string[];
}

const isExample = (paragraph: string): boolean => /^Examples?\b.*:\n/.test(paragraph);

/** The texts a command adds to its help: paragraphs, of which one may be headed `Example:`. */
function documentation(command: Command): Documentation {
  const texts = command instanceof DocumentedCommand ? command.helpTexts : [];
  const paragraphs = texts
    .flatMap((text) => text.split(/\n{2,}/))
    .map((text) => text.replace(/^\n|\n$/g, ''));
  return {
    notes: paragraphs.filter((paragraph) => paragraph !== '' && !isExample(paragraph)),
    examples: paragraphs.filter(isExample).flatMap(examplesIn),
  };
}

/** `Examples, in this order:` and its lines; what restricts them becomes a comment of the first. */
function examplesIn(paragraph: string): string[] {
  const [heading = '', ...lines] = paragraph.split('\n');
  const [, restriction] = /^Examples?,? *(.*):$/.exec(heading) ?? [];
  const examples: string[] = [];
  let open = '';
  for (const line of lines.map((each) => each.replace(/^ {2}/, ''))) {
    open = open === '' ? line : `${open}\n${line}`;
    if (isWhole(open)) {
      examples.push(open);
      open = '';
    }
  }
  if (restriction) examples[0] = `# ${restriction}\n${examples[0] ?? ''}`;
  return open === '' ? examples : [...examples, open];
}

/** Quotes are closed and nothing says that a line follows. */
const isWhole = (script: string): boolean =>
  (script.match(/'/g) ?? []).length % 2 === 0 && !/[|\\]$/.test(script);

/** Those of the nearest group that call the command. */
function examplesOfGroup(command: Command): readonly string[] {
  if (!(command instanceof DocumentedCommand && command.runs)) return [];
  const call = `gridcommons ${pathOf(command).join(' ')}`;
  for (let group = command.parent; group !== null; group = group.parent) {
    const examples = documentation(group).examples.filter((example) => `${example} `.includes(`${call} `));
    if (examples.length > 0) return examples;
  }
  return [];
}
