import { DomainError } from '#core';
import {
  type Certificate,
  certificateId,
  type CertificateState,
  claimCertificates,
  type Issue,
  issueCertificate,
  quantityWh,
} from './certificate.ts';
import {
  type CertificateEvent,
  type Drawn,
  eventHash,
  type EventType,
  parentsOf,
  type Taken,
} from './event.ts';
import type { RecordedEvent } from './standing.ts';
import { chargedWh, dischargedAttributes } from './storage.ts';

export const LINEAGE_FORM = 'gridcommons/certificate-lineage/1';

/** One certificate and every event behind it, back to the issues. */
export interface Lineage {
  readonly certificate: Taken;
  readonly events: readonly RecordedEvent[];
}

/** The events behind `of`, in the order of `all`. @throws LINEAGE_BROKEN where one is not among `all` */
export function lineageOf(of: Taken, all: readonly RecordedEvent[]): Lineage {
  const byHash = new Map(all.map((recorded) => [recorded.hash, recorded]));
  const needed = new Set<string>();
  const waiting = [of.event];
  for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
    if (needed.has(hash)) continue;
    const recorded = byHash.get(hash);
    if (recorded === undefined) throw broken('every event behind the certificate', 'one is missing', hash);
    needed.add(hash);
    waiting.push(...parentsOf(recorded.event));
  }
  return { certificate: of, events: all.filter(({ hash }) => needed.has(hash)) };
}

export interface VerifiedEvents {
  /** Every issue among the events, discharges included. */
  readonly issues: readonly (Issue & { readonly wh: number })[];
  /** What stands after the events. */
  readonly certificates: readonly Taken[];
}

/**
 * Checks events offline, oldest first: each hash is that of its event; each takes up what an earlier one made, as it made
 * it, once; what it makes follows by the rule of its type, Wh for Wh; discharges draw on earlier charges of their storage, each
 * charged Wh once, and say what those were. Asks nobody, so it does not show that no other event took up the same: the registry that keeps them does.
 * @throws LINEAGE_HASH, LINEAGE_BROKEN, LINEAGE_SPENT, LINEAGE_RULE, and the codes of the rules
 */
export function verifyEvents(events: readonly RecordedEvent[]): VerifiedEvents {
  const known: Known = { events: new Map(), standing: new Map(), issues: new Map(), drawn: new Map() };
  for (const { hash, event } of events) {
    if (eventHash(event) !== hash) {
      throw new DomainError(
        'LINEAGE_HASH',
        'expected events that hash to what they say, got another',
        'invalid',
        {
          event: hash,
        },
      );
    }
    if (known.events.has(hash)) throw broken('each event once', 'one is there twice', hash);
    takeUp(known, event, hash);
    if (event.issue !== null) addIssue(known, event.issue, event, hash);
    if ((event.issue !== null) !== ISSUING.has(event.type) || !RULES[event.type](event, known)) {
      throw new DomainError(
        'LINEAGE_RULE',
        `expected what a ${event.type} makes of what it takes, got something else`,
        'invalid',
        { event: hash },
      );
    }
    known.events.set(hash, event);
    for (const made of event.makes) known.standing.set(standingKey(hash, made), { ...made, event: hash });
  }
  return { issues: [...known.issues.values()], certificates: [...known.standing.values()] };
}

/** Events as verifyEvents, and the certificate among what stands after them. @throws LINEAGE_BROKEN, and as verifyEvents */
export function verifyLineage({ certificate, events }: Lineage): VerifiedEvents {
  const verified = verifyEvents(events);
  const stands = verified.certificates.some(
    (other) =>
      certificateId(other) === certificateId(certificate) &&
      other.event === certificate.event &&
      other.owner === certificate.owner &&
      other.state === certificate.state,
  );
  if (!stands) throw broken('the certificate among what the events leave', 'it is not', certificate.event);
  return verified;
}

interface Known {
  readonly events: Map<string, CertificateEvent>;
  readonly standing: Map<string, Taken>;
  readonly issues: Map<string, Issue & { readonly wh: number; readonly hash: string }>;
  /** Wh drawn of a charge so far. */
  readonly drawn: Map<string, number>;
}

const standingKey = (hash: string, of: Certificate): string => JSON.stringify([hash, certificateId(of), of.owner, of.state]); // prettier-ignore

function takeUp(known: Known, event: CertificateEvent, hash: string): void {
  for (const taken of event.takes) {
    const maker = known.events.get(taken.event);
    const made = maker?.makes.some((of) => standingKey('', of) === standingKey('', taken)) ?? false;
    if (!made) throw broken('what an event takes up among what an earlier one made', 'it is not', hash);
    if (!known.standing.delete(standingKey(taken.event, taken))) {
      throw new DomainError(
        'LINEAGE_SPENT',
        'expected each certificate to be taken up once, got one that was already',
        'conflict',
        { certificate: certificateId(taken), event: hash },
      );
    }
  }
}

function addIssue(known: Known, issue: Issue, event: CertificateEvent, hash: string): void {
  const [made] = event.makes;
  if (made === undefined || known.issues.has(issue.id)) {
    throw new DomainError('LINEAGE_RULE', 'expected one certificate of each issue, got another', 'invalid', { event: hash }); // prettier-ignore
  }
  const earlier = [...known.issues.values()].filter(({ meter }) => meter === issue.meter);
  const wh = quantityWh(made);
  // What an issue supplements need not be part of the history of its own Wh.
  const supplemented = earlier.some((other) => other.hash === issue.supplements);
  issueCertificate(
    issue.supplements === null || supplemented ? earlier : [],
    supplemented || issue.supplements === null ? issue : { ...issue, supplements: null },
    { owner: made.owner, wh, start: made.start },
  );
  known.issues.set(issue.id, { ...issue, wh, hash });
}

const ISSUING: ReadonlySet<EventType> = new Set(['issue', 'discharge']);

const RULES: Readonly<Record<EventType, (event: CertificateEvent, known: Known) => boolean>> = {
  issue: (event) => isIssue(event) && event.draws.length === 0,
  split: ({ takes: [of, ...more], makes: [first, rest, ...others] }) =>
    more.length + others.length === 0 &&
    of?.state === 'live' &&
    isSame(of, first, { end: first?.end, state: 'live' }) &&
    isSame(of, rest, { start: (first?.end ?? 0) + 1, state: 'live' }) &&
    quantityWh(first!) > 0 &&
    quantityWh(rest!) > 0,
  transfer: ({ takes: [of, ...more], makes: [made, ...others] }) =>
    more.length + others.length === 0 &&
    of?.state === 'live' &&
    made?.owner !== of.owner &&
    isSame(of, made, { owner: made?.owner, state: 'live' }),
  claim: isClaim,
  charge: (event, known) =>
    event.storage !== null &&
    endsAs('stored')(event) &&
    known.issues.get(event.takes[0]!.issue)?.kind === 'production',
  discharge: (event, known) => isIssue(event) && isDrawn(event, known),
  expire: endsAs('expired'),
  withdraw: endsAs('withdrawn'),
};

const isIssue = ({ takes, makes: [made, ...others], issue }: CertificateEvent): boolean =>
  takes.length + others.length === 0 && made?.issue === issue?.id && made?.state === 'live';

type Change = { readonly [K in keyof Certificate]?: Certificate[K] | undefined };

function isSame(a: Certificate, b: Certificate | undefined, change: Change): boolean {
  const { issue, start, end, owner, state } = { ...a, ...change };
  return (
    b !== undefined &&
    b.issue === issue &&
    b.start === start &&
    b.end === end &&
    b.owner === owner &&
    b.state === state
  );
}

function endsAs(state: CertificateState): (event: CertificateEvent) => boolean {
  return ({ takes: [of, ...more], makes: [made, ...others] }) =>
    more.length + others.length === 0 && of?.state === 'live' && isSame(of, made, { state });
}

function isClaim({ takes, makes }: CertificateEvent, known: Known): boolean {
  const [p, c] = takes.map((certificate) => ({ certificate, issue: known.issues.get(certificate.issue) }));
  if (takes.length !== 2 || makes.length !== 2 || p?.issue === undefined || c?.issue === undefined)
    return false;
  claimCertificates({ ...p, issue: p.issue }, { ...c, issue: c.issue }, 'year');
  return takes.every((of, i) => isSame(of, makes[i], { state: 'claimed' }));
}

function isDrawn({ draws, makes, storage, efficiency, issue }: CertificateEvent, known: Known): boolean {
  if (!draws.every((draw) => isFresh(draw, storage, known))) return false;
  const total = draws.reduce((sum, { wh }) => sum + wh, 0);
  const deliveredWh = quantityWh(makes[0]!);
  if (efficiency === null || total !== chargedWh(deliveredWh, efficiency)) return false;
  const charged = draws.map(({ event: hash }) => known.issues.get(known.events.get(hash)!.makes[0]!.issue)!);
  const shares = draws.map(({ wh }) => wh);
  return (
    charged.every((of) => isBehind(of, issue!)) && saysWhatWasDrawn(issue!, charged, shares, deliveredWh)
  );
}

/** Draws Wh of a charge that nothing drew before. */
function isFresh({ event: hash, wh }: Drawn, storage: string | null, known: Known): boolean {
  const charge = known.events.get(hash);
  if (charge?.type !== 'charge' || charge.storage !== storage) return false;
  const drawn = (known.drawn.get(hash) ?? 0) + wh;
  if (wh < 1 || drawn > quantityWh(charge.makes[0]!)) return false;
  known.drawn.set(hash, drawn);
  return true;
}

const isBehind = (charged: Issue, { area, trial, interval: of }: Issue): boolean =>
  charged.area === area && charged.trial === trial && charged.interval.endMs <= of.startMs;

/** Neither technology nor intensity is washed off in a storage. */
function saysWhatWasDrawn(
  { technology, intensityKgPerKwh }: Issue,
  charged: readonly Issue[],
  shares: readonly number[],
  deliveredWh: number,
): boolean {
  const sources = charged.map((of) => ({ ...of, technology: of.technology! }));
  const drawn = dischargedAttributes(sources, shares, deliveredWh);
  return technology === drawn.technology && intensityKgPerKwh === drawn.intensityKgPerKwh;
}

const broken = (expected: string, got: string, event: string): DomainError =>
  new DomainError('LINEAGE_BROKEN', `expected ${expected}, but ${got}`, 'invalid', { event });
