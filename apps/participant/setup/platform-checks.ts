import { type Clock, DomainError, REQUEST_WINDOW_MS, systemClock } from '#core';
import { type AnswerTimes, malformedAnswer, PlatformClient } from '../node/platform-client.ts';
import type { Enrolment, Identity } from '../node/site-directory.ts';
import { type Check, failed, ok, warning } from './check.ts';

const PLATFORM = `query Platform { platform { publicKey version } }`;
const ME = `query Me { me { kind roles organisation { id legalId } } }`;

const TOKEN = /^gce_[0-9a-f]{64}$/;

/** As whom the platform is asked: an admin before there is a participant, the participant after. */
export type Credential =
  | { readonly token: string }
  | { readonly apiKey: string }
  | { readonly identity: Identity; readonly enrolment: Enrolment };

/** Whether the platform is reached, safely, in time with this machine, and takes the credential. Nothing is changed there. */
export async function platformChecks(
  url: string,
  credential: Credential,
  clock: Clock = systemClock,
): Promise<Check[]> {
  const anonymous = new PlatformClient(url, null, clock);
  const reached = await reachedCheck(anonymous, 'enrolment' in credential ? credential.enrolment : null);
  const tls = tlsCheck(url);
  if (anonymous.lastAnswer === null || reached.status === 'failed') return [reached, tls];
  return [reached, tls, clockCheck(anonymous.lastAnswer), await keyCheck(url, credential, clock)];
}

interface PlatformAnswer {
  readonly platform?: { readonly publicKey?: unknown; readonly version?: unknown } | null;
}

async function reachedCheck(client: PlatformClient, enrolment: Enrolment | null): Promise<Check> {
  const { url } = client;
  try {
    const answer = await client.request<PlatformAnswer | undefined>(PLATFORM);
    const { publicKey, version } = answer?.platform ?? {};
    if (typeof version !== 'string' || typeof publicKey !== 'string')
      throw malformedAnswer('its version and key');
    if (enrolment && enrolment.platformKey !== publicKey) {
      return failed('platform', {
        code: 'PLATFORM_KEY_DIFFERS',
        found: `${url} signs with another key than at the enrolment`,
        todo: 'ask its operator, by another way, whether it is the same platform',
      });
    }
    return ok('platform', `${url} answers, version ${version.slice(0, 40)}`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return failed('platform', {
      code: error.code,
      found: error.message,
      todo: 'check the address, that the platform runs, and what a firewall or proxy lets through',
    });
  }
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Where a platform is on this machine, nobody stands in between. */
export const isLocal = (url: string): boolean => LOCAL.has(new URL(url).hostname);

function tlsCheck(url: string): Check {
  if (new URL(url).protocol === 'https:') return ok('tls', 'https, the certificate is checked by Node');
  if (isLocal(url)) return ok('tls', 'not needed: the platform is on this machine');
  return warning('tls', {
    code: 'TLS_MISSING',
    found: `${new URL(url).host} is spoken to in clear`,
    todo: 'use https://: whoever is on the way reads forecasts, orders and the enrolment token',
  });
}

/** Signatures allow more, but what is told by the clock is told at the wrong time. */
const CLOCK_WARNING_MS = 2_000;

/** The platform tells whole seconds: half of one more on the average. */
export function clockCheck({ sentMs, receivedMs, dateMs }: AnswerTimes): Check {
  const todo = 'synchronise the clock of this machine (NTP), or ask the operator about theirs';
  if (dateMs === null)
    return warning('clock', { code: 'CLOCK_UNKNOWN', found: 'the platform told no date', todo });
  const offMs = Math.round((sentMs + receivedMs) / 2 - (dateMs + 500));
  // Half of the way there and back, and half a second, are not known.
  const sureMs = Math.max(0, Math.abs(offMs) - (receivedMs - sentMs) / 2 - 500);
  const found = `this clock is ${(Math.abs(offMs) / 1_000).toFixed(1)} s ${offMs < 0 ? 'behind' : 'before'} the platform's`;
  if (sureMs > REQUEST_WINDOW_MS) {
    const limit = `${found}, more than the ${REQUEST_WINDOW_MS / 1_000} s that signatures allow`;
    return failed('clock', { code: 'CLOCK_OFF', found: limit, todo });
  }
  return sureMs > CLOCK_WARNING_MS
    ? warning('clock', { code: 'CLOCK_OFF', found, todo })
    : ok('clock', found);
}

interface Me {
  readonly me: {
    readonly kind: string;
    readonly roles: readonly string[];
    readonly organisation: { readonly id: string; readonly legalId: string };
  };
}

async function keyCheck(url: string, credential: Credential, clock: Clock): Promise<Check> {
  if ('token' in credential) return tokenCheck(credential.token);
  const client = 'apiKey' in credential ? credential : participantOf(credential);
  try {
    const answer = await new PlatformClient(url, client, clock).request<Me | undefined>(ME);
    if (!answer?.me) throw malformedAnswer('who it is asked by');
    const { me } = answer;
    return 'apiKey' in credential ? adminCheck(me) : participantCheck(me, credential.enrolment);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const todo =
      'apiKey' in credential
        ? 'give the file of a key that is in force, of an admin of the organisation (--key-file), or a token (--token)'
        : 'compare with the check of the clock; was this participant removed, or the directory restored from an old backup?';
    return failed('key', { code: error.code, found: `the platform refuses it: ${error.message}`, todo });
  }
}

const participantOf = ({ identity, enrolment }: { identity: Identity; enrolment: Enrolment }) => ({
  participantId: enrolment.participantId,
  privateKey: identity.signing.privateKey,
});

/** Its worth shows when it is taken: to ask would be to take it. */
function tokenCheck(token: string): Check {
  if (TOKEN.test(token))
    return ok('key', 'the token has the form of one; enrolment tells whether it is in force');
  return failed('key', {
    code: 'ENROLMENT_TOKEN_INVALID',
    found: 'the token is none: gce_ and 64 hex digits',
    todo: 'copy it whole; an admin of the organisation makes one with `gridcommons admin token create`',
  });
}

function adminCheck({ roles, organisation }: Me['me']): Check {
  if (roles.includes('admin')) return ok('key', `an admin's of ${organisation.legalId}`);
  return failed('key', {
    code: 'ROLE_REQUIRED',
    found: `a key of ${organisation.legalId} with ${roles.join(', ') || 'no role'}`,
    todo: "a key with the role admin makes the token: ask the organisation's admin for one, or for a token",
  });
}

function participantCheck({ kind, organisation }: Me['me'], enrolment: Enrolment): Check {
  const found = `the platform knows this node as ${kind} of ${organisation.legalId}`;
  if (kind === 'participant' && organisation.id === enrolment.organisationId) return ok('key', found);
  return failed('key', {
    code: 'IDENTITY_DIFFERS',
    found,
    todo: `expected the participant of ${enrolment.legalId} that is in enrolment.json: restore it from the backup`,
  });
}
