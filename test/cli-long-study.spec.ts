import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { BIN } from './harness/command-line.ts';

/** So many orders take minutes. */
const ENDLESS = ['market', 'share', '--method', 'shapley', '--samples', '10000000', '--input', '-'];
const GAME = JSON.stringify({ players: ['A', 'B'], values: { A: 1, B: 2, 'A,B': 4 } });
/** Standard error is a pipe here that is told to be a terminal. */
const TERMINAL = 'data:text/javascript,process.stderr.isTTY = true';

/** What the command has written by the time it shows how far it is. */
async function begun(child: ChildProcessWithoutNullStreams): Promise<string> {
  let shown = '';
  for await (const text of child.stderr.setEncoding('utf8')) {
    shown += text;
    if (shown.includes('orders')) break;
  }
  return shown;
}

describe('a long computation on the command line', () => {
  it('shows how far it is, and an interrupt ends it at once with nothing written', async () => {
    const child = spawn(process.execPath, ['--import', TERMINAL, BIN, ...ENDLESS]);
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
    child.stdin.end(GAME);
    expect(await begun(child)).toMatch(/\] +\d+ % {2}(?:[\d:]+ left {2})?\d+ of 10000000 orders/);
    child.kill('SIGINT');
    // A shell tells it as exit code 130.
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
    expect(written).toBe('');
  });
});
