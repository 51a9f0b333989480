import { DAY_MS, DomainError } from '#core';

/*
 * Where the sun stands: Meeus, Astronomical Algorithms (1998), ch. 25 and 28, "low accuracy", as NOAA's solar calculator uses it; good to
 * 0.01° for centuries. Without refraction, which lifts the sun by half a degree at the horizon and by a fiftieth at 40°.
 */

/** Degrees; north and east positive. It stays with whoever sets it. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** @throws PLACE_INVALID */
export function requirePlace({ latitude, longitude }: Place): Place {
  // NaN is not within either.
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    throw new DomainError(
      'PLACE_INVALID',
      'expected a latitude from −90 to 90 and a longitude from −180 to 180 degrees, got others',
    );
  return { latitude, longitude };
}

/** Sine and cosine of the declination, and by how many minutes a sundial is ahead of mean time. */
export interface Sun {
  readonly sineDeclination: number;
  readonly cosineDeclination: number;
  readonly equationOfTimeMinutes: number;
}

const degreesIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** From decimal degrees as text. @throws PLACE_INVALID */
export const placeFrom = (latitude: string, longitude: string): Place =>
  requirePlace({ latitude: degreesIn(latitude), longitude: degreesIn(longitude) });

const RADIANS = Math.PI / 180;
const sine = (degrees: number): number => Math.sin(degrees * RADIANS);
const cosine = (degrees: number): number => Math.cos(degrees * RADIANS);

const J2000_MS = Date.UTC(2000, 0, 1, 12);
const CENTURY_MS = 36_525 * DAY_MS;

/** The sun at an instant, the same for the whole Earth. */
export function sunAt(atMs: number): Sun {
  const t = (atMs - J2000_MS) / CENTURY_MS;
  const meanLongitude = 280.46646 + t * (36_000.76983 + 0.0003032 * t);
  const anomaly = 357.52911 + t * (35_999.05029 - 0.0001537 * t);
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const centre =
    (1.914602 - t * (0.004817 + 0.000014 * t)) * sine(anomaly) +
    (0.019993 - 0.000101 * t) * sine(2 * anomaly) +
    0.000289 * sine(3 * anomaly);
  const node = 125.04 - 1_934.136 * t;
  const apparentLongitude = meanLongitude + centre - 0.00569 - 0.00478 * sine(node);
  const obliquity =
    23.4392911 - t * (0.0130042 + t * (0.00000016 - 0.000000504 * t)) + 0.00256 * cosine(node);
  const sineDeclination = sine(obliquity) * sine(apparentLongitude);
  const y = Math.tan((obliquity / 2) * RADIANS) ** 2;
  const ahead =
    y * sine(2 * meanLongitude) -
    2 * eccentricity * sine(anomaly) +
    4 * eccentricity * y * sine(anomaly) * cosine(2 * meanLongitude) -
    (y ** 2 / 2) * sine(4 * meanLongitude) -
    (5 / 4) * eccentricity ** 2 * sine(2 * anomaly);
  return {
    sineDeclination,
    cosineDeclination: Math.sqrt(1 - sineDeclination ** 2),
    // The Earth turns a degree in four minutes.
    equationOfTimeMinutes: (4 * ahead) / RADIANS,
  };
}

/** Cosine of the sun's distance from the zenith of a place; below 0 under its horizon. */
export function zenithCosine({ latitude, longitude }: Place, atMs: number): number {
  const { sineDeclination, cosineDeclination, equationOfTimeMinutes } = sunAt(atMs);
  const sundialMinutes = (atMs % DAY_MS) / 60_000 + equationOfTimeMinutes + 4 * longitude;
  const hourAngle = sundialMinutes / 4 - 180;
  return sine(latitude) * sineDeclination + cosine(latitude) * cosineDeclination * cosine(hourAngle);
}
