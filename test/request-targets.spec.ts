import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FootprintDesk } from './harness/footprints.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

let platform: TestPlatform;
let desk: FootprintDesk;

beforeAll(async () => {
  platform = await startPlatform();
  desk = new FootprintDesk(platform, await platform.createOrganisation());
}, 60_000);

afterAll(() => platform.stop());

/** A request whose target stands on the wire as it is given; fetch sends paths alone. */
async function raw(
  target: string,
  method = 'GET',
  authorization?: string,
): Promise<{ status: number; answer: string }> {
  const { hostname, port } = new URL(platform.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const headers = [
    'Host: localhost',
    'Connection: close',
    ...(authorization ? [`Authorization: ${authorization}`] : []),
  ];
  socket.write(`${method} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), answer };
}

describe('request targets in absolute form', () => {
  it('lead where their path does, with links by the host that they name', async () => {
    for (const productNameCompany of ['a', 'b']) await desk.publish({ productNameCompany });
    const token = `Bearer ${await desk.token()}`;
    const { status, answer } = await raw('http://meter.example:8080/3/footprints?limit=1', 'GET', token);
    expect(status).toBe(200);
    expect(answer).toMatch(
      /link: <http:\/\/meter\.example:8080\/3\/footprints\?limit=1&x-gridcommons-after=/i,
    );
  });

  it.each([
    ['GET', '/blobs/none'],
    ['GET', '/blobs/%00'],
    ['GET', '/downloads/%'],
    ['GET', '/invoices/%E0?format=pdf'],
    ['GET', '/dsp/negotiations/none'],
    ['POST', '/dsp/catalog/request'],
    ['GET', '/forecasts/export?format=csv'],
    ['POST', '/graphql'],
    ['GET', '/3/footprints/none'],
    ['GET', '/health'],
    ['GET', '//3/footprints'],
  ])('are answered as %s %s is', async (method, path) => {
    const own = `Bearer ${desk.organisation.apiKey}`;
    const [absolute, plain] = [
      await raw(`http://localhost${path}`, method, own),
      await raw(path, method, own),
    ];
    expect(absolute.status).toBe(plain.status);
    expect(absolute.status).not.toBe(500);
  });

  it.each([
    'http://',
    'http://:99999/3/footprints',
    'ftp://localhost/3/footprints',
    'http://a b/3/footprints',
  ])('are refused where they are none: %s', async (target) => {
    expect([400, 404]).toContain((await raw(target)).status);
  });
});
