import { Inject, Injectable } from '@nestjs/common';
import { DomainError, requireSignature, type SigningKey, signJson } from '#core';
import { parseBearer } from '../identity/api-key.ts';
import { AuthenticationService } from '../identity/authentication.service.ts';
import { requireMoreThanAuditor } from '../pipeline/auditor-fields.ts';
import type { Principal } from '../pipeline/principal.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';

const LINK_CONTEXT = 'gridcommons/download/1';
const LINK_MS = 600_000;
/** What a link says beside the arguments of its download; a hundred organisations are 4 000 characters. */
const LINK = /^(.{1,8000}[?&]expires=(\d{13})&key=([0-9a-f]{16}))&signature=([0-9a-f]{128})$/;

export const LINK_ARGUMENTS: readonly string[] = ['expires', 'key', 'signature'];

interface SignedPath {
  readonly path: string;
  readonly expiresAt: Date;
}

/**
 * Addresses that stand for an API key, for one download and ten minutes: what is fetched, which key and until when, signed by
 * the platform. Nothing is stored; the key is looked up again on each use, so that revoking it revokes its links.
 */
@Injectable()
export class DownloadLinks {
  constructor(
    private readonly authentication: AuthenticationService,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  /**
   * Of a request whose credential is an API key. The header alone says nothing: nobody compares it where a participant signed.
   * @throws DOWNLOAD_KEY_REQUIRED for other credentials
   */
  async sign({ kind }: Principal, address: string, authorization: string | undefined): Promise<SignedPath> {
    const prefix = prefixOf(kind === 'member' ? authorization : undefined);
    // The wall clock, as for all credentials.
    const expiresAt = new Date(Date.now() + LINK_MS);
    const signed = `${address}&expires=${expiresAt.getTime()}&key=${prefix}`;
    const signature = await signJson(this.key.privateKey, LINK_CONTEXT, signed);
    return { path: `${signed}&signature=${signature}`, expiresAt };
  }

  /**
   * Who a request target stands for; undefined where it is no link.
   * @throws DOWNLOAD_LINK_INVALID, DOWNLOAD_LINK_EXPIRED, UNAUTHENTICATED where its key is revoked, ROLE_MISSING of an auditor
   */
  async principal(target: string): Promise<Principal | undefined> {
    if (!target.includes('signature=')) return undefined;
    const [, signed = '', expires, prefix = '', signature = ''] = LINK.exec(target) ?? [];
    await requireSignature(this.key.publicKey, LINK_CONTEXT, signed, signature).catch(() => {
      throw refused('DOWNLOAD_LINK_INVALID', 'a link as the platform made it, got another');
    });
    if (Number(expires) <= Date.now())
      throw refused('DOWNLOAD_LINK_EXPIRED', 'a link in force, got an expired one');
    const principal = await this.authentication.byKeyPrefix(prefix);
    requireMoreThanAuditor(principal);
    return principal;
  }
}

const refused = (code: string, expected: string): DomainError =>
  new DomainError(code, `expected ${expected}`, 'unauthenticated');

function prefixOf(authorization: string | undefined): string {
  try {
    return parseBearer(authorization ?? '').prefix;
  } catch {
    throw new DomainError(
      'DOWNLOAD_KEY_REQUIRED',
      'expected the request of an API key, which its links stand for, got other credentials',
      'forbidden',
    );
  }
}
