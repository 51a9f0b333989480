/**
 * persistence: PostgreSQL, embedded (PGlite) or on a server, reached by tenant-bound transactions only.
 *
 * Vocabulary: Database (asTenant, asSystem), tenant (an organisation's id; row-level security compares it with the
 * tenant column), Migration (SQL, run once), tenantTable and systemTable (policies and grants of a table).
 * References: PostgreSQL manual, "Row Security Policies"; PGlite 0.5 (one session, one process a directory).
 */
export { Database, type DatabaseOptions, type DatabaseVitals, type EntityClass } from './database.ts';
export { insertRows } from './insert-rows.ts';
export {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  type TenantTableOptions,
  systemTable,
  tenantTable,
} from './migration.ts';
