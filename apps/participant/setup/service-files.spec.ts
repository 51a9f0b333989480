import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  composeFile,
  requireNewFile,
  serviceOf,
  systemdUnit,
  type Service,
  writeServiceFile,
} from './service-files.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'service-files-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const service = (directory: string, platformUrl = 'https://p.example'): Service => ({
  directory,
  platformUrl,
  node: process.execPath,
  script: '/opt/gridcommons/dist/apps/cli/bin.js',
  user: 'grid',
  uid: 1_000,
  gid: 1_001,
  source: '/opt/gridcommons',
});

/** A directory that means something to whoever reads the file. */
const ODD = `/srv/a "b" $HOME %h \\ 'c'`;

describe('the systemd unit', () => {
  it('writes its directory and nothing else, under any name', () => {
    const lines = systemdUnit(service(ODD)).split('\n');
    expect(lines).toContain(String.raw`ReadWritePaths="/srv/a \"b\" $HOME %%h \\ 'c'"`);
    expect(lines.find((line) => line.startsWith('ExecStart='))).toContain(
      String.raw`"--dir" "/srv/a \"b\" $$HOME %%h \\ 'c'"`,
    );
    for (const setting of [
      'User=grid',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'Restart=on-failure',
      'UMask=0077',
    ])
      expect(lines).toContain(setting);
  });

  // `systemd-analyze` is not on every machine; the test above holds there too.
  it('is one that systemd accepts, where it is there to be asked', () => {
    const file = join(workspace, 'site.service');
    writeFileSync(file, systemdUnit({ ...service(join(workspace, 'no rth')), user: 'root' }));
    expect(['accepted', 'not asked']).toContain(systemdSays(file));
  });
});

function systemdSays(file: string): string {
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  if (error) {
    process.stderr.write('systemd-analyze is not here: the unit was not verified\n');
    return 'not asked';
  }
  return status === 0 && !stderr.includes(file) ? 'accepted' : stderr;
}

describe('the Compose file', () => {
  it('binds the directory alone, as its owner, and reads a $ as one', () => {
    const text = composeFile(service(ODD));
    expect(text).toContain(String.raw`source: "/srv/a \"b\" $$HOME %h \\ 'c'"`);
    expect(text).toContain(`user: '1000:1001'`);
    expect(text).not.toContain('network_mode');
    expect(composeFile(service('/srv/a', 'http://127.0.0.1:3000'))).toContain('network_mode: host');
    expect(composeFile({ ...service('/srv/a'), source: null })).not.toContain('build:');
  });

  it('is YAML of the service, where a parser is there to be asked', () => {
    const expected = {
      services: {
        participant: {
          build: '/opt/gridcommons',
          command: ['gridcommons', 'participant', 'start', '--dir', '/site'],
          read_only: true,
          cap_drop: ['ALL'],
          volumes: [{ type: 'bind', source: ODD.replace('$', '$$$$'), target: '/site' }],
        },
      },
    };
    const parse = yamlParser();
    if (parse === null) process.stderr.write('yaml is not here: the Compose file was not parsed\n');
    expect(parse === null ? expected : parse(composeFile(service(ODD)))).toMatchObject(expected);
  });
});

/** Some package brings one along; none is needed. */
function yamlParser(): ((text: string) => unknown) | null {
  const name = 'yaml';
  try {
    return (createRequire(import.meta.url)(name) as { parse: (text: string) => unknown }).parse;
  } catch {
    return null;
  }
}

describe('a file of a service', () => {
  it('replaces nothing, and names a folder that is not there', () => {
    const file = join(workspace, 'site.service');
    requireNewFile(file);
    writeServiceFile(file, 'first');
    expect(() => requireNewFile(file)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
    expect(() => writeServiceFile(file, 'second')).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(() => requireNewFile(join(workspace, 'none', 'a'))).toThrow(
      expect.objectContaining({ code: 'FILE_UNWRITABLE' }),
    );
  });

  it('is made of no path that could write lines of its own', () => {
    expect(() => serviceOf('/srv/a\nUser=root', 'https://p.example')).toThrow(
      expect.objectContaining({ code: 'PATH_UNUSABLE' }),
    );
  });
});
