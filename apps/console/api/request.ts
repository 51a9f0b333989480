import type { TypedDocumentString } from '../generated/graphql.ts';

/** A refusal, as the platform says it. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** What else it says, by name. */
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface GraphqlAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly data?: Readonly<Record<string, unknown>> };
  }[];
}

/**
 * One query or mutation.
 * @throws ApiError with the platform's code; UNREACHABLE where there was no answer, UNEXPECTED where it was none of GraphQL
 */
export async function request<R, V>(
  apiKey: string,
  document: TypedDocumentString<R, V>,
  variables: V,
  idempotencyKey?: string,
): Promise<R> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${apiKey}`,
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  const answer = await reach('/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = await graphqlAnswer<R>(answer);
  const [first] = errors ?? [];
  if (first !== undefined)
    throw new ApiError(first.extensions?.code ?? 'UNEXPECTED', first.message, first.extensions?.data);
  if (data === undefined || data === null)
    throw new ApiError('UNEXPECTED', `expected data, got ${answer.status}`);
  return data;
}

/** @throws ApiError UNREACHABLE, or the status where the blob is not given */
export async function fetchBlob(apiKey: string, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await reach(`/blobs/${sha256}`, { headers: { authorization: `Bearer ${apiKey}` } });
  if (!answer.ok)
    throw new ApiError('BLOB_NOT_FOUND', `expected the bytes of ${sha256}, got ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** A file of the platform, refused as everything else. @throws ApiError UNREACHABLE, or with the platform's code */
export async function fetchFile(apiKey: string, path: string): Promise<Blob> {
  const answer = await reach(path, { headers: { authorization: `Bearer ${apiKey}` } });
  if (answer.ok) return answer.blob();
  const { errors } = await graphqlAnswer<never>(answer);
  const [first] = errors ?? [];
  throw new ApiError(first?.extensions?.code ?? 'UNEXPECTED', first?.message ?? `got ${answer.status}`);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'omit', cache: 'no-store' });
  } catch (cause) {
    throw new ApiError('UNREACHABLE', `expected an answer of the platform, got ${String(cause)}`);
  }
}

async function graphqlAnswer<R>(answer: Response): Promise<GraphqlAnswer<R>> {
  const text = await answer.text();
  try {
    return JSON.parse(text) as GraphqlAnswer<R>;
  } catch {
    throw new ApiError(
      'UNEXPECTED',
      `expected JSON, got ${answer.status} and ${text.length} characters of something else`,
    );
  }
}
