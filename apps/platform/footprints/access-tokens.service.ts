import { Inject, Injectable } from '@nestjs/common';
import { DomainError, type Json, requireSignature, type SigningKey, signJson } from '#core';
import { parseBearer } from '../identity/api-key.ts';
import { AuthenticationService } from '../identity/authentication.service.ts';
import { requireMoreThanAuditor } from '../pipeline/auditor-fields.ts';
import type { Principal } from '../pipeline/principal.ts';
import { RateLimiter } from '../pipeline/rate-limiter.ts';
import { STREAM_COST } from '../pipeline/request-pipeline.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';

const TOKEN_CONTEXT = 'gridcommons/access-token/1';
const TOKEN_SECONDS = 900;
const TOKEN = /^Bearer gct_([0-9a-f]{16})_(\d{10})_([0-9a-f]{128})$/i;

/** RFC 6749 section 5.1. */
interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/**
 * Short-lived bearer tokens for API keys: which key and until when, signed by the platform. Nothing is stored; the key is looked up
 * again on each use, so that revoking it revokes its tokens.
 */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly rate: RateLimiter,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  /**
   * For the client credentials of RFC 6749 section 4.4: `gck_<prefix>` and the secret of an API key, by HTTP Basic.
   * @throws UNAUTHENTICATED, TOKEN_GRANT_TYPE, RATE_LIMITED
   */
  async issue(authorization: string | undefined, form: URLSearchParams): Promise<AccessToken> {
    const apiKey = basicCredentials(authorization);
    await this.rate.take(await this.authentication.byApiKey(apiKey), STREAM_COST);
    if (form.getAll('grant_type').join() !== 'client_credentials')
      throw new DomainError('TOKEN_GRANT_TYPE', 'expected grant_type client_credentials, got another');
    // The wall clock, as for all credentials.
    const expires = String(Math.floor(Date.now() / 1_000) + TOKEN_SECONDS);
    const { prefix } = parseBearer(apiKey);
    const signature = await signJson(this.key.privateKey, TOKEN_CONTEXT, statement(prefix, expires));
    return {
      access_token: `gct_${prefix}_${expires}_${signature}`,
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
    };
  }

  /** Whose token a request shows, on its organisation's budget. @throws RATE_LIMITED, TOKEN_INVALID, TOKEN_EXPIRED, UNAUTHENTICATED where its key is revoked, ROLE_MISSING of an auditor */
  async principal(authorization: string | undefined): Promise<Principal> {
    const [, prefix, expires, signature] = TOKEN.exec(authorization ?? '') ?? [];
    if (prefix === undefined || expires === undefined || signature === undefined) throw invalidToken();
    await requireSignature(this.key.publicKey, TOKEN_CONTEXT, statement(prefix, expires), signature).catch(
      () => {
        throw invalidToken();
      },
    );
    if (Number(expires) * 1_000 <= Date.now())
      throw new DomainError(
        'TOKEN_EXPIRED',
        'expected a token in force, got an expired one',
        'unauthenticated',
      );
    const principal = await this.authentication.byKeyPrefix(prefix);
    requireMoreThanAuditor(principal);
    await this.rate.take(principal, STREAM_COST);
    return principal;
  }
}

const statement = (prefix: string, expires: string): Json => ({ prefix, expires });

const invalidToken = (): DomainError =>
  new DomainError('TOKEN_INVALID', 'expected a bearer token of this platform, got none or another', 'unauthenticated'); // prettier-ignore

/** The API key whose halves HTTP Basic shows; nobody's where it shows none. */
function basicCredentials(authorization: string | undefined): string {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '') ?? [];
  return Buffer.from(encoded, 'base64').toString('utf8').replace(':', '_');
}
