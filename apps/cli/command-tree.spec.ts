import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { callsIn, idleProgram, verbRunBy } from '../../test/harness/command-calls.ts';
import { commandTree, verbsOf } from './command-tree.ts';

const tree = commandTree(idleProgram());
const verbs = verbsOf(tree).map((verb) => ({ ...verb, name: verb.path.join(' ') }));

const option = (verb: string, flag: string) =>
  verbs.find(({ name }) => name === verb)!.options.find(({ names }) => names.includes(flag));

describe('docs/CLI.md', () => {
  it('shows command lines that parse', async () => {
    const blocks = (await readFile('docs/CLI.md', 'utf8')).matchAll(/```sh\n([^]*?)```/g);
    const calls = [...blocks].flatMap(([, script = '']) => callsIn(script.replaceAll(/[()]/g, ' ')));
    expect(calls.length).toBeGreaterThan(10);
    for (const call of calls.filter((words) => !words.includes('--help')))
      expect(verbs.map(({ name }) => name)).toContain(verbRunBy(call));
  });
});

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
