import type { MeterSeries } from '#metering';
import { type Place, zenithCosine } from './sun.ts';

/**
 * Irradiance of the horizontal under a sky without clouds, W/m²: 1098 cos z · exp(−0.059 / cos z) of the sun's zenith distance z
 * (Haurwitz 1945; as in Reno, Hansen & Stein, SAND2012-2389, who found it as good as models that know the air). 0 at night.
 */
export const clearSkyIrradiance = (cosZenith: number): number =>
  cosZenith > 0 ? 1_098 * cosZenith * Math.exp(-0.059 / cosZenith) : 0;

/** Distance of the instants that a step's mean is taken of. */
const SAMPLE_MS = 5 * 60_000;

/** The column of a place that is computed, not measured: known for any time to come. No unit of the table: no file has it. */
export const CLEAR_SKY = 'clear_sky_w_m2';

/** Mean irradiance under a clear sky of each of `count` steps. */
export function clearSkySeries(
  place: Place,
  { startMs, resolutionMs }: Pick<MeterSeries, 'startMs' | 'resolutionMs'>,
  count: number,
): MeterSeries {
  const samples = Math.max(1, Math.round(resolutionMs / SAMPLE_MS));
  const apart = resolutionMs / samples;
  const values = Float64Array.from({ length: count }, (_, step) => {
    let sum = 0;
    for (let i = 0; i < samples; i += 1) {
      const atMs = startMs + step * resolutionMs + (i + 0.5) * apart;
      sum += clearSkyIrradiance(zenithCosine(place, atMs));
    }
    return sum / samples;
  });
  return { startMs, resolutionMs, values };
}
