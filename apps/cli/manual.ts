import { type Command, Help } from 'commander';
import { type CommandNode, commandTree, type OptionNode, optionsOf } from './command-tree.ts';
import { environmentOf, filesOf } from './surroundings.ts';

const EXIT_STATUS: readonly Item[] = [
  ['0', 'done'],
  ['1', 'refused: a rule was broken or a check did not hold; the code says which'],
  ['2', 'the command line is wrong'],
  ['3', 'a party or service that is needed does not answer: try again'],
];

/** A term and what it means. */
type Item = readonly [term: string, meaning: string];

const INDENT = '  ';
/** Meanings stand in a column beside shorter terms, below longer ones. */
const WIDEST_TERM = 26;
/** Narrower than this nothing is wrapped. */
const LEAST_WIDTH = 40;

/** Help as a manual page; with --json the command as data. */
export function helpOf(command: Command, helper: Help, json: boolean): string {
  const node = commandTree(command);
  if (json) return `${JSON.stringify(node)}\n`;
  const global =
    command.parent === null
      ? []
      : optionsOf(rootOf(command)).filter(({ names }) => !names.includes('--version'));
  return manualPage(node, global, Math.max(helper.helpWidth ?? 80, LEAST_WIDTH), (title) =>
    helper.styleTitle(title),
  );
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

/** NAME to FILES of a command, with lines of at most `width` characters but for examples and tables. */
export function manualPage(
  node: CommandNode,
  global: readonly OptionNode[],
  width: number,
  title: (text: string) => string = (text) => text,
): string {
  const name = ['gridcommons', ...node.path].join(' ');
  const wrapped = (text: string): string => wrap(text, width - INDENT.length);
  const items = (list: readonly Item[]): string => itemsText(list, width - INDENT.length);
  const sections: readonly (readonly [heading: string, body: string])[] = [
    ['NAME', wrapped(`${name} - ${node.summary}`)],
    ['SYNOPSIS', wrapped(synopsisOf(node))],
    ['DESCRIPTION', node.notes.map((note) => reflowed(note, wrapped)).join('\n\n')],
    ['ARGUMENTS', items(node.arguments.map((each): Item => [each.name, described(each)]))],
    ['COMMANDS', items(node.commands.map(({ path, summary }): Item => [path.at(-1)!, summary]))],
    ['OPTIONS', items([...node.options.map(optionItem), ['-h, --help', 'show this page']])],
    ['GLOBAL OPTIONS', items(global.map(optionItem))],
    ['EXAMPLES', node.examples.join('\n')],
    ['EXIT STATUS', items(EXIT_STATUS)],
    ['ENVIRONMENT', items(environmentOf(node))],
    ['FILES', items(filesOf(node))],
  ];
  return sections
    .filter(([, body]) => body !== '')
    .map(([heading, body]) => `${title(heading)}\n${indented(body)}\n`)
    .join('\n');
}

function synopsisOf({ path, options, usage }: CommandNode): string {
  const mandatory = options.filter((option) => option.mandatory);
  return ['gridcommons', ...path, ...mandatory.map(({ flags }) => flags.replace(/^.*, /, '')), usage].join(
    ' ',
  );
}

const optionItem = (option: OptionNode): Item => [option.flags, described(option)];

function described({
  description,
  choices,
  ...parameter
}: {
  readonly description: string;
  readonly choices: readonly string[] | null;
  readonly mandatory?: boolean;
  readonly defaultText?: string | null;
}): string {
  const facts = [
    ...(parameter.mandatory === true ? ['needed'] : []),
    ...(choices === null ? [] : [`one of ${choices.join(', ')}`]),
    ...(parameter.defaultText ? [`default: ${parameter.defaultText}`] : []),
  ];
  return [description, ...(facts.length === 0 ? [] : [`(${facts.join('; ')})`])].join(' ').trimStart();
}

/** Lines that are indented are a table or a document and stay as they are. */
const reflowed = (paragraph: string, wrapped: (text: string) => string): string =>
  (paragraph.match(/(?:^ .*\n?)+|(?:^\S.*\n?)+/gm) ?? [])
    .map((block) => block.replace(/\n$/, ''))
    .map((block) => (block.startsWith(' ') ? block : wrapped(block.replaceAll('\n', ' '))))
    .join('\n');

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, INDENT);

const wrap = (text: string, width: number): string => new Help().boxWrap(text, width);

function itemsText(items: readonly Item[], width: number): string {
  const terms = items.map(([term]) => term.length).filter((length) => length <= WIDEST_TERM);
  const column = Math.max(...terms, 0) + INDENT.length;
  return items
    .map(([term, meaning]) => {
      const fits = term.length <= WIDEST_TERM && width - column >= LEAST_WIDTH;
      const [first, ...rest] = wrap(meaning, fits ? width - column : width - 2 * INDENT.length).split('\n');
      const margin = ' '.repeat(fits ? column : 2 * INDENT.length);
      return [fits ? term.padEnd(column) + first! : `${term}\n${margin}${first}`, ...rest.map((line) => margin + line)]; // prettier-ignore
    })
    .flat()
    .join('\n');
}
