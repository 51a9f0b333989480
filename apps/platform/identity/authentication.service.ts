import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { DomainError, REQUEST_WINDOW_MS, requireSignature } from '#core';
import { Database } from '#persistence';
import { RequestNonce } from '../pipeline/pipeline.entities.ts';
import type { Principal } from '../pipeline/principal.ts';
import { matchesSecret, parseBearer, unknownKey } from './api-key.ts';
import { ApiKey, MemberIdentity, Participant } from './identity.entities.ts';
import { IdentityProof } from './identity-proof.ts';
import { OidcVerifier } from './oidc-verifier.ts';
import { readSignedRequest, REQUEST_CONTEXT, signedContent } from './signed-request.ts';

/** Three parts in base64url; an API key has no dots. */
const JWT = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;

/** The parts of a request that credentials cover. */
export interface RequestHead {
  readonly method: string;
  /** The request target as sent, query string included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Authenticated {
  readonly principal: Principal;
  /** What the signature says the body hashes to; whoever reads the body compares. Absent with an API key. */
  readonly bodyDigest?: string;
}

/** Finds out who is asking. Nothing is cached: a revocation bites on the next request. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly database: Database,
    private readonly oidc: OidcVerifier,
    private readonly proof: IdentityProof,
  ) {}

  /**
   * @returns undefined for a request without credentials.
   * @throws UNAUTHENTICATED, SIGNATURE_INVALID, SIGNATURE_HEADERS_MALFORMED, REQUEST_DATE_OUT_OF_RANGE, REQUEST_REPLAYED
   */
  async authenticate(request: RequestHead): Promise<Authenticated | undefined> {
    if (request.headers['gridcommons-participant'] !== undefined) return this.bySignature(request);
    const { authorization } = request.headers;
    return authorization === undefined ? undefined : { principal: await this.byBearer(authorization) };
  }

  /** By an API key or, where it has the form of one, a token of the identity provider. @throws as byApiKey, OidcVerifier and IDENTITY_UNKNOWN */
  async byBearer(authorization: string): Promise<Principal> {
    const [, token] = JWT.exec(authorization) ?? [];
    return token === undefined ? this.byApiKey(authorization) : this.#byToken(token);
  }

  async #byToken(token: string): Promise<Principal> {
    const { issuer, subject } = await this.oidc.verify(token);
    const identity = await this.database.asSystem((manager) =>
      manager.findOneBy(MemberIdentity, { issuer, subject, unlinkedAt: IsNull() }),
    );
    if (identity !== null) return memberOf(identity);
    throw new DomainError(
      'IDENTITY_UNKNOWN',
      'expected a subject that is linked to a member, got another; an admin links it by its code',
      'unauthenticated',
      { linkCode: this.proof.codeOf({ issuer, subject }) },
    );
  }

  /** @throws UNAUTHENTICATED for a malformed, unknown or revoked key alike. */
  async byApiKey(authorization: string): Promise<Principal> {
    const { prefix, secret } = parseBearer(authorization);
    const key = await this.keyOf(prefix);
    if (key === null || !(await matchesSecret(secret, key.secretHash)) || key.revokedAt !== null)
      throw unknownKey();
    return memberOf(key);
  }

  /** Of a key whose secret was shown to the platform before, as what it has signed says. @throws UNAUTHENTICATED if revoked */
  async byKeyPrefix(prefix: string): Promise<Principal> {
    const key = await this.keyOf(prefix);
    if (key === null || key.revokedAt !== null) throw unknownKey();
    return memberOf(key);
  }

  private keyOf(prefix: string): Promise<ApiKey | null> {
    return this.database.asSystem((manager) => manager.findOneBy(ApiKey, { prefix }));
  }

  private async bySignature(request: RequestHead): Promise<Authenticated | undefined> {
    // The wall clock, not business time: a replayed day must not let old requests in.
    const signed = readSignedRequest(request.headers, Date.now());
    if (signed === undefined) return undefined;
    const participant = await this.database.asSystem((manager) =>
      manager.findOneBy(Participant, { id: signed.participant }),
    );
    if (participant === null) {
      throw new DomainError(
        'UNAUTHENTICATED',
        'expected an enrolled participant, got an unknown one',
        'unauthenticated',
      );
    }
    const content = signedContent(request.method, request.path, signed);
    await requireSignature(participant.signingKey, REQUEST_CONTEXT, content, signed.signature);
    // Only after the signature holds, so that nobody else can use up a nonce.
    await this.useNonce(participant.id, signed.nonce, signed.dateMs + 2 * REQUEST_WINDOW_MS);
    return {
      principal: {
        kind: 'participant',
        id: participant.id,
        organisationId: participant.tenantId,
        roles: ['firm'],
      },
      bodyDigest: signed.digest,
    };
  }

  private async useNonce(participantId: string, nonce: string, expiresAtMs: number): Promise<void> {
    const fresh = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(RequestNonce)
        .values({ participantId, nonce, expiresAt: new Date(expiresAtMs) })
        .orIgnore()
        .returning('nonce')
        .execute(),
    );
    if ((fresh.raw as readonly unknown[]).length === 0) {
      throw new DomainError('REQUEST_REPLAYED', 'expected a new nonce, got one already used', 'conflict');
    }
  }
}

const memberOf = ({ memberId, tenantId, roles }: ApiKey | MemberIdentity): Principal => ({
  kind: 'member',
  id: memberId,
  organisationId: tenantId,
  roles,
});
