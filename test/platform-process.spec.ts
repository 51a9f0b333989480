import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const MAIN = 'dist/apps/platform/main.js';
const START_MS = 120_000;

/** The built platform as operating-system processes: what only they can show. */
describe('the platform process', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error(`expected ${MAIN}, got none: run npm run build`);
    dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-process-'));
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const launch = () => {
    const child = spawn(process.execPath, [MAIN], {
      env: { GRIDCOMMONS_DATA_DIR: dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const output = { log: '', errors: '' };
    child.stdout.on('data', (chunk) => (output.log += String(chunk)));
    child.stderr.on('data', (chunk) => (output.errors += String(chunk)));
    return { child, output };
  };

  /** Started and listening: the address stands in the log. */
  const start = async () => {
    const { child, output } = launch();
    const exited = once(child, 'exit');
    for (;;) {
      const url = /"url":"([^"]+)","msg":"listening"/.exec(output.log)?.[1];
      if (url !== undefined) return { child, output, url };
      const ended = await Promise.race([
        once(child.stdout, 'data').then(() => false),
        exited.then(() => true),
      ]);
      if (ended) throw new Error(`expected the platform to listen, got ${output.errors}`);
    }
  };

  const operatorKey = async () => (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
  const ask = async (url: string, query: string, key?: string): Promise<unknown> => {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': 'once',
      authorization: `Bearer ${key ?? (await operatorKey())}`,
    };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  const CREATE =
    'mutation { createOrganisation(input: { name: "Firm", legalId: "x:1" }) { apiKey organisation { id } } }';

  it(
    'owns its data directory, loses nothing to kill -9, repeats nothing, and ends on SIGTERM',
    async () => {
      const first = await start();
      const [live, ready] = await Promise.all([
        fetch(`${first.url}/health/live`),
        fetch(`${first.url}/health/ready`),
      ]);
      expect([live.status, ready.status]).toEqual([200, 200]);
      const key = await operatorKey();
      const created = await ask(first.url, CREATE);
      expect(created).toMatchObject({
        data: { createOrganisation: { apiKey: expect.stringMatching(/^gck_/) } },
      });

      const second = launch();
      expect(await once(second.child, 'close')).toEqual([1, null]);
      expect(second.output.errors).toContain('DATA_DIR_IN_USE');
      expect(await ask(first.url, '{ me { kind } }')).toEqual({ data: { me: { kind: 'member' } } });

      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const third = await start();
      expect(await operatorKey()).toBe(key);
      expect(await ask(third.url, CREATE)).toEqual(created);

      third.child.kill('SIGTERM');
      const [code, signal] = (await once(third.child, 'close')) as [number | null, string | null];
      expect([code, signal]).toEqual([null, 'SIGTERM']);
      expect(third.output.log).toContain('database closed');

      const logs = [first, second, third].map(({ output }) => output.log + output.errors).join('');
      const { apiKey } = (created as { data: { createOrganisation: { apiKey: string } } }).data
        .createOrganisation;
      const platformKey = JSON.parse(await readFile(join(dataDir, 'platform.key'), 'utf8')) as {
        privateKey: string;
      };
      for (const secret of [key, apiKey, platformKey.privateKey]) expect(logs).not.toContain(secret);
    },
    START_MS,
  );
});
