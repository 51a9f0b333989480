import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#core';
import { clearSkyIrradiance, clearSkySeries } from './clear-sky.ts';
import { placeFrom, requirePlace, sunAt, zenithCosine } from './sun.ts';

const DEGREES = 180 / Math.PI;
const declination = (atMs: number) => Math.asin(sunAt(atMs).sineDeclination) * DEGREES;
const zenith = (latitude: number, longitude: number, at: string) =>
  Math.acos(zenithCosine({ latitude, longitude }, Date.parse(at))) * DEGREES;

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const greatestAt = (values: Float64Array) => values.indexOf(Math.max(...values));
const dayAt = (latitude: number, longitude: number, date: string): Float64Array =>
  clearSkySeries(
    { latitude, longitude },
    { startMs: Date.parse(`${date}T00:00Z`), resolutionMs: HOUR_MS },
    24,
  ).values;

describe('the sun', () => {
  it('has the apparent declination of Meeus (1998), example 25.a, and its equation of time', () => {
    const { equationOfTimeMinutes } = sunAt(Date.UTC(1992, 9, 13));
    expect(declination(Date.UTC(1992, 9, 13))).toBeCloseTo(-(7 + 47 / 60 + 6 / 3_600), 3);
    // Example 28.b: 13 min 42.7 s.
    expect(equationOfTimeMinutes).toBeCloseTo(13 + 42.7 / 60, 1);
  });

  it('stands where Reda & Andreas (NREL/TP-560-34302) have it over Golden, Colorado, before refraction', () => {
    expect(Math.abs(zenith(39.742476, -105.1786, '2003-10-17T12:30:30-07:00') - 50.127954)).toBeLessThan(
      0.01,
    );
  });

  it('is at the tropics and the equator at the solstices and equinoxes of 2024', () => {
    expect(declination(Date.parse('2024-06-20T20:51Z'))).toBeCloseTo(23.436, 2);
    expect(declination(Date.parse('2024-12-21T09:21Z'))).toBeCloseTo(-23.436, 2);
    for (const equinox of ['2024-03-20T03:06Z', '2024-09-22T12:44Z'])
      expect(Math.abs(declination(Date.parse(equinox)))).toBeLessThan(0.01);
  });

  it('culminates as far from the zenith as declination and latitude differ, north and south', () => {
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });
    fc.assert(
      fc.property(degrees(90), degrees(180), instants, (latitude, longitude, atMs) => {
        const noonMs = atMs - (atMs % DAY_MS) + 12 * HOUR_MS - longitude * 4 * 60_000;
        const sundialNoonMs = noonMs - sunAt(noonMs).equationOfTimeMinutes * 60_000;
        const highest = Math.cos((latitude - declination(sundialNoonMs)) / DEGREES);
        expect(zenithCosine({ latitude, longitude }, sundialNoonMs)).toBeCloseTo(highest, 5);
      }),
    );
  });

  it('is asked for at a place on Earth', () => {
    expect(requirePlace({ latitude: -90, longitude: 180 })).toEqual({ latitude: -90, longitude: 180 });
    for (const place of [
      { latitude: 91, longitude: 0 },
      { latitude: 0, longitude: -181 },
      { latitude: Number.NaN, longitude: 0 },
    ])
      expect(() => requirePlace(place)).toThrow(expect.objectContaining({ code: 'PLACE_INVALID' }));
    expect(placeFrom('-33.87', '151.21')).toEqual({ latitude: -33.87, longitude: 151.21 });
    for (const text of ['', 'north', '1e3', '12°'])
      expect(() => placeFrom(text, '0')).toThrow(expect.objectContaining({ code: 'PLACE_INVALID' }));
  });
});

describe('irradiance under a clear sky', () => {
  // The values that pvlib tests its `haurwitz` by, made with Sandia's PV_LIB.
  it.each([
    [-20, 0],
    [-0.05, 0],
    [5, 48.6298687941956],
    [10, 135.741748091813],
    [30, 487.894132885425],
    [50, 778.766689344363],
    [90, 1035.0920325345],
  ])('of an elevation of %d° is %d W/m²', (elevation, expected) => {
    expect(clearSkyIrradiance(Math.sin(elevation / DEGREES))).toBeCloseTo(expected, 9);
  });

  it('is nothing in the polar night and something at every hour of the polar day, north and south', () => {
    for (const [latitude, longitude, summer, winter] of [
      [69.65, 18.96, '2026-06-21', '2026-12-21'],
      [-77.85, 166.67, '2026-12-21', '2026-06-21'],
    ] as const) {
      expect(dayAt(latitude, longitude, winter).every((value) => value === 0)).toBe(true);
      expect(dayAt(latitude, longitude, summer).every((value) => value > 0)).toBe(true);
    }
    const noPole = dayAt(-90, 0, '2026-12-21');
    expect(Math.max(...noPole) / Math.min(...noPole)).toBeCloseTo(1, 3);
  });

  it('is greatest at noon of the place: before 12:00 UTC in Sydney, after it in California', () => {
    expect(greatestAt(dayAt(-33.87, 151.21, '2026-01-10'))).toBe(2);
    expect(greatestAt(dayAt(34.09, -117.44, '2026-01-10'))).toBe(19);
    const [january, july] = ['2026-01-10', '2026-07-10'].map((date) =>
      Math.max(...dayAt(-33.87, 151.21, date)),
    );
    expect(january! / july!).toBeGreaterThan(1.5);
  });

  it('of long steps is the mean of short ones', () => {
    const place = { latitude: 52.5, longitude: 13.4 };
    const startMs = Date.parse('2026-03-29T00:00Z');
    const { values: quarters } = clearSkySeries(place, { startMs, resolutionMs: HOUR_MS / 4 }, 96);
    const { values: day } = clearSkySeries(place, { startMs, resolutionMs: DAY_MS }, 1);
    expect(quarters.reduce((sum, value) => sum + value, 0) / 96).toBeCloseTo(day[0]!, 6);
  });
});
