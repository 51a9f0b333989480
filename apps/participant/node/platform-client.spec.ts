import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PlatformClient } from './platform-client.ts';

const HASH = 'a'.repeat(64);
const CHUNK = Buffer.alloc(1 << 16);

describe('a node before a platform that answers badly', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('follows it nowhere else', async () => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request.url!);
      response.end('{"data":{}}');
    });
    const client = new PlatformClient(
      await serve((_request, response) => response.writeHead(307, { location: `${elsewhere}/x` }).end()),
      null,
    );
    await expect(client.request('{ me { id } }')).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE' });
    await expect(client.getBlob(HASH, 10)).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE' });
    expect(asked).toEqual([]);
  });

  it('reads no more of a blob than it asked for, announced or not', async () => {
    let written = 0;
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(CHUNK)) written += CHUNK.length;
      };
      response.on('drain', more);
      more();
    });
    const client = new PlatformClient(url, null);
    await expect(client.getBlob(HASH, 100_000)).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE' });
    // What both ends buffer is more than what was read, and far less than what an endless answer comes to.
    expect(written).toBeLessThan(64 * 2 ** 20);
  });

  it('takes an answer that breaks off for none', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 2 * CHUNK.length });
      response.write(CHUNK, () => response.destroy());
    });
    const asked = new PlatformClient(url, null).getBytes('/deliveries/a/b/0', 10 * CHUNK.length);
    await expect(asked).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE', kind: 'unavailable' });
  });

  it('refuses bytes of another hash', async () => {
    const client = new PlatformClient(await serve((_request, response) => response.end('other')), null);
    await expect(client.getBlob(HASH, 10)).rejects.toMatchObject({ code: 'BLOB_MISMATCH' });
  });
});
