import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { Database } from '#persistence';
import { enrolmentProof, newParticipantKeys } from './harness/participant.ts';
import {
  enrol,
  type Sender,
  startPlatform,
  type TestOrganisation,
  type TestPlatform,
} from './harness/platform.ts';

const ME = '{ me { kind roles organisation { id name } } }';
const CREATE_KEY =
  'mutation ($name: String!, $roles: [Role!]!) { createApiKey(input: { memberName: $name, roles: $roles }) { apiKey { id } secret } }';
const CREATE_TOKEN =
  'mutation ($id: ID, $hours: Int) { createEnrolmentToken(input: { organisationId: $id, validHours: $hours }) { token } }';
const ENROL =
  'mutation ($input: EnrolParticipantInput!) { enrolParticipant(input: $input) { id organisationId } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }';

interface CreatedKey {
  readonly createApiKey: { readonly apiKey: { readonly id: string }; readonly secret: string };
}

const enrolment = async (token: string, keys?: Awaited<ReturnType<typeof newParticipantKeys>>) => {
  const own = keys ?? (await newParticipantKeys());
  return {
    token,
    signingKey: own.signingKey.publicKey,
    agreementKey: own.agreementKey.publicKey,
    proof: await enrolmentProof(token, own),
  };
};

describe('identity', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;
  let rival: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
    firm = await platform.createOrganisation('Stadtwerk');
    rival = await platform.createOrganisation('Rival');
  }, 60_000);

  afterAll(() => platform.stop());

  const codeOf = async (query: string, variables: object, sender: Sender) =>
    (await platform.graphql(query, variables, sender)).errors?.[0]?.extensions.code;
  const tokenFor = async (sender: Sender, variables = {}) =>
    (
      await platform.data<{ createEnrolmentToken: { token: string } }>(
        CREATE_TOKEN,
        { hours: 1, ...variables },
        sender,
      )
    ).createEnrolmentToken.token;

  it('knows a member by its API key and a participant by its signature', async () => {
    const organisation = { id: firm.organisationId, name: 'Stadtwerk' };
    expect(await platform.data(ME, {}, firm.apiKey)).toEqual({
      me: { kind: 'member', roles: ['admin', 'firm'], organisation },
    });
    expect(await platform.data(ME, {}, firm.participant)).toEqual({
      me: { kind: 'participant', roles: ['firm'], organisation },
    });
    expect(await codeOf(ME, {}, undefined)).toBe('UNAUTHENTICATED');
  });

  it('says who the platform is to anybody', async () => {
    const { platform: answer } = await platform.data<{ platform: { publicKey: string; version: string } }>(
      '{ platform { publicKey version } }',
    );
    const key = JSON.parse(await readFile(join(platform.config.dataDir, 'platform.key'), 'utf8')) as {
      publicKey: string;
    };
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(answer).toEqual({ publicKey: key.publicKey, version: manifest.version });
  });

  it.each(['operator.key', 'platform.key'])('keeps %s for its owner alone', async (file) => {
    expect((await stat(join(platform.config.dataDir, file))).mode & 0o777).toBe(0o600);
  });

  it('keeps no API key, token or secret in readable form', async () => {
    const token = await tokenFor(firm.apiKey);
    const created = await platform.data<CreatedKey>(
      CREATE_KEY,
      { name: 'Ada', roles: ['firm'] },
      firm.apiKey,
    );
    const secrets = [token, created.createApiKey.secret, platform.operatorKey].map((text) =>
      text.split('_').at(-1)!,
    );
    const dump = await platform.app.get(Database).asSystem(async (manager) => {
      const tables = await manager.query<{ name: string }[]>(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition",
      );
      const rows: string[] = [];
      for (const { name } of tables)
        rows.push(JSON.stringify(await manager.query(`SELECT t::text FROM "${name}" t`)));
      return rows.join('\n');
    });
    expect(dump).toContain('Stadtwerk');
    for (const secret of secrets) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('lets nobody but the operator create organisations, each legal id once', async () => {
    const create =
      'mutation ($legalId: String!) { createOrganisation(input: { name: "New", legalId: $legalId }) { apiKey } }';
    expect(await codeOf(create, { legalId: 'x:1' }, firm.apiKey)).toBe('ROLE_MISSING');
    expect(await codeOf(create, { legalId: 'x:1' }, platform.operatorKey)).toBeUndefined();
    expect(await codeOf(create, { legalId: 'x:1' }, platform.operatorKey)).toBe('LEGAL_ID_TAKEN');
  });

  it('ends a key with its revocation', async () => {
    const { createApiKey } = await platform.data<CreatedKey>(
      CREATE_KEY,
      { name: 'Ada', roles: ['firm'] },
      firm.apiKey,
    );
    expect(await codeOf(ME, {}, createApiKey.secret)).toBeUndefined();
    await platform.data(REVOKE, { id: createApiKey.apiKey.id }, firm.apiKey);
    expect(await codeOf(ME, {}, createApiKey.secret)).toBe('UNAUTHENTICATED');
  });

  it('lists the own keys, revoked ones too, to an admin and no secret', async () => {
    const keys = `{ apiKeys(first: 100) { edges { node { memberName prefix roles revokedAt } } } }`;
    interface Keys {
      readonly apiKeys: { readonly edges: readonly { readonly node: { readonly memberName: string } }[] };
    }
    const { createApiKey } = await platform.data<CreatedKey>(
      CREATE_KEY,
      { name: 'Carol', roles: ['firm'] },
      firm.apiKey,
    );
    await platform.data(REVOKE, { id: createApiKey.apiKey.id }, firm.apiKey);
    const { apiKeys } = await platform.data<Keys>(keys, {}, firm.apiKey);
    expect(apiKeys.edges.find(({ node }) => node.memberName === 'Carol')?.node).toEqual({
      memberName: 'Carol',
      prefix: createApiKey.secret.split('_')[1],
      roles: ['firm'],
      revokedAt: expect.any(String),
    });
    const theirs = await platform.data<Keys>(keys, {}, rival.apiKey);
    expect(theirs.apiKeys.edges.map(({ node }) => node.memberName)).not.toContain('Carol');
    expect(await codeOf(keys, {}, firm.participant)).toBe('ROLE_MISSING');
  });

  it('tells its operator, and nobody else, how it is', async () => {
    const health = `{ platformHealth { database { engine newestMigration } runsJobs
      jobs { name unfinished failed } } }`;
    const answer = await platform.data<{
      platformHealth: {
        database: { newestMigration: string };
        jobs: { name: string; unfinished: number | null }[];
      };
    }>(health, {}, platform.operatorKey);
    const engine = testEnvironment().databaseUrl === undefined ? 'embedded' : 'server';
    expect(answer.platformHealth).toMatchObject({ database: { engine }, runsJobs: true });
    expect(answer.platformHealth.database.newestMigration).toMatch(/^\d{4}-/);
    expect(answer.platformHealth.jobs).toContainEqual({ name: 'market.clear', unfinished: 0, failed: 0 });
    expect(await codeOf(health, {}, firm.apiKey)).toBe('ROLE_MISSING');
  });

  it("does not find another organisation's key", async () => {
    const { createApiKey } = await platform.data<CreatedKey>(
      CREATE_KEY,
      { name: 'Ada', roles: ['firm'] },
      firm.apiKey,
    );
    for (const sender of [rival.apiKey, platform.operatorKey]) {
      expect(await codeOf(REVOKE, { id: createApiKey.apiKey.id }, sender)).toBe('API_KEY_NOT_FOUND');
    }
    expect(await codeOf(REVOKE, { id: randomUUID() }, rival.apiKey)).toBe('API_KEY_NOT_FOUND');
    expect(await codeOf(ME, {}, createApiKey.secret)).toBeUndefined();
  });

  it.each(['operator', 'auditor', 'market'])('does not let an admin hand out role %s', async (role) => {
    expect(await codeOf(CREATE_KEY, { name: 'Eve', roles: [role] }, firm.apiKey)).toBe('ROLE_MISSING');
  });

  it('lets a key do no more than its roles', async () => {
    const { createApiKey } = await platform.data<CreatedKey>(
      CREATE_KEY,
      { name: 'Bob', roles: ['analyst'] },
      firm.apiKey,
    );
    expect(await codeOf(CREATE_KEY, { name: 'Eve', roles: ['firm'] }, createApiKey.secret)).toBe(
      'ROLE_MISSING',
    );
    expect(await codeOf(CREATE_TOKEN, {}, createApiKey.secret)).toBe('ROLE_MISSING');
    expect(await codeOf(CREATE_TOKEN, {}, firm.participant)).toBe('ROLE_MISSING');
  });

  describe('enrolment', () => {
    it('is for any organisation by the operator, for the own one by its admin', async () => {
      const { createOrganisation: created } = await platform.data<{
        createOrganisation: { organisation: { id: string } };
      }>(
        'mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { organisation { id } } }',
        { input: { name: 'First', legalId: 'test:first' } },
        platform.operatorKey,
      );
      const { id } = created.organisation;
      const input = await enrolment(await tokenFor(platform.operatorKey, { id }));
      expect(await platform.data(ENROL, { input })).toMatchObject({
        enrolParticipant: { organisationId: id },
      });
      expect(await codeOf(CREATE_TOKEN, { id: firm.organisationId }, rival.apiKey)).toBe('ROLE_MISSING');
      expect(await codeOf(CREATE_TOKEN, { id: randomUUID() }, platform.operatorKey)).toBe(
        'ORGANISATION_NOT_FOUND',
      );
    });

    it('happens once for a token, and is the same when repeated', async () => {
      const token = await tokenFor(firm.apiKey);
      const input = await enrolment(token);
      const first = await platform.data(ENROL, { input });
      expect(await platform.data(ENROL, { input })).toEqual(first);
      expect(await codeOf(ENROL, { input: await enrolment(token) }, undefined)).toBe('ENROLMENT_TOKEN_USED');
    });

    it('lets one of five through that use a token together', async () => {
      const token = await tokenFor(firm.apiKey);
      const inputs = await Promise.all(Array.from({ length: 5 }, () => enrolment(token)));
      const codes = await Promise.all(inputs.map((input) => codeOf(ENROL, { input }, undefined)));
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(codes.filter((code) => code === 'ENROLMENT_TOKEN_USED')).toHaveLength(4);
    });

    it('refuses an unknown token', async () => {
      expect(await codeOf(ENROL, { input: await enrolment('gce_nonsense') }, undefined)).toBe(
        'ENROLMENT_TOKEN_INVALID',
      );
    });

    it('refuses a token past its time', async () => {
      const token = await tokenFor(firm.apiKey);
      await platform.app
        .get(Database)
        .asSystem((manager) =>
          manager.query("UPDATE enrolment_token SET expires_at = now() - interval '1 ms'"),
        );
      expect(await codeOf(ENROL, { input: await enrolment(token) }, undefined)).toBe(
        'ENROLMENT_TOKEN_EXPIRED',
      );
    });

    it('refuses a key that is registered, by whomever', async () => {
      const keys = await newParticipantKeys();
      await platform.data(ENROL, { input: await enrolment(await tokenFor(firm.apiKey), keys) });
      const again = await enrolment(await tokenFor(rival.apiKey), keys);
      expect(await codeOf(ENROL, { input: again }, undefined)).toBe('KEY_ALREADY_REGISTERED');
      const half = { ...keys, signingKey: (await newParticipantKeys()).signingKey };
      const reused = await enrolment(await tokenFor(rival.apiKey), half);
      expect(await codeOf(ENROL, { input: reused }, undefined)).toBe('KEY_ALREADY_REGISTERED');
    });

    it("refuses the operator's token where the firm has a participant, and takes the firm's own", async () => {
      const foreign = await enrolment(await tokenFor(platform.operatorKey, { id: firm.organisationId }));
      expect(await codeOf(ENROL, { input: foreign }, undefined)).toBe('ENROLMENT_NOT_FIRST');
      const own = await enrolment(await tokenFor(firm.apiKey));
      expect(await codeOf(ENROL, { input: own }, undefined)).toBeUndefined();
    });

    it('refuses an X25519 key of low order', async () => {
      const keys = await newParticipantKeys();
      const low = { ...keys, agreementKey: { ...keys.agreementKey, publicKey: '00'.repeat(32) } };
      const input = await enrolment(await tokenFor(firm.apiKey), low);
      expect(await codeOf(ENROL, { input }, undefined)).toBe('AGREEMENT_KEY_INVALID');
    });

    it('refuses a proof by another key, for another token, or over other keys', async () => {
      const token = await tokenFor(firm.apiKey);
      const [mine, other] = [await enrolment(token), await enrolment(token)];
      const stale = await enrolment(await tokenFor(firm.apiKey));
      for (const input of [
        { ...mine, proof: other.proof },
        { ...stale, token },
        { ...mine, agreementKey: other.agreementKey },
      ]) {
        expect(await codeOf(ENROL, { input }, undefined)).toBe('SIGNATURE_INVALID');
      }
      expect(await codeOf(ENROL, { input: { ...mine, signingKey: 'AB'.repeat(32) } }, undefined)).toBe(
        'KEY_MALFORMED',
      );
    });
  });

  it('pages through all participants once, in order', async () => {
    await enrol(platform, firm.apiKey);
    await enrol(platform, rival.apiKey);
    const page =
      'query ($after: String) { participants(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }';
    interface Page {
      readonly participants: {
        readonly edges: readonly { readonly node: { readonly id: string } }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    }
    const ids: string[] = [];
    let more = true;
    let after: string | null = null;
    while (more) {
      const { participants }: Page = await platform.data<Page>(page, { after }, rival.apiKey);
      ids.push(...participants.edges.map(({ node }) => node.id));
      ({ hasNextPage: more, endCursor: after } = participants.pageInfo);
    }
    const all = await platform.data<Page>(
      '{ participants(first: 100) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      {},
      firm.apiKey,
    );
    expect(ids).toEqual(all.participants.edges.map(({ node }) => node.id));
    expect(ids.length).toBeGreaterThanOrEqual(4);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
