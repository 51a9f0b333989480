import type { OidcSettings } from '#config';

/**
 * The pages may run nothing but their own files and reach nothing but this platform, and where people sign in by the identity
 * provider, its token endpoint; styles of charts are set by script.
 */
export const policyFor = (oidc: OidcSettings | undefined): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    ["connect-src 'self' ws: wss:", ...(oidc?.client ? [new URL(oidc.client.tokenUrl).origin] : [])].join(
      ' ',
    ),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * What the page needs to send somebody to the provider; null where there is no such sign-in. Nothing of it is secret. Where the
 * tokens that the platform takes are for the console itself, it is the ID token that is one, else the access token.
 */
export const signInBy = (oidc: OidcSettings | undefined): object => {
  if (oidc?.client === undefined) return { provider: null };
  const { id: clientId, authorizeUrl, tokenUrl } = oidc.client;
  const token = clientId === oidc.audience ? 'id_token' : 'access_token';
  return { provider: { clientId, authorizeUrl, tokenUrl, token } };
};
