import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, localDay } from '#core';
import { type BidStep, requireSlotMinutes, slotQuantiles, slotsOf } from '#market';
import { requireSiteDevices } from '#studies';
import { SiteDirectory } from '../node/site-directory.ts';
import { type BidDay, deviceCurves, readSiteDevices } from './device-curves.ts';

const ZONE = 'Europe/Berlin';
const BATTERY = { id: 'battery', type: 'battery', capacityKwh: 8, chargeKw: 4, dischargeKw: 4, chargeEfficiency: 0.9 }; // prettier-ignore

/** A roof at noon, a household in the evening. */
function bidDay(date: string, resolution: number, fromHour = 0, forecastHours = 24): BidDay {
  const day = localDay(ZONE, date);
  const minutes = requireSlotMinutes(day, resolution);
  const hours = Array.from({ length: forecastHours }, (_, h) => {
    const p50Wh = h >= 10 && h < 14 ? -2_000 : h >= 18 && h < 22 ? 2_000 : 300;
    return { startMs: day.startMs + h * HOUR_MS, p10Wh: p50Wh - 200, p50Wh, p90Wh: p50Wh + 200 };
  }).filter(({ startMs }) => startMs < day.endMs);
  const slots = slotsOf(day, minutes).filter(({ startMs }) => startMs >= day.startMs + fromHour * HOUR_MS);
  return { id: 's1', day, minutes, zone: ZONE, hours, slots, retailPerMwh: 30_000, feedInPerMwh: 8_000 };
}

const totalWh = (steps: readonly BidStep[], side: BidStep['side']): number =>
  steps.filter((step) => step.side === side).reduce((sum, { quantityWh }) => sum + quantityWh, 0);

describe('what a site’s devices bid', () => {
  let events: [string, Record<string, string | number>?][];
  const node = { report: (...event: [string, Record<string, string | number>?]) => void events.push(event) };
  beforeEach(() => {
    events = [];
  });

  const curves = async (devices: object, day: BidDay): Promise<BidStep[][] | null> => {
    const curveOf = await deviceCurves(node, requireSiteDevices(devices), day);
    return curveOf && slotQuantiles(day.hours, day.slots).map((slot) => [...curveOf(slot)]);
  };

  it.each([
    ['2026-03-02', 60, 24],
    ['2026-03-02', 30, 48],
    ['2026-03-02', 15, 96],
    ['2026-03-02', 1_440, 1],
    ['2026-03-29', 60, 23],
    // A model of 24 hours ends an hour before the day does.
    ['2026-10-25', 60, 24],
  ])(
    'is a curve for each slot of %s in %i minutes',
    async (date, resolution, slots) => {
      const bids = await curves({ devices: [{ ...BATTERY, capacityKwh: 1, chargeKw: 1 }] }, bidDay(date, resolution)); // prettier-ignore
      expect(bids).toHaveLength(slots);
      expect(bids!.every((steps) => steps.length > 0)).toBe(true);
      expect(events).toEqual([['devices', { session: 's1', devices: 1, slots }]]);
    },
    60_000,
  );

  it('is a day’s schedule also where its first slots have begun', async () => {
    const [whole, rest] = [bidDay('2026-03-02', 60), bidDay('2026-03-02', 60, 6)];
    const devices = { devices: [BATTERY], share: 0 };
    expect(await curves(devices, rest)).toEqual((await curves(devices, whole))!.slice(6));
  });

  it('moves the battery’s noon surplus to the evening, the same each time', async () => {
    const day = bidDay('2026-03-02', 60);
    const bids = await curves({ devices: [BATTERY], share: 0 }, day);
    const sum = (side: BidStep['side'], from: number, to: number): number =>
      bids!.slice(from, to).reduce((wh, steps) => wh + totalWh(steps, side), 0);
    // 8 kWh of roof and of evening, of which the battery moves what it stores: 8 in, 7.2 out.
    expect(sum('sell', 10, 14)).toBeLessThan(2_000);
    expect(sum('buy', 18, 22)).toBeLessThan(3_000);
    expect(await curves({ devices: [BATTERY], share: 0 }, day)).toEqual(bids);
  });

  it('is the forecast’s alone, and said, where devices cannot be scheduled', async () => {
    const car = { id: 'car', type: 'vehicle', capacityKwh: 40, chargeKw: 1, arrival: 20, departure: 22, requiredKwh: 30 }; // prettier-ignore
    expect(await curves({ devices: [car] }, bidDay('2026-03-02', 60))).toBeNull();
    expect(events).toEqual([['devices-not-bid', expect.objectContaining({ code: 'DISPATCH_INFEASIBLE' })]]);
  });

  it('is the forecast’s alone, and said, where programs take longer than they may', async () => {
    const devices = requireSiteDevices({ devices: [BATTERY] });
    expect(await deviceCurves(node, devices, bidDay('2026-03-02', 60), 0)).toBeNull();
    expect(events).toEqual([['devices-not-bid', expect.objectContaining({ code: 'DEVICES_TIME_OUT' })]]);
  });

  it('keeps within the connection, for which a battery has integers', async () => {
    const bids = await curves({ devices: [BATTERY], exportKw: 1, importKw: 3, share: 1 }, bidDay('2026-03-02', 60)); // prettier-ignore
    for (const steps of bids!) {
      // What the forecast spreads about its median comes on top.
      expect(totalWh(steps, 'buy')).toBeLessThanOrEqual(3_000 + 200);
      expect(totalWh(steps, 'sell')).toBeLessThanOrEqual(1_000 + 200);
    }
  }, 60_000);
});

describe('devices.json', () => {
  let directory: SiteDirectory;
  beforeEach(() => {
    directory = new SiteDirectory(mkdtempSync(join(tmpdir(), 'gridcommons-devices-')));
  });
  afterEach(() => rmSync(directory.path, { recursive: true }));
  const write = (text: string) => writeFileSync(directory.file('devices.json'), text);

  it('need not be there', () => {
    expect(readSiteDevices(directory)).toBeNull();
  });

  it('is read once it is', () => {
    write(JSON.stringify({ devices: [BATTERY] }));
    expect(readSiteDevices(directory)!.member.devices).toMatchObject([{ id: 'battery', capacityKwh: 8 }]);
  });

  it.each([
    ['FILE_NOT_JSON', '{'],
    ['INPUT_INVALID', '{}'],
    ['DEVICE_INPUT', JSON.stringify({ devices: [{ ...BATTERY, initialKwh: 9 }] })],
  ])('is refused before the node starts: %s', (code, text) => {
    write(text);
    expect(() => readSiteDevices(directory)).toThrow(expect.objectContaining({ code }));
  });
});
