import { canonicalJson, isoInstant, type Json, sha256Now, toHex, utf8 } from '#core';
import type { Certificate, Issue } from './certificate.ts';

export const EVENT_FORM = 'gridcommons/certificate-event/1';

export type EventType =
  'issue' | 'split' | 'transfer' | 'claim' | 'charge' | 'discharge' | 'expire' | 'withdraw';

/** A certificate as an event leaves it, with the event that did: together they are what a later event takes up. */
export interface Taken extends Certificate {
  readonly event: string;
}

/** Charged Wh that a discharge draws on; `event` is the charge that put them there. */
export interface Drawn {
  readonly event: string;
  readonly wh: number;
}

/**
 * What happened to certificates. Each event names the events that left what it takes up, so that its hash stands for the
 * whole history of what it makes, back to the issues, and for nothing else.
 */
export interface CertificateEvent {
  readonly type: EventType;
  readonly takes: readonly Taken[];
  readonly makes: readonly Certificate[];
  /** Of issue and discharge: what was issued. */
  readonly issue: Issue | null;
  /** Of charge and discharge. */
  readonly storage: string | null;
  /** Of discharge: delivered Wh per charged Wh, an exact decimal. */
  readonly efficiency: string | null;
  readonly draws: readonly Drawn[];
  /** Random, where who sees the hash alone must not be able to guess what it stands for; null in files. */
  readonly salt: string | null;
}

/** An event of which nothing but the certificates is to be said. */
export const plainEvent = (
  type: EventType,
  takes: readonly Taken[],
  makes: readonly Certificate[],
  salt: string | null = null,
): CertificateEvent => ({
  type,
  takes,
  makes,
  issue: null,
  storage: null,
  efficiency: null,
  draws: [],
  salt,
});

/** The first event of an issue. */
export const issueEvent = (
  issue: Issue,
  made: Certificate,
  salt: string | null = null,
): CertificateEvent => ({
  ...plainEvent('issue', [], [made], salt),
  issue,
});

/** The form that is hashed. */
export const eventStatement = (event: CertificateEvent): Json => ({
  form: EVENT_FORM,
  type: event.type,
  takes: event.takes.map(({ event: hash, ...certificate }) => ({ event: hash, ...plain(certificate) })),
  makes: event.makes.map(plain),
  issue: event.issue === null ? null : issueStatement(event.issue),
  storage: event.storage,
  efficiency: event.efficiency,
  draws: event.draws.map(({ event: hash, wh }) => ({ event: hash, wh })),
  salt: event.salt,
});

const plain = ({ issue, start, end, owner, state }: Certificate) => ({ issue, start, end, owner, state });

const issueStatement = ({ interval: of, expiresMs, ...issue }: Issue): Json => ({
  id: issue.id,
  kind: issue.kind,
  meter: issue.meter,
  start: isoInstant(of.startMs),
  end: isoInstant(of.endMs),
  area: issue.area,
  technology: issue.technology,
  trial: issue.trial,
  intensityKgPerKwh: issue.intensityKgPerKwh,
  expires: expiresMs === null ? null : isoInstant(expiresMs),
  supplements: issue.supplements,
});

/** SHA-256 of the canonical JSON (RFC 8785) of the statement, hexadecimal. */
export const eventHash = (event: CertificateEvent): string =>
  toHex(sha256Now(utf8(canonicalJson(eventStatement(event)))));

/** The events that this one follows from. */
export const parentsOf = ({ takes, draws }: Pick<CertificateEvent, 'takes' | 'draws'>): string[] => [
  ...new Set([...takes.map(({ event }) => event), ...draws.map(({ event }) => event)]),
];
