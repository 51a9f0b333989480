import { type Interval, isoInstant, signJson } from '#core';
import {
  CORRECTION_CONTEXT,
  type CorrectionReason,
  correctionStatement,
  MAX_DELIVERY_VERSIONS,
  type StatedVersion,
} from '#market';
import type { MeterSlot, SignedDelivery } from './signed-deliveries.ts';
import type { GraphqlClient, Signer } from './signer.ts';

/** One element of the platform's DeliveryCorrectionInput. */
export interface SignedCorrection extends SignedDelivery {
  readonly version: number;
  readonly reason: CorrectionReason;
}

/** A statement that the meter now says otherwise, or that the platform does not have. */
export interface DueCorrection extends MeterSlot {
  readonly slot: Interval;
  readonly version: number;
  readonly reason: CorrectionReason;
}

/**
 * What of a settled session's traded slots is to be stated anew: where the meter says something else than was stated last,
 * and where nothing had been stated at settlement (`missing`, starts of slots). What is not metered stays as it is.
 */
export function dueCorrections(
  slots: readonly Interval[],
  stated: ReadonlyMap<number, StatedVersion>,
  missing: ReadonlySet<number>,
  metered: (slot: Interval) => MeterSlot | undefined,
): DueCorrection[] {
  return slots.flatMap((slot): DueCorrection[] => {
    const meter = metered(slot);
    if (meter === undefined) return [];
    const newest = stated.get(slot.startMs);
    if (newest === undefined || missing.has(slot.startMs))
      return [{ ...meter, slot, version: 1, reason: 'LATE_READING' }];
    if (newest.netImportWh === meter.netImportWh && newest.netExportWh === meter.netExportWh) return [];
    if (newest.version >= MAX_DELIVERY_VERSIONS) return [];
    return [{ ...meter, slot, version: newest.version + 1, reason: 'METER_CORRECTED' }];
  });
}

export function signedCorrections(
  { participantId, privateKey }: Signer,
  session: string,
  due: readonly DueCorrection[],
): Promise<SignedCorrection[]> {
  return Promise.all(
    due.map(async ({ slot, netImportWh, netExportWh, version, reason }) => {
      const energy = { netImportWh, netExportWh };
      const statement = { session, participant: participantId, interval: slot, ...energy, version, reason };
      const signature = await signJson(privateKey, CORRECTION_CONTEXT, correctionStatement(statement));
      return { startsAt: isoInstant(slot.startMs), ...energy, version, reason, signature };
    }),
  );
}

/** Sends corrections version by version, since each continues the one before. @throws the platform's refusal */
export async function submitCorrections(
  client: GraphqlClient,
  sessionId: string,
  corrections: readonly SignedCorrection[],
): Promise<void> {
  const versions = [...new Set(corrections.map(({ version }) => version))].toSorted((a, b) => a - b);
  for (const version of versions) {
    const input = { sessionId, corrections: corrections.filter((each) => each.version === version) };
    await client.request(
      `mutation ($input: CorrectDeliveryStatementsInput!) {
        correctDeliveryStatements(input: $input) { accepted }
      }`,
      { input },
    );
  }
}

interface SettlementsAnswer {
  readonly marketSettlements: {
    readonly edges: readonly {
      readonly node: { readonly participantId: string; readonly missingHours: readonly string[] };
    }[];
  };
}

/** Starts of the participant's traded slots that were settled without a statement. */
export async function missingSlots(
  client: GraphqlClient,
  sessionId: string,
  participantId: string,
): Promise<Set<number>> {
  const { marketSettlements } = await client.request<SettlementsAnswer>(
    `query ($sessionId: ID!) {
      marketSettlements(sessionId: $sessionId, first: 100) { edges { node { participantId missingHours } } }
    }`,
    { sessionId },
  );
  const own = marketSettlements.edges.find(({ node }) => node.participantId === participantId);
  return new Set((own?.node.missingHours ?? []).map((start) => Date.parse(start)));
}
