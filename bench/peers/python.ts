import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Print } from './workload.ts';
import type { Round } from './round.ts';

/** The compiler writes to dist/bench/peers; scripts and requirements stay where they were written. */
const root = resolve(import.meta.dirname, '../../..');
const scripts = join(root, 'bench', 'peers');
const PEERS: PythonPackages = { requirements: join(scripts, 'requirements.txt'), imports: 'tenseal, flwr' };
const environments = join(root, 'node_modules', '.cache', 'gridcommons-peers');

const INTERPRETERS = ['python3', 'python'];
const INSTALL_LIMIT_MS = 10 * 60_000;
const ROUND_LIMIT_MS = 10 * 60_000;

/** What a virtual environment holds, and what must load there. */
export interface PythonPackages {
  readonly requirements: string;
  readonly imports: string;
  /** The requirements name all that is needed; what packages ask for beside it stays out. */
  readonly complete?: boolean;
}

/** Thrown where this machine cannot have the peers; the message says why. */
export class PeersUnavailable extends Error {}

/** What a peer's script reports: its round, who it is, and what colluders read. */
export interface PeerRound extends Round {
  readonly versions: Readonly<Record<string, string>>;
  /** maxError of the mean of those who stay when some sites fall silent. */
  readonly survivorsError: number;
  /** How far off the colluders' reading of one site's vector is. */
  readonly readError: number;
  readonly privateSeedBits?: number;
  readonly pairwiseSeedBits?: number;
}

/** Whatever a child prints is captured, so that standard output stays this program's own. */
const execute = (file: string, args: readonly string[], timeout: number): string =>
  execFileSync(file, args, { encoding: 'utf8', timeout, stdio: ['ignore', 'pipe', 'pipe'], cwd: root });

/** The last line that it wrote to standard error. */
export function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lastLine = stderr?.trim().split('\n').at(-1);
  return lastLine ? lastLine : message;
}

function interpreter(): { readonly file: string; readonly version: string } {
  for (const file of INTERPRETERS) {
    try {
      return { file, version: execute(file, ['-c', 'import sys; print(sys.version)'], INSTALL_LIMIT_MS) };
    } catch {
      continue;
    }
  }
  throw new PeersUnavailable(`expected ${INTERPRETERS.join(' or ')}, found neither`);
}

/**
 * The Python of a virtual environment with the pinned peers, made on first use under node_modules/.cache.
 * @throws PeersUnavailable
 */
export function peerPython(
  progress: Print,
  { requirements, imports, complete: named = false } = PEERS,
): string {
  const { file, version } = interpreter();
  const pinned = readFileSync(requirements, 'utf8');
  const name = createHash('sha256').update(`${version}\n${pinned}`).digest('hex').slice(0, 16);
  const directory = join(environments, name);
  const python =
    process.platform === 'win32'
      ? join(directory, 'Scripts', 'python.exe')
      : join(directory, 'bin', 'python');
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return python;
  progress(`installing ${pinned.trim().split('\n').join(', ')} into ${directory}`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(environments, { recursive: true });
    execute(file, ['-m', 'venv', directory], INSTALL_LIMIT_MS);
    execute(python, [...pip, ...(named ? ['--no-deps'] : []), '-r', requirements], INSTALL_LIMIT_MS);
    execute(python, ['-c', `import ${imports}`], INSTALL_LIMIT_MS);
    writeFileSync(complete, version);
  } catch (error) {
    throw new PeersUnavailable(`Python packages cannot be installed: ${reasonOf(error)}`, { cause: error });
  }
  return python;
}

/** Runs one round of a peer, in a fresh process. @throws where its script fails. */
export function runPeer(python: string, script: string, sizes: readonly number[]): PeerRound {
  return runScript(python, join(scripts, script), sizes.map(String)) as PeerRound;
}

/** The last line that a script prints, as JSON. @throws where it fails, with code ETIMEDOUT beyond the limit. */
export function runScript(
  python: string,
  script: string,
  parameters: readonly string[],
  limitMs = ROUND_LIMIT_MS,
): unknown {
  const output = execute(python, ['-B', script, ...parameters], limitMs);
  return JSON.parse(output.trim().split('\n').at(-1)!) as unknown;
}
