import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Json, type SigningKey, signJson } from '#core';
import { basicOf, FootprintDesk, ROOF, signedInventory } from './harness/footprints.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

const PUBLISH = 'mutation ($document: JSON!) { publishFootprint(document: $document) { id isDeprecated } }';
const GRANT = `mutation ($footprintId: ID!, $organisationId: ID!) {
  grantFootprint(footprintId: $footprintId, organisationId: $organisationId) { footprintId }
}`;
const GRANTS = `query ($footprintId: ID!) {
  footprintGrants(footprintId: $footprintId) { edges { node { organisationId revokedAt } } }
}`;
const OWN = 'query { footprints { edges { node { id isDeprecated } } } }';

let log = '';
let platform: TestPlatform;
let owner: FootprintDesk;
let buyer: FootprintDesk;
let rival: FootprintDesk;

beforeAll(async () => {
  platform = await startPlatform({ env: { LOG_LEVEL: 'trace' }, log: (line) => (log += line) });
  [owner, buyer, rival] = (await Promise.all([1, 2, 3].map(() => platform.createOrganisation()))).map(
    (organisation) => new FootprintDesk(platform, organisation),
  ) as [FootprintDesk, FootprintDesk, FootprintDesk];
}, 60_000);

afterAll(() => platform.stop());

const idsOf = async (desk: FootprintDesk, query = ''): Promise<string[]> =>
  (await desk.list(query)).map(({ id }) => id);
const read = async (desk: FootprintDesk, id: string): Promise<object> =>
  ((await (await desk.get(`/3/footprints/${id}`)).json()) as { data: object }).data;
const send = (token: string): Promise<Response> =>
  platform.request('POST', '/3/events', { headers: { authorization: `Bearer ${token}` } });
const refusalOf = async (response: Response): Promise<object> => ({
  status: response.status,
  ...((await response.json()) as object),
});
const codeOf = async (query: string, variables: object, sender: Parameters<TestPlatform['graphql']>[2]) =>
  (await platform.graphql(query, variables, sender)).errors?.[0]?.extensions.code;

describe('a product footprint', () => {
  it('is read by its owner alone until it is granted, and by the grantee from the next read on', async () => {
    const { id, document } = await owner.publish();
    expect(document.pcf).toMatchObject({
      declaredUnitOfMeasurement: 'kilowatt hour',
      pcfExcludingBiogenicUptake: '0.041',
    });
    expect([await idsOf(owner), await idsOf(buyer), await idsOf(rival)]).toEqual([[id], [], []]);
    const refused = { status: 404, code: 'NotFound', message: expect.any(String) };
    expect(await refusalOf(await buyer.get(`/3/footprints/${id}`))).toEqual(refused);

    await owner.access(id, buyer);
    const answer = await buyer.get(`/3/footprints/${id}`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.json()).toEqual({ data: document });
    expect(await idsOf(buyer)).toEqual([id]);
    expect(await refusalOf(await rival.get(`/3/footprints/${id}`))).toEqual(refused);
  });

  it('is no longer read once its grant is revoked, by a token from before as well', async () => {
    const { id } = await owner.publish({ productNameCompany: 'Revoked' });
    await owner.access(id, buyer);
    await owner.access(id, buyer);
    const token = await buyer.token();
    expect((await buyer.get(`/3/footprints/${id}`, token)).status).toBe(200);
    expect(await owner.access(id, buyer, true)).toMatchObject({ revokedAt: expect.any(String) });
    expect((await buyer.get(`/3/footprints/${id}`, token)).status).toBe(404);
    expect(await idsOf(buyer)).not.toContain(id);
    await owner.access(id, buyer);
    expect((await buyer.get(`/3/footprints/${id}`, token)).status).toBe(200);
  });

  it('tells an absent and a foreign one alike', async () => {
    const { id } = await owner.publish({ productNameCompany: 'Foreign' });
    const [foreign, absent] = [
      await rival.get(`/3/footprints/${id}`),
      await rival.get('/3/footprints/00000000-0000-4000-8000-000000000000'),
    ];
    expect(foreign.status).toBe(absent.status);
    expect(await foreign.text()).toBe(await absent.text());
    expect(await refusalOf(await rival.get('/3/footprints/none'))).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
  });

  it('is deprecated by its restatement; who is granted one of the two learns nothing of the other', async () => {
    const first = await owner.publish({ productNameCompany: 'Restated' });
    await owner.access(first.id, buyer);
    const activities = [{ ...ROOF.activities[0], factorKgPerKwh: '0.048' }];
    const second = await owner.publish({ productNameCompany: 'Restated' }, { activities }, [first.id]);
    expect(await read(buyer, first.id)).toMatchObject({ status: 'Deprecated' });
    expect(await idsOf(buyer)).not.toContain(second.id);
    expect(await read(owner, second.id)).toMatchObject({ status: 'Active', precedingPfIds: [first.id] });
    await owner.access(second.id, rival);
    expect(await read(rival, second.id)).not.toHaveProperty('precedingPfIds');
    expect(await idsOf(buyer, '?status=deprecated')).toEqual([first.id]);
    await expect(owner.publish({ productNameCompany: 'Third' }, {}, [first.id])).rejects.toMatchObject({
      code: 'FOOTPRINT_PRECEDING',
    });
    const { footprints } = await platform.data<{ footprints: { edges: { node: object }[] } }>(OWN, {}, owner.organisation.apiKey); // prettier-ignore
    expect(footprints.edges.map(({ node }) => node)).toContainEqual({ id: first.id, isDeprecated: true });
  });

  it('is one however often it is published', async () => {
    const one = await owner.publish({ productNameCompany: 'Once' });
    const other = await owner.publish({ productNameCompany: 'Once' });
    expect(other).toMatchObject({ id: one.id, publishedAt: one.publishedAt });
  });
});

describe('a list of footprints', () => {
  let desk: FootprintDesk;
  const published: string[] = [];

  beforeAll(async () => {
    desk = new FootprintDesk(platform, await platform.createOrganisation());
    for (const n of [1, 2, 3, 4, 5]) {
      const place =
        n === 5
          ? { geographyCountry: undefined, geographyCountrySubdivision: 'FR-89' }
          : { geographyCountry: 'DE' };
      const { id } = await desk.publish({ productIds: [`urn:gtin:${n}`], ...place });
      await desk.access(id, buyer);
      published.push(id);
    }
  });

  it('is paged by links that lead on to its end, within the limit asked for', async () => {
    const token = await buyer.token();
    const found: string[] = [];
    const company = `urn:uuid:${desk.organisation.participant.id}`;
    let path: string | undefined = `/3/footprints?limit=2&companyId=${company}`;
    while (path !== undefined) {
      const response = await buyer.get(path, token);
      const { data } = (await response.json()) as { data: { id: string }[] };
      expect(data.length).toBeLessThanOrEqual(2);
      found.push(...data.map(({ id }) => id));
      const [, next] = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '') ?? [];
      expect(next ?? platform.url).toMatch(new RegExp(`^${platform.url}`));
      path = next?.slice(platform.url.length);
    }
    expect(found).toEqual(published);
  });

  it.each([
    ['?productId=URN:GTIN:1&productId=urn:gtin:3', [0, 2]],
    ['?productId=urn:gtin:1&geography=FR', []],
    ['?geography=fr', [4]],
    ['?geography=FR-89', [4]],
    ['?classification=urn:cpc:1710&productId=urn:gtin:2', [1]],
    ['?productId=urn:gtin:2&validOn=2026-06-01T00:00:00Z', [1]],
    ['?productId=urn:gtin:2&validOn=2025-06-01T00:00:00Z', []],
    ['?productId=urn:gtin:2&validAfter=2025-12-31T00:00:00Z', [1]],
    ['?productId=urn:gtin:2&validAfter=2026-01-01T00:00:00Z', []],
    ['?productId=urn:gtin:2&validBefore=2029-01-02T00:00:00Z', [1]],
    ['?productId=urn:gtin:2&validBefore=2029-01-01T00:00:00Z', []],
    ['?productId=urn:gtin:2&status=Active', [1]],
  ])('holds what %s asks for', async (query, places) => {
    expect(await idsOf(buyer, query)).toEqual(places.map((n) => published[n]));
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=2&limit=3',
    'status=Old',
    'validOn=yesterday',
    'productId=',
    'filter=x',
    'x-gridcommons-after=a',
  ])('is refused for %s', async (query) => {
    expect(await refusalOf(await buyer.get(`/3/footprints?${query}`))).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
  });
});

describe('access to footprints', () => {
  const KEY = `mutation { createApiKey(input: { memberName: "erp", roles: [analyst] }) { secret apiKey { id } } }`;
  const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }';

  it('takes a token of at most an hour for the credentials of an API key', async () => {
    const response = await buyer.requestToken(buyer.organisation.apiKey);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const answer = (await response.json()) as { expires_in: number };
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^gct_/),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
    });
    expect(answer.expires_in).toBeLessThanOrEqual(3_600);
  });

  it.each([
    [
      'another secret',
      (key: string) => `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`,
      undefined,
      401,
      'invalid_client',
    ],
    ['no key at all', () => 'a_b', undefined, 401, 'invalid_client'],
    ['another grant', (key: string) => key, 'grant_type=password', 400, 'unsupported_grant_type'],
    ['no grant', (key: string) => key, '', 400, 'unsupported_grant_type'],
    ['a long form', (key: string) => key, `grant_type=${'x'.repeat(5_000)}`, 400, 'invalid_request'],
  ])('gives none for %s', async (_, change, form, status, error) => {
    const response = await buyer.requestToken(change(buyer.organisation.apiKey), form);
    expect(await refusalOf(response)).toEqual({ status, error, error_description: expect.any(String) });
  });

  it('is not for an auditor, who reads decisions and no data', async () => {
    const { createOrganisation } = await platform.data<{ createOrganisation: { apiKey: string } }>(
      'mutation { createOrganisation(input: { name: "Auditor", legalId: "test:footprints-auditor", auditor: true }) { apiKey } }',
      {},
      platform.operatorKey,
    );
    const token = await buyer.token(createOrganisation.apiKey);
    const refused = { status: 403, code: 'AccessDenied', message: expect.stringContaining('auditor') };
    expect(await refusalOf(await buyer.get('/3/footprints', token))).toEqual(refused);
  });

  it('ends with the token, and with the API key behind it', async () => {
    const created = await platform.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(KEY, {}, buyer.organisation.apiKey); // prettier-ignore
    const { secret, apiKey } = created.createApiKey;
    const token = await buyer.token(secret);
    expect((await buyer.get('/3/footprints', token)).status).toBe(200);
    const [, prefix = '', , signature = ''] = token.split('_');
    const key = JSON.parse(
      await readFile(join(platform.config.dataDir, 'platform.key'), 'utf8'),
    ) as SigningKey;
    const signed = async (expires: string): Promise<string> => {
      const statement: Json = { prefix, expires };
      return `gct_${prefix}_${expires}_${await signJson(key.privateKey, 'gridcommons/access-token/1', statement)}`;
    };
    const seconds = Math.floor(Date.now() / 1_000);
    expect((await buyer.get('/3/footprints', await signed(String(seconds + 60)))).status).toBe(200);
    expect(
      await refusalOf(await buyer.get('/3/footprints', await signed(String(seconds - 1)))),
    ).toMatchObject({
      status: 401,
      code: 'TokenExpired',
    });
    const forged = [`gct_${prefix}_${seconds + 9_000}_${signature}`, secret, 'gct_', ''];
    for (const each of forged)
      expect(await refusalOf(await buyer.get('/3/footprints', each))).toMatchObject({
        status: 401,
        code: 'AccessDenied',
      });
    await platform.data(REVOKE, { id: apiKey.id }, buyer.organisation.apiKey);
    expect((await buyer.get('/3/footprints', token)).status).toBe(401);
  });

  it('is granted by the owner only, who alone learns to whom', async () => {
    const { id: footprintId } = await owner.publish({ productNameCompany: 'Guarded' });
    await owner.access(footprintId, buyer);
    const of = { footprintId, organisationId: rival.organisation.organisationId };
    expect(await codeOf(GRANT, of, buyer.organisation.apiKey)).toBe('FOOTPRINT_NOT_FOUND');
    expect(await codeOf(GRANT, of, rival.organisation.participant)).toBe('FOOTPRINT_NOT_FOUND');
    expect(await codeOf(GRANTS, { footprintId }, buyer.organisation.apiKey)).toBe('FOOTPRINT_NOT_FOUND');
    expect(await codeOf(GRANT, { ...of, organisationId: footprintId }, owner.organisation.apiKey)).toBe('ORGANISATION_NOT_FOUND'); // prettier-ignore
    const own = { ...of, organisationId: owner.organisation.organisationId };
    expect(await codeOf(GRANT, own, owner.organisation.apiKey)).toBe('FOOTPRINT_GRANTEE');
    await expect(owner.access(footprintId, rival, true)).rejects.toMatchObject({
      code: 'FOOTPRINT_GRANT_NOT_FOUND',
    });
    const { footprintGrants } = await platform.data<{ footprintGrants: object }>(GRANTS, { footprintId }, owner.organisation.apiKey); // prettier-ignore
    expect(footprintGrants).toEqual({
      edges: [{ node: { organisationId: buyer.organisation.organisationId, revokedAt: null } }],
    });
  });

  it('serves no events, and says so', async () => {
    expect(await refusalOf(await send(await buyer.token()))).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
    expect((await send('none')).status).toBe(401);
  });

  it('leaves neither secret nor token in the log', async () => {
    const { apiKey } = buyer.organisation;
    const token = await buyer.token();
    await buyer.get('/3/footprints', token);
    const secrets = [apiKey.slice(-64), basicOf(apiKey).slice(-60), token.slice(-128)];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});

describe('a footprint that is published', () => {
  it('is refused unless it is of the data model, of its own id, and of whoever publishes it', async () => {
    const { document } = await owner.publish({ productNameCompany: 'Forged' });
    const { participant, apiKey } = owner.organisation;
    const code = (change: object, sender: Parameters<typeof codeOf>[2] = participant) =>
      codeOf(PUBLISH, { document: { ...document, ...change } }, sender);
    expect(await code({}, apiKey)).toBe('PARTICIPANT_REQUIRED');
    expect(await code({}, rival.organisation.participant)).toBe('FOOTPRINT_COMPANY');
    expect(await code({ pcf: { ...document.pcf, pcfExcludingBiogenicUptake: '0.001' } })).toBe(
      'FOOTPRINT_ID',
    );
    expect(await code({ pcf: { ...document.pcf, pcfExcludingBiogenicUptake: 0.041 } })).toBe('INPUT_INVALID');
    expect(await code({ pcf: { ...document.pcf, geographyRegionOrSubregion: 'Europe' } })).toBe(
      'INPUT_INVALID',
    );
    expect(await code({ extensions: [] })).toBe('INPUT_KEY_UNKNOWN');
    expect(await code({ status: 'Deprecated' })).toBe('FOOTPRINT_STATUS');
    const ahead = { period: { start: '2098-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' } };
    await expect(owner.publish({}, ahead)).rejects.toMatchObject({ code: 'FOOTPRINT_TOO_EARLY' });
  });

  it('does not leave the site where its report is not signed by it', async () => {
    const foreign = await signedInventory(rival.organisation.participant, ROOF);
    await expect(owner.publishOf(foreign)).rejects.toMatchObject({ code: 'REPORT_SIGNER' });
    await expect(owner.publishOf({ ...foreign, signature: null })).rejects.toMatchObject({
      code: 'REPORT_UNSIGNED',
    });
  });
});
