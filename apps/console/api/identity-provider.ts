import { messages } from '../parts/messages.ts';
import { ApiError } from './request.ts';

/** The identity provider as the platform tells of it, and which of its tokens the platform takes. */
export interface Provider {
  readonly clientId: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly token: 'id_token' | 'access_token';
}

/** What a sign-in that has begun remembers, in this tab alone. */
interface Begun {
  readonly state: string;
  readonly verifier: string;
  readonly provider: Provider;
}

const STORED_AS = 'gridcommons.signIn';
const RANDOM_BYTES = 32;
const failed = (why: string): ApiError =>
  new ApiError('SIGN_IN_FAILED', messages.identityProvider.failed(why));

/** Null: people sign in by key alone. @throws ApiError where the platform does not say which */
export async function findProvider(): Promise<Provider | null> {
  const answer = await fetch('/console/sign-in.json', { credentials: 'omit', cache: 'no-store' });
  const { provider } = (await answer.json()) as { readonly provider?: Provider | null };
  if (!answer.ok || provider === undefined) throw failed(String(answer.status));
  return provider;
}

/** Leaves the page for the provider's, which sends back to it. */
export async function beginSignIn(provider: Provider): Promise<void> {
  const begun = { provider, state: randomText(), verifier: randomText() };
  sessionStorage.setItem(STORED_AS, JSON.stringify(begun));
  location.assign(authorizationUrl(begun, await challengeOf(begun.verifier), pageUrl()));
}

/** Whether the provider sent somebody back to this page. */
export const hasAnswer = (search: string): boolean => new URLSearchParams(search).has('state');

let finishing: Promise<string> | undefined;
/** The token for a code; once a page, because a code is good for one token. @throws ApiError SIGN_IN_FAILED */
export const finishSignIn = (): Promise<string> => (finishing ??= exchange());

async function exchange(): Promise<string> {
  const stored = sessionStorage.getItem(STORED_AS);
  const { search } = location;
  sessionStorage.removeItem(STORED_AS);
  // The code is used up, and nobody's history needs it.
  history.replaceState(null, '', pageUrl());
  const begun = stored === null ? null : (JSON.parse(stored) as Begun);
  const code = codeOf(search, begun?.state);
  if (begun === null) throw failed(messages.identityProvider.otherTab);
  const answer = await tokenAnswer(begun, code);
  const token = answer[begun.provider.token];
  if (typeof token !== 'string') throw failed(messages.identityProvider.noToken(begun.provider.token));
  return token;
}

async function tokenAnswer(
  { provider: { clientId, tokenUrl }, verifier }: Begun,
  code: string,
): Promise<Readonly<Record<string, unknown>>> {
  const terms = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: pageUrl(),
    code,
    code_verifier: verifier,
  };
  try {
    const answer = await fetch(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams(terms),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
    });
    const said = (await answer.json()) as Readonly<Record<string, unknown>>;
    if (!answer.ok) throw failed(`${answer.status} ${String(said['error'])}`);
    return said;
  } catch (cause) {
    throw cause instanceof ApiError ? cause : failed(String(cause));
  }
}

/** Without what is behind the `?` and the `#`: as it is registered at the provider. */
const pageUrl = (): string => location.origin + location.pathname;

/** Where to sign in: authorisation code with PKCE (RFC 7636). */
export function authorizationUrl(
  { provider: { authorizeUrl, clientId }, state }: Begun,
  challenge: string,
  redirect: string,
): string {
  const url = new URL(authorizeUrl);
  const terms = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    scope: 'openid',
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(terms)) url.searchParams.set(name, value);
  return url.href;
}

/** The code of an answer to what this tab asked. @throws ApiError SIGN_IN_FAILED for another's answer, or a refusal */
export function codeOf(search: string, state: string | undefined): string {
  const answer = new URLSearchParams(search);
  if (state === undefined || answer.get('state') !== state) throw failed(messages.identityProvider.otherTab);
  const code = answer.get('code');
  if (code === null) throw failed(answer.get('error') ?? messages.identityProvider.otherTab);
  return code;
}

export async function challengeOf(verifier: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Of whom a token is, to tell an admin; the platform checks what this only reads. */
export function subjectOf(token: string): string {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  );
  const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown };
  return String(sub);
}
