import { Database } from '#persistence';
import type { TestPlatform } from './platform.ts';
import { PUBLIC_COLUMNS, PUBLIC_ROWS } from './rival-public.ts';

/** What the platform's database holds at one moment, as its owner sees it. */
export interface Held {
  /** Every distinctive value that is not public, with the columns it stands in as `table.column`. */
  readonly markers: ReadonlyMap<string, ReadonlySet<string>>;
  /** `table: row in JSON` */
  readonly rows: ReadonlySet<string>;
}

/** UUIDs, hashes and keys, and numbers of at least five digits: what no answer holds by accident. */
const DISTINCTIVE =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])|(?<![\w.-])[1-9]\d{4,}(?![\w-])/g;
/** Instants are everybody's, and their digits would be taken for numbers. */
const INSTANT = /\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d(?::?\d\d)?)?/g;
const WORDS = /victim[\w:-]*(?: [\w:-]+)*/gi;
/** What a cursor of this API begins with: an array or an object in base64url. */
const CURSOR = /"(?:W[yzw]|eyJ)[\w-]+={0,2}"/g;
/** No secret of anybody: the hash before the first of a chain. */
const NOTHING = /^0+$/;

const distinctive = (text: string): string[] => {
  const plain = text.replaceAll(INSTANT, '');
  return [...(plain.match(DISTINCTIVE) ?? []), ...(plain.match(WORDS) ?? [])].filter((each) => !NOTHING.test(each)); // prettier-ignore
};

export async function heldBy({ app }: TestPlatform): Promise<Held> {
  const markers = new Map<string, Set<string>>();
  const rows = new Set<string>();
  const shown = new Set<string>();
  await app.get(Database).asSystem(async (manager) => {
    // The owner sees what row-level security hides from the platform's own roles.
    await manager.query('RESET ROLE');
    const query = <T>(sql: string): Promise<T[]> => manager.query<T[]>(sql);
    for (const { name } of await query<{ name: string }>(TABLES)) {
      const sql = `SELECT to_json(t) AS line, (${PUBLIC_ROWS[name] ?? 'false'}) AS shown FROM "${name}" t`;
      for (const { line, shown: isShown } of await query<Row>(sql)) {
        rows.add(`${name}: ${JSON.stringify(line)}`);
        for (const [column, value] of Object.entries(line))
          for (const found of distinctive(JSON.stringify(value) ?? '')) {
            if (isShown || `${name}.${column}` in PUBLIC_COLUMNS) shown.add(found);
            markers.set(found, (markers.get(found) ?? new Set()).add(`${name}.${column}`));
          }
      }
    }
  });
  for (const each of shown) markers.delete(each);
  return { markers, rows };
}

/** What of an answer is a marker, in its words and in what its cursors carry, as `value (columns)`. */
export function markersIn(answer: string, { markers }: Held, given: readonly string[]): string[] {
  const decoded = (answer.match(CURSOR) ?? []).map((cursor) =>
    Buffer.from(cursor.slice(1, -1), 'base64url').toString('utf8'),
  );
  const known = new Set(given);
  const found = distinctive([answer, ...decoded].join('\n')).filter((each) => !known.has(each));
  return [...new Set(found)].flatMap((each) => {
    const columns = markers.get(each);
    return columns === undefined ? [] : [`${each} (${[...columns].join(', ')})`];
  });
}

interface Row {
  readonly line: Record<string, unknown>;
  readonly shown: boolean;
}

const TABLES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_type = 'BASE TABLE' AND table_schema = 'public' ORDER BY 1`;
