import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { commandTree, verbsOf } from './command-tree.ts';
import { buildProgram } from './program.ts';

const program = (): Command =>
  buildProgram(() => {
    throw new Error('planted: nothing runs');
  }, false);
const tree = commandTree(program());
const verbs = verbsOf(tree).map((verb) => ({ ...verb, name: verb.path.join(' ') }));

/** The words of each `gridcommons …` in a script, as a shell would hand them over. */
function callsIn(script: string): string[][] {
  const calls: string[][] = [];
  let words: string[] = [];
  const tokens = script.matchAll(/\\\n|#[^\n]*|[|\n>&;]|(?:'[^']*'|"[^"]*"|[^\s|>&;'"])+/g);
  for (const [token] of tokens) {
    if (token === '\\\n' || token.startsWith('#')) continue;
    if (/^[|\n>&;]$/.test(token)) words = [];
    else {
      if (token === 'gridcommons') calls.push((words = []));
      words.push(token.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
    }
  }
  return calls.map(([, ...rest]) => rest);
}

/** Which verb a command line runs. @throws where the program refuses it */
function verbRunBy(words: readonly string[]): string {
  let ran = 'none';
  const each = (command: Command, path: readonly string[]): void => {
    command.action(() => {
      ran = path.join(' ');
    });
    for (const child of command.commands) each(child, [...path, child.name()]);
  };
  const parsing = program();
  for (const child of parsing.commands) each(child, [child.name()]);
  parsing.parse([...words], { from: 'user' });
  return ran;
}

const option = (verb: string, flag: string) =>
  verbs.find(({ name }) => name === verb)!.options.find(({ names }) => names.includes(flag));

describe('the tree of commands', () => {
  it('has every verb, groups that are verbs too', () => {
    const names = verbs.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['demo', 'market clear', 'carbon factors', 'carbon factors import'])); // prettier-ignore
    expect(new Set(names).size).toBe(names.length);
    expect(tree.options.map(({ flags }) => flags)).toContain('--json');
  });

  it('says what parameters take', () => {
    expect(option('carbon report', '--out')).toMatchObject({
      names: ['--out', '--output'],
      value: { name: 'file', kind: 'file', variadic: false },
    });
    expect(option('market game', '--kind')).toMatchObject({
      mandatory: true,
      choices: expect.arrayContaining(['stackelberg']),
    });
    expect(option('participant init', '--no-orders')).toMatchObject({ names: ['--no-orders'], value: null, defaultText: null }); // prettier-ignore
    expect(option('participant status', '--dir')).toMatchObject({ value: { kind: 'directory' } });
  });

  it.each(verbs)('$name says what it does, with an example that calls it', ({ name, summary, examples }) => {
    expect(summary).not.toBe('');
    const ran = examples.flatMap(callsIn).map(verbRunBy);
    expect(ran).toContain(name);
  });
});
