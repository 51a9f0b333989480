import { DomainError } from '#core';
import { type Certificate, certificateId, type Held, type Issue, quantityWh } from './certificate.ts';
import { type CertificateEvent, eventHash, type Taken } from './event.ts';

/** An event with its hash, in the order in which events happened. */
export interface RecordedEvent {
  readonly hash: string;
  readonly event: CertificateEvent;
}

export type Issued = Issue & { readonly hash: string };

/** What stands after the events so far: every Wh issued in exactly one certificate. */
export class Standing {
  readonly events: RecordedEvent[] = [];
  readonly #issues = new Map<string, Issued>();
  readonly #byMeter = new Map<string, Issued[]>();
  readonly #certificates = new Map<string, Taken>();
  readonly #byIssue = new Map<string, Set<string>>();

  /** Takes up and makes what the event says; returns what it made. @throws ISSUE_DUPLICATE */
  record(event: CertificateEvent): Taken[] {
    const hash = eventHash(event);
    if (event.issue !== null) this.#addIssue({ ...event.issue, hash });
    for (const taken of event.takes) this.#remove(taken);
    const made = event.makes.map((certificate) => ({ ...certificate, event: hash }));
    for (const certificate of made) this.#add(certificate);
    this.events.push({ hash, event });
    return made;
  }

  all(): Taken[] {
    return [...this.#certificates.values()];
  }

  /** Issues of a meter, oldest first. */
  issuesOf(meter: string): readonly Issued[] {
    return this.#byMeter.get(meter) ?? [];
  }

  /** @throws ISSUE_UNKNOWN */
  issue(id: string): Issued {
    const issue = this.#issues.get(id);
    if (issue !== undefined) return issue;
    throw new DomainError(
      'ISSUE_UNKNOWN',
      'expected an issue made before, got none of this id',
      'not-found',
      {
        issue: id,
      },
    );
  }

  /** By certificate id, or by the id of an issue with one live certificate. @throws CERTIFICATE_UNKNOWN, CERTIFICATE_AMBIGUOUS */
  find(reference: string): Taken {
    const exact = this.#certificates.get(reference);
    if (exact !== undefined) return exact;
    const all = [...(this.#byIssue.get(reference) ?? [])].map((id) => this.#certificates.get(id)!);
    const live = all.filter(({ state }) => state === 'live');
    const [only] = live.length === 0 ? all : live;
    if (only === undefined) {
      throw new DomainError(
        'CERTIFICATE_UNKNOWN',
        'expected a certificate that stands, or an issue, got neither',
        'not-found',
        { certificate: reference },
      );
    }
    if (live.length > 1) {
      throw new DomainError(
        'CERTIFICATE_AMBIGUOUS',
        `expected an issue with one live certificate, got one with ${live.length}`,
        'invalid',
        { certificates: live.slice(0, 20).map(certificateId) },
      );
    }
    return only;
  }

  held(certificate: Taken): Held & { readonly certificate: Taken } {
    return { certificate, issue: this.issue(certificate.issue) };
  }

  #addIssue(issue: Issued): void {
    if (this.#issues.has(issue.id)) {
      throw new DomainError(
        'ISSUE_DUPLICATE',
        'expected a new id for each issue, got one again',
        'conflict',
        {
          issue: issue.id,
        },
      );
    }
    this.#issues.set(issue.id, issue);
    this.#byMeter.set(issue.meter, [...(this.#byMeter.get(issue.meter) ?? []), issue]);
  }

  #add(certificate: Taken): void {
    const id = certificateId(certificate);
    this.#certificates.set(id, certificate);
    const siblings = this.#byIssue.get(certificate.issue);
    if (siblings === undefined) this.#byIssue.set(certificate.issue, new Set([id]));
    else siblings.add(id);
  }

  #remove(certificate: Certificate): void {
    const id = certificateId(certificate);
    this.#certificates.delete(id);
    this.#byIssue.get(certificate.issue)?.delete(id);
  }
}

/** Wh by what became of them: the rest sums to what was issued. */
export interface Totals {
  readonly issuedWh: number;
  readonly liveWh: number;
  readonly claimedWh: number;
  readonly storedWh: number;
  readonly expiredWh: number;
  readonly withdrawnWh: number;
}

/** Of the certificates of issues of one kind; `issuedWh` is counted from the events. */
export function totalsOf(standing: Standing, kind: Issue['kind']): Totals {
  const of = standing.all().filter(({ issue }) => standing.issue(issue).kind === kind);
  const inState = (state: Certificate['state']): number =>
    of.reduce((sum, certificate) => (certificate.state === state ? sum + quantityWh(certificate) : sum), 0);
  return {
    issuedWh: standing.events.reduce(
      (sum, { event }) => (event.issue?.kind === kind ? sum + quantityWh(event.makes[0]!) : sum),
      0,
    ),
    liveWh: inState('live'),
    claimedWh: inState('claimed'),
    storedWh: inState('stored'),
    expiredWh: inState('expired'),
    withdrawnWh: inState('withdrawn'),
  };
}
