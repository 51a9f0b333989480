import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request of a node, as it passes. */
export interface Exchange {
  readonly participantId: string;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  /** Kind of the protocol message it posts, if it does. */
  readonly kind: string | undefined;
}

/** What happens to a request: it passes, never reaches the platform, or reaches it in part or whole before its end. */
export type Passage = 'pass' | 'drop' | 'half, then nothing' | 'all, then nothing';

/** Decides at each point between two parties. Whoever is killed there is killed by it, before it returns. */
export interface Meddler {
  /** The request has left the node. */
  before(exchange: Exchange): Promise<Passage>;
  /** As much of the request as was to pass has been written to the platform. */
  cut(exchange: Exchange): Promise<void>;
  /** The platform has answered; the node does not know it. @returns what it gets to know, undefined for nothing */
  after(exchange: Exchange, answer: Buffer): Promise<Buffer | undefined>;
}

/** A connection between nodes and platform that can break at any point; requests wait while the platform is down. */
export class MeddlingProxy {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** `port`: where the platform listens, once it does. */
  static async start(port: () => Promise<number>, meddler: Meddler): Promise<MeddlingProxy> {
    const server = createServer((incoming, outgoing) => {
      pass(incoming, outgoing, port, meddler).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new MeddlingProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: () => Promise<number>,
  meddler: Meddler,
): Promise<void> {
  const exchange = exchangeOf(incoming, await contentOf(incoming));
  const target = await port();
  const passage = await meddler.before(exchange);
  if (passage === 'drop') return void outgoing.destroy();
  if (passage !== 'pass') {
    await forwardPart(exchange, incoming, target, passage === 'half, then nothing' ? 0.5 : 1, meddler);
    return void outgoing.destroy();
  }
  const answer = await forward(exchange, incoming, target);
  const content = await meddler.after(exchange, await contentOf(answer));
  if (content === undefined) return void outgoing.destroy();
  outgoing.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] ?? '' });
  outgoing.end(content);
}

async function contentOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function exchangeOf({ headers, method = '', url = '' }: IncomingMessage, body: Buffer): Exchange {
  const participantId = String(headers['gridcommons-participant'] ?? '');
  const posted = url === '/graphql' ? (JSON.parse(body.toString('utf8')) as Posted) : undefined;
  return { participantId, method, path: url, body, kind: posted?.variables?.message?.kind };
}

interface Posted {
  readonly variables?: { readonly message?: { readonly kind?: string } };
}

const openRequest = ({ method, path, body }: Exchange, { headers }: IncomingMessage, port: number) =>
  request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: false,
    headers: { ...headers, connection: 'close', 'content-length': body.length },
  });

function forward(exchange: Exchange, incoming: IncomingMessage, port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const upstream = openRequest(exchange, incoming, port);
    upstream.on('response', resolve).on('error', reject).end(exchange.body);
  });
}

/** Writes the first part of the body, lets the meddler act, and hangs up. */
async function forwardPart(
  exchange: Exchange,
  incoming: IncomingMessage,
  port: number,
  part: number,
  meddler: Meddler,
): Promise<void> {
  const upstream = openRequest(exchange, incoming, port);
  const broken = new Promise<void>((resolve) => upstream.on('error', () => resolve()));
  const written = new Promise<void>((resolve) => {
    upstream.write(exchange.body.subarray(0, Math.ceil(part * exchange.body.length)), () => resolve());
  });
  await Promise.race([written, broken]);
  await meddler.cut(exchange);
  upstream.destroy();
}
