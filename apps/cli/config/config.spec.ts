import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { runCommandLine } from '../program.ts';

const KEY = `gck_0123456789abcdef_${'0a'.repeat(32)}`;

let directory: string;
let file: string;
let keyFile: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-config-'));
  file = join(directory, 'of', 'config.json');
  keyFile = join(directory, 'some.key');
  writeFileSync(keyFile, `${KEY}\n`);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** A command line with these variables and no others. */
async function ran(parameters: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let [stdout, stderr] = ['', ''];
  jest.replaceProperty(process, 'env', { GRIDCOMMONS_CONFIG: file, ...env });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += String(text)) !== '');
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += String(text)) !== '');
  const exitCode = await runCommandLine(parameters);
  jest.restoreAllMocks();
  return { exitCode, stdout, stderr };
}

async function done(...parameters: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await ran([...parameters, '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: null, stderr: '' });
  return JSON.parse(stdout);
}

async function refusal(parameters: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await ran([...parameters, '--json'], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: expect.any(Number), stdout: '' });
  return (JSON.parse(stderr) as { error: { code: string; message: string; data: Record<string, unknown> } })
    .error;
}

/** Nobody listens on such a port: the refusal names the address that was asked. */
const at = (port: number): string => `http://127.0.0.1:${port}`;

describe('what need not be said on every call', () => {
  it('comes from the option, else the environment, else the profile', async () => {
    await done('config', 'set', 'platform', at(1));
    await done('config', 'set', 'key-file', keyFile);
    await done('config', 'set', 'platform', at(2), '--profile', 'other');
    await done('config', 'set', 'key-file', keyFile, '--profile', 'other');
    const ask = ['agreement', 'show', '1'];
    const asked = async (extra: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
      (await refusal([...ask, ...extra], env)).data['url'];
    expect(await asked()).toBe(at(1));
    expect(await asked([], { GRIDCOMMONS_PROFILE: 'other' })).toBe(at(2));
    expect(await asked(['--profile', 'other'], { GRIDCOMMONS_PROFILE: 'default' })).toBe(at(2));
    expect(await asked([], { GRIDCOMMONS_PLATFORM: at(3) })).toBe(at(3));
    expect(await asked(['--platform', at(4)], { GRIDCOMMONS_PLATFORM: at(3) })).toBe(at(4));
    await done('config', 'unset', 'platform');
    expect(await asked([], { PORT: '5' })).toBe(at(5));
  });

  it('is listed with where it comes from', async () => {
    await done('config', 'set', 'participant-dir', 'north');
    const { stdout } = await ran(['config', 'list', '--json'], { GRIDCOMMONS_DATA_DIR: '/data' });
    expect(JSON.parse(stdout)).toEqual({
      file,
      profile: 'default',
      settings: [
        { key: 'platform', value: 'http://127.0.0.1:3000', source: 'default', from: null },
        { key: 'key-file', value: join('/data', 'operator.key'), source: 'default', from: null },
        { key: 'data-dir', value: '/data', source: 'environment', from: 'GRIDCOMMONS_DATA_DIR' },
        { key: 'participant-dir', value: join(process.cwd(), 'north'), source: 'profile', from: 'default' },
        { key: 'output', value: 'text', source: 'default', from: null },
      ],
    });
    expect((await ran(['config', 'get', 'participant-dir'])).stdout).toBe(`${join(process.cwd(), 'north')}\n`); // prettier-ignore
  });

  it('reaches verbs of a participant, and the form of results', async () => {
    await done('config', 'set', 'participant-dir', join(directory, 'north'));
    await done('config', 'set', 'output', 'json');
    const { stdout } = await ran(['participant', 'consent', 'show']);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    expect((await ran(['participant', 'consent', 'show'], { GRIDCOMMONS_OUTPUT: 'text' })).stdout).not.toMatch(/^\{/); // prettier-ignore
    const { stderr } = await ran(['participant', 'status', '--dir', join(directory, 'south')]);
    expect(stderr).toMatch(/^(?:\{"error":.*\n)?$/);
    expect(await done('participant', 'place', '--latitude', '1', '--longitude', '2')).toBeDefined();
    expect(readdirSync(directory)).toContain('north');
  });

  it('is the platform of a participant that enrols', async () => {
    const init = ['participant', 'init', '--token', 'x', '--dir', join(directory, 'north')];
    expect(await ran(init)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--platform') });
    await done('participant', 'identity', '--legal-id', 'test:North', '--dir', join(directory, 'north'));
    const { exitCode, stderr } = await ran(init, { GRIDCOMMONS_PLATFORM: at(1) });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(at(1));
  });

  it('stands in a file that its owner alone can read', async () => {
    expect(await done('config', 'path')).toEqual({ file });
    await done('config', 'set', 'output', 'text');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'of')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(directory, 'of'))).toEqual(['config.json']);
  });
});

describe('a configuration that cannot be', () => {
  it.each([
    [['get', 'colour'], 'CONFIG_KEY_UNKNOWN', 'got colour'],
    [['set', 'output', 'xml'], 'CONFIG_VALUE_INVALID', 'text or json'],
    [['set', 'platform', 'market.example'], 'CONFIG_VALUE_INVALID', 'http://127.0.0.1:3000'],
    [['list', '--profile', 'nobody'], 'PROFILE_UNKNOWN', 'got nobody'],
    [['set', 'output', 'text', '--profile', '__proto__'], 'PROFILE_NAME_INVALID', 'letters'],
  ])('%j is refused with %s', async (parameters, code, told) => {
    expect(await refusal(['config', ...parameters])).toMatchObject({ code, message: expect.stringContaining(told) }); // prettier-ignore
  });

  it.each([
    ['half a document', '{"profiles": ', 'no JSON'],
    ['unknown keys', '{"profiles": {"default": {"colour": "red"}}}', 'colour'],
    ['another form', '{"profiles": []}', 'profiles'],
    ['a value that cannot be', '{"profiles": {"default": {"output": "xml"}}}', 'default.output'],
  ])('as a file with %s is one error that names the file', async (_, text, told) => {
    file = join(directory, 'config.json');
    writeFileSync(file, text);
    for (const verb of [
      ['config', 'list'],
      ['config', 'set', 'output', 'text'],
      ['agreement', 'list'],
    ]) {
      const { code, message } = await refusal(verb);
      expect(code).toBe('CONFIG_FILE_INVALID');
      expect(message).toContain(file);
      expect(message).toContain(told);
    }
    expect(await done('config', 'path')).toEqual({ file });
    expect((await ran(['market', '--help'])).exitCode).toBe(0);
  });
});

describe('a key', () => {
  const planted: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
    ['as a value', ['config', 'set', 'key-file', KEY], {}],
    ['as an enrolment token', ['config', 'set', 'key-file', KEY.replace('gck', 'gce')], {}],
    ['in an address', ['config', 'set', 'platform', `https://me:${KEY}@market.example`], {}],
    ['as the name of a setting', ['config', 'set', KEY, 'x'], {}],
    ['as the name of a profile', ['config', 'list', '--profile', KEY], {}],
    ['in a variable', ['config', 'list'], { GRIDCOMMONS_KEY_FILE: KEY }],
    ['in a variable of a verb', ['agreement', 'list'], { GRIDCOMMONS_KEY_FILE: KEY }],
    ['as an option', ['agreement', 'list', '--key-file', KEY], {}],
    ['in the option of an address', ['agreement', 'list', '--platform', `http://k:${KEY}@127.0.0.1:1`], {}],
    ['as a file', ['verify-transcript', KEY], {}],
    ['as a verb', [KEY], {}],
    ['as an option that is none', ['agreement', 'list', `--key=${KEY}`], {}],
  ];

  it.each(planted)('%s is refused and told to nobody', async (_, parameters, env) => {
    for (const form of [[], ['--json'], ['--verbose']]) {
      const { exitCode, stdout, stderr } = await ran([...parameters, ...form], env);
      expect(exitCode).toBeGreaterThan(0);
      expect(stdout + stderr).not.toContain(KEY.slice(8));
      expect(stderr).not.toBe('');
    }
    expect(readdirSync(directory)).toEqual(['some.key']);
  });

  it('that somebody wrote into the file by hand is told to nobody', async () => {
    file = join(directory, 'config.json');
    for (const text of [
      JSON.stringify({ profiles: { default: { 'key-file': KEY } } }),
      JSON.stringify({ profiles: { default: { [KEY]: 'x' } } }),
      `{"profiles": ${KEY}`,
    ]) {
      writeFileSync(file, text);
      for (const verb of [
        ['config', 'list'],
        ['config', 'get', 'key-file'],
        ['agreement', 'list'],
      ]) {
        const { exitCode, stdout, stderr } = await ran([...verb, '--verbose']);
        expect(exitCode).toBe(1);
        expect(stdout + stderr).not.toContain(KEY.slice(8));
      }
    }
  });

  it('that is used is told to nobody', async () => {
    await done('config', 'set', 'key-file', keyFile);
    for (const form of [[], ['--json'], ['--verbose']]) {
      const { stdout, stderr } = await ran(['agreement', 'list', '--platform', at(1), ...form]);
      expect(stdout + stderr).not.toContain(KEY.slice(8));
      expect(stderr).toContain('PLATFORM_UNAVAILABLE');
    }
    expect(readFileSync(file, 'utf8')).not.toContain('gck_');
  });
});
