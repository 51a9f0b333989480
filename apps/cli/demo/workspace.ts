import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError } from '#core';

const unusable = (code: string, expected: string, got: string, path: string) =>
  new DomainError(code, `expected ${expected}, got ${got}: ${path}`, 'conflict', { path });

/**
 * Where the demo's world lives: a directory the user keeps, which must be new or empty, or a temporary one.
 * @throws KEEP_NOT_EMPTY, WORKSPACE_UNWRITABLE
 */
async function openWorkspace(keep: string | undefined): Promise<string> {
  try {
    if (keep === undefined) return await mkdtemp(join(tmpdir(), 'gridcommons-demo-'));
    const path = resolve(keep);
    await mkdir(path, { recursive: true, mode: 0o700 });
    const found = (await readdir(path)).length;
    if (found === 0) return path;
    throw unusable('KEEP_NOT_EMPTY', 'a new or empty directory', `one with ${found} entries`, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DomainError || code === undefined) throw error;
    const path = keep === undefined ? tmpdir() : resolve(keep);
    throw unusable('WORKSPACE_UNWRITABLE', 'a directory to write to', code, path);
  }
}

/** Runs `work` in a workspace that is gone afterwards, however the work ends, unless the user keeps it. */
export async function inWorkspace<T>(
  keep: string | undefined,
  work: (workspace: string) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(keep);
  try {
    return await work(workspace);
  } finally {
    if (keep === undefined) await rm(workspace, { recursive: true, force: true });
  }
}

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a signal that aborts, with INTERRUPTED as its reason, at the first request to stop this process, so that
 * its processes and files go with it. A second request ends the process at once.
 */
export async function untilInterrupted<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    release();
    controller.abort(new DomainError('INTERRUPTED', `expected to run to the end, got ${signal}`, 'conflict'));
  };
  const release = (): void => {
    for (const signal of STOPPING) process.off(signal, interrupt);
  };
  for (const signal of STOPPING) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
