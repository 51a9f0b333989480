import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { isThousandfold } from './scale.ts';
import type { MeterSeries } from './series.ts';

interface NamedValues {
  readonly name: string;
  readonly values: Float64Array;
}

/** Sum of the energy, over that of the power times `hours`, where both are known; how many these are. */
function ratioOf(energy: Float64Array, power: Float64Array, hours: number) {
  const known = [...energy.keys()].filter((i) => !Number.isNaN(energy[i]! + power[i]!));
  const total = (values: Float64Array) => known.reduce((sum, i) => sum + values[i]!, 0);
  return { ratio: total(energy) / (total(power) * hours), known: known.length };
}

/** `load_kw` beside `load_kwh` is an independent total: the mean power over an interval times its length is its energy. */
export function powerAgainstEnergy(
  columns: readonly NamedValues[],
  { startMs, resolutionMs }: Pick<MeterSeries, 'startMs' | 'resolutionMs'>,
): Finding[] {
  const hours = resolutionMs / HOUR_MS;
  return columns.flatMap(({ name, values }) => {
    const power = name.endsWith('_kwh') && columns.find((other) => `${other.name}h` === name);
    if (!power) return [];
    const { ratio, known } = ratioOf(values, power.values, hours);
    if (!Number.isFinite(ratio) || (ratio > 0.8 && ratio < 1.25)) return [];
    const places = new Places();
    places.add(startMs, values.length * resolutionMs, known);
    const isUnit = Math.abs(ratio * hours - 1) < 0.1 || isThousandfold(ratio) || isThousandfold(1 / ratio);
    const message = `${name} does not add up to what ${power.name} says${isUnit ? ': another unit than kWh?' : ''}`;
    return places.finding('UNIT_SUSPECT', 'severe', name, message);
  });
}
