import { HOUR_MS, interval, isoInstant, signJson } from '#core';
import { CORRECTION_CONTEXT, type CorrectionReason, correctionStatement } from '#market';
import { type MarketDay, type Meter, nodes, type Page } from './market-day.ts';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender } from './platform.ts';

export interface Correction extends Meter {
  readonly version: number;
  readonly reason: CorrectionReason;
}

export const corrected = (
  meter: Meter,
  version = 2,
  reason: CorrectionReason = 'METER_CORRECTED',
): Correction => ({ ...meter, version, reason });

const CORRECT = `mutation ($input: CorrectDeliveryStatementsInput!) {
  correctDeliveryStatements(input: $input) { accepted unchanged }
}`;
const SESSION = `query ($id: ID!) {
  marketSession(id: $id) {
    state savingsMinor marketMinor missingDeliveries settlementVersion correctionDays settledAt correctionsUntil
  }
}`;
const SETTLEMENTS = `query ($id: ID!, $history: Boolean!) {
  marketSettlements(sessionId: $id, history: $history) {
    edges { node { participantId version localMinor deviationMinor differenceMinor savingsMinor missingHours } }
  }
}`;

export interface SettledSession {
  readonly savingsMinor: number;
  readonly settlementVersion: number;
  readonly missingDeliveries: number;
  readonly correctionsUntil: string;
}

export interface VersionOfSettlement {
  readonly version: number;
  readonly localMinor: number;
  readonly deviationMinor: number;
  readonly differenceMinor: number;
}

export async function correct(
  market: MarketDay,
  sessionId: string,
  from: TestParticipant,
  corrections: readonly Correction[],
  signer: TestParticipant = from,
): Promise<GraphqlAnswer> {
  const signed = await Promise.all(
    corrections.map(async ({ startMs, ...statement }) => {
      const hour = interval(startMs, startMs + HOUR_MS);
      const value = correctionStatement({
        session: sessionId,
        participant: signer.id,
        interval: hour,
        ...statement,
      });
      const signature = await signJson(signer.signingKey.privateKey, CORRECTION_CONTEXT, value);
      return { startsAt: isoInstant(startMs), ...statement, signature };
    }),
  );
  return market.platform.graphql(CORRECT, { input: { sessionId, corrections: signed } }, from);
}

/** Asks until the session was settled so often; the test's own timeout bounds it. */
export async function settledAgain(market: MarketDay, id: string, version: number): Promise<SettledSession> {
  for (;;) {
    const { marketSession } = await market.platform.data<{ marketSession: SettledSession }>(
      SESSION,
      { id },
      market.platform.operatorKey,
    );
    if (marketSession.settlementVersion >= version) return marketSession;
  }
}

export async function settlementVersions(
  market: MarketDay,
  id: string,
  sender: Sender,
  history: boolean,
): Promise<VersionOfSettlement[]> {
  const answer = await market.platform.data<{ marketSettlements: Page<VersionOfSettlement> }>(
    SETTLEMENTS,
    { id, history },
    sender,
  );
  return nodes(answer.marketSettlements);
}
