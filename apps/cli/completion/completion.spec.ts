import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandTree } from '../command-tree.ts';
import { createOutput } from '../output.ts';
import { buildProgram } from '../program.ts';
import { completionScript } from './completion-script.ts';

const tree = commandTree(buildProgram(() => createOutput(false), false));

/** What a person has typed, the last word unfinished, and what is offered for it at least; `!` before what must not be. */
const TYPED: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['ma', ['market', '!carbon']],
  ['market cl', ['clear', '!carbon']],
  ['market clear --mech', ['--mechanism', '!--input']],
  ['market clear --mechanism p', ['pay-as-bid', 'pay-as-limit', '!two words.json']],
  ['market clear --report --input tw', ['two words.json', '!--input']],
  ['verify-transcript tw', ['two words.json']],
  ['forecast backtest --data x.csv tw', ['two words.json']],
  ['participant status --dir si', ['site', '!two words.json']],
  ['completion z', ['zsh', '!bash']],
  ['--profile x carbon factors --basis d', ['direct', '!lifecycle']],
];

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-completion-'));
  mkdirSync(join(directory, 'site'));
  writeFileSync(join(directory, 'two words.json'), '{}');
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(directory, `gridcommons.${shell}`), completionScript(shell, tree));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** What a shell offers for each typed text. */
function offeredBy(shell: string, options: readonly string[], script: string): string[][] {
  const { status, stdout, stderr } = spawnSync(shell, [...options, '-c', script], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('== \n').slice(1).map((lines) => lines.split('\n').map((line) => line.replace(/[:\t/].*$/, ''))); // prettier-ignore
}

function expectOffered(answers: readonly (readonly string[])[]): void {
  expect(answers).toHaveLength(TYPED.length);
  for (const [i, [typed, offered]] of TYPED.entries()) {
    for (const word of offered) {
      const [wanted, name] = [!word.startsWith('!'), word.replace('!', '')];
      expect([typed, name, answers[i]!.includes(name)]).toEqual([typed, name, wanted]);
    }
  }
}

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;
const itWith = (shell: string) => (isInstalled(shell) ? it : it.skip);

describe('completion', () => {
  itWith('bash')('in bash offers verbs, options, their words and files', () => {
    const calls = TYPED.map(([typed]) => `offers ${typed}`).join('\n');
    const script = `source gridcommons.bash
complete -p gridcommons | grep -q -- '-F _gridcommons' || exit 1
offers() {
  COMP_WORDS=(gridcommons "$@"); COMP_CWORD=$#
  _gridcommons
  echo '== '; printf '%s\\n' "\${COMPREPLY[@]}"
}
${calls}`;
    expectOffered(offeredBy('bash', ['--norc'], script));
  });

  itWith('fish')('in fish offers the same (skipped where fish is not installed)', () => {
    const calls = TYPED.map(([typed]) => `echo '== '; complete -C 'gridcommons ${typed}'`);
    expectOffered(offeredBy('fish', ['--no-config'], ['source gridcommons.fish', ...calls].join('\n')));
  });

  itWith('zsh')('in zsh offers the same (skipped where zsh is not installed)', () => {
    const calls = TYPED.map(([typed]) => `offers ${typed}`).join('\n');
    // What the shell filters by what is typed is filtered here.
    const script = `autoload -U compinit; compinit -D -u; source gridcommons.zsh
[[ $_comps[gridcommons] == _gridcommons ]] || exit 1
matching() { local each; for each in "$@"; do [[ $each == $words[CURRENT]* ]] && print -r -- $each; done; true }
_describe() { matching "\${(@P)2}" }
_files() { if [[ $1 == -/ ]]; then matching *(N/); else matching *(N.); fi }
compadd() { shift; matching "$@" }
offers() { words=(gridcommons "$@"); CURRENT=$#words; echo '== '; _gridcommons }
${calls}`;
    expectOffered(offeredBy('zsh', ['-f'], script));
  });
});
