import { localDate } from '#core';
import type { EntryDraft, Posting } from '#ledger';
import { type Settlement, settlementDifferences, settlementReference } from '#market';
import type { Booking } from '../ledger/ledger.service.ts';
import type { MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';

/**
 * House accounts. Every local amount goes through the clearing account, so that each entry has one member in it and can
 * be shown to it whole; after each session the account keeps what lies between buyers' and sellers' prices.
 */
const CLEARING_ACCOUNT = 'market:clearing';
const RETAILER_ACCOUNT = 'retailer';

/** A settlement of a session by what is known now, and what stood before it: nothing at the first. */
export interface SettledVersion {
  readonly session: MarketSession;
  readonly version: number;
  readonly settlement: Settlement;
  readonly before: readonly MarketSettlement[];
  /** Organisations of the participants that traded. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly atMs: number;
}

export const tenantsOf = (trades: readonly MarketTrade[]): ReadonlyMap<string, string> =>
  new Map(
    trades.flatMap((trade) => [
      [trade.buyerParticipantId, trade.buyerTenantId] as const,
      [trade.sellerParticipantId, trade.sellerTenantId] as const,
    ]),
  );

/** The rows of a version: of every member at the first settlement, then of those for whom it differs. */
export function settlementRows({
  session: { id: sessionId },
  version,
  settlement: { members, missing },
  before,
  tenants,
}: SettledVersion): MarketSettlement[] {
  const stored = new Map(before.map((row) => [row.participantId, row]));
  const hours = new Map<string, Date[]>(members.map(({ member }) => [member, []]));
  for (const { member, interval } of missing) hours.get(member)!.push(new Date(interval.startMs));
  return members.flatMap(({ member: participantId, ...amounts }) => {
    const earlier = stored.get(participantId);
    const row: MarketSettlement = {
      ...amounts,
      missingHours: hours.get(participantId)!,
      tenantId: tenants.get(participantId)!,
      sessionId,
      participantId,
      version,
      differenceMinor: bookedMinor(amounts) - (earlier === undefined ? 0 : bookedMinor(earlier)),
    };
    return earlier !== undefined && factsOf(row) === factsOf(earlier) ? [] : [row];
  });
}

const bookedMinor = ({ localMinor, deviationMinor }: Pick<MarketSettlement, 'localMinor' | 'deviationMinor'>) =>
  localMinor + deviationMinor; // prettier-ignore

const factsOf = (row: MarketSettlement): string =>
  [
    row.boughtWh,
    row.soldWh,
    row.shortfallWh,
    row.excessWh,
    row.localMinor,
    row.deviationMinor,
    row.savingsMinor,
    ...row.missingHours.map((hour) => hour.getTime()),
  ].join();

/**
 * Two entries a participant, local trades and deviations: all of them at the first settlement, then what differs from the
 * version before. What is zero is not booked.
 */
export function settlementBookings({
  session,
  version,
  settlement,
  before,
  tenants,
  atMs,
}: SettledVersion): Booking[] {
  const day = localDate(session.zone, session.startsAt.getTime());
  const of = version === 1 ? day : `${day}, corrected: settlement ${version}`;
  const booked = before.map(({ participantId: member, ...amounts }) => ({ ...amounts, member }));
  const differences = settlementDifferences(booked, settlement.members);
  return differences.flatMap(({ member, localMinor, deviationMinor }) => {
    const reference = settlementReference({ session: session.id, participant: member, version });
    const entry = { reference, currency: session.currency, atMs };
    const drafts: EntryDraft[] = [
      {
        ...entry,
        type: 'market.local',
        memo: `local trades of ${of}`,
        postings: transfer(CLEARING_ACCOUNT, member, localMinor),
      },
      {
        ...entry,
        type: 'market.deviation',
        memo: `deviations of ${of}`,
        postings: transfer(RETAILER_ACCOUNT, member, deviationMinor),
      },
    ];
    return drafts
      .filter(({ postings }) => postings[0]!.amountMinor !== 0)
      .map((draft) => ({ draft, holders: [tenants.get(member)!] }));
  });
}

const transfer = (house: string, participantId: string, amountMinor: number): Posting[] => [
  { account: `participant:${participantId}`, amountMinor },
  { account: house, amountMinor: -amountMinor },
];
