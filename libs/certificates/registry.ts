import { DomainError, type Interval, isoInstant } from '#core';
import {
  certificateId,
  claimCertificates,
  type ClaimWithin,
  endCertificate,
  type Issue,
  issueCertificate,
  quantityWh,
  requireLive,
  splitCertificate,
  transferCertificate,
} from './certificate.ts';
import { issueEvent, plainEvent, type Taken } from './event.ts';
import { matchHour, type MatchOrder } from './matching.ts';
import type {
  ChargeOperation,
  ClaimOperation,
  DischargeOperation,
  IssueOperation,
  Operation,
} from './operation.ts';
import { Standing } from './standing.ts';
import { dischargeStore, type StoredCharge } from './storage.ts';

/** Production cancelled for consumption. */
export interface Claim {
  readonly event: string;
  readonly production: Taken;
  readonly consumption: Taken;
  readonly productionInterval: Interval;
  readonly consumptionInterval: Interval;
  readonly owner: string;
  readonly area: string;
  readonly wh: number;
}

export const REGISTRY_LIMITS = { operations: 20_000, events: 200_000 } as const;

/**
 * A registry in memory: runs operations in their order, refuses what breaks a rule and changes nothing then.
 * Every Wh is in exactly one certificate: Σ live + claimed + stored + expired + withdrawn = issued, of either kind.
 */
export class Registry {
  readonly standing = new Standing();
  readonly claims: Claim[] = [];
  readonly #stores = new Map<string, readonly StoredCharge[]>();

  /** @throws REGISTRY_TOO_LARGE, and the codes of the operation's rule */
  run(operation: Operation): void {
    this.#requireRoom();
    switch (operation.type) {
      case 'issue':
        return this.#issue(operation);
      case 'split':
        return void this.#split(this.standing.find(operation.certificate), operation.wh);
      case 'transfer':
        return this.#transfer(this.standing.find(operation.certificate), operation.wh, operation.to);
      case 'claim':
        return this.#claimNamed(operation);
      case 'match':
        return this.#match(operation.owner, operation.order);
      case 'expire':
        return this.#expire(operation.atMs);
      case 'withdraw':
        return this.#end(this.standing.find(operation.certificate), operation.wh, 'withdraw');
      case 'charge':
        return this.#charge(operation);
      case 'discharge':
        return this.#discharge(operation);
    }
  }

  /** Charged and not discharged, by storage. */
  stores(): ReadonlyMap<string, readonly StoredCharge[]> {
    return this.#stores;
  }

  #requireRoom(): void {
    if (this.standing.events.length < REGISTRY_LIMITS.events) return;
    throw new DomainError(
      'REGISTRY_TOO_LARGE',
      `expected at most ${REGISTRY_LIMITS.events} events, got more`,
      'limit',
    );
  }

  #issue({ type: _type, owner, wh, start, supplements, ...fields }: IssueOperation): void {
    const before = supplements === null ? null : this.standing.issue(supplements).hash;
    const issue: Issue = { ...fields, supplements: before };
    const made = issueCertificate(this.standing.issuesOf(issue.meter), issue, { owner, wh, start });
    this.standing.record(issueEvent(issue, made));
  }

  #split(of: Taken, wh: number): readonly [Taken, Taken] {
    const [first, rest] = this.standing.record(plainEvent('split', [of], splitCertificate(of, wh)));
    return [first!, rest!];
  }

  /** All of a certificate, or its first `wh` Wh. */
  #part(of: Taken, wh: number | null): Taken {
    requireLive(of);
    return wh === null || wh === quantityWh(of) ? of : this.#split(of, wh)[0];
  }

  #transfer(of: Taken, wh: number | null, to: string): void {
    transferCertificate(of, to);
    const part = this.#part(of, wh);
    this.standing.record(plainEvent('transfer', [part], [transferCertificate(part, to)]));
  }

  #end(of: Taken, wh: number | null, type: 'expire' | 'withdraw'): void {
    const part = this.#part(of, wh);
    const state = type === 'expire' ? 'expired' : 'withdrawn';
    this.standing.record(plainEvent(type, [part], [endCertificate(part, state)]));
  }

  #claimNamed({ production, consumption, wh, within }: ClaimOperation): void {
    const [p, c] = [this.standing.find(production), this.standing.find(consumption)];
    this.#claim(p, c, wh ?? Math.min(quantityWh(p), quantityWh(c)), within);
  }

  #claim(production: Taken, consumption: Taken, wh: number, within: ClaimWithin): void {
    const { standing } = this;
    const first = <T extends Taken>(of: T): T => ({ ...of, end: of.start + wh - 1 });
    for (const each of [production, consumption]) requireAtMost(each, wh);
    // Before anything is split off: a refused claim leaves everything as it was.
    const [p, c] = [standing.held(first(production)), standing.held(first(consumption))];
    claimCertificates(p, c, within);
    const taken = [this.#part(production, wh), this.#part(consumption, wh)];
    const makes = taken.map((of) => endCertificate(of, 'claimed'));
    const [madeP, madeC] = standing.record(plainEvent('claim', taken, makes));
    this.claims.push({
      event: madeP!.event,
      production: madeP!,
      consumption: madeC!,
      productionInterval: p.issue.interval,
      consumptionInterval: c.issue.interval,
      owner: madeP!.owner,
      area: p.issue.area,
      wh,
    });
  }

  #match(owner: string | null, order: MatchOrder): void {
    for (const { production, consumption } of this.#groups(owner).values()) {
      const claims = matchHour(production.map(claimable), consumption.map(claimable), order);
      const live = new Map([...production, ...consumption].map((of) => [certificateId(of), of]));
      for (const claim of claims) {
        const [p, c] = [live.get(claim.production)!, live.get(claim.consumption)!];
        this.#claim(p, c, claim.wh, 'hour');
        // What is left of both goes under its first id to the next claim.
        for (const [id, of] of [
          [claim.production, p],
          [claim.consumption, c],
        ] as const) {
          if (quantityWh(of) > claim.wh) live.set(id, this.#rest(of, claim.wh));
        }
      }
    }
  }

  readonly #rest = (of: Taken, wh: number): Taken =>
    this.standing.find(certificateId({ ...of, start: of.start + wh }));

  #groups(owner: string | null): Map<string, { production: Taken[]; consumption: Taken[] }> {
    const groups = new Map<string, { production: Taken[]; consumption: Taken[] }>();
    for (const each of this.standing.all()) {
      if (each.state !== 'live' || (owner !== null && each.owner !== owner)) continue;
      const { interval: during, area, trial, kind } = this.standing.issue(each.issue);
      const key = JSON.stringify([each.owner, area, during.startMs, during.endMs, trial]);
      const group = groups.get(key) ?? { production: [], consumption: [] };
      group[kind].push(each);
      groups.set(key, group);
    }
    return groups;
  }

  #expire(atMs: number): void {
    for (const each of this.standing.all()) {
      const { expiresMs } = this.standing.issue(each.issue);
      if (each.state === 'live' && expiresMs !== null && expiresMs <= atMs) this.#end(each, null, 'expire');
    }
  }

  #charge({ storage, certificate, wh, interval: during }: ChargeOperation): void {
    const { certificate: of, issue } = this.standing.held(this.standing.find(certificate));
    if (
      issue.kind !== 'production' ||
      issue.interval.startMs !== during.startMs ||
      issue.interval.endMs !== during.endMs
    ) {
      throw new DomainError(
        'CHARGE_INTERVAL',
        `expected production of the interval that was charged in, got another of ${isoInstant(issue.interval.startMs)}`,
      );
    }
    const part = this.#part(of, wh);
    const event = { ...plainEvent('charge', [part], [endCertificate(part, 'stored')]), storage };
    const [made] = this.standing.record(event);
    const { area, technology, trial, intensityKgPerKwh } = issue;
    const charge: StoredCharge = {
      event: made!.event,
      interval: during,
      area,
      technology: technology!,
      trial,
      intensityKgPerKwh,
      wh: quantityWh(part),
    };
    this.#stores.set(storage, [...(this.#stores.get(storage) ?? []), charge]);
  }

  #discharge(operation: DischargeOperation): void {
    const { storage, id, meter, interval: during, owner, wh, efficiency, expiresMs } = operation;
    const store = this.#stores.get(storage) ?? [];
    const { drawn, left, technology, intensityKgPerKwh } = dischargeStore(store, {
      wh,
      efficiency,
      atMs: during.startMs,
    });
    const issue: Issue = {
      id,
      kind: 'production',
      meter,
      interval: during,
      area: store[0]!.area,
      technology,
      trial: store[0]!.trial,
      intensityKgPerKwh,
      expiresMs,
      supplements: null,
    };
    const made = issueCertificate(this.standing.issuesOf(meter), issue, { owner, wh });
    this.standing.record({
      ...issueEvent(issue, made),
      type: 'discharge',
      storage,
      efficiency,
      draws: drawn,
    });
    this.#stores.set(storage, left);
  }
}

function requireAtMost(of: Taken, wh: number): void {
  if (wh <= quantityWh(of)) return;
  throw new DomainError(
    'CLAIM_QUANTITY',
    `expected at most ${quantityWh(of)} Wh to claim, got ${wh}`,
    'conflict',
    { certificate: certificateId(of) },
  );
}

const claimable = (of: Taken): { readonly id: string; readonly wh: number } => ({
  id: certificateId(of),
  wh: quantityWh(of),
});
