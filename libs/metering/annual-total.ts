import { DAY_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { intervalsPerHourIn, isThousandfold } from './scale.ts';
import type { MeterSeries } from './series.ts';

const YEAR_DAYS = 365.25;

/** A season alone makes a part of a year this much more or less than its share. */
const SEASONAL = 3;

interface AnnualTotal {
  readonly annualKwh: number;
  readonly knownDays: number;
}

/** What a year would come to at the mean of the known values of a series of energy. */
function annualTotal({ values, resolutionMs }: MeterSeries): AnnualTotal {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  const knownDays = (known * resolutionMs) / DAY_MS;
  return { annualKwh: (sum / knownDays) * YEAR_DAYS, knownDays };
}

function explanation(ratio: number): string | null {
  const above1 = ratio < 1 ? 1 / ratio : ratio;
  if (isThousandfold(above1)) return 'Wh or MWh for kWh?';
  const found = intervalsPerHourIn(ratio);
  return found === null ? null : `${found[1]}?`;
}

/**
 * A column of energy against the yearly total that its owner knows from elsewhere: an annual bill. Nothing is said within a factor
 * of 1.5 for a year's readings, of 3 for less.
 * @param expectedKwh above zero
 */
export function reviewAnnualTotal(name: string, series: MeterSeries, expectedKwh: number): Finding[] {
  const { annualKwh, knownDays } = annualTotal(series);
  if (knownDays < 1) return [];
  const ratio = annualKwh / expectedKwh;
  const allowed = knownDays >= 300 ? 1.5 : SEASONAL;
  if (ratio > 1 / allowed && ratio < allowed) return [];
  const places = new Places();
  const { startMs, resolutionMs, values } = series;
  places.add(startMs, values.length * resolutionMs, values.length);
  const unit = explanation(ratio);
  const apart = `readings of ${Math.round(knownDays)} days do not come to the declared yearly total`;
  return unit === null
    ? places.finding('TOTAL_DIFFERS', 'severe', name, apart)
    : places.finding('UNIT_SUSPECT', 'severe', name, `${apart}: ${unit}`);
}
