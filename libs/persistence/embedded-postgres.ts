import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { lockDataDirectory } from './data-directory-lock.ts';

/** PostgreSQL in this process, on disk. */
export interface EmbeddedPostgres {
  /** Makes the socket a `pg` client talks through. */
  readonly connect: () => Socket;
  close(): Promise<void>;
}

/**
 * PGlite reserves its shared buffers up front; one session needs far less than the 128 MiB of a server
 * (resident memory after opening an existing directory: 328 → 172 MB).
 */
const START_PARAMETERS = ['-c', 'shared_buffers=8MB', '-c', 'max_connections=10'];

/**
 * Opens (the first time: creates) the database below `dataDir`, after taking the directory for this process alone.
 * @throws DATA_DIR_IN_USE while another process holds the directory.
 */
export async function openEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const lock = lockDataDirectory(dataDir);
  try {
    const cluster = join(dataDir, 'postgres');
    if (!existsSync(cluster)) await createCluster(dataDir, cluster);
    const pglite = await PGlite.create({
      dataDir: cluster,
      startParams: [...PGlite.defaultStartParams, ...START_PARAMETERS],
    });
    const endpoint = await privateEndpoint(dataDir);
    const server = new PGLiteSocketServer({ db: pglite, path: endpoint.path, maxConnections: 4 });
    await server.start();
    return {
      connect: () => new EndpointSocket(endpoint.path),
      async close() {
        await server.stop();
        await pglite.close();
        await endpoint.remove();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Runs in a process of its own, whose end returns the 300 MB that creating takes. WAL segments of 1 instead of 16 MiB
 * make a new directory 30 instead of 63 MB.
 */
const CREATE = `
  const [pglite, dataDir] = process.argv.slice(1);
  const { PGlite } = require(pglite);
  // Its end is the end of the process that waits for this one.
  process.stdin.on('end', () => process.exit(1)).resume().unref();
  PGlite.create({ dataDir, initDbStartParams: ['--wal-segsize=1'] }).then((database) => database.close());
`;

/** A directory that is there is whole: it gets its name last, and what a killed process left half made is removed. */
async function createCluster(dataDir: string, cluster: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres.')) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  const draft = `${cluster}.${randomUUID()}`;
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  await promisify(execFile)(process.execPath, ['--liftoff-only', '-e', CREATE, pglite, draft], { env: {} });
  await rename(draft, cluster);
}

interface Endpoint {
  readonly path: string;
  remove(): Promise<void>;
}

/** Operating systems cut the address of a socket at 104 bytes or more. */
const MAX_SOCKET_PATH_BYTES = 100;

/** A local socket only this user can reach: PGlite does not check passwords. */
async function privateEndpoint(dataDir: string): Promise<Endpoint> {
  if (process.platform === 'win32') {
    const name = randomBytes(16).toString('hex');
    return { path: String.raw`\\.\pipe\gridcommons-${name}`, remove: async () => undefined };
  }
  const inside = join(dataDir, 'socket');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) {
    // A killed process leaves its socket behind; the lock says that nobody listens there any more.
    await rm(inside, { force: true });
    return { path: inside, remove: () => rm(inside, { force: true }) };
  }
  // mkdtemp makes it 0700.
  const directory = await mkdtemp(join(tmpdir(), 'gridcommons-'));
  return { path: join(directory, 'socket'), remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Connects to its endpoint whatever host and port the client believes in. */
class EndpointSocket extends Socket {
  constructor(private readonly path: string) {
    super();
  }

  override connect(): this {
    return super.connect({ path: this.path });
  }
}
