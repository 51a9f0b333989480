import { DomainError, quoted } from '#core';

/** @throws INPUT_NOT_JSON with the place of the first fault; of the text it tells one character, as it may be a secret */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notJson(text);
  }
}

/** What may come next, in words. */
const EXPECTED = {
  value: 'a value',
  valueOrEnd: 'a value or "]"',
  name: 'a name in double quotes',
  nameOrEnd: 'a name in double quotes or "}"',
  colon: '":"',
  after: '"," or the closing bracket',
  end: 'nothing more',
} as const;
type State = keyof typeof EXPECTED;

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  /[{}[\],:]|"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\p{Cc}]*)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/uy;

function notJson(text: string): DomainError {
  const { at, state } = faultOf(text);
  const before = text.slice(0, at).split('\n');
  const [line, column] = [before.length, before.at(-1)!.length + 1];
  const got = at >= text.length ? 'the end of the text' : quoted(String.fromCodePoint(text.codePointAt(at)!));
  const message = `expected JSON: ${EXPECTED[state]} in line ${line}, column ${column}, got ${got}`;
  return new DomainError('INPUT_NOT_JSON', message, 'invalid', { line, column });
}

/** Without recursion, as nothing has limited the depth so far. */
function faultOf(text: string): { readonly at: number; readonly state: State } {
  const open: string[] = [];
  let state: State = 'value';
  for (let at = end(SPACE, text, 0); ; at = end(SPACE, text, at)) {
    const to = end(TOKEN, text, at);
    const next: State | undefined = to === at ? undefined : FOLLOW[state](text[at]!, open);
    if (next === undefined) return { at, state };
    [state, at] = [next, to];
  }
}

function end(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

type Follow = (first: string, open: string[]) => State | undefined;

/** The state after a token that begins with `first`; undefined where none such may stand. */
const FOLLOW: Readonly<Record<State, Follow>> = {
  value: begun,
  valueOrEnd: (first, open) => (first === ']' ? closed(first, open) : begun(first, open)),
  name: (first) => (first === '"' ? 'colon' : undefined),
  nameOrEnd: (first, open) => (first === '"' ? 'colon' : closed(first, open)),
  colon: (first) => (first === ':' ? 'value' : undefined),
  after: (first, open) => (first === ',' ? nextIn(open) : closed(first, open)),
  end: () => undefined,
};

const nextIn = (open: readonly string[]): State => (open.at(-1) === '{' ? 'name' : 'value');
const settled = (open: readonly string[]): State => (open.length === 0 ? 'end' : 'after');

function begun(first: string, open: string[]): State | undefined {
  if ('}],:'.includes(first)) return undefined;
  if (first !== '{' && first !== '[') return settled(open);
  open.push(first);
  return first === '{' ? 'nameOrEnd' : 'valueOrEnd';
}

function closed(first: string, open: string[]): State | undefined {
  if (first !== (open.at(-1) === '{' ? '}' : ']')) return undefined;
  open.pop();
  return settled(open);
}
