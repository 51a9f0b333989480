import { localDate } from '#core';
import type { EntryDraft } from '#ledger';
import { type ChargedSettlement, settlementDifferences, settlementReference } from '#market';
import type { Booking } from '../ledger/ledger.service.ts';
import { CLEARING_ACCOUNT, closingBookings, RETAILER_ACCOUNT, transfer } from './house-accounts.ts';
import type { MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';

/** A settlement of a session by what is known now, and what stood before it: nothing at the first. */
export interface SettledVersion {
  readonly session: MarketSession;
  readonly version: number;
  readonly settlement: ChargedSettlement;
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

type Amounts = Pick<MarketSettlement, 'localMinor' | 'chargeMinor' | 'deviationMinor'>;

const bookedMinor = ({ localMinor, chargeMinor, deviationMinor }: Amounts): number =>
  localMinor + chargeMinor + deviationMinor;

const factsOf = (row: MarketSettlement): string =>
  [
    row.boughtWh,
    row.soldWh,
    row.shortfallWh,
    row.excessWh,
    row.localMinor,
    row.chargeMinor,
    row.deviationMinor,
    row.savingsMinor,
    ...row.missingHours.map((hour) => hour.getTime()),
  ].join();

/**
 * All entries at the first settlement, then what differs from the version before. Charges and what the house keeps follow from
 * trades alone, which no correction changes.
 */
export function settlementBookings(settled: SettledVersion): Booking[] {
  const { session, version, settlement, atMs } = settled;
  const differences = differenceBookings(settled);
  if (version > 1) return differences;
  return [...differences, ...chargeBookings(settled), ...closingBookings(session, settlement, atMs)];
}

/** Two entries a participant, local trades and deviations; what is zero is not booked. */
function differenceBookings({
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

function chargeBookings({ session, version, settlement, tenants, atMs }: SettledVersion): Booking[] {
  const day = localDate(session.zone, session.startsAt.getTime());
  return settlement.members
    .filter(({ chargeMinor }) => chargeMinor !== 0)
    .map(({ member, chargeMinor }) => ({
      draft: {
        reference: settlementReference({ session: session.id, participant: member, version }),
        currency: session.currency,
        atMs,
        type: 'market.charge',
        memo: `charges of ${day}`,
        postings: transfer(CLEARING_ACCOUNT, member, chargeMinor),
      },
      holders: [tenants.get(member)!],
    }));
}
