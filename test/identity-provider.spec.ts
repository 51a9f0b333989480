import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { generateKeyPair } from 'jose';
import { IdentityProvider, linkCodeOf } from './harness/identity-provider.ts';
import { type NegotiationDesk, negotiationDesk } from './harness/negotiation-desk.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const LINK =
  'mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { id memberId issuer roles } }';
const UNLINK = 'mutation ($id: ID!) { unlinkIdentity(id: $id) { unlinkedAt } }';
const LINKED = '{ memberIdentities { edges { node { id subject unlinkedAt } } } }';
const ME = '{ me { kind id roles organisation { id } } }';
const OPERATIONS = '{ auditEntries { edges { node { operation decision } } } }';
/** From the beginning on. */
const CHANGED = `subscription { negotiationChanged(after: "${Buffer.from('["0"]').toString('base64url')}") { negotiation { state } } }`;
const HOUR_S = 3_600;

let log = '';
let provider: IdentityProvider;
let platform: TestPlatform;
let desk: NegotiationDesk;
const tokens: string[] = [];

const token: IdentityProvider['token'] = async (subject, made) => {
  const text = await provider.token(subject, made);
  tokens.push(text);
  return text;
};
const draft = (subject: string) => ({
  memberName: `member of ${subject}`,
  subject,
  linkCode: linkCodeOf(platform, subject),
});
const link = (subject: string, sender: string, roles: readonly string[] = ['firm', 'analyst']) =>
  platform.graphql(LINK, { input: { ...draft(subject), roles } }, sender);
const linkRefusal = async (...terms: Parameters<typeof link>) =>
  (await link(...terms)).errors?.[0]?.extensions.code;
const linked = async (subject: string, sender: string): Promise<string> => {
  const { data } = await link(subject, sender);
  return (data as unknown as { linkIdentity: { id: string } }).linkIdentity.id;
};
const codeOf = async (bearer: string): Promise<string | undefined> =>
  (await platform.graphql(ME, {}, bearer)).errors?.[0]?.extensions.code;

/** The clock that tokens are held against stands at a time from now; nothing else of the process is changed. */
function clockAfter(seconds: number): void {
  const now = Date.now() + seconds * 1000;
  jest.useFakeTimers({
    now,
    doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'], // prettier-ignore
  });
}

beforeAll(async () => {
  provider = await IdentityProvider.start();
  platform = await startPlatform({
    env: { ...provider.env, LOG_LEVEL: 'trace' },
    log: (line) => (log += line),
  });
  desk = await negotiationDesk(platform);
}, 60_000);

afterEach(() => {
  jest.useRealTimers();
  provider.isUp = true;
});

afterAll(async () => {
  await platform.stop();
  provider.stop();
});

describe('sign-in by an identity provider', () => {
  it('lets a linked subject act as its member, until it is unlinked', async () => {
    const { consumer, stranger } = desk;
    const id = await linked('alice', consumer.apiKey);
    const bearer = await token('alice');
    const { me } = await platform.data<{ me: { id: string } }>(ME, {}, bearer);
    expect(me).toEqual({
      kind: 'member',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      roles: ['firm', 'analyst'],
      organisation: { id: consumer.organisationId },
    });
    expect(await codeOf(await token('bob'))).toBe('IDENTITY_UNKNOWN');
    const foreign = await platform.graphql(UNLINK, { id }, stranger.apiKey);
    expect(foreign.errors).toMatchObject([{ extensions: { code: 'IDENTITY_NOT_FOUND' } }]);
    await platform.data(UNLINK, { id }, consumer.apiKey);
    expect(await codeOf(bearer)).toBe('IDENTITY_UNKNOWN');
    const { memberIdentities } = await platform.data<{ memberIdentities: object }>(LINKED, {}, consumer.apiKey); // prettier-ignore
    expect(memberIdentities).toEqual({
      edges: [{ node: { id, subject: 'alice', unlinkedAt: expect.any(String) } }],
    });
    const none = await platform.data(LINKED, {}, stranger.apiKey);
    expect(none).toEqual({ memberIdentities: { edges: [] } });
    expect(await platform.data(OPERATIONS, {}, consumer.apiKey)).toEqual({
      auditEntries: {
        edges: ['identity.link', 'identity.unlink'].map((operation) => ({
          node: { operation, decision: 'PERMIT' },
        })),
      },
    });
  });

  it('is given by admins, for their own organisation, with roles that are theirs to give, one organisation a subject', async () => {
    const { consumer, provider: seller } = desk;
    expect(await linkRefusal('carol', await desk.key(consumer.apiKey, 'firm'))).toBe('ROLE_MISSING');
    expect(await linkRefusal('carol', consumer.apiKey, ['operator'])).toBe('ROLE_MISSING');
    expect(await linkRefusal('carol', consumer.apiKey, [])).toBe('ROLES_EMPTY');
    expect(await linkRefusal('', consumer.apiKey)).toBe('TEXT_LENGTH');
    expect(await linkRefusal('carol', consumer.apiKey)).toBeUndefined();
    expect(await linkRefusal('carol', seller.apiKey)).toBe('IDENTITY_TAKEN');
    expect(await linkRefusal('dora', await token('carol'))).toBe('ROLE_MISSING');
  });

  it('links a subject only by the code that the subject itself is told, so that nobody acts unknowingly for another', async () => {
    const { consumer, stranger } = desk;
    const { errors } = await platform.graphql(ME, {}, await token('judy'));
    const { linkCode } = (errors![0]!.extensions as unknown as { data: { linkCode: string } }).data;
    const other = { memberName: 'judy', subject: 'judy', linkCode: draft('carol').linkCode, roles: ['firm'] };
    for (const wrong of [other, { ...other, linkCode: '' }, { ...other, linkCode: linkCode.toUpperCase() }]) {
      const refused = await platform.graphql(LINK, { input: wrong }, stranger.apiKey);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'IDENTITY_UNPROVEN' } }]);
    }
    expect(await codeOf(await token('judy'))).toBe('IDENTITY_UNKNOWN');
    await platform.data(LINK, { input: { ...other, linkCode } }, consumer.apiKey);
    expect(await codeOf(await token('judy'))).toBeUndefined();
  });

  it('refuses every token that is not for this platform, now, by a key that the provider serves', async () => {
    await linked('erin', desk.consumer.apiKey);
    const now = Math.floor(Date.now() / 1000);
    const other = await generateKeyPair('ES256');
    const rsa = await generateKeyPair('RS512');
    const [head, body] = (await token('erin')).split('.') as [string, string];
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'first' })).toString('base64url');
    const wrong: [string, string][] = [
      ['TOKEN_INVALID', await token('erin', { claims: { iss: 'https://id.test/other' } })],
      ['TOKEN_INVALID', await token('erin', { claims: { aud: 'another' } })],
      ['TOKEN_INVALID', await token('erin', { claims: { aud: undefined } })],
      ['TOKEN_INVALID', await token('erin', { claims: { exp: undefined } })],
      ['TOKEN_INVALID', await token(undefined)],
      ['TOKEN_INVALID', await token('erin', { kid: undefined })],
      ['TOKEN_INVALID', await token('erin', { key: other.privateKey })],
      ['TOKEN_INVALID', await token('erin', { key: rsa.privateKey, alg: 'RS512' })],
      ['TOKEN_INVALID', await token('erin', { key: provider.publicText, alg: 'HS256' })],
      ['TOKEN_INVALID', `${none}.${body}.`],
      ['TOKEN_INVALID', `${head}.${body}.AAAA`],
      ['TOKEN_EXPIRED', await token('erin', { claims: { exp: now - 40 } })],
      ['TOKEN_NOT_YET_VALID', await token('erin', { claims: { nbf: now + 60 } })],
    ];
    for (const [code, text] of wrong) expect([text, await codeOf(text)]).toEqual([text, code]);
    // Within the tolerance of clocks.
    expect(await codeOf(await token('erin', { claims: { exp: now - 10, nbf: now + 10 } }))).toBeUndefined();
  });

  it('follows a rotation of keys, and asks for them no more often than it may', async () => {
    await linked('frank', desk.consumer.apiKey);
    const before = await token('frank');
    expect(await codeOf(before)).toBeUndefined();
    await provider.rotate('second');
    const { asked } = provider;
    const after = await token('frank');
    for (let n = 0; n < 5; n += 1) expect(await codeOf(after)).toBe('TOKEN_INVALID');
    expect(provider.asked).toBe(asked);
    clockAfter(31);
    expect(await codeOf(after)).toBeUndefined();
    expect(provider.asked).toBe(asked + 1);
    expect(await codeOf(before)).toBe('TOKEN_INVALID');
  });

  it('lets nobody in while the provider’s keys are not to be had, and everybody else by their API keys', async () => {
    await linked('grace', desk.consumer.apiKey);
    provider.isUp = false;
    clockAfter(2 * HOUR_S);
    expect(await codeOf(await token('grace'))).toBe('IDENTITY_PROVIDER_UNREACHABLE');
    expect(await codeOf(desk.consumer.apiKey)).toBeUndefined();
    provider.isUp = true;
    expect(await codeOf(await token('grace'))).toBeUndefined();
  });

  it('ends a stream with the token', async () => {
    await linked('heidi', desk.consumer.apiKey);
    const now = Math.floor(Date.now() / 1000);
    clockAfter(3 * HOUR_S);
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${await token('heidi')}` },
      retryAttempts: 0,
    });
    const changes = client.iterate({ query: CHANGED });
    const next = changes.next();
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:heidi' };
    const { id } = await desk.ask('request', { input }, desk.consumer);
    expect((await next).value).toMatchObject({ data: { negotiationChanged: { negotiation: { state: 'REQUESTED' } } } }); // prettier-ignore
    jest.setSystemTime((now + 4 * HOUR_S) * 1000);
    const last = changes.next();
    await desk.ask('terminate', { id, code: 'OVER' }, desk.consumer);
    expect((await last).value).toMatchObject({ errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }] });
    await client.dispose();
  });

  it('leaves no token in the log', () => {
    expect(tokens.length).toBeGreaterThan(20);
    for (const text of tokens) expect(log).not.toContain(text.split('.')[2]!);
  });
});

it('is refused by a platform without an identity provider', async () => {
  const alone = await startPlatform();
  const { apiKey } = await alone.createOrganisation();
  const refused = async (query: string, variables: object, sender: string) =>
    (await alone.graphql(query, variables, sender)).errors?.[0]?.extensions.code;
  expect(await refused(ME, {}, await token('ivan'))).toBe('TOKEN_INVALID');
  const input = { memberName: 'ivan', subject: 'ivan', linkCode: 'any', roles: ['firm'] };
  expect(await refused(LINK, { input }, apiKey)).toBe('IDENTITY_PROVIDER_NONE');
  await alone.stop();
});
