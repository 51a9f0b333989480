import { type Client, createClient } from 'graphql-ws';
import type { NegotiationDesk } from './negotiation-desk.ts';
import type { TestPlatform } from './platform.ts';
import { given } from './rival.ts';
import type { RivalRequest } from './rival-requests.ts';

export interface Stream {
  readonly request: RivalRequest;
  /** What came so far, a line each: events, errors, and why the socket closed. */
  readonly heard: string[];
}

/** From the beginning on, where a stream takes a cursor. */
const BEGINNING = Buffer.from('["0"]').toString('base64url');

/** So many run on one socket. */
const ROOM = 8;

/** Subscribes as the holder of a key, on as many sockets as it takes. @returns how to ask, and how to end all */
export function listener({ url }: TestPlatform, apiKey: string) {
  const clients: Client[] = [];
  let running = 0;
  return {
    listen(request: RivalRequest): Stream {
      if (running % ROOM === 0) {
        const connectionParams = { authorization: `Bearer ${apiKey}` };
        clients.push(createClient({ url: `${url.replace('http', 'ws')}/graphql`, connectionParams, retryAttempts: 0 })); // prettier-ignore
      }
      running += 1;
      const heard: string[] = [];
      const hear = (said: unknown): void => void heard.push(JSON.stringify(said));
      const { query, variables } = request;
      clients.at(-1)!.subscribe({ query, variables: { ...variables } }, { next: hear, error: hear, complete: () => undefined }); // prettier-ignore
      return { request, heard };
    },
    async stop(): Promise<void> {
      for (const client of clients) await client.dispose();
    },
  };
}

/** Waits until a party has heard of two more messages, one after the other: whoever hears of them too has heard by then. */
export async function untilHeard(platform: TestPlatform, desk: NegotiationDesk): Promise<void> {
  const client = createClient({
    url: `${platform.url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${desk.consumer.apiKey}` },
    retryAttempts: 0,
  });
  const input = { offerId: await desk.offer(), consumerPid: 'urn:heard:1' };
  const { id } = await desk.ask('request', { input }, desk.consumer);
  const query = `subscription ($id: ID) { negotiationChanged(negotiationId: $id, after: "${BEGINNING}") { negotiation { state } } }`;
  const changes = client.iterate({ query, variables: { id } });
  await changes.next();
  await desk.ask('agree', { id }, desk.provider);
  await changes.next();
  await desk.ask('verify', { id }, desk.consumer);
  await changes.next();
  await client.dispose();
}

/** The same request from the first event on; unchanged where it takes no cursor of text. */
export function fromBeginning(request: RivalRequest, takesCursor: boolean): RivalRequest {
  if (!takesCursor) return request;
  const call = request.query.indexOf(request.field) + request.field.length;
  const [head, tail] = [request.query.slice(0, call), request.query.slice(call)];
  const after = `after: "${BEGINNING}"`;
  return { ...request, query: head + (tail.startsWith('(') ? `(${after}, ${tail.slice(1)}` : `(${after})${tail}`) }; // prettier-ignore
}

/** What a stream said, without the ids it was asked for. */
export const saidBy = ({ request, heard }: Stream): string =>
  given(request.variables).reduce((left, id) => left.replaceAll(id, '<id>'), heard.join('\n'));
