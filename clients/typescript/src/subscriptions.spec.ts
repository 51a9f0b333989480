import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GridcommonsClient } from './index.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}
interface Subscribe {
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One connection's story: what it says once it is subscribed to, and how it closes (null: it stays open). */
interface Scene {
  readonly events?: readonly unknown[];
  readonly errors?: readonly object[];
  readonly complete?: boolean;
  readonly close?: number | null;
  /** Closed before it is acknowledged. */
  readonly refused?: number;
}

let scenes: Scene[] = [];
let keys: unknown[] = [];
let asked: Subscribe['variables'][] = [];

/** A WebSocket whose other end plays the scenes, by the protocol graphql-transport-ws. */
class FakeSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly OPEN = 1;
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void;
  readonly #scene = scenes.shift() ?? { refused: 4_403 };

  constructor() {
    super();
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text: string): void {
    const { type, id, payload } = JSON.parse(text) as Message;
    if (type === 'connection_init') {
      keys.push(payload);
      if (this.#scene.refused === undefined) this.#say({ type: 'connection_ack' });
      else this.close(this.#scene.refused);
    }
    if (type === 'subscribe') this.#play(id!, payload as Subscribe);
  }

  close(code = 1_000): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.onclose?.({ code, reason: '', wasClean: code === 1_000 }));
  }

  #play(id: string, { variables }: Subscribe): void {
    asked.push(variables);
    const { events = [], errors, complete, close = null } = this.#scene;
    for (const event of events) this.#say({ type: 'next', id, payload: { data: { changed: event } } });
    if (errors !== undefined) this.#say({ type: 'error', id, payload: errors });
    if (complete) this.#say({ type: 'complete', id });
    // After its events have been taken.
    if (close !== null) setTimeout(() => this.close(close), 0);
  }

  #say(message: Message): void {
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(message) }));
  }
}

const client = (attempts = 5) =>
  new GridcommonsClient({
    url: 'http://platform',
    apiKey: 'gck_k',
    retry: { baseMs: 1, attempts },
    webSocket: FakeSocket,
  });
const QUERY = 'subscription ($after: String) { changed(after: $after) { cursor n } }';

interface Changed {
  readonly changed: { readonly n: number };
}

async function heard(events: AsyncIterable<unknown>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const event of events) numbers.push((event as Changed).changed.n);
  return numbers;
}

beforeEach(() => {
  scenes = [];
  keys = [];
  asked = [];
});

afterEach(() => void jest.useRealTimers());

describe('a subscription', () => {
  it('goes on after a break from the last event that was handed out', async () => {
    scenes = [
      { events: [{ cursor: 'c1', n: 1 }, { cursor: 'c2', n: 2 }], close: 1_006 }, // prettier-ignore
      { close: 1_006 },
      { events: [{ cursor: 'c3', n: 3 }], complete: true },
    ];
    expect(await heard(client().subscribe(QUERY, { after: 'c0' }))).toEqual([1, 2, 3]);
    expect(asked).toEqual([{ after: 'c0' }, { after: 'c2' }, { after: 'c2' }]);
    expect(keys).toEqual(Array.from({ length: 3 }, () => ({ authorization: 'Bearer gck_k' })));
  });

  it('goes on from what it is told is the cursor', async () => {
    scenes = [{ events: [{ n: 4 }], close: 1_001 }, { complete: true }];
    await heard(client().subscribe<Changed, object>(QUERY, {}, { cursor: ({ changed }) => changed.n }));
    expect(asked).toEqual([{}, { after: 4 }]);
  });

  it('waits out a used-up budget, and ends with any other refusal', async () => {
    const limited = { message: 'busy', extensions: { code: 'RATE_LIMITED', data: { retryAfterMs: 1 } } };
    const unknown = { message: 'none', extensions: { code: 'SESSION_UNKNOWN', data: { id: 's' } } };
    scenes = [{ errors: [limited] }, { errors: [unknown] }];
    await expect(heard(client().subscribe(QUERY, {}))).rejects.toMatchObject({ code: 'SESSION_UNKNOWN', data: { id: 's' } }); // prettier-ignore
    expect(asked).toHaveLength(2);
  });

  it('ends where its key is refused', async () => {
    scenes = [{ refused: 4_403 }];
    await expect(heard(client().subscribe(QUERY, {}))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(keys).toHaveLength(1);
  });

  it('gives up after so many breaks without an event between them', async () => {
    scenes = [
      { close: 1_006 },
      { events: [{ cursor: 'c1', n: 1 }], close: 1_006 },
      { close: 1_006 },
      { close: 1_006 },
    ];
    await expect(heard(client(2).subscribe(QUERY, {}))).rejects.toMatchObject({ code: 'NETWORK' });
    expect(scenes).toHaveLength(0);
  });

  it('takes a socket that answers no ping for broken', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    scenes = [{ events: [{ cursor: 'c1', n: 1 }] }, { complete: true }];
    const numbers = heard(client().subscribe(QUERY, {}));
    await jest.advanceTimersByTimeAsync(24_000);
    expect(asked).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2_000);
    jest.useRealTimers();
    expect(await numbers).toEqual([1]);
    expect(asked).toEqual([{}, { after: 'c1' }]);
  });

  it('ends when it is told to, and when its reader stops', async () => {
    const stop = new AbortController();
    scenes = [{ events: [{ cursor: 'c1', n: 1 }] }, { events: [{ cursor: 'c1', n: 1 }] }];
    const events = client().subscribe(QUERY, {}, { signal: stop.signal });
    await events.next();
    stop.abort(new Error('enough'));
    await expect(events.next()).rejects.toThrow('enough');
    for await (const event of client().subscribe(QUERY, {})) {
      expect(event).toEqual({ changed: { cursor: 'c1', n: 1 } });
      break;
    }
  });
});
