import type { EntityManager } from 'typeorm';
import { DomainError, requireZone } from '#core';

/** A time zone as SQL understands it. */
export interface SqlZone {
  /** Value of the parameter `zone`. */
  readonly zone: string;
  /** Local time, by the parameter `zone`, of an instant that an expression tells. */
  readonly local: (instant: string) => string;
}

const FIXED = /^[+-]\d{2}:\d{2}$/;

/** Names that are abbreviations too, which the database takes first, of standard time in summer as well: what tz links them to. */
const LINKS: Readonly<Record<string, string>> = {
  cet: 'Europe/Brussels',
  eet: 'Europe/Athens',
  met: 'Europe/Brussels',
  wet: 'Europe/Lisbon',
};

/**
 * A fixed offset is an interval, as the database reads `+05:30` as a zone west of Greenwich. Names are those that this
 * machine and the database both know.
 * @throws ZONE_UNKNOWN
 */
export async function requireSqlZone(manager: EntityManager, name: string): Promise<SqlZone> {
  requireZone(name);
  if (FIXED.test(name))
    return { zone: name, local: (instant) => `${instant} AT TIME ZONE CAST(:zone AS interval)` };
  const zone = LINKS[name.toLowerCase()] ?? name;
  const known = await manager.query<unknown[]>('SELECT FROM pg_timezone_names WHERE lower(name) = lower($1) LIMIT 1', [zone]); // prettier-ignore
  if (known.length > 0) return { zone, local: (instant) => `${instant} AT TIME ZONE :zone` };
  throw new DomainError(
    'ZONE_UNKNOWN',
    'expected a time zone that the database knows, got another',
    'invalid',
    { zone },
  );
}
