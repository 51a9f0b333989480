import { DomainError } from '#core';
import { type Trade } from './mechanism.ts';
import { type Delivery, type MemberSettlement } from './settlement.ts';

/** After so many sessions, evidence counts half. */
export const REPUTATION_HALF_LIFE = 10;
/** Below, no score is told: with fewer, one session could be read out of it. */
export const REPUTATION_LEAST_SESSIONS = 3;
/** Sessions that count; the oldest would weigh 2^(−200/10) of the newest, far below what is told. */
export const REPUTATION_SESSIONS = 200;

/** How well one member kept one session's trades. Integer Wh, 0 ≤ deviationWh ≤ tradedWh. */
export interface DeliveryRecord {
  /** Σ over intervals of |bought − sold|. */
  readonly tradedWh: number;
  /** Σ over intervals of |delivered − traded|, an interval at most what was traded in it; all of it without a statement. */
  readonly deviationWh: number;
}

/** What members may know of another: never the record of one session alone. */
export interface Reputation {
  readonly sessions: number;
  /** Rounded to two decimals, in [0, 1]. */
  readonly score: number;
}

/**
 * Each member's record of one session. An interval without a statement counts as not delivered: silence must not pay,
 * and a late statement mends it.
 */
export function deliveryRecords(
  trades: readonly Trade[],
  deliveries: readonly Delivery[],
): Map<string, DeliveryRecord> {
  const positions = new Map<string, { member: string; netBoughtWh: number }>();
  const add = (member: string, startMs: number, wh: number): void => {
    const key = `${startMs}/${member}`;
    const position = positions.get(key) ?? { member, netBoughtWh: 0 };
    position.netBoughtWh += wh;
    positions.set(key, position);
  };
  for (const { buyer, seller, interval, quantityWh } of trades) {
    add(buyer, interval.startMs, quantityWh);
    add(seller, interval.startMs, -quantityWh);
  }
  const netWh = new Map(
    deliveries.map(({ member, interval, netImportWh, netExportWh }) => [
      `${interval.startMs}/${member}`,
      netImportWh - netExportWh,
    ]),
  );
  const records = new Map<string, DeliveryRecord>();
  for (const [key, { member, netBoughtWh }] of positions) {
    const tradedWh = Math.abs(netBoughtWh);
    const metered = netWh.get(key);
    const missedWh = metered === undefined ? tradedWh : Math.min(tradedWh, Math.abs(metered - netBoughtWh));
    const record = records.get(member) ?? { tradedWh: 0, deviationWh: 0 };
    records.set(member, {
      tradedWh: record.tradedWh + tradedWh,
      deviationWh: record.deviationWh + missedWh,
    });
  }
  return records;
}

/** The same of a session of capacity: what was sold, and the shortfall, which an interval without a statement is wholly. */
export const capacityRecords = (members: readonly MemberSettlement[]): Map<string, DeliveryRecord> =>
  new Map(
    members.map(({ member, soldWh, shortfallWh }) => [
      member,
      { tradedWh: soldWh, deviationWh: Math.min(soldWh, shortfallWh) },
    ]),
  );

/**
 * Beta reputation with forgetting (Jøsang & Ismail, The Beta Reputation System, 2002, eq. 4 and 10): with λ = 2^(−1/h),
 * session i of age a_i weighs λ^a_i and gives r_i + s_i = T_i/T̄ of evidence, (T_i − D_i)/T̄ of it good, T̄ the weighted
 * mean of the energy traded. So n = Σ λ^a_i, accuracy A = Σ λ^a_i (T_i − D_i) / Σ λ^a_i T_i, and the score is
 * (r + 1)/(r + s + 2) = (n·A + 1)/(n + 2): 1/2 without evidence, and independent of how much a member trades.
 * `records` from the oldest to the newest; those without traded energy say nothing.
 * @throws REPUTATION_RECORD, REPUTATION_HALF_LIFE.
 */
export function reputationScore(
  records: readonly DeliveryRecord[],
  halfLife: number = REPUTATION_HALF_LIFE,
): number {
  if (!(halfLife > 0))
    throw new DomainError('REPUTATION_HALF_LIFE', `expected a half-life above 0, got ${halfLife}`);
  const forgetting = 2 ** (-1 / halfLife);
  let [evidence, tradedWh, keptWh] = [0, 0, 0];
  for (const record of records) {
    requireRecord(record);
    if (record.tradedWh === 0) continue;
    evidence = evidence * forgetting + 1;
    tradedWh = tradedWh * forgetting + record.tradedWh;
    keptWh = keptWh * forgetting + record.tradedWh - record.deviationWh;
  }
  const accuracy = tradedWh === 0 ? 0 : keptWh / tradedWh;
  return (evidence * accuracy + 1) / (evidence + 2);
}

/** What may be told of a member, from its records, oldest first; null while there are too few. @throws as reputationScore */
export function reputationOf(records: readonly DeliveryRecord[]): Reputation | null {
  const sessions = records.filter(({ tradedWh }) => tradedWh > 0).length;
  if (sessions < REPUTATION_LEAST_SESSIONS) return null;
  return { sessions, score: Math.round(100 * reputationScore(records)) / 100 };
}

/** Members whose reputation reaches `least`, for the attribute `trusts` of orders that prefer `trusted` partners; by id. */
export function trustedMembers(reputations: ReadonlyMap<string, Reputation>, least: number): string[] {
  return [...reputations]
    .filter(([, { score }]) => score >= least)
    .map(([member]) => member)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function requireRecord({ tradedWh, deviationWh }: DeliveryRecord): void {
  if (Number.isSafeInteger(tradedWh) && Number.isSafeInteger(deviationWh) && deviationWh >= 0 && deviationWh <= tradedWh) return; // prettier-ignore
  throw new DomainError(
    'REPUTATION_RECORD',
    'expected whole Wh with 0 ≤ deviation ≤ traded, got another record',
  );
}
