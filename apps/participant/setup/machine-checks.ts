import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { DomainError } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import type { SiteDirectory } from '../node/site-directory.ts';
import { type Check, failed, ok, warning } from './check.ts';

const MEBIBYTE = 2 ** 20;
/** Below, not even a few tasks with their readings fit; below the second, a year of them may not. */
const LEAST_FREE = 200 * MEBIBYTE;
const ENOUGH_FREE = 2_048 * MEBIBYTE;

/** Whether this machine computes what a node computes. */
export async function machineChecks(threads: number = availableParallelism()): Promise<Check[]> {
  const found = `Node ${process.version}, ${threads} thread(s)`;
  const todo = 'two threads keep the node answering while it trains a network';
  const node = threads > 1 ? ok('node', found) : warning('node', { code: 'THREADS_FEW', found, todo });
  return [node, await encryptionCheck()];
}

/** Loads the encryption and draws a key and shares with it, as for every task. */
export async function encryptionCheck(
  load: typeof thresholdAggregator = thresholdAggregator,
): Promise<Check> {
  const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 1, maxSites: 4 });
  try {
    using aggregator = await load(params);
    const { shares } = aggregator.deal(2, 4);
    return ok(
      'encryption',
      `SEAL loaded, ring of ${params.ringDegree}, a key dealt in ${shares.length} shares`,
    );
  } catch (error) {
    return failed('encryption', {
      code: 'ENCRYPTION_UNAVAILABLE',
      found: `SEAL does not work here: ${error instanceof Error ? error.message : String(error)}`,
      todo: 'install again with `npm ci`, on a machine whose Node runs WebAssembly',
    });
  }
}

/** Files of a participant's directory that one of its verbs makes first. */
const OWN_FILES = ['identity.json', 'trust.json', 'consent.json', 'place.json', 'readings.duckdb'];

/** Free bytes of the file system a path is on. */
const freeBytesAt = (path: string): number => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};

/** Whether the directory, or the one it is to be made in, can be written and has room; changes nothing. */
export function directoryCheck(
  directory: SiteDirectory,
  freeBytes: (path: string) => number = freeBytesAt,
): Check {
  const nearest = nearestExisting(directory.path);
  const problem = writeProblem(nearest);
  if (problem !== null) {
    return failed('directory', {
      code: 'DIRECTORY_UNWRITABLE',
      found: `${directory.path} cannot be written: ${problem} at ${nearest}`,
      todo: 'choose another with --dir, or give it to the user that runs the node',
    });
  }
  const unusable = unusableKeys(directory);
  if (unusable !== null) return unusable;
  const free = freeBytes(nearest);
  const found = `${directory.path} can be written, ${Math.floor(free / MEBIBYTE)} MiB free`;
  const todo = `readings, models and the logs of tasks stay in it: make room, ${ENOUGH_FREE / MEBIBYTE} MiB are enough for long`;
  if (free < LEAST_FREE) return failed('directory', { code: 'DISK_FULL', found, todo });
  if (free < ENOUGH_FREE) return warning('directory', { code: 'DISK_NEARLY_FULL', found, todo });
  return isForeign(directory)
    ? warning('directory', {
        code: 'DIRECTORY_NOT_EMPTY',
        found: `${found}, and holds files of others`,
        todo: 'a directory of its own is easier to back up and to protect',
      })
    : ok('directory', found);
}

function unusableKeys(directory: SiteDirectory): Check | null {
  if (directory.enrolled && !existsSync(directory.file('identity.json'))) {
    return failed('directory', {
      code: 'KEYS_MISSING',
      found: `${directory.path} is enrolled and has no identity.json`,
      todo: 'restore it from the backup, or enrol a new directory',
    });
  }
  try {
    directory.requirePrivateKeys();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const file = directory.file('identity.json');
    return failed('directory', { code: error.code, found: error.message, todo: `chmod 600 ${file}` });
  }
}

function isForeign({ path }: SiteDirectory): boolean {
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.length > 0 && !names.some((name) => OWN_FILES.includes(name));
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function writeProblem(path: string): string | null {
  if (!statSync(path).isDirectory()) return 'no directory';
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no access';
  }
}
