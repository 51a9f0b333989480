import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Clock,
  concat,
  DomainError,
  type ErrorKind,
  isoInstant,
  sha256Hex,
  signJson,
  systemClock,
  utf8,
} from '#core';

export interface ClientIdentity {
  readonly participantId: string;
  /** Ed25519 private key, PKCS#8 hex. */
  readonly privateKey: string;
}

/** A member of the organisation, before there is a participant. */
export interface KeyIdentity {
  readonly apiKey: string;
}

/** When an answer was asked for and came, and what the platform's clock said, in whole seconds; null where it said nothing. */
export interface AnswerTimes {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly dateMs: number | null;
}

const ANSWER_MS = 60_000;
/** Of a large piece over a slow line. */
const TRANSFER_MS = 600_000;

/** What left the site, by purpose: request body bytes. */
export type Traffic = Record<string, number>;

interface Sending {
  /** Names the traffic account. */
  readonly purpose?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** SHA-256 of the body, hex, where it is known. */
  readonly digest?: string;
}

interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    message: string;
    extensions?: { code?: string; kind?: ErrorKind | 'internal' };
  }[];
}

/**
 * GraphQL and blobs over HTTP; every request is signed by the participant's Ed25519 key over method, path, body hash, date
 * and a fresh nonce, or carries a member's key. @throws PLATFORM_UNAVAILABLE when nobody answers, the platform's own code when it refuses.
 */
export class PlatformClient {
  readonly traffic: Traffic = {};

  /** Of the newest answer. */
  lastAnswer: AnswerTimes | null = null;

  constructor(
    readonly url: string,
    private readonly identity: ClientIdentity | KeyIdentity | null,
    private readonly clock: Clock = systemClock,
  ) {}

  /** `purpose` names the traffic account. */
  async request<T>(
    query: string,
    variables: Record<string, unknown> = {},
    options: { purpose?: string } = {},
  ): Promise<T> {
    const body = utf8(JSON.stringify({ query, variables }));
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const response = await this.send('POST', '/graphql', body, { ...options, headers });
    const answer = await readJsonAnswer(response);
    const [error] = answer.errors ?? [];
    if (error)
      throw new DomainError(
        error.extensions?.code ?? 'PLATFORM_ERROR',
        error.message,
        kindOf(response.status, error.extensions?.kind),
      );
    return answer.data as T;
  }

  /** Stores content-addressed bytes, for the members of the community unless told, and returns their SHA-256. */
  async putBlob(
    bytes: Uint8Array,
    purpose: string,
    audience: 'community' | 'private' = 'community',
  ): Promise<string> {
    const sha256 = await sha256Hex(bytes);
    const headers = { 'gridcommons-audience': audience };
    const timeoutMs = audience === 'private' ? TRANSFER_MS : ANSWER_MS;
    const response = await this.send('PUT', `/blobs/${sha256}`, bytes, {
      purpose,
      headers,
      timeoutMs,
      digest: sha256,
    });
    if (!response.ok) throw await refusal(response);
    return sha256;
  }

  /** @throws BLOB_MISMATCH where the answer does not hash to `sha256`, BLOB_TOO_LARGE past `maxBytes`. */
  async getBlob(sha256: string, maxBytes: number): Promise<Uint8Array> {
    const bytes = await this.getBytes(`/blobs/${sha256}`, maxBytes, ANSWER_MS);
    if ((await sha256Hex(bytes)) !== sha256) {
      throw new DomainError('BLOB_MISMATCH', `expected bytes of hash ${sha256}, got others`, 'conflict', {
        sha256,
      });
    }
    return bytes;
  }

  /** What stands at a path of the platform; whoever asks checks what it is. @throws BLOB_TOO_LARGE past `maxBytes`. */
  async getBytes(path: string, maxBytes: number, timeoutMs = TRANSFER_MS): Promise<Uint8Array> {
    const response = await this.send('GET', path, new Uint8Array(), { timeoutMs });
    if (!response.ok) throw await refusal(response);
    return readBody(response, maxBytes, 'BLOB_TOO_LARGE').catch((error: unknown) => {
      throw error instanceof DomainError ? error : this.unavailable(error);
    });
  }

  private async send(
    method: string,
    path: string,
    body: Uint8Array,
    { purpose = 'queries', headers = {}, timeoutMs = ANSWER_MS, digest }: Sending,
  ): Promise<Response> {
    const signed = await this.credentials(method, path, digest ?? (await sha256Hex(body)));
    this.traffic[purpose] = (this.traffic[purpose] ?? 0) + body.length;
    const sentMs = this.clock.nowMs();
    try {
      const response = await fetch(this.url + path, {
        method,
        headers: { ...headers, ...signed },
        ...(method === 'GET' ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        // The platform this node enrolled with answers itself; nobody else is told what was meant for it.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const date = Date.parse(response.headers.get('date') ?? '');
      this.lastAnswer = {
        sentMs,
        receivedMs: this.clock.nowMs(),
        dateMs: Number.isNaN(date) ? null : date,
      };
      return response;
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private async credentials(method: string, path: string, digest: string): Promise<Record<string, string>> {
    if (this.identity === null) return {};
    if ('apiKey' in this.identity) return { authorization: `Bearer ${this.identity.apiKey}` };
    return signatureHeaders(this.identity, { method, path, digest, date: isoInstant(this.clock.nowMs()) });
  }

  private unavailable(error: unknown): DomainError {
    return new DomainError(
      'PLATFORM_UNAVAILABLE',
      `expected the platform at ${this.url}: ${describe(error)}`,
      'unavailable',
      { url: this.url },
    );
  }
}

const describe = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
};

async function signatureHeaders(
  identity: ClientIdentity,
  request: Readonly<Record<'method' | 'path' | 'digest' | 'date', string>>,
): Promise<Record<string, string>> {
  const statement = {
    ...request,
    nonce: randomBytes(16).toString('hex'),
    participant: identity.participantId,
  };
  return {
    'gridcommons-participant': statement.participant,
    'gridcommons-date': statement.date,
    'gridcommons-nonce': statement.nonce,
    'gridcommons-digest': statement.digest,
    'gridcommons-signature': await signJson(identity.privateKey, 'gridcommons/request/1', statement),
  };
}

/** An answer that is none: waited out like no answer at all. */
export const malformedAnswer = (expected: string): DomainError =>
  new DomainError(
    'ANSWER_MALFORMED',
    `expected ${expected} from the platform, got something else`,
    'unavailable',
  );

/** Nesting that no answer needs, and that recursive functions survive. */
const MAX_DEPTH = 64;

function requireDepth(json: unknown, left: number): void {
  if (typeof json !== 'object' || json === null) return;
  if (left === 0) throw new RangeError('nested too deep');
  for (const item of Object.values(json)) requireDepth(item, left - 1);
}

const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** The whole body, given up on as soon as it is longer than asked for. */
async function readBody(response: Response, maxBytes: number, code: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > maxBytes)
      throw new DomainError(code, `expected at most ${maxBytes} bytes, got more`, 'limit');
    parts.push(part);
  }
  return concat(...parts);
}

async function readJsonAnswer(response: Response): Promise<GraphqlAnswer> {
  const text = new TextDecoder().decode(await readBody(response, MAX_ANSWER_BYTES, 'ANSWER_TOO_LARGE'));
  try {
    const answer = JSON.parse(text) as GraphqlAnswer | null;
    requireDepth(answer, MAX_DEPTH);
    return answer ?? {};
  } catch {
    throw new DomainError(
      'PLATFORM_UNAVAILABLE',
      `expected GraphQL from the platform, got status ${response.status}`,
      'unavailable',
    );
  }
}

async function refusal(response: Response): Promise<DomainError> {
  const [error] = (await readJsonAnswer(response)).errors ?? [];
  return new DomainError(
    error?.extensions?.code ?? 'PLATFORM_ERROR',
    error?.message ?? `expected success, got status ${response.status}`,
    kindOf(response.status, error?.extensions?.kind),
  );
}

/** An internal error of the platform may pass: for its clients it is the same as no answer. */
function kindOf(status: number, kind?: ErrorKind | 'internal'): ErrorKind {
  if (kind === 'internal' || (!kind && status >= 500)) return 'unavailable';
  return kind ?? 'conflict';
}
