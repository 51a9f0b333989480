import { DomainError, HOUR_MS, type Interval, interval, isoInstant, overlaps } from '#core';

/** What a certificate stands for: a Wh fed in, or a Wh drawn (EnergyTag GC Scheme Standard v2; Energinet's GC registry). */
export type CertificateKind = 'production' | 'consumption';

/**
 * `live` can be split, passed on, claimed and stored; every other state is final. `claimed` and `stored` are both
 * cancelled for a use, `withdrawn` is taken back by the issuing body.
 */
export type CertificateState = 'live' | 'claimed' | 'stored' | 'expired' | 'withdrawn';

/** What all Wh of an issue have in common; never changed afterwards. */
export interface Issue {
  readonly id: string;
  readonly kind: CertificateKind;
  /** SHA-256 of what names the meter: its holder can show which one it is, nobody else learns it. */
  readonly meter: string;
  readonly interval: Interval;
  /** Grid area or zone: production covers consumption of its own area only. */
  readonly area: string;
  /** Null of consumption. */
  readonly technology: string | null;
  /** Issued to try things out: counts for nothing real. */
  readonly trial: boolean;
  /** kgCO2e/kWh as an exact decimal, where declared. */
  readonly intensityKgPerKwh: string | null;
  /** Live Wh expire then; null: never. */
  readonly expiresMs: number | null;
  /** Hash of the issue event before, of the same meter and interval: only what that lacked is issued here. */
  readonly supplements: string | null;
}

/** The Wh of an issue numbered start to end, both included: end − start + 1 of them. */
export interface Range {
  readonly issue: string;
  readonly start: number;
  readonly end: number;
}

/** Consecutive Wh of one issue in one hand and state. */
export interface Certificate extends Range {
  readonly owner: string;
  readonly state: CertificateState;
}

export const quantityWh = ({ start, end }: Pick<Range, 'start' | 'end'>): number => end - start + 1;

export const certificateId = ({ issue, start, end }: Range): string => `${issue}:${start}-${end}`;

/**
 * The certificate of all Wh of a new issue, numbered from `start`.
 * @param earlier issues of the same meter so far, with the hashes of their events
 * @throws CERTIFICATE_OVERLAP where the meter has an issue of that time already, unless this one supplements the newest of
 *   exactly that interval; CERTIFICATE_INTERVAL beyond an hour; CERTIFICATE_QUANTITY; CERTIFICATE_ISSUE.
 */
export function issueCertificate(
  earlier: readonly (Issue & { readonly hash: string })[],
  issue: Issue,
  { owner, wh, start = 1 }: { readonly owner: string; readonly wh: number; readonly start?: number },
): Certificate {
  requireIssue(issue);
  requireWh(wh);
  if (!Number.isSafeInteger(start) || start < 0 || !Number.isSafeInteger(start + wh))
    throw quantityError('numbers within 2^53');
  const taken = earlier.filter(
    (other) =>
      other.meter === issue.meter && other.kind === issue.kind && overlaps(other.interval, issue.interval),
  );
  requireDistinct(taken, issue);
  return { issue: issue.id, start, end: start + wh - 1, owner, state: 'live' };
}

function requireIssue({ interval: of, meter, kind, technology }: Issue): void {
  const { startMs, endMs } = interval(of.startMs, of.endMs);
  if (endMs - startMs > HOUR_MS) {
    throw new DomainError(
      'CERTIFICATE_INTERVAL',
      `expected an interval of an hour at most, got ${isoInstant(startMs)} to ${isoInstant(endMs)}`,
    );
  }
  if (!/^[0-9a-f]{64}$/.test(meter) || (kind === 'production') !== (technology !== null)) {
    throw new DomainError(
      'CERTIFICATE_ISSUE',
      'expected the SHA-256 of a meter and, of production only, a technology, got another',
    );
  }
}

function requireDistinct(taken: readonly (Issue & { readonly hash: string })[], issue: Issue): void {
  const same = taken.every((other) => isSameSource(other, issue));
  const newest = taken.at(-1)?.hash ?? null;
  if (same && newest === issue.supplements) return;
  throw new DomainError(
    'CERTIFICATE_OVERLAP',
    `expected one issue of a meter and time, or one that supplements the newest of the same interval, got another of ${isoInstant(issue.interval.startMs)}`,
    'conflict',
    { start: isoInstant(issue.interval.startMs), issues: taken.map(({ id }) => id) },
  );
}

const isSameSource = (a: Issue, b: Issue): boolean =>
  a.interval.startMs === b.interval.startMs &&
  a.interval.endMs === b.interval.endMs &&
  a.area === b.area &&
  a.technology === b.technology &&
  a.trial === b.trial;

/** The first `wh` Wh and the rest. @throws CERTIFICATE_NOT_LIVE, CERTIFICATE_QUANTITY unless both parts have a Wh. */
export function splitCertificate(of: Certificate, wh: number): readonly [Certificate, Certificate] {
  requireLive(of);
  requireWh(wh);
  if (wh >= quantityWh(of)) throw quantityError(`fewer Wh than ${quantityWh(of)}`);
  return [
    { ...of, end: of.start + wh - 1 },
    { ...of, start: of.start + wh },
  ];
}

/** In another's hand. @throws CERTIFICATE_NOT_LIVE, CERTIFICATE_OWNER for who has it already. */
export function transferCertificate(of: Certificate, to: string): Certificate {
  requireLive(of);
  if (to === of.owner) {
    throw new DomainError('CERTIFICATE_OWNER', 'expected another owner, got the one that has it');
  }
  return { ...of, owner: to };
}

/** Taken out of circulation. @throws CERTIFICATE_NOT_LIVE */
export function endCertificate(of: Certificate, state: Exclude<CertificateState, 'live'>): Certificate {
  requireLive(of);
  return { ...of, state };
}

/** Largest distance between the starts of production and consumption that a claim may have, milliseconds; see coverage. */
export const CLAIM_WITHIN_MS = {
  hour: 0,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
  year: 365 * 24 * HOUR_MS,
} as const;

export type ClaimWithin = keyof typeof CLAIM_WITHIN_MS;

/** A certificate with what its issue says. */
export interface Held {
  readonly certificate: Certificate;
  readonly issue: Issue;
}

/**
 * Cancels production for consumption: equal Wh of one owner and area, of the same interval (or begun within `within`), both
 * real or both on trial.
 * @throws CERTIFICATE_NOT_LIVE, CLAIM_KINDS, CLAIM_QUANTITY, CLAIM_OWNER, CLAIM_AREA, CLAIM_TIME, CLAIM_TRIAL
 */
export function claimCertificates(
  production: Held,
  consumption: Held,
  within: ClaimWithin = 'hour',
): readonly [Certificate, Certificate] {
  requireMatching(production, consumption, within);
  return [
    endCertificate(production.certificate, 'claimed'),
    endCertificate(consumption.certificate, 'claimed'),
  ];
}

const claimRules = (
  { certificate: a, issue: production }: Held,
  { certificate: b, issue: consumption }: Held,
  within: ClaimWithin,
): readonly (readonly [string, string, boolean])[] => [
  [
    'CLAIM_KINDS',
    'a production and a consumption certificate',
    production.kind === 'production' && consumption.kind === 'consumption',
  ],
  ['CLAIM_OWNER', 'both certificates in one hand', a.owner === b.owner],
  ['CLAIM_AREA', 'production and consumption of one area', production.area === consumption.area],
  [
    'CLAIM_TIME',
    `production and consumption of the same ${within}`,
    isWithin(production, consumption, within),
  ],
  ['CLAIM_TRIAL', 'both real or both on trial', production.trial === consumption.trial],
  ['CLAIM_QUANTITY', 'equal quantities', quantityWh(a) === quantityWh(b)],
];

function requireMatching(production: Held, consumption: Held, within: ClaimWithin): void {
  requireLive(production.certificate);
  requireLive(consumption.certificate);
  const broken = claimRules(production, consumption, within).find(([, , holds]) => !holds);
  if (broken !== undefined) throw new DomainError(broken[0], `expected ${broken[1]}, got others`);
}

const isWithin = ({ interval: a }: Issue, { interval: b }: Issue, within: ClaimWithin): boolean =>
  within === 'hour'
    ? a.startMs === b.startMs && a.endMs === b.endMs
    : Math.abs(a.startMs - b.startMs) <= CLAIM_WITHIN_MS[within];

/** @throws CERTIFICATE_NOT_LIVE */
export function requireLive(of: Certificate): void {
  if (of.state === 'live') return;
  throw new DomainError(
    'CERTIFICATE_NOT_LIVE',
    `expected a live certificate, got one that is ${of.state}`,
    'conflict',
    { certificate: certificateId(of), state: of.state },
  );
}

/** @throws CERTIFICATE_QUANTITY */
export function requireWh(wh: number): void {
  if (!Number.isSafeInteger(wh) || wh < 1) throw quantityError('whole Wh ≥ 1');
}

const quantityError = (expected: string): DomainError =>
  new DomainError('CERTIFICATE_QUANTITY', `expected ${expected}, got another quantity`);
