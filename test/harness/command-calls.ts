import type { Command } from 'commander';
import { buildProgram } from '../../apps/cli/program.ts';

/** The program, none of whose verbs may run. */
export const idleProgram = (): Command =>
  buildProgram(() => {
    throw new Error('planted: nothing runs');
  }, false);

/** The words of each `gridcommons …` in a script, as a shell would hand them over. */
export function callsIn(script: string): string[][] {
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
export function verbRunBy(words: readonly string[]): string {
  let ran = 'none';
  const each = (command: Command, path: readonly string[]): void => {
    command.action(() => {
      ran = path.join(' ');
    });
    for (const child of command.commands) each(child, [...path, child.name()]);
  };
  const parsing = idleProgram();
  for (const child of parsing.commands) each(child, [child.name()]);
  parsing.parse([...words], { from: 'user' });
  return ran;
}
