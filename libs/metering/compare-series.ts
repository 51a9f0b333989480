import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { intervalsPerHourIn, isThousandfold } from './scale.ts';
import { hourlySeries, type MeterSeries } from './series.ts';
import { overSteps } from './quantity.ts';

/** Steps known to both from which on a comparison says something. */
const LEAST_STEPS = 12;

interface Comparison {
  readonly known: number;
  /** Ours over theirs, of sums over the steps that both know. */
  readonly ratio: number;
  /** Mean absolute difference once ours is brought to the level of theirs. */
  readonly difference: number;
}

/** Ours against theirs `shift` steps later. */
function comparison(ours: MeterSeries, theirs: MeterSeries, shift: number): Comparison {
  const offset = (ours.startMs - theirs.startMs) / ours.resolutionMs + shift;
  const pairs: [number, number][] = [];
  for (const [i, own] of ours.values.entries()) {
    const other = theirs.values[offset + i] ?? Number.NaN;
    if (!Number.isNaN(own) && !Number.isNaN(other)) pairs.push([own, other]);
  }
  const total = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0);
  const ratio = total(0) / total(1);
  const apart = pairs.reduce((sum, [own, other]) => sum + Math.abs(own / ratio - other), 0);
  return { known: pairs.length, ratio, difference: apart / pairs.length };
}

function unitFinding({ known, ratio }: Comparison, places: Places, name: string): Finding[] {
  if (ratio > 0.98 && ratio < 1.02) return [];
  const above1 = ratio < 1 ? 1 / ratio : ratio;
  const found = intervalsPerHourIn(ratio);
  const unit = isThousandfold(above1) ? 'Wh or MWh for kWh' : (found?.[1] ?? null);
  const apart = `over ${known} common steps the sum is ${ratio.toPrecision(3)} times that of the other file`;
  return unit === null
    ? places.finding('TOTAL_DIFFERS', 'warning', name, apart)
    : places.finding('UNIT_SUSPECT', 'severe', name, `${apart}: ${unit}?`);
}

/**
 * A column against the same quantity from elsewhere, such as a system operator's totals: another level, and timestamps an interval
 * off, as where one file writes the starts of intervals and the other their ends. Both are brought to the coarser resolution, or to
 * hours.
 */
export function compareSeries(name: string, ours: MeterSeries, theirs: MeterSeries): Finding[] {
  const [finerMs, coarserMs] = [ours.resolutionMs, theirs.resolutionMs].toSorted((a, b) => a - b) as [
    number,
    number,
  ];
  const resolutionMs = coarserMs % finerMs === 0 ? coarserMs : HOUR_MS;
  const how = overSteps(name);
  const [own, other] = [ours, theirs].map((series) => hourlySeries(series, resolutionMs, how)) as [
    MeterSeries,
    MeterSeries,
  ];
  const aligned = comparison(own, other, 0);
  if (aligned.known < LEAST_STEPS || !Number.isFinite(aligned.ratio)) return [];
  const places = new Places();
  places.add(own.startMs, own.values.length * resolutionMs, aligned.known);
  const later = comparison(own, other, -1);
  const earlier = comparison(own, other, 1);
  const best = later.difference < earlier.difference ? later : earlier;
  const isShifted = best.difference < aligned.difference / 4;
  const direction = best === later ? 'after' : 'before';
  const message = `fits the other file four times better one interval ${direction} it: one writes starts, the other ends?`;
  return [
    ...unitFinding(isShifted ? best : aligned, places, name),
    ...(isShifted ? places.finding('INTERVAL_END_SUSPECT', 'severe', name, message) : []),
  ];
}
