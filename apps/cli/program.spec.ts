import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '#core';
import { commandTree, verbsOf } from './command-tree.ts';
import { createOutput, EXIT, tellThrown } from './output.ts';
import { buildProgram, runCommandLine } from './program.ts';

const verbs = verbsOf(commandTree(buildProgram(() => createOutput(true), true)));

afterEach(() => {
  jest.restoreAllMocks();
});

/** What a command line writes, and how it ends. */
async function ran(parameters: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  const exitCode = await runCommandLine(parameters);
  jest.restoreAllMocks();
  return { exitCode, stdout, stderr };
}

/** Of one line: exactly one document. */
const documentIn = (text: string): unknown => {
  expect(text).toMatch(/^[^\n]+\n$/);
  return JSON.parse(text);
};

describe('a command line', () => {
  it('is refused with exit code 2 and one document by each verb whose option it misspells', async () => {
    for (const { path } of verbs) {
      const { exitCode, stdout, stderr } = await ran([...path, '--jsn', '--json']);
      expect([path, exitCode, stdout]).toEqual([path, EXIT.usage, '']);
      expect(documentIn(stderr)).toEqual({
        error: { code: 'USAGE', message: expect.any(String), data: { reason: expect.any(String) } },
      });
    }
  });

  it.each([
    [['market', 'claer'], "USAGE: unknown command 'claer' (Did you mean clear?)\n"],
    [['verify-transcript', 'f', '--rot', 'x'], "USAGE: unknown option '--rot' (Did you mean --root?)\n"],
  ])('%j is told what it might mean', async (parameters, told) => {
    expect(await ran(parameters)).toEqual({ exitCode: EXIT.usage, stdout: '', stderr: told });
  });

  it('prints one document of help and of the version with --json, too', async () => {
    const help = await ran(['market', 'clear', '--help', '--json']);
    expect(help).toMatchObject({ exitCode: EXIT.ok, stderr: '' });
    expect(documentIn(help.stdout)).toMatchObject({ path: ['market', 'clear'], runs: true });
    const version = await ran(['--version', '--json']);
    expect(documentIn(version.stdout)).toEqual({ version: expect.stringMatching(/^\d/) });
    const group = await ran(['market', '--json']);
    expect(group).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
    expect(documentIn(group.stderr)).toMatchObject({ error: { code: 'USAGE' } });
  });

  it('prints the result as one document', async () => {
    const { exitCode, stdout, stderr } = await ran(['market', 'mechanisms', '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: null, stderr: '' });
    expect(documentIn(stdout)).toContainEqual(expect.objectContaining({ name: 'uniform-price' }));
  });
});

describe('what was thrown', () => {
  it.each([
    ['invalid', EXIT.refused],
    ['unauthenticated', EXIT.refused],
    ['forbidden', EXIT.refused],
    ['not-found', EXIT.refused],
    ['conflict', EXIT.refused],
    ['limit', EXIT.refused],
    ['unavailable', EXIT.unavailable],
  ] as const)('as %s ends with %i', (kind, exitCode) => {
    let stderr = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
    expect(tellThrown(new DomainError('PLANTED', 'expected a, got b', kind, { a: 1 }), true)).toBe(exitCode);
    expect(documentIn(stderr)).toEqual({
      error: { code: 'PLANTED', message: 'expected a, got b', data: { a: 1 } },
    });
  });
});
