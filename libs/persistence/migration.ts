/** One step of the schema: SQL that runs once, in the order of the names, inside the transaction that records it. */
export interface Migration {
  /** `NNNN-<feature>`; never renamed once released. */
  readonly name: string;
  readonly statements: readonly string[];
}

/** The roles transactions run as. Neither owns a table nor is superuser, so row-level security binds both. */
export const APP_ROLE = 'gridcommons_app';
export const SYSTEM_ROLE = 'gridcommons_system';

/** The tenant of the running transaction; null (and so no row) where none was set. */
export const CURRENT_TENANT = "nullif(current_setting('app.tenant', true), '')::uuid";

export interface TenantTableOptions {
  /**
   * `tenant`: only the owner reads. `community`: every member reads, the owner writes. `{ where }`: every member reads
   * the rows for which the SQL condition holds. Default `tenant`.
   */
  readonly read?: 'tenant' | 'community' | { readonly where: string };
  /** Default `tenant_id`. */
  readonly tenantColumn?: string;
  /** What a member may do to its own rows; e.g. `SELECT, INSERT` for a journal. Default all four. */
  readonly privileges?: string;
}

const ALL_PRIVILEGES = 'SELECT, INSERT, UPDATE, DELETE';

/** Policies and grants of a table whose rows belong to one organisation each. The table itself is plain SQL before it. */
export function tenantTable(table: string, options: TenantTableOptions = {}): readonly string[] {
  const { read = 'tenant', tenantColumn = 'tenant_id', privileges = ALL_PRIVILEGES } = options;
  const own = `${tenantColumn} = ${CURRENT_TENANT}`;
  return [
    ...systemTable(table),
    `CREATE POLICY ${table}_own ON ${table} TO ${APP_ROLE} USING (${own}) WITH CHECK (${own})`,
    ...(read === 'tenant' ? [] : [communityPolicy(table, read === 'community' ? 'true' : read.where)]),
    `GRANT ${privileges} ON ${table} TO ${APP_ROLE}`,
  ];
}

const communityPolicy = (table: string, condition: string): string =>
  `CREATE POLICY ${table}_community ON ${table} FOR SELECT TO ${APP_ROLE} USING (${condition})`;

/** Policies and grants of a table that members never touch: authentication, jobs, reconciliation. */
export function systemTable(table: string, privileges: string = ALL_PRIVILEGES): readonly string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY ${table}_system ON ${table} TO ${SYSTEM_ROLE} USING (true) WITH CHECK (true)`,
    `GRANT ${privileges} ON ${table} TO ${SYSTEM_ROLE}`,
  ];
}

/**
 * Makes the two roles, which belong to the whole server: another database of the same server may be making them at
 * this moment, hence the exception that is no error. From PostgreSQL 16 on membership alone does not permit SET ROLE.
 */
export const ROLE_STATEMENTS: readonly string[] = [APP_ROLE, SYSTEM_ROLE].flatMap((role) => [
  `DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
    CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$`,
  `DO $$
BEGIN
  IF NOT pg_has_role(current_user, '${role}',
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    GRANT ${role} TO CURRENT_USER;
  END IF;
END $$`,
]);
