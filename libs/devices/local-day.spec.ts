import { describe, expect, it } from '@jest/globals';
import { type DeviceMember, type DeviceTerms, HOURS_OF_DAY, onLocalDay } from './index.ts';

const byHour = (value: (hour: number) => number) => Array.from({ length: HOURS_OF_DAY }, (_, h) => value(h));
const VEHICLE = {
  capacityKwh: 40,
  chargeKw: 11,
  dischargeKw: 0,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  initialKwh: 10,
  requiredKwh: 20,
};
const MEMBER: DeviceMember = {
  id: 'site',
  loadKwh: { heat: byHour((h) => h) },
  devices: [
    { id: 'car', type: 'vehicle', ...VEHICLE, arrival: 2, departure: 7 },
    {
      id: 'wash',
      type: 'flexible-load',
      wantedKwh: byHour((h) => h),
      minKwh: byHour(() => 0),
      maxKwh: byHour(() => 24),
      discomfortPerKwh: 1,
    },
    { id: 'pump', type: 'heat-pump', inputKw: 2, cop: byHour((h) => 2 + h / 24) },
    { id: 'pile', type: 'charging-pile', pileKw: 11, vehicles: [{ ...VEHICLE, arrival: 0, departure: 24 }] },
  ],
};
const TERMS: DeviceTerms = { slots: 24, slotHours: 1, prices: { gas: { buyPerKwh: byHour((h) => h) } } };
const hours = (all: readonly number[], slotsPerHour = 1) => ({
  hours: all.flatMap((hour) => Array.from({ length: slotsPerHour }, () => hour)),
  slotsPerHour,
});

describe('devices told by the hours of a local day', () => {
  it('divide energies over the slots of an hour, and nothing else', () => {
    const { member, terms } = onLocalDay(
      MEMBER,
      TERMS,
      hours(
        byHour((h) => h),
        4,
      ),
    );
    expect(terms).toMatchObject({ slots: 96, slotHours: 0.25 });
    expect(terms.prices.gas!.buyPerKwh!.slice(4, 9)).toEqual([1, 1, 1, 1, 2]);
    expect(member.loadKwh.heat!.slice(4, 9)).toEqual([0.25, 0.25, 0.25, 0.25, 0.5]);
    const [car, wash, pump, pile] = member.devices;
    expect(car).toMatchObject({ arrival: 8, departure: 28, chargeKw: 11 });
    expect(wash).toMatchObject({ wantedKwh: expect.arrayContaining([0.25]) });
    expect(wash).toHaveProperty(
      'maxKwh',
      Array.from({ length: 96 }, () => 6),
    );
    expect(pump).toHaveProperty(
      'cop',
      byHour((h) => 2 + h / 24).flatMap((cop) => [cop, cop, cop, cop]),
    );
    expect(pile).toMatchObject({ vehicles: [{ arrival: 0, departure: 96 }] });
  });

  it.each([
    ['spring leaves out', byHour((h) => h).filter((h) => h !== 2), { arrival: 2, departure: 6 }],
    ['autumn repeats', byHour((h) => h).toSpliced(2, 0, 2), { arrival: 2, departure: 8 }],
  ])('keep their clock on the day whose hour %s', (_, day, stay) => {
    const { member, terms } = onLocalDay(MEMBER, TERMS, hours(day));
    expect(member.devices[0]).toMatchObject(stay);
    expect(terms.prices.gas!.buyPerKwh).toEqual(day);
  });
});
