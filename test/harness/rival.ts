import { randomBytes, randomUUID } from 'node:crypto';
import { Database } from '#persistence';
import { utf8 } from '#core';
import { PUBLIC_KINDS } from './rival-examples.ts';
import { PUBLIC_ROWS } from './rival-public.ts';
import type { Ids, RivalRequest } from './rival-requests.ts';
import type { Sender, TestPlatform } from './platform.ts';

/** Ids of the victims' objects by kind (`table.column`); where some objects are public, those that are not. */
export type Pools = ReadonlyMap<string, readonly string[]>;

/** @throws Error for a kind of which the victims have nothing */
export async function poolsOf({ app }: TestPlatform, kinds: readonly string[]): Promise<Pools> {
  return app.get(Database).asSystem(async (manager) => {
    await manager.query('RESET ROLE');
    const pools = new Map<string, string[]>();
    for (const kind of kinds) {
      const [table = '', column = ''] = kind.split('.');
      const sql = `SELECT "${column}"::text AS id FROM "${table}" WHERE NOT (${PUBLIC_ROWS[table] ?? 'false'}) ORDER BY 1`;
      const rows = await manager.query<{ id: string }[]>(sql);
      if (rows.length === 0) throw new Error(`expected the victims to have a ${kind}, got none`);
      pools.set(kind, rows.map(({ id }) => id)); // prettier-ignore
    }
    return pools;
  });
}

/** The n-th object of each kind. */
export const foreign =
  (pools: Pools, n: number): Ids =>
  (kind) => {
    const pool = pools.get(kind)!;
    return pool[n % pool.length]!;
  };

/** Of the form of the kind's ids, and of nothing; where all of a kind are public, the n-th. */
export const unknown =
  (pools: Pools, n: number): Ids =>
  (kind) => {
    if (kind in PUBLIC_KINDS) return foreign(pools, n)(kind);
    const [example = ''] = pools.get(kind)!;
    if (/^[0-9a-f-]{36}$/.test(example)) return randomUUID();
    return /^[0-9a-f]+$/.test(example)
      ? randomBytes(example.length / 2).toString('hex')
      : example.replaceAll(/[0-9a-z]/g, 'q');
  };

export interface RivalAnswer {
  readonly request: RivalRequest;
  /** Status, headers and body as they came. */
  readonly text: string;
  /** Codes of its errors. */
  readonly codes: readonly string[];
}

export async function attempt(
  platform: TestPlatform,
  request: RivalRequest,
  sender: Sender,
): Promise<RivalAnswer> {
  const { query, variables } = request;
  const response = await platform.request('POST', '/graphql', {
    sender,
    body: utf8(JSON.stringify({ query, variables })),
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
  });
  const body = await response.text();
  const { errors = [] } = JSON.parse(body) as { errors?: { extensions: { code: string } }[] };
  const headers = JSON.stringify([...response.headers].filter(([name]) => name !== 'date'));
  return {
    request,
    text: `${response.status} ${headers} ${body}`,
    codes: errors.map(({ extensions }) => extensions.code),
  };
}

/** Everything but the ids that were asked for, and what differs from request to request. */
export function outcome({ request, text }: RivalAnswer): string {
  const { body } = /^\d+ \[.*?\]\] (?<body>.*)$/s.exec(text)?.groups ?? {};
  return given(request.variables).reduce(
    (left, id) => left.replaceAll(id, '<id>'),
    `${text.slice(0, 3)} ${body}`,
  );
}

/** Texts in variables, at any depth. */
export function given(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(given) : [];
}
