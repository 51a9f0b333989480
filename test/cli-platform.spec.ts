import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BIN, run } from './harness/command-line.ts';

const parsed = (text: string): unknown => JSON.parse(text);

const secretIn = async (file: string): Promise<string> => (await readFile(file, 'utf8')).trim();

describe('platform and admin', () => {
  let directory: string;
  let platform: ChildProcess;
  let ended: Promise<unknown>;
  let url: string;
  let dataDir: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-'));
    dataDir = join(directory, 'platform');
    platform = spawn(process.execPath, [BIN, 'platform', 'start', '--data-dir', dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ended = new Promise((settle) => platform.on('exit', (...how) => settle(how)));
    for await (const line of createInterface({ input: platform.stdout! })) {
      const entry = JSON.parse(line) as { msg?: string; url?: string };
      if (entry.msg === 'listening') {
        url = entry.url!;
        break;
      }
    }
    platform.stdout!.resume();
  }, 60_000);

  afterAll(async () => {
    platform.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  });

  const admin = (...parameters: string[]) =>
    run(['admin', ...parameters, '--platform', url, '--data-dir', dataDir, '--json']);
  it('creates an organisation, a token and a key; keys go to files of their owner only', async () => {
    const north = join(directory, 'north.key');
    const created = await admin(
      'organisation',
      'create',
      '--name',
      'North',
      '--legal-id',
      'EIC-N',
      '--output',
      north,
    );
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    const { organisation } = JSON.parse(created.stdout) as { organisation: { id: string; name: string } };
    expect(organisation.name).toBe('North');
    expect((await stat(north)).mode & 0o777).toBe(0o600);
    expect(created.stdout).not.toContain(await secretIn(north));

    const token = await admin('token', 'create', '--organisation', organisation.id, '--valid-hours', '2');
    expect(parsed(token.stdout)).toMatchObject({
      token: expect.any(String),
      expiresAt: expect.stringMatching(/Z$/),
    });

    const desk = join(directory, 'desk.key');
    const roles = ['--role', 'analyst', '--output', desk, '--key-file', north];
    const key = await admin('key', 'create', '--member-name', 'desk', ...roles);
    expect(parsed(key.stdout)).toMatchObject({ apiKey: { roles: ['analyst'] }, keyFile: desk });
    expect(key.stdout).not.toContain(await secretIn(desk));
  });

  it('tells a refusal of the platform by its code, and leaves no file behind', async () => {
    const file = join(directory, 'again.key');
    const twice = ['--name', 'Again', '--output', file];
    await admin('organisation', 'create', '--legal-id', 'EIC-A', ...twice);
    const exists = await admin('organisation', 'create', '--legal-id', 'EIC-B', ...twice);
    expect(exists.exitCode).toBe(1);
    expect(parsed(exists.stderr)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    const other = join(directory, 'other.key');
    const refused = await admin(
      'organisation',
      'create',
      '--legal-id',
      'EIC-A',
      '--name',
      'A',
      '--output',
      other,
    );
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(refused.stderr)).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/) } });
    await expect(stat(other)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a second process on the data directory', async () => {
    const { exitCode, stderr } = await run([
      'platform',
      'start',
      '--data-dir',
      dataDir,
      '--port',
      '0',
      '--json',
    ]);
    expect(exitCode).toBe(1);
    expect(parsed(stderr)).toMatchObject({ error: { code: 'DATA_DIR_IN_USE' } });
  });

  it('names every setting that is wrong', async () => {
    const node = [
      '--import',
      'data:text/javascript,process.env.LOG_LEVEL="loud";process.env.DATABASE_POOL_SIZE="0"',
    ];
    const { exitCode, stderr } = await run(['platform', 'start', '--data-dir', dataDir, '--json'], { node });
    expect(exitCode).toBe(1);
    expect(parsed(stderr)).toMatchObject({
      error: {
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/LOG_LEVEL[^]*DATABASE_POOL_SIZE|DATABASE_POOL_SIZE[^]*LOG_LEVEL/),
      },
    });
  });

  it('ends by the signal that it hands on to the platform', async () => {
    platform.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});
