import { randomUUID } from 'node:crypto';
import { DomainError } from '#core';
import { z } from 'zod';
import { trace } from '../terminal.ts';

const KINDS = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'limit',
  'unavailable',
] as const;

const ANSWER = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z
          .object({
            code: z.string().default('PLATFORM_ERROR'),
            kind: z.enum(KINDS).catch('conflict').default('conflict'),
            data: z
              .record(
                z.string(),
                z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
              )
              .default({}),
          })
          .prefault({}),
      }),
    )
    .default([]),
});

const TIMEOUT_MS = 30_000;

export interface Access {
  /** Address of the platform without a path. */
  readonly url: string;
  readonly apiKey: string;
  /** Absent: a fresh one. */
  readonly idempotencyKey?: string;
}

/**
 * One GraphQL mutation with an API key, checked against the shape it must have.
 * @throws PLATFORM_UNAVAILABLE when nobody answers in GraphQL: whether the call happened is open, and data.idempotencyKey
 *   repeats it without doing it twice; the platform's own code when it refuses
 */
export function mutate<T>(
  { idempotencyKey = randomUUID(), ...access }: Access,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  shape: z.ZodType<T>,
): Promise<T> {
  return send({ ...access, idempotencyKey }, query, variables, shape);
}

/** The same for a query, which may be asked again without a key. @throws PLATFORM_UNAVAILABLE, the platform's own code */
export function ask<T>(
  { url, apiKey }: Access,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  shape: z.ZodType<T>,
): Promise<T> {
  return send({ url, apiKey }, query, variables, shape);
}

async function send<T>(
  { url, apiKey, idempotencyKey }: Access,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  shape: z.ZodType<T>,
): Promise<T> {
  const unavailable = (reason: string): DomainError =>
    new DomainError('PLATFORM_UNAVAILABLE', `expected the platform at ${url}, got ${reason}`, 'unavailable', {
      url,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify({ query, variables }),
    // What is meant for this platform is told to no other, nor is another's answer its own.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw unavailable(reasonOf(error));
  });
  trace(`POST ${url}/graphql: ${response.status}`);
  const answer = ANSWER.safeParse(await jsonOf(response));
  if (!answer.success) throw unavailable(`status ${response.status} without GraphQL`);
  requireNoRefusal(answer.data);
  const parsed = shape.safeParse(answer.data.data);
  if (!parsed.success) throw unavailable('an answer of another shape');
  return parsed.data;
}

/**
 * A plain HTTP answer whose body comes as a stream.
 * @throws PLATFORM_UNAVAILABLE, the platform's own code when it refuses
 */
export const download = (access: Access, path: string): Promise<Response> => plain(access, path, {});

/** Stores bytes under a path. @throws PLATFORM_UNAVAILABLE, the platform's own code when it refuses */
export async function upload(access: Access, path: string, bytes: Uint8Array): Promise<void> {
  await plain(access, path, { method: 'PUT', body: new Uint8Array(bytes) });
}

async function plain({ url, apiKey }: Access, path: string, request: RequestInit): Promise<Response> {
  const unavailable = (reason: string): DomainError =>
    new DomainError('PLATFORM_UNAVAILABLE', `expected the platform at ${url}, got ${reason}`, 'unavailable', {
      url,
    });
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(url + path, { ...request, headers, redirect: 'error' }).catch(
    (error: unknown) => {
      throw unavailable(reasonOf(error));
    },
  );
  trace(`${request.method ?? 'GET'} ${url}${path}: ${response.status}`);
  if (response.ok) return response;
  const answer = ANSWER.safeParse(await jsonOf(response));
  if (answer.success) requireNoRefusal(answer.data);
  throw unavailable(`status ${response.status} without a reason`);
}

function requireNoRefusal({ errors: [error] }: z.infer<typeof ANSWER>): void {
  if (error === undefined) return;
  const { code, kind, data } = error.extensions;
  throw new DomainError(code, error.message, kind, data);
}

/** The body as JSON, undefined where it is none: a proxy's page or half an answer. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown };
  const { message, code, name } = cause as Partial<NodeJS.ErrnoException>;
  if (code === 'ECONNREFUSED') return 'nobody that listens there: does it run, and is it this address?';
  return message || code || name || String(cause);
}
