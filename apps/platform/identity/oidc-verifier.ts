import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Config, OidcSettings } from '#config';
import { DomainError } from '#core';
import { CONFIG } from '../platform.tokens.ts';

/** Signatures by key pairs alone: no `none`, and no HMAC, for which a public key would be the secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const TOLERANCE_SECONDS = 30;
/** Keys are asked for again after so long, and for an unknown key id at most once in the shorter time. */
const KEYS = { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 };
/** Of base64url; the largest that providers make are a few kilobytes. */
const MAX_LENGTH = 16_384;

/** Who signed in, as the provider knows it. */
export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

/** Reads tokens of the one identity provider (OpenID Connect, JWT by JWS). Neither tokens nor claims are kept or logged. */
@Injectable()
export class OidcVerifier {
  /** The provider whose subjects can be linked; undefined where none is configured. */
  readonly settings: OidcSettings | undefined;
  readonly #key: JWTVerifyGetKey | undefined;

  constructor(@Inject(CONFIG) { oidc }: Config) {
    this.settings = oidc;
    this.#key = oidc && withKeyId(createRemoteJWKSet(new URL(oidc.jwksUrl), KEYS));
  }

  /** @throws TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID, IDENTITY_PROVIDER_UNREACHABLE */
  async verify(token: string): Promise<Subject> {
    if (this.settings === undefined || this.#key === undefined || token.length > MAX_LENGTH) throw invalid();
    const { issuer, audience } = this.settings;
    const terms = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'sub'],
    };
    try {
      const { payload } = await jwtVerify(token, this.#key, terms);
      return { issuer, subject: subjectOf(payload) };
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** Without a key id the provider's keys would be tried in turn. */
const withKeyId =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    if (typeof header.kid !== 'string' || header.kid === '') throw invalid();
    return keys(header, token);
  };

function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw invalid();
  return sub;
}

/** What of a token is wrong is nobody's business but its time, which its holder can mend; of that only where the signature holds. */
function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof errors.JWTExpired)
    return refused('TOKEN_EXPIRED', 'expected a token that has not expired, got one that has');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
    return refused('TOKEN_NOT_YET_VALID', 'expected a token that is valid already, got one that is not');
  if (error instanceof errors.JOSEError && !ABOUT_KEYS.has(error.code)) return invalid();
  if (error instanceof errors.JOSEError || isNetwork(error)) return unreachable();
  throw error;
}

/** No answer in time, another status than 200, no key set in it. */
const ABOUT_KEYS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** As fetch tells of a connection that failed, and a parser of what is no JSON. */
const isNetwork = (error: unknown): boolean =>
  error instanceof SyntaxError || (error instanceof Error && error.message === 'fetch failed');

const refused = (code: string, message: string): DomainError =>
  new DomainError(code, message, 'unauthenticated');
const invalid = (): DomainError =>
  refused('TOKEN_INVALID', 'expected a token of the identity provider for this platform, got another');
const unreachable = (): DomainError =>
  new DomainError(
    'IDENTITY_PROVIDER_UNREACHABLE',
    'expected the keys of the identity provider, got none; try again',
    'unavailable',
  );
