import { describe, expect, it } from '@jest/globals';
import { authorizationUrl, challengeOf, codeOf, hasAnswer, subjectOf } from './identity-provider.ts';

const provider = {
  clientId: 'console',
  authorizeUrl: 'https://id.example/authorize?realm=energy',
  tokenUrl: 'https://id.example/token',
  token: 'id_token',
} as const;

describe('a sign-in at the identity provider', () => {
  it('asks for a code by PKCE, as the example of RFC 7636 in its appendix B', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    const challenge = await challengeOf(verifier);
    expect(challenge).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
    const url = new URL(
      authorizationUrl({ provider, state: 'xyz', verifier }, challenge, 'https://grid.example/console/'),
    );
    expect(url.origin + url.pathname).toBe('https://id.example/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      realm: 'energy',
      response_type: 'code',
      client_id: 'console',
      redirect_uri: 'https://grid.example/console/',
      scope: 'openid',
      state: 'xyz',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(verifier);
  });

  it('takes an answer to what this tab asked and no other', () => {
    expect(hasAnswer('?code=abc&state=xyz')).toBe(true);
    expect(hasAnswer('')).toBe(false);
    expect(codeOf('?code=abc&state=xyz', 'xyz')).toBe('abc');
    expect(() => codeOf('?code=abc&state=other', 'xyz')).toThrow(/of this tab/);
    expect(() => codeOf('?code=abc&state=xyz', undefined)).toThrow(/of this tab/);
    expect(() => codeOf('?code=abc', 'xyz')).toThrow(/of this tab/);
    expect(() => codeOf('?error=access_denied&state=xyz', 'xyz')).toThrow(/access_denied/);
  });

  it('reads of whom a token is', () => {
    const payload = Buffer.from(JSON.stringify({ sub: 'zoë>>>???' })).toString('base64url');
    expect(subjectOf(`head.${payload}.signature`)).toBe('zoë>>>???');
  });
});
