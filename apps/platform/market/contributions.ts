import type { EntityManager } from 'typeorm';
import { interval } from '#core';
import type { Entry } from '#ledger';
import {
  capacityRecords,
  type Contribution,
  contributionEntry,
  contributionHash,
  type Delivery,
  deliveryRecords,
  type Trade,
} from '#market';
import { insertRows } from '#persistence';
import type { AccountHour } from '../carbon/accounting.ts';
import { avoidedEmissions } from '../carbon/avoided-emissions.ts';
import type { Booking } from '../ledger/ledger.service.ts';
import type { SettledVersion } from './settlement-books.ts';
import { MarketContribution } from './settlement.entities.ts';

/** What a settlement knows of its members' contributions. */
interface Facts extends SettledVersion {
  readonly trades: readonly Trade[];
  readonly deliveries: readonly Delivery[];
  readonly hours: readonly AccountHour[];
}

interface NewContribution {
  readonly contribution: Contribution;
  readonly tenantId: string;
  readonly hash: string;
  readonly booking: Booking;
}

/** What is to be certified by this settlement: every member's contribution, later on only those that differ from before. */
export async function newContributions(manager: EntityManager, facts: Facts): Promise<NewContribution[]> {
  const { session, tenants, atMs } = facts;
  const stored = new Map(
    (await newestContributions(manager, session.id)).map((row) => [row.participantId, row]),
  );
  const fresh: NewContribution[] = [];
  for (const contribution of await contributionsOf(manager, facts)) {
    const earlier = stored.get(contribution.participant);
    if (earlier !== undefined && factsOf(contribution) === factsOf(earlier)) continue;
    const hash = await contributionHash(contribution);
    const tenantId = tenants.get(contribution.participant)!;
    const draft = { ...contributionEntry(contribution, hash), atMs };
    fresh.push({ contribution, tenantId, hash, booking: { draft, holders: [tenantId] } });
  }
  return fresh;
}

/** Stores certificates beside the entries that carry their hashes, in the same order. */
export async function certify(
  manager: EntityManager,
  contributions: readonly NewContribution[],
  entries: readonly Entry[],
): Promise<void> {
  const rows = contributions.map(({ contribution, tenantId, hash }, i): MarketContribution => {
    const { session: sessionId, participant: participantId, interval: period, ...facts } = contribution;
    const [startsAt, endsAt] = [new Date(period.startMs), new Date(period.endMs)];
    return { ...facts, tenantId, sessionId, participantId, hash, entryIndex: entries[i]!.index, startsAt, endsAt }; // prettier-ignore
  });
  await insertRows(manager, MarketContribution, rows);
}

/** A stored certificate in the form that was hashed. */
export function toContribution(row: MarketContribution): Contribution {
  const { sessionId: session, participantId: participant, startsAt, endsAt } = row;
  const { product, version, boughtWh, soldWh, tradedWh, deviationWh, missing } = row;
  const { givenWh, receivedWh, avoidedGrams, dataRounds } = row;
  return {
    session,
    participant,
    product,
    version,
    interval: interval(startsAt.getTime(), endsAt.getTime()),
    boughtWh,
    soldWh,
    tradedWh,
    deviationWh,
    missing,
    givenWh,
    receivedWh,
    avoidedGrams,
    dataRounds,
  };
}

/** Of an alias `contribution`: no later version of the participant's certificate is there. */
export const NEWEST_CONTRIBUTION = `NOT EXISTS (SELECT FROM market_contribution later
  WHERE later.tenant_id = contribution.tenant_id AND later.session_id = contribution.session_id
    AND later.participant_id = contribution.participant_id AND later.version > contribution.version)`;

const newestContributions = (manager: EntityManager, sessionId: string): Promise<MarketContribution[]> =>
  manager
    .createQueryBuilder(MarketContribution, 'contribution')
    .where('contribution.sessionId = :sessionId', { sessionId })
    .andWhere(NEWEST_CONTRIBUTION)
    .getMany();

/** What makes a new certificate: rounds alone do not, they count up to whenever the settlement was. */
const factsOf = (of: Omit<Contribution, 'session' | 'participant' | 'interval'>): string =>
  [
    of.boughtWh,
    of.soldWh,
    of.tradedWh,
    of.deviationWh,
    of.missing,
    of.givenWh,
    of.receivedWh,
    of.avoidedGrams,
  ].join();

async function contributionsOf(manager: EntityManager, facts: Facts): Promise<Contribution[]> {
  const { session, version, settlement, trades, deliveries, hours, tenants } = facts;
  const period = interval(session.startsAt.getTime(), session.endsAt.getTime());
  const { product } = session;
  const records =
    product === 'energy' ? deliveryRecords(trades, deliveries) : capacityRecords(settlement.members);
  const accounts = byMember(hours, ({ participantId }) => participantId);
  const missing = byMember(settlement.missing, ({ member }) => member);
  const avoided = await avoidedEmissions(manager, period, accounts);
  const rounds = await roundsOf(manager, [...new Set(tenants.values())]);
  return settlement.members.map(({ member, boughtWh, soldWh }) => {
    const own = accounts.get(member) ?? [];
    return {
      session: session.id,
      participant: member,
      product,
      version,
      interval: period,
      boughtWh,
      soldWh,
      ...records.get(member)!,
      missing: missing.get(member)?.length ?? 0,
      givenWh: own.reduce((sum, { givenWh }) => sum + givenWh, 0),
      receivedWh: own.reduce((sum, { receivedWh }) => sum + receivedWh, 0),
      avoidedGrams: avoided?.get(member) ?? null,
      dataRounds: rounds.get(tenants.get(member)!) ?? 0,
    };
  });
}

function byMember<T>(all: readonly T[], memberOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(memberOf(each));
    if (group) group.push(each);
    else groups.set(memberOf(each), [each]);
  }
  return groups;
}

/** Rounds of federated tasks in which an organisation has an upload, as the transcripts say. */
async function roundsOf(
  manager: EntityManager,
  tenants: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await manager.query<{ tenant: string; rounds: number }[]>(
    `SELECT member.tenant_id AS tenant, count(DISTINCT (entry.task_id, entry.message->>'round'))::integer AS rounds
     FROM federation_member member JOIN federation_entry entry ON entry.task_id = member.task_id
     WHERE member.tenant_id = ANY($1) AND entry.message->>'kind' = 'upload'
       AND entry.message->>'sender' = member.tenant_id::text
     GROUP BY member.tenant_id`,
    [tenants],
  );
  return new Map(rows.map(({ tenant, rounds }) => [tenant, rounds]));
}
