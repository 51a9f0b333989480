import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { generateSigningKey } from '#core';
import type { AuthenticationService } from '../identity/authentication.service.ts';
import type { Principal } from '../pipeline/principal.ts';
import { DownloadLinks } from './download-links.service.ts';

const KEY = `Bearer gck_${'0a'.repeat(8)}_${'bc'.repeat(32)}`;
const ADDRESS = '/downloads/forecasts?format=csv';

const MEMBER: Principal = { kind: 'member', id: 'm', organisationId: 'o', roles: ['firm'] };

/** Of a platform that knows one key. */
async function linksFor(roles: Principal['roles']): Promise<DownloadLinks> {
  const authentication = {
    byKeyPrefix: async () => ({ ...MEMBER, roles }),
  } as unknown as AuthenticationService;
  return new DownloadLinks(authentication, await generateSigningKey());
}

afterEach(() => void jest.useRealTimers());

describe('a download link', () => {
  it('stands for its key for ten minutes', async () => {
    jest.useFakeTimers();
    const links = await linksFor(['firm']);
    const { path, expiresAt } = await links.sign(MEMBER, ADDRESS, KEY);
    jest.setSystemTime(expiresAt.getTime() - 1);
    expect(await links.principal(path)).toMatchObject({ id: 'm' });
    jest.setSystemTime(expiresAt);
    await expect(links.principal(path)).rejects.toMatchObject({ code: 'DOWNLOAD_LINK_EXPIRED' });
    expect(path).not.toContain('bc'.repeat(32));
  });

  it('stands for as many organisations as a query may name', async () => {
    const links = await linksFor(['firm']);
    const organisationIds = Array.from({ length: 100 }, () => randomUUID()).join(',');
    const range = { from: '2026-05-12T00:00:00Z', to: '2026-05-13T00:00:00Z' };
    const query = new URLSearchParams({ ...range, organisationIds, latest: 'false', format: 'parquet' });
    const { path } = await links.sign(MEMBER, `/downloads/forecasts?${query.toString()}`, KEY);
    expect(await links.principal(path)).toMatchObject({ id: 'm' });
  });

  it('is another platform’s nowhere, and no auditor’s', async () => {
    const { path } = await (await linksFor(['firm'])).sign(MEMBER, ADDRESS, KEY);
    const other = await linksFor(['auditor']);
    await expect(other.principal(path)).rejects.toMatchObject({ code: 'DOWNLOAD_LINK_INVALID' });
    const own = await other.sign(MEMBER, ADDRESS, KEY);
    await expect(other.principal(own.path)).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    expect(await other.principal(ADDRESS)).toBeUndefined();
  });

  it('is not made of a key that a participant names beside its own signature', async () => {
    const links = await linksFor(['firm']);
    const node: Principal = { ...MEMBER, kind: 'participant' };
    await expect(links.sign(node, ADDRESS, KEY)).rejects.toMatchObject({ code: 'DOWNLOAD_KEY_REQUIRED' });
  });
});
