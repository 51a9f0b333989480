import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PublicIdentity, publicIdentity, SiteDirectory, trustFile } from './site-directory.ts';

let workspace: string;
let site: SiteDirectory;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'site-directory-'));
  site = new SiteDirectory(join(workspace, 'site'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const mode = (path: string) => statSync(path).mode & 0o777;
const identityOf = async (name: string): Promise<PublicIdentity> =>
  publicIdentity(await new SiteDirectory(join(workspace, name)).identity(), `LEI-${name}`);
const file = (content: string): string => {
  writeFileSync(join(workspace, 'trust.json'), content);
  return join(workspace, 'trust.json');
};

describe("a participant's keys", () => {
  it('are drawn once, in a directory and a file for their owner alone', async () => {
    const identity = await site.identity();
    expect(await new SiteDirectory(site.path).identity()).toEqual(identity);
    expect(await new SiteDirectory(join(workspace, 'other')).identity()).not.toEqual(identity);
    expect([mode(site.path), mode(site.file('identity.json'))]).toEqual([0o700, 0o600]);
  });

  it.each([0o640, 0o604, 0o660])('are not used from a file of mode %o', async (exposed) => {
    await site.identity();
    chmodSync(site.file('identity.json'), exposed);
    await expect(site.identity()).rejects.toMatchObject({ code: 'KEY_FILE_EXPOSED', kind: 'forbidden' });
  });

  it('do not show in the refusal of a broken file', async () => {
    const { signing } = await site.identity();
    const path = site.file('identity.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(signing.privateKey, `${signing.privateKey}"`));
    const refusal = await site.identity().catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({
      code: 'FILE_NOT_JSON',
      message: `expected JSON in ${path}, got something else`,
    });
  });

  it('are not enrolled before `participant init`', () => {
    expect(site.enrolled).toBe(false);
    expect(() => site.enrolment()).toThrow(expect.objectContaining({ code: 'NOT_ENROLLED' }));
  });
});

describe('trust', () => {
  it('pins every organisation of a file once', async () => {
    const [a, b] = [await identityOf('a'), await identityOf('b')];
    expect(site.pins()).toEqual([]);
    site.create();
    expect(await site.addTrust(file(trustFile([a])))).toEqual([a]);
    expect(await site.addTrust(file(trustFile([a, b])))).toEqual([b]);
    expect(await site.addTrust(file(trustFile([b, a])))).toEqual([]);
    expect(new SiteDirectory(site.path).pins()).toEqual([a, b]);
    expect(mode(site.file('trust.json'))).toBe(0o600);
  });

  it('pins nothing of a file that has other keys for an organisation', async () => {
    const [a, b] = [await identityOf('a'), await identityOf('b')];
    site.create();
    await site.addTrust(file(trustFile([a])));
    const other = await publicIdentity(await new SiteDirectory(join(workspace, 'c')).identity(), a.legalId);
    for (const identities of [
      [b, other],
      [b, b, other],
    ]) {
      await expect(site.addTrust(file(trustFile(identities)))).rejects.toMatchObject({ code: 'PIN_DIFFERS' });
    }
    await expect(site.addTrust(file(trustFile([other, b])))).rejects.toMatchObject({ code: 'PIN_DIFFERS' });
    expect(site.pins()).toEqual([a]);
  });

  it('refuses a file that names one organisation with two keys', async () => {
    const a = await identityOf('a');
    const other = await publicIdentity(await new SiteDirectory(join(workspace, 'c')).identity(), a.legalId);
    site.create();
    await expect(site.addTrust(file(trustFile([a, other])))).rejects.toMatchObject({ code: 'PIN_DIFFERS' });
    expect(site.pins()).toEqual([]);
  });

  it.each<[string, (good: PublicIdentity) => unknown]>([
    ['another format', (good) => ({ format: 'gridcommons/trust/2', identities: [good] })],
    ['no list', (good) => ({ format: 'gridcommons/trust/1', identities: good })],
    ['null', () => null],
    ['a list', (good) => [good]],
    ['an identity that is null', () => list(null)],
    ['an identity that is text', () => list('LEI-a')],
    ['no legal id', ({ legalId: _legalId, ...rest }) => list(rest)],
    ['no key', ({ signingKey: _signingKey, ...rest }) => list(rest)],
    ['a short key', (good) => list({ ...good, agreementKey: good.agreementKey.slice(1) })],
    ['keys in a list', (good) => list({ ...good, signingKey: [good.signingKey] })],
    ['another key under the fingerprint', (good) => list({ ...good, signingKey: good.agreementKey })],
    ['another name under the fingerprint', (good) => list({ ...good, legalId: 'LEI-b' })],
    ['no fingerprint', ({ fingerprint: _fingerprint, ...rest }) => list(rest)],
  ])('refuses a file with %s', async (_what, content) => {
    site.create();
    const path = file(JSON.stringify(content(await identityOf('a'))));
    await expect(site.addTrust(path)).rejects.toMatchObject({
      code: 'TRUST_FILE_MALFORMED',
      data: { file: path },
    });
    expect(site.pins()).toEqual([]);
  });

  it('refuses a file that is no JSON, and one that is not there', async () => {
    site.create();
    await expect(site.addTrust(file('{'))).rejects.toMatchObject({ code: 'FILE_NOT_JSON' });
    await expect(site.addTrust(join(workspace, 'absent'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

const list = (identity: unknown) => ({ format: 'gridcommons/trust/1', identities: [identity] });
