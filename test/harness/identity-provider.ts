import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { IdentityProof } from '../../apps/platform/identity/identity-proof.ts';
import type { TestPlatform } from './platform.ts';

export const ISSUER = 'https://id.test/realm';
export const AUDIENCE = 'gridcommons-test';
const CLIENT = 'gridcommons-console';

/** As a subject that is linked nowhere is told it. */
export const linkCodeOf = ({ app }: TestPlatform, subject: string, issuer = ISSUER): string =>
  app.get(IdentityProof).codeOf({ issuer, subject });

interface Made {
  readonly alg?: string;
  readonly kid?: string | undefined;
  readonly key?: CryptoKey | Uint8Array;
  readonly claims?: Record<string, unknown>;
}

/** An identity provider that serves its keys over HTTP and signs what a story wants. */
export class IdentityProvider {
  asked = 0;
  isUp = true;
  /** Who signs in whenever a page sends somebody. */
  visitor = 'alice';
  readonly #codes = new Map<string, URLSearchParams>();
  #keys: JWK[] = [];
  #current!: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly #server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', ISSUER);
    if (pathname === '/authorize') return this.#sendBack(searchParams, response);
    if (pathname === '/token') return void this.#redeem(request, response);
    this.asked += 1;
    response.writeHead(this.isUp ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: this.#keys }));
  });

  static async start(): Promise<IdentityProvider> {
    const provider = new IdentityProvider();
    await provider.rotate('first');
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get env(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      GRIDCOMMONS_OIDC_ISSUER: ISSUER,
      GRIDCOMMONS_OIDC_AUDIENCE: AUDIENCE,
      GRIDCOMMONS_OIDC_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
    };
  }

  /** The same for a platform whose console people sign in to. */
  get consoleEnv(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      ...this.env,
      GRIDCOMMONS_OIDC_CLIENT_ID: CLIENT,
      GRIDCOMMONS_OIDC_AUTHORIZE_URL: `http://127.0.0.1:${port}/authorize`,
      GRIDCOMMONS_OIDC_TOKEN_URL: `http://127.0.0.1:${port}/token`,
    };
  }

  /** Asks nobody for a password. */
  #sendBack(asked: URLSearchParams, response: ServerResponse): void {
    const code = randomUUID();
    this.#codes.set(code, asked);
    const back = new URL(asked.get('redirect_uri')!);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state')!);
    response.writeHead(302, { location: back.href });
    response.end();
  }

  /** An access token for a code and what its challenge was made of, once. */
  async #redeem(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = new URLSearchParams(await text(request));
    const code = given.get('code') ?? '';
    const asked = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      asked?.get('code_challenge') === challenge &&
      asked.get('code_challenge_method') === 'S256' &&
      ['client_id', 'redirect_uri'].every((name) => asked.get(name) === given.get(name)) &&
      given.get('client_id') === CLIENT;
    response.writeHead(isRight ? 200 : 400, {
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
    });
    const answer = isRight ? { access_token: await this.token(this.visitor) } : { error: 'invalid_grant' };
    response.end(JSON.stringify(answer));
  }

  /** The public key that it serves, as text: the secret of a confused HMAC. */
  get publicText(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.#keys[0]));
  }

  /** From now on it signs with another key, and serves that one alone. */
  async rotate(kid: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    this.#keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
    this.#current = { kid, privateKey };
  }

  /** A token for five minutes, but for what is changed. */
  token(subject: string | undefined, { alg = 'ES256', key, claims, ...rest }: Made = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const kid = 'kid' in rest ? rest.kid : this.#current.kid;
    const sub = subject === undefined ? {} : { sub: subject };
    const payload = { iss: ISSUER, aud: AUDIENCE, ...sub, iat: now, exp: now + 300, ...claims };
    return new SignJWT(payload)
      .setProtectedHeader(kid === undefined ? { alg } : { alg, kid })
      .sign(key ?? this.#current.privateKey);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
