import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DomainError } from '#core';

const MEBIBYTE = 1_048_576;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** A whole number written in decimal; the environment carries only text. */
const integer = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const address = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => protocols.includes(protocolOf(text)),
      `expected an address of ${protocols.join(' or ')}//…`,
    )
    .optional();

const schema = z
  .object({
    GRIDCOMMONS_DATA_DIR: z.string().min(1).default('.gridcommons'),
    GRIDCOMMONS_REPLAY_CLOCK: z.string().min(1).optional(),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: integer(0, 65_535, 3000),
    DATABASE_URL: address('postgres:', 'postgresql:'),
    DATABASE_POOL_SIZE: integer(1, 100, 10),
    REDIS_URL: address('redis:', 'rediss:'),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
    NODE_ENV: z.string().default('development'),
    // A decryptor's share test of 10 000 dealers is a message of 1.4 MB.
    GRIDCOMMONS_MAX_BODY_BYTES: integer(1_024, 64 * MEBIBYTE, 4 * MEBIBYTE),
    GRIDCOMMONS_MAX_BLOB_BYTES: integer(1, 4_096 * MEBIBYTE, 64 * MEBIBYTE),
    GRIDCOMMONS_MAX_QUERY_COST: integer(1, 1_000_000, 10_000),
    GRIDCOMMONS_QUERY_COST_PER_SECOND: integer(1, 1_000_000_000, 50_000),
    GRIDCOMMONS_QUERY_COST_BURST: integer(1, 1_000_000_000, 1_000_000),
    GRIDCOMMONS_MAX_QUERY_DEPTH: integer(1, 100, 12),
    GRIDCOMMONS_MAX_QUERY_ALIASES: integer(0, 1_000, 15),
    GRIDCOMMONS_STATEMENT_TIMEOUT_MS: integer(1, 3_600_000, 30_000),
    GRIDCOMMONS_OIDC_ISSUER: z.string().min(1).max(500).optional(),
    GRIDCOMMONS_OIDC_AUDIENCE: z.string().min(1).max(500).optional(),
    GRIDCOMMONS_OIDC_JWKS_URL: trustworthy(),
    GRIDCOMMONS_OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
    GRIDCOMMONS_OIDC_AUTHORIZE_URL: trustworthy(),
    GRIDCOMMONS_OIDC_TOKEN_URL: trustworthy(),
    LEDGER_ANCHOR_RPC_URL: address('http:', 'https:'),
    LEDGER_ANCHOR_CONTRACT: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address of 0x and 40 hex digits')
      .optional(),
    LEDGER_ANCHOR_KEY_FILE: z.string().min(1).optional(),
  })
  .refine((env) => env.REDIS_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['REDIS_URL'],
    message: 'expected DATABASE_URL beside it: several processes cannot share the embedded database',
  })
  .refine((env) => env.GRIDCOMMONS_QUERY_COST_BURST >= env.GRIDCOMMONS_MAX_QUERY_COST, {
    path: ['GRIDCOMMONS_QUERY_COST_BURST'],
    message: 'expected at least GRIDCOMMONS_MAX_QUERY_COST: a query of that cost could never run',
  })
  .refine((env) => [0, 3].includes(anchorSettings(env).length), {
    path: ['LEDGER_ANCHOR_RPC_URL'],
    message: 'expected it, LEDGER_ANCHOR_CONTRACT and LEDGER_ANCHOR_KEY_FILE together, or none of them',
  })
  .refine((env) => [0, 3].includes(oidcSettings(env).length), {
    path: ['GRIDCOMMONS_OIDC_ISSUER'],
    message: 'expected it, GRIDCOMMONS_OIDC_AUDIENCE and GRIDCOMMONS_OIDC_JWKS_URL together, or none of them',
  })
  .refine((env) => clientSettings(env).length === 0 || (clientSettings(env).length === 3 && oidcOf(env)), {
    path: ['GRIDCOMMONS_OIDC_CLIENT_ID'],
    message:
      'expected it, GRIDCOMMONS_OIDC_AUTHORIZE_URL and GRIDCOMMONS_OIDC_TOKEN_URL together beside GRIDCOMMONS_OIDC_ISSUER, or none of them',
  });

interface OidcClientEnv {
  readonly GRIDCOMMONS_OIDC_CLIENT_ID?: string | undefined;
  readonly GRIDCOMMONS_OIDC_AUTHORIZE_URL?: string | undefined;
  readonly GRIDCOMMONS_OIDC_TOKEN_URL?: string | undefined;
}

function clientSettings(env: OidcClientEnv): string[] {
  const { GRIDCOMMONS_OIDC_CLIENT_ID, GRIDCOMMONS_OIDC_AUTHORIZE_URL, GRIDCOMMONS_OIDC_TOKEN_URL } = env;
  return [GRIDCOMMONS_OIDC_CLIENT_ID, GRIDCOMMONS_OIDC_AUTHORIZE_URL, GRIDCOMMONS_OIDC_TOKEN_URL].filter(
    (value) => value !== undefined,
  );
}

interface OidcEnv {
  readonly GRIDCOMMONS_OIDC_ISSUER?: string | undefined;
  readonly GRIDCOMMONS_OIDC_AUDIENCE?: string | undefined;
  readonly GRIDCOMMONS_OIDC_JWKS_URL?: string | undefined;
}

function oidcSettings(env: OidcEnv): string[] {
  const { GRIDCOMMONS_OIDC_ISSUER, GRIDCOMMONS_OIDC_AUDIENCE, GRIDCOMMONS_OIDC_JWKS_URL } = env;
  return [GRIDCOMMONS_OIDC_ISSUER, GRIDCOMMONS_OIDC_AUDIENCE, GRIDCOMMONS_OIDC_JWKS_URL].filter(
    (value) => value !== undefined,
  );
}

function anchorSettings(env: {
  readonly LEDGER_ANCHOR_RPC_URL?: string | undefined;
  readonly LEDGER_ANCHOR_CONTRACT?: string | undefined;
  readonly LEDGER_ANCHOR_KEY_FILE?: string | undefined;
}): string[] {
  const { LEDGER_ANCHOR_RPC_URL, LEDGER_ANCHOR_CONTRACT, LEDGER_ANCHOR_KEY_FILE } = env;
  return [LEDGER_ANCHOR_RPC_URL, LEDGER_ANCHOR_CONTRACT, LEDGER_ANCHOR_KEY_FILE].filter(
    (value) => value !== undefined,
  );
}

/** Everything the processes of the platform can be told from outside; sizes in bytes, times in milliseconds. */
export interface Config {
  /** Absolute path of the directory that holds keys, blobs and, without a database URL, the embedded database. */
  readonly dataDir: string;
  readonly blobDir: string;
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  /** Absent: jobs run inside the platform process. */
  readonly redisUrl: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly production: boolean;
  /** A file that holds the business clock's instant; absent: the system clock. */
  readonly replayClockFile: string | undefined;
  /** Absent: the ledger's days are anchored nowhere. */
  readonly ledgerAnchor: LedgerAnchorSettings | undefined;
  /** Absent: nobody signs in by an identity provider. */
  readonly oidc: OidcSettings | undefined;
  readonly limits: Limits;
}

/** The one identity provider whose tokens are accepted. */
export interface OidcSettings {
  /** Compared with `iss` as written. */
  readonly issuer: string;
  readonly audience: string;
  /** Where its public keys are. */
  readonly jwksUrl: string;
  /** Absent: the console offers no sign-in by it. */
  readonly client?: OidcClientSettings;
}

/** The console as a public client of the provider: authorisation code with PKCE, no secret. */
export interface OidcClientSettings {
  readonly id: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
}

/** The contract on an EVM chain that keeps the ledger's days. */
export interface LedgerAnchorSettings {
  /** JSON-RPC address of a node of the chain; it may hold an access key. */
  readonly rpcUrl: string;
  readonly contract: string;
  /** Holds the private key of the contract's owner, 64 hex digits. */
  readonly keyFile: string;
}

export interface Limits {
  readonly bodyBytes: number;
  readonly blobBytes: number;
  readonly queryCost: number;
  /** An organisation's, all the time; and at once after a rest. */
  readonly queryCostPerSecond: number;
  readonly queryCostBurst: number;
  readonly queryDepth: number;
  readonly queryAliases: number;
  readonly statementMs: number;
}

/**
 * Reads the configuration from environment variables (`process.env` unless given).
 * @throws CONFIG_INVALID naming every variable that is wrong, never its value (it may be a password).
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // `DATABASE_URL= npm start` means none.
  const parsed = schema.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
  );
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new DomainError(
      'CONFIG_INVALID',
      `expected a valid configuration, got\n  ${problems.join('\n  ')}`,
      'invalid',
      {
        problems,
      },
    );
  }
  const values = parsed.data;
  const dataDir = resolve(values.GRIDCOMMONS_DATA_DIR);
  return {
    dataDir,
    blobDir: join(dataDir, 'blobs'),
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    redisUrl: values.REDIS_URL,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === 'production',
    replayClockFile: values.GRIDCOMMONS_REPLAY_CLOCK,
    ledgerAnchor: anchorOf(values),
    oidc: oidcOf(values),
    limits: {
      bodyBytes: values.GRIDCOMMONS_MAX_BODY_BYTES,
      blobBytes: values.GRIDCOMMONS_MAX_BLOB_BYTES,
      queryCost: values.GRIDCOMMONS_MAX_QUERY_COST,
      queryCostPerSecond: values.GRIDCOMMONS_QUERY_COST_PER_SECOND,
      queryCostBurst: values.GRIDCOMMONS_QUERY_COST_BURST,
      queryDepth: values.GRIDCOMMONS_MAX_QUERY_DEPTH,
      queryAliases: values.GRIDCOMMONS_MAX_QUERY_ALIASES,
      statementMs: values.GRIDCOMMONS_STATEMENT_TIMEOUT_MS,
    },
  };
}

function anchorOf(values: z.infer<typeof schema>): LedgerAnchorSettings | undefined {
  const [rpcUrl, contract, keyFile] = anchorSettings(values);
  return rpcUrl && contract && keyFile ? { rpcUrl, contract, keyFile } : undefined;
}

function oidcOf(values: OidcEnv & OidcClientEnv): OidcSettings | undefined {
  const [issuer, audience, jwksUrl] = oidcSettings(values);
  if (!issuer || !audience || !jwksUrl) return undefined;
  const [id, authorizeUrl, tokenUrl] = clientSettings(values);
  const client = id && authorizeUrl && tokenUrl ? { client: { id, authorizeUrl, tokenUrl } } : {};
  return { issuer, audience, jwksUrl, ...client };
}

function trustworthy() {
  return z
    .string()
    .refine(isTrustworthy, 'expected an address of https:, or of http: on this machine')
    .optional();
}

/** Whoever can change keys on their way signs in as anybody. */
function isTrustworthy(text: string): boolean {
  const protocol = protocolOf(text);
  const isLocal =
    protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(text).hostname);
  return protocol === 'https:' || isLocal;
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : '';
}
