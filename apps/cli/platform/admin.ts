import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig } from '#config';
import { DomainError } from '#core';
import { z } from 'zod';
import { requireValue } from '../config/settings.ts';
import { readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { pageOf } from '../forecast/registry-answer.ts';
import { tableText } from '../table-text.ts';
import { type Access, ask, mutate } from './graphql-client.ts';

/** Where and as whom an administrator speaks to a platform. */
export interface AdminOptions {
  readonly platform?: string;
  readonly dataDir?: string;
  readonly keyFile?: string;
  readonly idempotencyKey?: string;
}

const CREATE_ORGANISATION = `mutation CreateOrganisation($input: CreateOrganisationInput!) {
  createOrganisation(input: $input) { organisation { id name legalId } apiKey }
}`;
const ORGANISATION = z.object({
  createOrganisation: z.object({
    organisation: z.object({ id: z.string(), name: z.string(), legalId: z.string() }),
    apiKey: z.string(),
  }),
});

/** Creates an organisation; its first admin's API key goes to a new file, never to the terminal. */
export async function createOrganisation(
  options: AdminOptions & { readonly name: string; readonly legalId: string; readonly output: string },
  output: Output,
): Promise<void> {
  const { name, legalId } = options;
  const access = await accessOf(options);
  const keyFile = resolve(options.output);
  const { organisation } = await intoSecretFile(keyFile, async (write) => {
    const answer = await mutate(access, CREATE_ORGANISATION, { input: { name, legalId } }, ORGANISATION);
    await write(answer.createOrganisation.apiKey);
    return answer.createOrganisation;
  });
  output.result(
    { organisation, keyFile },
    `organisation ${organisation.id}\n  API key of its admin in ${keyFile}`,
  );
}

const LIST_ORGANISATIONS = `query Organisations($first: Int, $after: String) {
  organisations(first: $first, after: $after) { edges { node { id name } } pageInfo { hasNextPage endCursor } } }`;
const ORGANISATIONS = z.object({ organisations: pageOf(z.object({ id: z.string(), name: z.string() })) });

/** Ids and names of everybody's organisations. */
export async function listOrganisations(
  { first, after, ...options }: AdminOptions & { readonly first: number; readonly after?: string },
  output: Output,
): Promise<void> {
  const access = await accessOf(options);
  const { organisations } = await ask(access, LIST_ORGANISATIONS, { first, after }, ORGANISATIONS);
  const { hasNextPage, endCursor } = organisations.pageInfo;
  const nodes = organisations.edges.map(({ node }) => node);
  const table = tableText(['organisation', 'name'], nodes.map(({ id, name }) => [id, name])); // prettier-ignore
  const more = hasNextPage ? `\nmore: --after ${endCursor}` : '';
  output.result({ organisations: nodes, hasNextPage, endCursor }, table + more);
}

const CREATE_TOKEN = `mutation CreateEnrolmentToken($input: CreateEnrolmentTokenInput!) {
  createEnrolmentToken(input: $input) { token expiresAt }
}`;
const TOKEN = z.object({ createEnrolmentToken: z.object({ token: z.string(), expiresAt: z.string() }) });

/** Creates an enrolment token. It is told: it works once, expires, and is made to be handed over. */
export async function createToken(
  options: AdminOptions & { readonly organisation: string; readonly validHours: number },
  output: Output,
): Promise<void> {
  const input = { organisationId: options.organisation, validHours: options.validHours };
  const { createEnrolmentToken: created } = await mutate(
    await accessOf(options),
    CREATE_TOKEN,
    { input },
    TOKEN,
  );
  output.result(created, `${created.token}\n  works once, until ${created.expiresAt}`);
}

const CREATE_KEY = `mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { id prefix roles } secret }
}`;
const KEY = z.object({
  createApiKey: z.object({
    apiKey: z.object({ id: z.string(), prefix: z.string(), roles: z.array(z.string()) }),
    secret: z.string(),
  }),
});

/** Creates an API key for a member of the own organisation; it goes to a new file, never to the terminal. */
export async function createKey(
  options: AdminOptions & {
    readonly memberName: string;
    readonly role: readonly string[];
    readonly output: string;
  },
  output: Output,
): Promise<void> {
  const input = { memberName: options.memberName, roles: options.role };
  const access = await accessOf(options);
  const keyFile = resolve(options.output);
  const { apiKey } = await intoSecretFile(keyFile, async (write) => {
    const answer = await mutate(access, CREATE_KEY, { input }, KEY);
    await write(answer.createApiKey.secret);
    return answer.createApiKey;
  });
  output.result(
    { apiKey, keyFile },
    `API key ${apiKey.prefix}… with ${apiKey.roles.join(', ')} in ${keyFile}`,
  );
}

const MAX_KEY_BYTES = 4_096;

/** Address and key of the options or their defaults. @throws CONFIG_VALUE_… for what they cannot be, FILE_UNREADABLE for the key file, CONFIG_INVALID where the defaults are needed and wrong */
export async function accessOf({
  platform,
  dataDir,
  keyFile,
  idempotencyKey,
}: AdminOptions): Promise<Access> {
  const url = platform === undefined ? configuredAddress() : requireValue('platform', platform, '--platform');
  if (keyFile !== undefined) requireValue('key-file', keyFile, '--key-file');
  const file = resolve(keyFile ?? join(dataDir ?? loadConfig().dataDir, 'operator.key'));
  const apiKey = new TextDecoder().decode(await readInputFile(file, MAX_KEY_BYTES)).trim();
  if (!/^[!-~]+$/.test(apiKey))
    throw new DomainError(
      'KEY_FILE_MALFORMED',
      `expected one line with an API key in ${file}, got ${keyFileFault(apiKey)}`,
    );
  return {
    url: url.replace(/\/+$/, ''),
    apiKey,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** What is in the file is not told: it may be a key. */
const keyFileFault = (text: string): string =>
  text === '' ? 'an empty file' : `${text.length} characters with space, line ends or others that no key has`;

function configuredAddress(): string {
  const { host, port } = loadConfig();
  return `http://${host}:${port}`;
}

/**
 * Opens a new file for its owner only *before* the secret exists, so that a secret shown once is never without a place.
 * @throws FILE_EXISTS, FILE_UNWRITABLE
 */
async function intoSecretFile<T>(
  file: string,
  make: (write: (secret: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const exists = error.code === 'EEXIST';
    throw new DomainError(
      exists ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
      `expected a new file at ${file}, got ${error.code ?? error.message}`,
      'conflict',
      { file },
    );
  });
  try {
    return await make(async (secret) => {
      await handle.writeFile(`${secret}\n`);
      await handle.sync();
    });
  } catch (error) {
    await rm(file);
    throw error;
  } finally {
    await handle.close();
  }
}
