import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { SelectQueryBuilder } from 'typeorm';
import { DomainError } from '#core';
import { isStorable } from './request-text.ts';
import { isUuid } from './uuid.ts';

/** Relay Cursor Connections: forward paging with opaque cursors, 1–100 nodes a page. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: '1–100, default 20' }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'the endCursor of the page before' }) after?:
    string | null;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
}

/** The GraphQL types `<name>Connection` and `<name>Edge` over a node type. Call it once a node type, at module level. */
export function connectionType<T>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class EdgeType implements Edge<T> {
    @Field(() => String) cursor!: string;
    @Field(() => node) node!: T;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType implements Connection<T> {
    @Field(() => [EdgeType]) edges!: EdgeType[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
  }
  return ConnectionType;
}

/** @throws PAGE_SIZE_INVALID unless `first` is absent or within 1–100. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw new DomainError('PAGE_SIZE_INVALID', `expected first within 1–${MAX_PAGE_SIZE}, got ${size}`);
  }
  return size;
}

/**
 * Makes a page of rows already sorted by their sort keys. Ask the database for `pageSize(first) + 1` rows after the
 * cursor: the extra one only tells whether there is a next page.
 */
export function connectionOf<T>(
  rows: readonly T[],
  first: number | null | undefined,
  sortKeys: (row: T) => readonly string[],
): Connection<T> {
  const size = pageSize(first);
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(sortKeys(node)), node }));
  return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null } };
}

export function encodeCursor(sortKeys: readonly string[]): string {
  return Buffer.from(JSON.stringify(sortKeys)).toString('base64url');
}

/** The sort keys of the row before the page, or undefined for the first page. @throws CURSOR_MALFORMED */
export function decodeCursor(after: string | null | undefined, length: number): string[] | undefined {
  if (after === null || after === undefined) return undefined;
  const keys = parseJson(Buffer.from(after, 'base64url').toString());
  if (
    !Array.isArray(keys) ||
    keys.length !== length ||
    !keys.every((key) => typeof key === 'string' && isStorable(key))
  ) {
    throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
  }
  return keys;
}

/**
 * The sort keys of a list in order of creation, in a form the database can compare: anything else a client may put into a
 * cursor is refused here rather than by a failing query. @throws CURSOR_MALFORMED
 */
export function decodeCreationCursor(
  after: string | null | undefined,
): { createdAt: string; id: string } | undefined {
  const [createdAt, id] = decodeCursor(after, 2) ?? [];
  if (createdAt === undefined || id === undefined) return undefined;
  if (!isCursorInstant(createdAt) || !isUuid(id)) {
    throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
  }
  return { createdAt, id };
}

/**
 * One page of a query in order of creation. Cursors carry milliseconds, rows microseconds: both sides are cut to
 * milliseconds, or rows of one millisecond would be skipped. @throws PAGE_SIZE_INVALID, CURSOR_MALFORMED
 */
export async function pageByCreation<T extends { readonly id: string; readonly createdAt: Date }>(
  query: SelectQueryBuilder<T>,
  { first, after }: PageArgs,
  direction: 'ASC' | 'DESC',
): Promise<Connection<T>> {
  const created = `date_trunc('milliseconds', ${query.alias}.created_at)`;
  const cursor = decodeCreationCursor(after);
  const beyond = direction === 'ASC' ? '>' : '<';
  if (cursor) query.andWhere(`(${created}, ${query.alias}.id) ${beyond} (:createdAt, :id)`, cursor);
  const rows = await query
    .orderBy(created, direction)
    .addOrderBy(`${query.alias}.id`, direction)
    .limit(pageSize(first) + 1)
    .getMany();
  return connectionOf(rows, first, (row) => [row.createdAt.toISOString(), row.id]);
}

/** As `toISOString` writes it. The database knows no year 0, and none of another number of digits in this form. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export const isCursorInstant = (text: string): boolean =>
  INSTANT.test(text) && !Number.isNaN(Date.parse(text));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON is one of the ways not to be a cursor: the caller says so.
    return undefined;
  }
}
