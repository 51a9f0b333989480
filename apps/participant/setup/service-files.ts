import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DomainError } from '#core';
import { isLocal } from './platform-checks.ts';

/** What a service is made of; absolute paths. */
export interface Service {
  readonly directory: string;
  readonly platformUrl: string;
  /** The Node and the script of `gridcommons` that run now. */
  readonly node: string;
  readonly script: string;
  readonly user: string;
  /** Of the directory's owner. */
  readonly uid: number;
  readonly gid: number;
  /** Where the Dockerfile is; null where this is no clone. */
  readonly source: string | null;
}

/** The service of a directory, run by who runs this. @throws PATH_UNUSABLE */
export function serviceOf(directory: string, platformUrl: string): Service {
  const script = realpathSync(process.argv[1]!);
  const { username, uid, gid } = userInfo();
  for (const path of [directory, process.execPath, script]) requirePlain(path);
  return {
    directory,
    platformUrl,
    node: process.execPath,
    script,
    user: username,
    uid,
    gid,
    source: sourceOf(script),
  };
}

/** A line of a unit ends at a newline: a name that holds one would write lines of its own. */
function requirePlain(path: string): void {
  if (!/\p{C}/u.test(path)) return;
  throw new DomainError('PATH_UNUSABLE', 'expected a path without control characters, got one with them');
}

function sourceOf(script: string): string | null {
  // <source>/dist/apps/cli/bin.js
  const root = resolve(dirname(script), '../../..');
  return existsSync(join(root, 'Dockerfile')) ? root : null;
}

/** systemd reads %, $, quotes and backslashes. */
const quotedWord = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/** A path in a setting that is no command: only % means something. */
const quotedPath = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

/** A unit that can write its directory and nothing else. */
export function systemdUnit({ directory, node, script, user }: Service): string {
  const command = [node, script, 'participant', 'start', '--dir', directory].map(quotedWord).join(' ');
  return `# A participant's node. Install: cp to /etc/systemd/system/, systemctl daemon-reload, systemctl enable --now.
[Unit]
Description=Gridcommons participant
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${command}
User=${user}${user === 'root' ? '\n# Better a user of its own, that owns the directory.' : ''}
# Read where it is there, as NODE_EXTRA_CA_CERTS=/etc/ssl/own-ca.pem
EnvironmentFile=-${join(directory, 'environment').replaceAll('%', '%%')}
Restart=on-failure
RestartSec=10
TimeoutStopSec=60
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${quotedPath(directory)}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
}

/** JSON is YAML; Compose reads a $. */
const scalar = (text: string): string => JSON.stringify(text.replaceAll('$', '$$$$'));

/** One container that can write the directory and nothing else. */
export function composeFile({ directory, platformUrl, uid, gid, source }: Service): string {
  return `# A participant's node: docker compose -f THIS up -d
name: gridcommons-participant

services:
  participant:
    image: gridcommons${source === null ? '' : `\n    build: ${scalar(source)}`}
    command: ['gridcommons', 'participant', 'start', '--dir', '/site']
    user: '${uid}:${gid}'
    init: true
    restart: unless-stopped
    stop_grace_period: 60s
    read_only: true
    tmpfs: /tmp
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']${isLocal(platformUrl) ? '\n    # The platform is on this machine.\n    network_mode: host' : ''}
    volumes:
      - type: bind
        source: ${scalar(directory)}
        target: /site
`;
}

/** @throws FILE_EXISTS, FILE_UNWRITABLE where its folder is missing */
export function requireNewFile(file: string): void {
  if (existsSync(file)) throw fileProblem(file, 'EEXIST');
  if (!existsSync(dirname(file)) || !statSync(dirname(file)).isDirectory()) throw fileProblem(file, 'ENOENT');
}

/** @throws FILE_EXISTS, FILE_UNWRITABLE */
export function writeServiceFile(file: string, content: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx' });
  } catch (error) {
    throw fileProblem(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

const fileProblem = (file: string, got: string) =>
  new DomainError(
    got === 'EEXIST' ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
    `expected a new file at ${file}, got ${got}`,
    'conflict',
    { file },
  );
