import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { footprintId } from '#carbon';
import { FootprintDesk } from './harness/footprints.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

const PUBLISH = 'mutation ($document: JSON!) { publishFootprint(document: $document) { id } }';
const LEGAL_ID = '{ me { organisation { legalId } } }';
const FIRST = '{ footprints(first: 1) { pageInfo { endCursor } } }';

let platform: TestPlatform;
let owner: FootprintDesk;
let buyer: FootprintDesk;
let rival: FootprintDesk;

beforeAll(async () => {
  platform = await startPlatform();
  [owner, buyer, rival] = (await Promise.all([1, 2, 3].map(() => platform.createOrganisation()))).map(
    (organisation) => new FootprintDesk(platform, organisation),
  ) as [FootprintDesk, FootprintDesk, FootprintDesk];
}, 60_000);

afterAll(() => platform.stop());

describe('company ids of a footprint', () => {
  it("say no other's, nor what nobody here can tell whose it is", async () => {
    const { document } = await owner.publish();
    const { organisationId, participant } = rival.organisation;
    for (const spoofed of [
      `urn:uuid:${participant.id}`,
      `urn:gridcommons:organisation:${organisationId}`,
      'urn:lei:529900T8BM49AURSDO55',
    ]) {
      const forged = { ...document, companyIds: [...document.companyIds, spoofed] };
      const variables = { document: { ...forged, id: footprintId(forged) } };
      const { errors } = await platform.graphql(PUBLISH, variables, owner.organisation.participant);
      expect(errors).toMatchObject([{ extensions: { code: 'FOOTPRINT_COMPANY' } }]);
    }
  });

  it('may say its organisation, by its id here and by its legal id', async () => {
    const { organisationId, apiKey, participant } = owner.organisation;
    const { me } = await platform.data<{ me: { organisation: { legalId: string } } }>(LEGAL_ID, {}, apiKey);
    const companyIds = [
      `urn:gridcommons:organisation:${organisationId}`,
      `urn:company:${encodeURI(me.organisation.legalId)}`,
    ];
    const { document } = await owner.publish({ companyIds });
    expect(document.companyIds).toEqual([`urn:uuid:${participant.id}`, ...companyIds]);
  });
});

const next = async (desk: FootprintDesk): Promise<string | undefined> => {
  const link = (await desk.get('/3/footprints?limit=1')).headers.get('link') ?? '';
  return /x-gridcommons-after=([0-9a-f]{32})>/.exec(link)?.[1];
};

describe('a cursor of footprints', () => {
  it('tells nobody how many footprints others published, and is of one reader', async () => {
    for (const productNameCompany of ['one', 'two']) {
      const { id } = await owner.publish({ productNameCompany });
      await owner.access(id, buyer);
    }
    const [granted, owned] = [await next(buyer), await next(owner)];
    expect(granted).toBeDefined();
    expect((await buyer.list(`?x-gridcommons-after=${granted}`)).length).toBe(1);
    expect((await owner.get(`/3/footprints?x-gridcommons-after=${granted}`)).status).toBe(400);
    expect((await buyer.get(`/3/footprints?x-gridcommons-after=${owned}`)).status).toBe(400);
    const { footprints } = await platform.data<{ footprints: { pageInfo: { endCursor: string } } }>(FIRST, {}, owner.organisation.apiKey); // prettier-ignore
    const cursor = Buffer.from(footprints.pageInfo.endCursor, 'base64url').toString();
    expect(cursor).toMatch(/^\["[0-9a-f]{32}"\]$/);
  });

  it.each([
    'x-gridcommons-after=1',
    `x-gridcommons-after=${'0'.repeat(32)}`,
    'productId=a%00',
    'companyId=urn:a:%00',
    'validOn=0000-01-01T00:00:00Z',
  ])('and a filter are refused for %s', async (query) => {
    const response = await buyer.get(`/3/footprints?${query}`);
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'BadRequest' }]);
  });
});
