import { type ReportRow } from '#carbon';
import { DomainError, type Json } from '#core';
import { Decimal } from 'decimal.js';

/*
 * A document as flat rows and back: `at` names where a row's keys stand, `activities[3]` or `activities[3]/hours[0]`. Objects in
 * a list have rows of their own; what is nested otherwise has the path as its key. `[]` and `{}` end the path of what is empty.
 * Numbers that are not whole are decimal strings, which the input takes as well.
 */

/** @throws REPORT_INPUT for a key that no text can be */
export function rowsOf(document: Json): ReportRow[] {
  const rows: Record<string, string | number | boolean | null>[] = [];
  rowAt('', document, rows);
  return rows;
}

type Rows = Record<string, string | number | boolean | null>[];

function rowAt(at: string, value: Json, rows: Rows): void {
  const row: Rows[number] = { at };
  rows.push(row);
  addTo(row, '', value, rows);
}

function addTo(row: Rows[number], path: string, value: Json, rows: Rows): void {
  if (value === null || typeof value !== 'object') {
    row[path] = scalarOf(value);
    return;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) row[`${path}[]`] = null;
    for (const [n, item] of value.entries()) addItem(row, `${path}[${n}]`, item, rows);
    return;
  }
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) row[`${path}{}`] = null;
  for (const [key, item] of entries) addTo(row, child(path, segmentOf(key)), item, rows);
}

function addItem(row: Rows[number], path: string, item: Json, rows: Rows): void {
  if (item === null || typeof item !== 'object') row[path] = scalarOf(item);
  else rowAt(child(String(row['at']), path), item, rows);
}

const child = (path: string, segment: string): string => (path === '' ? segment : `${path}/${segment}`);

const scalarOf = (value: string | number | boolean | null): string | number | boolean | null =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? new Decimal(value).toFixed() : value;

/** Percent-encoded: a slash or a bracket in it is no path. */
function segmentOf(key: string): string {
  if (key !== '' && key !== '__proto__' && !/\p{Surrogate}/u.test(key)) return encodeURIComponent(key);
  throw new DomainError('REPORT_INPUT', `expected keys of text, got ${JSON.stringify(key)}`);
}

/** @throws REPORT_INPUT unless the rows are those of a document, in its order */
export function documentOf(rows: readonly ReportRow[]): Json {
  const root: Container = {};
  for (const { at, ...values } of rows) {
    if (typeof at !== 'string') throw notRows();
    // Sorted as text the tenth of a list would come before the second.
    const ordered = Object.entries(values).toSorted(([a], [b]) => (padded(a) < padded(b) ? -1 : 1));
    for (const [path, value] of ordered) {
      put(root, [...segmentsOf(at), ...segmentsOf(path)], value);
    }
  }
  return root as Json;
}

const padded = (path: string): string =>
  path.replaceAll(/\[(\d+)\]/g, (_, n: string) => `[${n.padStart(6, '0')}]`);

const EMPTY_LIST = Symbol('[]');
const EMPTY_OBJECT = Symbol('{}');
type Segment = string | number | typeof EMPTY_LIST | typeof EMPTY_OBJECT;
type Container = { [key: string]: unknown } | unknown[];

function segmentsOf(path: string): Segment[] {
  const found = path.match(/\[\d{0,6}\]|\{\}|[^/[{]+/g) ?? [];
  return found.map((part): Segment => {
    if (part === '[]') return EMPTY_LIST;
    if (part === '{}') return EMPTY_OBJECT;
    if (part.startsWith('[')) return Number(part.slice(1, -1));
    return decoded(part);
  });
}

function decoded(part: string): string {
  try {
    const key = decodeURIComponent(part);
    if (key !== '__proto__') return key;
  } catch {
    // Told below: no key of a document is written like this.
  }
  throw notRows();
}

/** Sets what a path names; its lists and objects come to be on the way. */
function put(root: Container, path: readonly Segment[], value: unknown): void {
  let at = root;
  for (const [n, segment] of path.entries()) {
    if (typeof segment === 'symbol') return;
    const next = path[n + 1];
    const fresh = next === undefined ? value : typeof next === 'number' || next === EMPTY_LIST ? [] : {};
    at = entered(at, segment, fresh) as Container;
    if (next !== undefined && (at === null || typeof at !== 'object')) throw notRows();
  }
}

function entered(at: Container, segment: Segment, fresh: unknown): unknown {
  if (Array.isArray(at)) {
    if (typeof segment !== 'number' || segment > at.length) throw notRows();
    if (segment === at.length) at.push(fresh);
    return at[segment];
  }
  if (typeof segment !== 'string') throw notRows();
  if (!Object.hasOwn(at, segment)) at[segment] = fresh;
  return at[segment];
}

const notRows = (): DomainError =>
  new DomainError('REPORT_INPUT', 'expected rows of an inventory input in its order, got others');
