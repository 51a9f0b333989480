import { DAY_MS, DomainError, HOUR_MS, isoInstant, parseInstant } from '#core';
import type { TaskCard } from '#federation';
import { type Finding, type MeterSeries, reviewAnnualTotal, reviewUnits } from '#metering';
import type { SiteNode } from '../node/node.ts';
import { declaredTotals } from './declared-totals.ts';

/** Why a series keeps out of tasks; for the site's owner alone. */
export interface Unfitness {
  readonly code: 'SERIES_SCALE_SUSPECT' | 'SERIES_CONSTANT' | 'SERIES_MOSTLY_MISSING' | 'SERIES_TOO_SHORT';
  readonly reason: string;
}

/** Of the readings before a card's epochs that its level is compared with. */
const HISTORY_MS = 366 * DAY_MS;

/**
 * Whether the level of a series may be trusted: it does not leap as another unit would, and comes to the yearly total that its owner
 * has declared. A declared total that is met outweighs a leap: the house may have stood empty.
 */
export function scaleDoubt(
  name: string,
  series: MeterSeries,
  declaredKwh: number | undefined,
): Unfitness | null {
  const findings =
    declaredKwh === undefined ? reviewUnits(name, series) : reviewAnnualTotal(name, series, declaredKwh);
  const severe = findings.find(({ severity }) => severity === 'severe');
  return severe === undefined ? null : { code: 'SERIES_SCALE_SUSPECT', reason: reasonOf(name, severe) };
}

const reasonOf = (name: string, { message, fromMs, toMs }: Finding): string =>
  `${name}, ${isoInstant(fromMs)} to ${isoInstant(toMs)}: ${message}`;

/** What keeps the readings of a range from being learnt from; null where nothing does. @param windowSteps L + H */
export function rangeDoubt(name: string, { values }: MeterSeries, windowSteps: number): Unfitness | null {
  const known = values.filter((value) => !Number.isNaN(value));
  const counts = `${known.length} readings of ${values.length} steps`;
  if (known.length < windowSteps) {
    const reason = `expected ${windowSteps} readings of ${name} at least, a look back and a horizon, got ${counts}`;
    return { code: 'SERIES_TOO_SHORT', reason };
  }
  if (known.length < values.length / 2) {
    const reason = `expected most of the readings of ${name}, got ${counts}`;
    return { code: 'SERIES_MOSTLY_MISSING', reason };
  }
  if (known.some((value) => value !== known[0])) return null;
  return {
    code: 'SERIES_CONSTANT',
    reason: `expected readings of ${name} that change, got one value throughout`,
  };
}

/**
 * Asked of a new card before anything is said in its task: a series that is constant, mostly missing or of a doubtful unit helps nobody,
 * and as one of few hides nobody. Only that it is unfit is told to others (`Refusals`).
 * @throws SERIES_SCALE_SUSPECT, SERIES_CONSTANT, SERIES_MOSTLY_MISSING, SERIES_TOO_SHORT, READINGS_TOO_COARSE
 */
export async function requireFitSeries(node: SiteNode, card: TaskCard): Promise<void> {
  const { model, data } = card;
  const [fromMs, toMs] = [parseInstant(data.train.start), parseInstant(data.validation.end)];
  const grid = { zone: data.zone, knownBeforeMs: node.clock.nowMs() };
  const totals = declaredTotals(node.directory.path);
  for (const name of data.series) {
    const range = await node.readings.regular(
      name,
      { startMs: fromMs, endMs: toMs },
      { ...grid, stepMinutes: model.stepMinutes },
    );
    const history = await node.readings.regular(
      name,
      { startMs: fromMs - HISTORY_MS, endMs: toMs },
      { ...grid, stepMinutes: Math.min(model.stepMinutes, HOUR_MS / 60_000) },
    );
    const doubt =
      rangeDoubt(name, range, model.lookback + model.horizon) ?? scaleDoubt(name, history, totals[name]);
    if (doubt) throw new DomainError(doubt.code, doubt.reason, 'forbidden');
  }
}
