import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { callsIn, verbRunBy } from './harness/command-calls.ts';
import { BIN } from './harness/command-line.ts';
import { type Document, readDocuments, type ShellBlock } from './harness/documents.ts';

/**
 * Fences of documents: `sh` runs, all of a document in one shell and one directory; `sh background` runs beside what follows
 * until a platform answers, and ends with it; `sh ci` is run by .ci/run; `sh sketch` needs what the reader alone has
 * (identifiers, other people's files, a chain), so that only verbs and options are checked.
 */
const KINDS = ['', 'background', 'ci', 'sketch'];
const MINUTES = 60_000;

const documents = await readDocuments();

const programs: Readonly<Record<string, string>> = {
  gridcommons: 'exec "$NODE" "$BIN" "$@"',
  npx: '[ "$1" = gridcommons ] || exit 97\nshift\nexec gridcommons "$@"',
  npm: '[ "$1" = ci ] && exit 0\n[ "$1 $2" = "run demo" ] || exit 97\nshift 2\n[ "$1" = -- ] && shift\nexec gridcommons demo "$@"',
};

/** A directory with the documents in it and, first on the path, programs that run what has been built. */
async function deskOf(): Promise<string> {
  const desk = await mkdtemp(join(tmpdir(), 'gridcommons-docs-'));
  await symlink(resolve('docs'), join(desk, 'docs'));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(desk, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(desk, name), 0o755);
  }
  return desk;
}

const freePort = (): Promise<number> =>
  new Promise((resolved) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolved(port));
    });
  });

const READY = String.raw`until "$NODE" -e "fetch('http://127.0.0.1:$PORT/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; do
  kill -0 "$beside"
  sleep 0.2
done`;

function scriptOf({ line, script, kind }: ShellBlock): string {
  const run = kind === 'background' ? `${script.trim()} >platform.log 2>&1 &\nbeside=$!\n${READY}` : script;
  return `at=${line}\n${run}`;
}

/** @returns everything that was printed @throws with the line at which a document's commands failed */
async function play({ path, blocks }: Document): Promise<string> {
  const desk = await deskOf();
  const script = [
    'set -eo pipefail',
    'beside=',
    // The last line of standard error tells where.
    `trap 'status=$?; [ -z "$beside" ] || { kill "$beside"; wait "$beside" || true; }; [ $status = 0 ] || echo "${path}:$at exits $status" >&2; exit $status' EXIT`,
    ...blocks.filter(({ kind }) => kind === '' || kind === 'background').map(scriptOf),
  ].join('\n');
  const env = {
    PATH: `${desk}:/usr/local/bin:/usr/bin:/bin`,
    HOME: desk,
    NODE: process.execPath,
    BIN: resolve(BIN),
    PORT: String(await freePort()),
  };
  try {
    return await new Promise((done, fail) => {
      execFile('bash', ['-c', script], { cwd: desk, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        error ? fail(new Error(`${stderr.slice(-2_000)}\n${stdout.slice(-2_000)}`)) : done(stdout),
      );
    });
  } finally {
    await rm(desk, { recursive: true, force: true });
  }
}

/** The verb that the words run, or what the program has against them. */
function verdictOn(words: readonly string[]): string {
  try {
    return verbRunBy(words);
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const runs = (document: Document) => document.blocks.some(({ kind }) => kind === '');
const where = ({ path }: Document, { line }: ShellBlock) => `${path}:${line}`;

describe('the documents', () => {
  it('say of every block of commands how it is tested', () => {
    const other = documents.flatMap((document) =>
      document.blocks.filter(({ kind }) => !KINDS.includes(kind)).map((block) => where(document, block)),
    );
    expect(other).toEqual([]);
  });

  it('call no verb and give no option that there is not', () => {
    const calls = documents.flatMap((document) =>
      document.blocks.flatMap((block) =>
        callsIn(block.script).map((words) => ({ at: where(document, block), words })),
      ),
    );
    expect(calls.length).toBeGreaterThan(20);
    // Help is printed, not parsed.
    for (const { at, words } of calls.filter((call) => !call.words.includes('--help')))
      expect(`${at} ${verdictOn(words)}`).not.toMatch(/ refused:/);
  });

  it.each(documents.filter(runs))(
    '$path runs as it stands',
    async (document) => {
      expect(await play(document)).not.toMatch(/\b(NaN|undefined|\[object)/);
    },
    10 * MINUTES,
  );
});
