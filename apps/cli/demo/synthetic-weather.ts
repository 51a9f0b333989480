import { HOUR_MS } from '#core';

/** A stream of pseudo-random numbers that a seed and a name fix: equal on every machine, unrelated between names. */
export class RandomStream {
  private state: number;

  constructor(seed: number, name: string) {
    // FNV-1a over the name, so that adding a firm does not change the others.
    let hash = 0x811c9dc5 ^ seed;
    for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    this.state = hash >>> 0;
  }

  /** Uniform in [0, 1): mulberry32. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Hourly first-order autoregression with standard deviation 1 and the given memory. */
  autoregression(hours: number, memoryHours: number): Float64Array {
    const keep = Math.exp(-1 / memoryHours);
    const shock = Math.sqrt(1 - keep * keep);
    const path = new Float64Array(hours);
    let value = this.normal();
    for (let hour = 0; hour < hours; hour += 1) {
      path[hour] = value;
      value = keep * value + shock * this.normal();
    }
    return path;
  }
}

/** The weather that all firms of a demo share, one value an hour. */
export interface Weather {
  readonly temperatureC: Float64Array;
  /** Share of a square metre's best sun that arrives on a module, 0 to 1, clouds included. */
  readonly sun: Float64Array;
  /** Wind power in the grid, standard normal. */
  readonly wind: Float64Array;
}

const YEAR_MS = 365.2425 * 24 * HOUR_MS;
const DEGREE = Math.PI / 180;
// Roughly Berlin; the zone of the demo decides the clock, not the sky.
const LATITUDE = 52.5 * DEGREE;
const LONGITUDE_HOURS = 13.4 / 15;

/** Share of the year since its coldest time, 20 January, as an angle. */
const season = (atMs: number) => (2 * Math.PI * (atMs - Date.UTC(2026, 0, 20))) / YEAR_MS;

/** Sine of the sun's elevation at mid-hour; negative at night (declination by Cooper, 1969). */
function sineOfElevation(startMs: number): number {
  const midMs = startMs + HOUR_MS / 2;
  const dayOfYear = ((midMs - Date.UTC(2026, 0, 0)) % YEAR_MS) / (24 * HOUR_MS);
  const declination = 23.45 * DEGREE * Math.sin((2 * Math.PI * (284 + dayOfYear)) / 365);
  const solarHour = ((midMs / HOUR_MS) % 24) + LONGITUDE_HOURS;
  const hourAngle = (solarHour - 12) * 15 * DEGREE;
  return (
    Math.sin(LATITUDE) * Math.sin(declination) +
    Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(hourAngle)
  );
}

/** Made-up weather of the hours from `startMs` on: seasons, days, passing fronts, clouds. */
export function syntheticWeather(seed: number, startMs: number, hours: number): Weather {
  const fronts = new RandomStream(seed, 'fronts').autoregression(hours, 60);
  const clouds = new RandomStream(seed, 'clouds').autoregression(hours, 18);
  const wind = new RandomStream(seed, 'wind').autoregression(hours, 30);
  const temperatureC = new Float64Array(hours);
  const sun = new Float64Array(hours);
  for (let hour = 0; hour < hours; hour += 1) {
    const atMs = startMs + hour * HOUR_MS;
    const elevation = Math.max(0, sineOfElevation(atMs));
    const clearness = 0.2 + 0.8 / (1 + Math.exp(-1.6 * clouds[hour]! - 0.4));
    sun[hour] = elevation ** 1.15 * clearness;
    const solarHour = ((atMs / HOUR_MS) % 24) + LONGITUDE_HOURS;
    const dayCycle = 3.5 * Math.cos((2 * Math.PI * (solarHour - 15)) / 24);
    temperatureC[hour] = 9.5 - 9.5 * Math.cos(season(atMs)) + dayCycle + 3.5 * fronts[hour]!;
  }
  return { temperatureC, sun, wind };
}
