import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type DataSourceOptions, type EntityManager, type EntitySchema } from 'typeorm';
import { DomainError } from '#core';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { APP_ROLE, type Migration, SYSTEM_ROLE } from './migration.ts';
import { PostgresNaming } from './naming.ts';

export type EntityClass = (new () => object) | EntitySchema;

export interface DatabaseOptions {
  /** Holds the embedded database; used only without `url`. */
  readonly dataDir: string;
  /** A PostgreSQL server, version 15 or later. */
  readonly url?: string | undefined;
  readonly poolSize: number;
  /** The longest a statement may take on a server; the embedded engine cannot interrupt one. */
  readonly statementMs: number;
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly Migration[];
}

/** SET LOCAL of role, timeout and tenant in one round trip: most transactions are hardly longer. */
const BIND = `SELECT set_config('role', $1, true), set_config('statement_timeout', $2, true),
  set_config('app.tenant', $3, true)`;

export interface DatabaseVitals {
  readonly engine: 'embedded' | 'server';
  readonly milliseconds: number;
  /** That have run; a start runs all that are missing or fails. */
  readonly migrations: number;
  readonly newestMigration: string;
}

interface Transaction {
  open: boolean;
  /** Whether an organisation is bound to it, from its beginning or since. */
  bound: boolean;
  readonly afterCommit: (() => void)[];
}

/**
 * The database, reached by transactions only: each runs as a role that row-level security binds and, where it acts for
 * an organisation, knows that tenant. Both end with the transaction, so nothing leaks to the next user of a connection.
 */
export class Database {
  readonly #source: DataSource;
  readonly #embedded: EmbeddedPostgres | undefined;
  readonly #statementMs: number;
  readonly #current = new AsyncLocalStorage<Transaction>();

  private constructor(source: DataSource, embedded: EmbeddedPostgres | undefined, statementMs: number) {
    this.#source = source;
    this.#embedded = embedded;
    this.#statementMs = statementMs;
  }

  /**
   * Opens the server at `url` or the embedded database, and brings its schema up to date.
   * @throws DATA_DIR_IN_USE, MIGRATION_UNKNOWN
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const embedded = options.url === undefined ? await openEmbeddedPostgres(options.dataDir) : undefined;
    const source = new DataSource(sourceOptions(options, embedded));
    try {
      await source.initialize();
      await source.transaction((manager) => migrate(manager, options.migrations));
    } catch (error) {
      if (source.isInitialized) await source.destroy();
      await embedded?.close();
      throw error;
    }
    return new Database(source, embedded, options.statementMs);
  }

  /**
   * Runs `work` in one transaction for an organisation: it sees and changes that tenant's rows only.
   * @throws TENANT_INVALID unless `tenantId` is a UUID; NESTED_TRANSACTION inside another transaction.
   */
  async asTenant<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    requireTenant(tenantId);
    return this.#transaction(APP_ROLE, work, tenantId);
  }

  /**
   * Runs `work` in one transaction over all tenants' rows: authentication, jobs and reconciliation, never a request.
   * @throws NESTED_TRANSACTION inside another transaction.
   */
  async asSystem<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#transaction(SYSTEM_ROLE, work);
  }

  /**
   * Goes on for an organisation in the running system transaction, for good: what is read from here on is what row-level
   * security shows that tenant, though it commits together with what the system wrote before.
   * @throws TENANT_INVALID, TENANT_BOUND outside a system transaction or where an organisation is bound to it already.
   */
  async narrow(manager: EntityManager, tenantId: string): Promise<void> {
    requireTenant(tenantId);
    const transaction = this.#current.getStore();
    if (transaction?.open !== true || transaction.bound) {
      throw new DomainError(
        'TENANT_BOUND',
        'expected a system transaction to narrow, got another or none',
        'conflict',
      );
    }
    transaction.bound = true;
    await manager.query(BIND, [APP_ROLE, String(this.#statementMs), tenantId]);
  }

  /**
   * Runs `work` for an organisation within the running system transaction, then goes on as the system: what the organisation does
   * and what the system does about it, such as charging for it, commit together. Where `work` fails the transaction stays bound.
   * @throws TENANT_INVALID, TENANT_BOUND as `narrow` does, also where `work` has begun one of its own.
   */
  async within<T>(
    manager: EntityManager,
    tenantId: string,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    await this.narrow(manager, tenantId);
    const result = await work(manager);
    await manager.query(BIND, [SYSTEM_ROLE, String(this.#statementMs), '']);
    this.#current.getStore()!.bound = false;
    return result;
  }

  /** Runs `action` once the running transaction has committed (never if it rolls back); outside of one, now. */
  afterCommit(action: () => void): void {
    const transaction = this.#current.getStore();
    if (transaction?.open === true) transaction.afterCommit.push(action);
    else action();
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.#transaction(SYSTEM_ROLE, (manager) => manager.query('SELECT 1'));
  }

  /** How long a trivial transaction takes now, in ms, and what the schema is at. */
  async vitals(): Promise<DatabaseVitals> {
    const begin = performance.now();
    await this.ping();
    const milliseconds = performance.now() - begin;
    const [row] = await this.#transaction(SYSTEM_ROLE, (manager) =>
      manager.query<[{ count: number; newest: string }]>(
        'SELECT count(*)::int AS count, max(name) AS newest FROM schema_migration',
      ),
    );
    return {
      engine: this.#embedded === undefined ? 'server' : 'embedded',
      milliseconds,
      migrations: row.count,
      newestMigration: row.newest,
    };
  }

  /** What TypeORM would change to make the schema match the entities; empty when the migrations are complete. */
  async schemaDrift(): Promise<string[]> {
    const { upQueries } = await this.#source.driver.createSchemaBuilder().log();
    return upQueries.map((query) => query.query);
  }

  /** Waits for running transactions, then closes pool, database and lock. */
  async close(): Promise<void> {
    await this.#source.destroy();
    await this.#embedded?.close();
  }

  async #transaction<T>(
    role: string,
    work: (manager: EntityManager) => Promise<T>,
    tenantId = '',
  ): Promise<T> {
    // The embedded engine has one session: a second transaction inside the first would wait for itself for ever.
    if (this.#current.getStore()?.open === true) {
      throw new DomainError(
        'NESTED_TRANSACTION',
        'expected to pass the EntityManager on, got a transaction begun inside another one',
        'conflict',
      );
    }
    const transaction: Transaction = { open: true, bound: role !== SYSTEM_ROLE, afterCommit: [] };
    const result = await this.#current.run(transaction, async () => {
      try {
        return await this.#source.transaction(async (manager) => {
          await manager.query(BIND, [role, String(this.#statementMs), tenantId]);
          return work(manager);
        });
      } finally {
        transaction.open = false;
      }
    });
    for (const action of transaction.afterCommit) action();
    return result;
  }
}

function requireTenant(tenantId: string): void {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenantId)) {
    throw new DomainError(
      'TENANT_INVALID',
      `expected the UUID of an organisation, got ${JSON.stringify(tenantId)}`,
    );
  }
}

function sourceOptions(options: DatabaseOptions, embedded: EmbeddedPostgres | undefined): DataSourceOptions {
  const { url, poolSize, entities } = options;
  return {
    type: 'postgres',
    ...(url === undefined ? { username: 'postgres', database: 'postgres' } : { url }),
    // More connections would only queue in front of the one session of the embedded engine.
    poolSize: embedded === undefined ? poolSize : 1,
    extra: embedded === undefined ? {} : { stream: embedded.connect },
    applicationName: 'gridcommons',

    installExtensions: false,
    namingStrategy: new PostgresNaming(),
    entities: [...entities],
    synchronize: false,
    migrationsRun: false,
  };
}
