import { describe, expect, it } from '@jest/globals';
import { policyFor, signInBy } from './console-sign-in.ts';

const client = {
  id: 'console',
  authorizeUrl: 'https://id.example/authorize',
  tokenUrl: 'https://tokens.example:8443/realm/token',
};
const oidc = { issuer: 'https://id.example', audience: 'gridcommons', jwksUrl: 'https://id.example/jwks' };

describe('what the console is told of the identity provider', () => {
  it('is nothing, and lets pages reach nobody, unless the operator named the console as a client', () => {
    for (const settings of [undefined, oidc]) {
      expect(signInBy(settings)).toEqual({ provider: null });
      expect(policyFor(settings)).toContain("connect-src 'self' ws: wss:;");
    }
  });

  it('is where to sign in and which token the platform takes; pages reach the token endpoint’s origin beside their own', () => {
    const { authorizeUrl, tokenUrl } = client;
    const provider = { clientId: 'console', authorizeUrl, tokenUrl };
    expect(signInBy({ ...oidc, client })).toEqual({ provider: { ...provider, token: 'access_token' } });
    expect(signInBy({ ...oidc, audience: 'console', client })).toEqual({
      provider: { ...provider, token: 'id_token' },
    });
    const policy = policyFor({ ...oidc, client });
    expect(policy).toContain("connect-src 'self' ws: wss: https://tokens.example:8443;");
    expect(policy).toContain("script-src 'self';");
  });
});
