import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { type Config, loadConfig, testEnvironment } from '#config';
import { utf8 } from '#core';
import { createLogger } from '#observability';
import { createPlatform } from '../../apps/platform/create-platform.ts';
import { createTestDatabase } from './database-template.ts';
import { enrolmentProof, newParticipantKeys, signatureHeaders, type TestParticipant } from './participant.ts';

/** Who a request is from: an API key, a participant that signs, or nobody. */
export type Sender = string | TestParticipant | undefined;

export interface GraphqlAnswer {
  readonly status: number;
  // Each test knows the shape it asked for.
  readonly data: Record<string, never> | null | undefined;
  readonly errors: readonly GraphqlFailure[] | undefined;
}

export interface GraphqlFailure {
  readonly message: string;
  readonly path?: readonly string[];
  readonly extensions: { readonly code: string; readonly kind?: string; readonly id?: string };
}

export interface TestOrganisation {
  readonly organisationId: string;
  /** Roles admin and firm. */
  readonly apiKey: string;
  readonly participant: TestParticipant;
}

export interface TestPlatform {
  readonly url: string;
  readonly config: Config;
  /** For what the public API does not show: services and database. */
  readonly app: INestApplicationContext;
  readonly operatorKey: string;
  /** A GraphQL request as a client sends it, with a fresh idempotency key unless `headers` names one. */
  graphql(
    query: string,
    variables?: object,
    sender?: Sender,
    headers?: Record<string, string>,
  ): Promise<GraphqlAnswer>;
  /** The same for a request that must succeed: its data. */
  data<T>(query: string, variables?: object, sender?: Sender): Promise<T>;
  /** Plain HTTP, signed or with an API key. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** An organisation with an admin's API key and an enrolled participant, made through the public API. */
  createOrganisation(name?: string): Promise<TestOrganisation>;
  /** Ends it in good order and starts it again, on the same address and database. */
  restart(): Promise<void>;
  /** Stops the platform and removes its database and data directory. */
  stop(): Promise<void>;
}

export interface RequestOptions {
  readonly sender?: Sender;
  readonly body?: Uint8Array;
  readonly headers?: Record<string, string>;
}

export interface StartOptions {
  /** Environment variables on top of the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its log goes, a line at a time; to standard output unless told. */
  readonly log?: (line: string) => void;
}

/**
 * The whole platform in this process, on a fresh data directory with an embedded database, or on a fresh database of the
 * server at TEST_DATABASE_URL.
 */
export async function startPlatform(options: StartOptions = {}): Promise<TestPlatform> {
  const database = await createTestDatabase(testEnvironment().databaseUrl);
  const config = loadConfig({
    GRIDCOMMONS_DATA_DIR: database.dataDir,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'fatal',
    PORT: '0',
    ...options.env,
  });
  const { log } = options;
  const serve = async (port: number) => {
    const served = await createPlatform(config, createLogger(config.logLevel, log && { write: log }));
    await served.listen(port, config.host);
    return served;
  };
  let app = await serve(config.port);
  const url = await app.getUrl();
  const operatorKey = (await readFile(join(config.dataDir, 'operator.key'), 'utf8')).trim();
  const client = clientOf(url);
  return {
    url,
    config,
    get app() {
      return app;
    },
    operatorKey,
    ...client,
    createOrganisation: (name) => createOrganisation(client.data, operatorKey, name),
    async restart() {
      await app.close();
      app = await serve(Number(new URL(url).port));
    },
    async stop() {
      await app.close();
      await database.drop();
    },
  };
}

type Client = Pick<TestPlatform, 'graphql' | 'data' | 'request'>;

function clientOf(url: string): Client {
  const request: Client['request'] = async (
    method,
    path,
    { sender, body = new Uint8Array(), headers = {} } = {},
  ) =>
    fetch(url + path, {
      method,
      headers: { ...(await credentials(sender, { method, path, body })), ...headers },
      ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    });
  const graphql: Client['graphql'] = async (query, variables = {}, sender, headers = {}) => {
    const response = await request('POST', '/graphql', {
      sender,
      body: utf8(JSON.stringify({ query, variables })),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
    });
    // Parsed here: objects that fetch makes have another realm's prototypes, which canonical JSON refuses.
    const { data, errors } = JSON.parse(await response.text()) as Omit<GraphqlAnswer, 'status'>;
    return { status: response.status, data, errors };
  };
  const data = async <T>(query: string, variables?: object, sender?: Sender): Promise<T> => {
    const answer = await graphql(query, variables, sender);
    if (answer.errors !== undefined) throw new Error(`expected data, got ${JSON.stringify(answer.errors)}`);
    return answer.data as T;
  };
  return { request, graphql, data };
}

async function credentials(
  sender: Sender,
  request: { method: string; path: string; body: Uint8Array },
): Promise<Record<string, string>> {
  if (sender === undefined) return {};
  return typeof sender === 'string'
    ? { authorization: `Bearer ${sender}` }
    : signatureHeaders(sender, request);
}

async function createOrganisation(
  data: Client['data'],
  operatorKey: string,
  name: string = `Firm ${randomUUID().slice(0, 8)}`,
): Promise<TestOrganisation> {
  const { createOrganisation: created } = await data<{
    createOrganisation: { organisation: { id: string }; apiKey: string };
  }>(
    `mutation ($input: CreateOrganisationInput!) {
      createOrganisation(input: $input) { organisation { id } apiKey }
    }`,
    { input: { name, legalId: `test:${name}` } },
    operatorKey,
  );
  return {
    organisationId: created.organisation.id,
    apiKey: created.apiKey,
    participant: await enrol({ data }, created.apiKey),
  };
}

/** A further participant for the organisation whose admin's key is given. */
export async function enrol({ data }: Pick<TestPlatform, 'data'>, apiKey: string): Promise<TestParticipant> {
  const { createEnrolmentToken } = await data<{ createEnrolmentToken: { token: string } }>(
    'mutation { createEnrolmentToken(input: {}) { token } }',
    {},
    apiKey,
  );
  const keys = await newParticipantKeys();
  const { enrolParticipant } = await data<{ enrolParticipant: { id: string } }>(
    'mutation ($input: EnrolParticipantInput!) { enrolParticipant(input: $input) { id } }',
    {
      input: {
        token: createEnrolmentToken.token,
        signingKey: keys.signingKey.publicKey,
        agreementKey: keys.agreementKey.publicKey,
        proof: await enrolmentProof(createEnrolmentToken.token, keys),
      },
    },
  );
  return { id: enrolParticipant.id, ...keys };
}
