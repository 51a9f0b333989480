import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { reportBytes } from '#carbon';
import type { SigningKey } from '#core';
import { run } from './harness/command-line.ts';
import { FootprintDesk, ROOF, signedInventory, TERMS } from './harness/footprints.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

describe('participant carbon publish-footprint and grant-footprint', () => {
  let platform: TestPlatform;
  let buyer: FootprintDesk;
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const json = async (name: string): Promise<object> =>
    JSON.parse(await readFile(at(name), 'utf8')) as object;
  const carbon = (...words: string[]) => run(['participant', 'carbon', ...words, '--dir', folder, '--json']);

  beforeAll(async () => {
    platform = await startPlatform();
    buyer = new FootprintDesk(platform, await platform.createOrganisation());
    folder = await mkdtemp(join(tmpdir(), 'site-footprint-'));
    const { apiKey } = await platform.createOrganisation();
    const { createEnrolmentToken } = await platform.data<{ createEnrolmentToken: { token: string } }>('mutation { createEnrolmentToken(input: {}) { token } }', {}, apiKey); // prettier-ignore
    await run(['participant', 'init', '--platform', platform.url, '--token', createEnrolmentToken.token, '--dir', folder]); // prettier-ignore
    const { signing } = (await json('identity.json')) as { signing: SigningKey };
    const { participantId } = (await json('enrolment.json')) as { participantId: string };
    const report = await signedInventory({ id: participantId, signingKey: signing }, ROOF);
    await writeFile(at('roof.json'), reportBytes(report));
    await writeFile(at('terms.json'), JSON.stringify(TERMS));
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('publish what a site signed, and let another organisation read it until it is revoked', async () => {
    const { stdout } = await carbon('publish-footprint', at('roof.json'), '--terms', at('terms.json'));
    const { id, document } = JSON.parse(stdout) as { id: string; document: object };
    expect(await buyer.list()).toEqual([]);
    const { organisationId } = buyer.organisation;
    await carbon('grant-footprint', id, '--to', organisationId);
    expect(await buyer.list()).toEqual([document]);
    const revoked = await carbon('grant-footprint', id, '--to', organisationId, '--revoke');
    expect(JSON.parse(revoked.stdout)).toMatchObject({ footprintId: id, organisationId, revokedAt: expect.any(String) }); // prettier-ignore
    expect(await buyer.list()).toEqual([]);
  });

  it.each([
    ['FILE_UNREADABLE', ['publish-footprint', 'nowhere.json', '--terms', 'nowhere.json']],
    ['FOOTPRINT_NOT_FOUND', ['grant-footprint', 'none', '--to', 'nobody']],
  ])('are refused with %s', async (code, words) => {
    const { exitCode, stderr } = await carbon(...words);
    expect(exitCode).not.toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});
