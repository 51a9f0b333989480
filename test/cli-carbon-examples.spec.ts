import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BIN, run } from './harness/command-line.ts';

const execute = promisify(execFile);

/** What the help of a verb shows under EXAMPLES, as somebody would paste it into a shell. */
async function examplesOf(verb: string): Promise<string> {
  const { stdout } = await run(['carbon', verb, '--help']);
  const [, examples = ''] = /^EXAMPLES\n([^]*?)\n\n[A-Z]/m.exec(stdout) ?? [];
  return examples;
}

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-examples-'));
  const program = join(directory, 'gridcommons');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${resolve(BIN)}" "$@"\n`);
  await chmod(program, 0o755);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** @throws where a command of the script fails */
const paste = (script: string) =>
  execute('bash', ['-c', `set -eo pipefail\nPATH="$PWD:$PATH"\n${script}`], {
    cwd: directory,
    maxBuffer: 1 << 24,
  });

const VERBS = [
  'factors',
  'inventory',
  'residual-mix',
  'certificates',
  'cfe',
  'trace',
  'marginal',
  'eia930',
  'intensity-forecast',
  'window',
  'levers',
  'allowances',
  'report',
  'verify',
  'footprint',
  'portrait',
  'trend',
  'peers',
  'sectors',
];

describe('the examples in the help of carbon', () => {
  // `verify` checks what the example of `report` writes.
  it.each(VERBS)('of %s run as they stand, need no file of one’s own and print something', async (verb) => {
    const examples = await examplesOf(verb);
    expect(examples).toContain(`gridcommons carbon ${verb}`);
    const { stdout, stderr } = await paste(examples);
    expect(stderr).toBe('');
    expect(stdout.trim()).not.toBe('');
    expect(stdout).not.toMatch(/\b(NaN|undefined|\[object)/);
  });

  it('are of every verb', async () => {
    const { stdout } = await run(['carbon', '--help']);
    const [, commands = ''] = /^COMMANDS\n([^]*?)\n\n[A-Z]/m.exec(stdout) ?? [];
    const verbs = [...commands.matchAll(/^ {2}([a-z0-9-]+)/gm)].map(([, verb]) => verb!);
    expect(verbs.toSorted()).toEqual(VERBS.toSorted());
  });
});

describe('carbon factors', () => {
  it.each([
    [['--zone', 'NOWHERE'], { subject: null, zone: 'NOWHERE', averaging: 'average' }],
    [['--averaging', 'marginal'], { subject: null, averaging: 'marginal' }],
    [
      ['--technology', 'coal', '--at', '1990-01-01T00:00:00Z'],
      { subject: 'coal', at: '1990-01-01T00:00:00Z' },
    ],
  ])('refuses %j, of which there is none, with what was asked', async (parameters, data) => {
    const { exitCode, stdout, stderr } = await run(['carbon', 'factors', ...parameters, '--json']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'FACTOR_MISSING', data } });
  });
});
