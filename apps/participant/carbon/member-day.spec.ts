import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { generateSigningKey, HOUR_MS, interval, requireSignature } from '#core';
import { EMISSIONS_CONTEXT, emissionsStatement, factorById, type GridIntensity } from '#carbon';
import { memberDay } from './member-day.ts';
import { emissionsPublication } from './publication.ts';

const day = interval(0, 24 * HOUR_MS);
const factor = factorById('pv-rooftop/direct/ipcc-ar5');
const grid: GridIntensity = {
  id: 'grid/test',
  basis: 'direct',
  kgCo2ePerKwhByHour: new Map(Array.from({ length: 48 }, (_, hour) => [hour * HOUR_MS, '0.5'])),
};
const metered = (hours: number, importWh = 1_000) =>
  Array.from({ length: hours }, (_, hour) => ({ intervalStartMs: hour * HOUR_MS, importWh }));

describe('memberDay', () => {
  it('counts the hours of the day only and adds up what several trades of an hour attribute', () => {
    const purchases = [
      { intervalStartMs: 0, boughtWh: 300, attributedWh: 300 },
      { intervalStartMs: 0, boughtWh: 200, attributedWh: 100 },
      { intervalStartMs: 30 * HOUR_MS, boughtWh: 500, attributedWh: 500 },
    ];
    const { inventory, hoursWithoutReading } = memberDay(day, metered(48), purchases, { grid, factor });
    // 24 × 1 000 Wh × 0.5 g/Wh; 400 Wh of it covered by PV at 0 g
    expect(inventory).toMatchObject({
      importWh: 24_000,
      coveredWh: 400,
      locationGrams: 12_000,
      marketGrams: 11_800,
    });
    expect(hoursWithoutReading).toEqual([]);
  });

  it('names hours without a reading', () => {
    const { inventory, hoursWithoutReading } = memberDay(day, metered(22), [], { grid, factor });
    expect(inventory.hours).toHaveLength(22);
    expect(hoursWithoutReading).toEqual([22 * HOUR_MS, 23 * HOUR_MS]);
  });

  it('does not believe an attribution above its own purchase', () => {
    const purchases = [{ intervalStartMs: 0, boughtWh: 100, attributedWh: 101 }];
    expect(() => memberDay(day, metered(24), purchases, { grid, factor })).toThrow(
      expect.objectContaining({ code: 'ATTRIBUTION_EXCEEDS_PURCHASE' }),
    );
  });
});

describe('emissionsPublication', () => {
  it('signs exactly the totals it publishes', async () => {
    const { publicKey, privateKey } = await generateSigningKey();
    const result = memberDay(day, metered(24), [], { grid, factor });
    const { signature, ...published } = await emissionsPublication(
      { participantId: 'p', privateKey },
      result,
    );
    expect(published).toEqual({
      start: '1970-01-01T00:00:00Z',
      end: '1970-01-02T00:00:00Z',
      hours: 24,
      locationGrams: 12_000,
      marketGrams: 12_000,
      methodVersion: 'gridcommons/scope2-hourly/1',
      basis: 'direct',
      factorIds: ['grid/test', 'pv-rooftop/direct/ipcc-ar5'],
    });
    const statement = emissionsStatement('p', { ...day, ...published });
    await expect(
      requireSignature(publicKey, EMISSIONS_CONTEXT, statement, signature),
    ).resolves.toBeUndefined();
    const altered = emissionsStatement('p', { ...day, ...published, marketGrams: 1 });
    await expect(requireSignature(publicKey, EMISSIONS_CONTEXT, altered, signature)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  it('publishes nothing about a day it could not compute', async () => {
    const { privateKey } = await generateSigningKey();
    const empty = memberDay(day, [], [], { grid, factor });
    await expect(emissionsPublication({ participantId: 'p', privateKey }, empty)).rejects.toMatchObject({
      code: 'EMISSIONS_EMPTY',
    });
  });

  it('depends on the readings through their totals alone', async () => {
    const { privateKey } = await generateSigningKey();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([100, 250, 400, 7], { minLength: 4 }), async (imports) => {
        const hours = imports.map((importWh, hour) => ({ intervalStartMs: hour * HOUR_MS, importWh }));
        const publication = await emissionsPublication(
          { participantId: 'p', privateKey },
          memberDay(day, hours, [], { grid, factor }),
        );
        // 757 Wh × 0.5 g/Wh = 378.5 g, half away from zero
        expect(publication).toMatchObject({ hours: 4, locationGrams: 379, marketGrams: 379 });
      }),
      { numRuns: 10 },
    );
  });
});
