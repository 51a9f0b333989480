import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
 * (resident memory of the process 328 → 172 MB, measured on opening an existing directory).
 */
const START_PARAMETERS = ['-c', 'shared_buffers=8MB', '-c', 'max_connections=10'];

/**
 * Opens (the first time: creates) the database below `dataDir`, after taking the directory for this process alone.
 * @throws DATA_DIR_IN_USE while another process holds the directory.
 */
export async function openEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const lock = lockDataDirectory(dataDir);
  try {
    const pglite = await PGlite.create({
      dataDir: join(dataDir, 'postgres'),
      startParams: [...PGlite.defaultStartParams, ...START_PARAMETERS],
      // 1 MiB instead of 16 MiB segments: a new directory takes 30 instead of 63 MB.
      initDbStartParams: ['--wal-segsize=1'],
    });
    const endpoint = await privateEndpoint();
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

interface Endpoint {
  readonly path: string;
  remove(): Promise<void>;
}

/** A local socket only this user can reach: PGlite does not check passwords. */
async function privateEndpoint(): Promise<Endpoint> {
  if (process.platform === 'win32') {
    return {
      path: String.raw`\\.\pipe\gridcommons-${randomBytes(16).toString('hex')}`,
      remove: async () => undefined,
    };
  }
  // Not below the data directory, whose path may exceed the 107 bytes of a socket address. mkdtemp makes it 0700.
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
