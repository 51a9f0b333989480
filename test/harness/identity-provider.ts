import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { IdentityProof } from '../../apps/platform/identity/identity-proof.ts';
import type { TestPlatform } from './platform.ts';

export const ISSUER = 'https://id.test/realm';
export const AUDIENCE = 'gridcommons-test';

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
  #keys: JWK[] = [];
  #current!: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly #server = createServer((_request, response) => {
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
