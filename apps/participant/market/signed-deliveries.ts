import { energyWhFromKwh, type Interval, isoInstant, parseInstant, signJson } from '#core';
import { DELIVERY_CONTEXT, deliveryStatement, MAX_SLOTS } from '#market';
import type { GraphqlClient, Signer } from './signer.ts';

/** A trade of this organisation, as the platform shows it to its parties. */
export interface OwnTrade {
  readonly startMs: number;
  readonly buyerParticipantId: string;
  readonly sellerParticipantId: string;
  readonly quantityWh: number;
  readonly buyPricePerMwh: number;
  readonly sellPricePerMwh: number;
}

/** What crossed the meter in a slot, integer Wh ≥ 0. */
export interface MeterSlot {
  readonly netImportWh: number;
  readonly netExportWh: number;
}

/** One element of the platform's DeliveryStatementInput. */
export interface SignedDelivery extends MeterSlot {
  readonly startsAt: string;
  readonly signature: string;
}

export interface Statements {
  readonly statements: readonly SignedDelivery[];
  /** Starts of traded slots without a reading: left out, never guessed. */
  readonly slotsWithoutReading: readonly number[];
}

/** Net exchange of a site with one meter: load − PV, each rounded to Wh first; undefined where either is missing. */
export function meterSlot(loadKwh: number, pvKwh: number): MeterSlot | undefined {
  if (Number.isNaN(loadKwh) || Number.isNaN(pvKwh)) return undefined;
  const netWh = energyWhFromKwh(loadKwh) - energyWhFromKwh(pvKwh);
  return { netImportWh: Math.max(0, netWh), netExportWh: Math.max(0, -netWh) };
}

/** Starts of the slots of which this participant owes a statement: those it traded in, and no others. */
export function tradedSlots(trades: readonly OwnTrade[], participantId: string): number[] {
  const own = trades.filter(
    ({ buyerParticipantId, sellerParticipantId }) =>
      buyerParticipantId === participantId || sellerParticipantId === participantId,
  );
  return [...new Set(own.map(({ startMs }) => startMs))].toSorted((a, b) => a - b);
}

/**
 * Signed statements of the given slots, from the site's own meter. Pass slots that have ended: `metered` is asked for
 * no other, and nothing but its answers is signed.
 */
export async function signedDeliveries(
  signer: Signer,
  sessionId: string,
  slots: readonly Interval[],
  metered: (slot: Interval) => MeterSlot | undefined,
): Promise<Statements> {
  const statements: SignedDelivery[] = [];
  const slotsWithoutReading: number[] = [];
  for (const slot of slots) {
    const meter = metered(slot);
    if (meter === undefined) {
      slotsWithoutReading.push(slot.startMs);
      continue;
    }
    const { netImportWh, netExportWh } = meter;
    const statement = deliveryStatement({
      session: sessionId,
      participant: signer.participantId,
      interval: slot,
      netImportWh,
      netExportWh,
    });
    const signature = await signJson(signer.privateKey, DELIVERY_CONTEXT, statement);
    statements.push({ startsAt: isoInstant(slot.startMs), netImportWh, netExportWh, signature });
  }
  return { statements, slotsWithoutReading };
}

/** As many as a local day can have; the platform takes them in one request. */
const STATEMENTS_PER_REQUEST = MAX_SLOTS;

/** @returns how many were new. @throws the platform's refusal; what was accepted before stays. */
export async function submitDeliveries(
  client: GraphqlClient,
  sessionId: string,
  statements: readonly SignedDelivery[],
): Promise<number> {
  let accepted = 0;
  for (let from = 0; from < statements.length; from += STATEMENTS_PER_REQUEST) {
    const input = { sessionId, statements: statements.slice(from, from + STATEMENTS_PER_REQUEST) };
    const { submitDeliveryStatements: submitted } = await client.request<{
      submitDeliveryStatements: { accepted: number };
    }>(
      `mutation ($input: SubmitDeliveryStatementsInput!) {
        submitDeliveryStatements(input: $input) { accepted }
      }`,
      { input },
    );
    accepted += submitted.accepted;
  }
  return accepted;
}

interface TradesPage {
  readonly marketTrades: {
    readonly edges: readonly { readonly node: Omit<OwnTrade, 'startMs'> & { readonly startsAt: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** All trades of the own organisation in a session, in order of time. */
export async function ownTrades(client: GraphqlClient, sessionId: string): Promise<OwnTrade[]> {
  const trades: OwnTrade[] = [];
  let after: string | null = null;
  do {
    const { marketTrades }: TradesPage = await client.request<TradesPage>(
      `query ($sessionId: ID!, $after: String) {
        marketTrades(sessionId: $sessionId, first: 100, after: $after) {
          edges { node { startsAt buyerParticipantId sellerParticipantId quantityWh buyPricePerMwh sellPricePerMwh } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { sessionId, after },
    );
    for (const { node } of marketTrades.edges) {
      const { startsAt, ...trade } = node;
      trades.push({ ...trade, startMs: parseInstant(startsAt) });
    }
    after = marketTrades.pageInfo.hasNextPage ? marketTrades.pageInfo.endCursor : null;
  } while (after !== null);
  return trades;
}
