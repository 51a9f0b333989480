import { DomainError, HOUR_MS, type Interval, interval, isoInstant, requireZone } from '#core';
import { thresholdParameters } from '#encryption';
import {
  defaultPolicy,
  type EncryptionParameters,
  requireSoundCard,
  type RosterMember,
  type TaskCard,
  valueLimit,
} from '#federation';
import { DAY_AHEAD_RIDGE, momentBound, momentCount } from '#forecasting';

export interface CardRequest {
  readonly taskId: string;
  readonly platformKey: string;
  readonly issuedAtMs: number;
  readonly series: string;
  readonly zone: string;
  readonly train: Interval;
  readonly validation: Interval;
  readonly windows: TaskCard['windows'];
  readonly roster: readonly RosterMember[];
  /** Members of the roster; the first 20 when absent. */
  readonly decryptors?: readonly string[];
}

/** One lane: full moments need the precision, and 54 bits hold 16 sites' sums to 1e-14 of their size. */
const LANES = 1;
const USUAL_SITES = 16;

/** The card of a one-shot ridge task. @throws CARD_…, ROSTER_…, ZONE_UNKNOWN */
export function buildCard(request: CardRequest): TaskCard {
  const { taskId, platformKey, series, zone, roster, windows } = request;
  requireZone(zone);
  const { train, validation } = request;
  const { lookback, horizon, cycle, lambdas } = DAY_AHEAD_RIDGE;
  const card: TaskCard = {
    format: 'gridcommons/card/1',
    taskId,
    issuedAt: isoInstant(request.issuedAtMs),
    platformKey,
    model: { kind: 'one-shot-ridge', lookback, horizon, cycle, lambdas: [...lambdas] },
    learning: null,
    data: { series, zone, train: epoch(train), validation: epoch(validation) },
    encryption: parametersFor(interval(train.startMs, validation.endMs), roster.length),
    release: defaultPolicy(roster, request.decryptors ? { decryptors: request.decryptors } : {}),
    windows,
    privacy: null,
    roster,
  };
  requireSoundCard(card);
  return card;
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

/** As many fraction bits as the largest possible moment of the epoch leaves free. @throws EPOCH_TOO_LONG */
function parametersFor(range: Interval, sites: number): EncryptionParameters {
  const shape = {
    values: momentCount(DAY_AHEAD_RIDGE),
    lanes: LANES,
    maxSites: Math.max(USUAL_SITES, sites),
  } as const;
  const rows = (range.endMs - range.startMs) / HOUR_MS;
  const headroom =
    valueLimit(thresholdParameters({ ...shape, fractionBits: 0 })) / momentBound(DAY_AHEAD_RIDGE, rows);
  const fractionBits = Math.floor(Math.log2(headroom));
  if (fractionBits < 1)
    throw new DomainError('EPOCH_TOO_LONG', `expected moments that fit a lane, got ${rows} hours`, 'limit', {
      rows,
    });
  return thresholdParameters({ ...shape, fractionBits });
}
