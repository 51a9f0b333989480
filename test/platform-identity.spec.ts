import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

describe('identity', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
    firm = await platform.createOrganisation('Stadtwerk');
  }, 60_000);

  afterAll(() => platform.stop());

  const me = '{ me { kind roles organisation { id name } } }';

  it('knows a member by its API key', async () => {
    expect(await platform.data(me, {}, firm.apiKey)).toEqual({
      me: {
        kind: 'member',
        roles: ['admin', 'firm'],
        organisation: { id: firm.organisationId, name: 'Stadtwerk' },
      },
    });
  });

  it('knows a participant by its signature', async () => {
    expect(await platform.data(me, {}, firm.participant)).toEqual({
      me: {
        kind: 'participant',
        roles: ['firm'],
        organisation: { id: firm.organisationId, name: 'Stadtwerk' },
      },
    });
  });

  it('answers nobody with UNAUTHENTICATED', async () => {
    const { errors } = await platform.graphql(me);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
