import { CARRIERS, DISPATCH_LIMITS } from '#devices';
import { z } from 'zod';
import { decimal, identifier } from './decimal-schema.ts';

export const number = decimal.transform(Number);

/** One number for all slots, or one a slot. */
export const series = z.union([number, z.array(number).min(1).max(DISPATCH_LIMITS.slots)]);

const storage = {
  capacityKwh: number,
  chargeKw: number.describe('most that goes in at the terminals, as the mean of a slot'),
  dischargeKw: number.describe('most that comes out at the terminals'),
  chargeEfficiency: number.default(1).describe('in (0.01, 1]'),
  dischargeEfficiency: number.default(1).describe('in (0.01, 1]'),
  initialKwh: number.default(0),
  finalKwh: number.optional().describe('least at the end; default what was at the beginning'),
  hourlyRetention: number.optional().describe('share of what is stored that is left after an hour'),
  wearPerKwh: number.optional().describe('cost of a kWh taken out'),
};

const { finalKwh: _, ...parked } = storage;
const stay = {
  ...parked,
  dischargeKw: storage.dischargeKw.default(0).describe('above 0 for vehicle-to-grid'),
  arrival: z.int().describe('first slot in which it is plugged in'),
  departure: z.int().describe('slot at whose beginning it leaves; at most the horizon'),
  requiredKwh: number.describe('least that is stored at departure'),
};

const building = {
  resistanceCelsiusPerKw: number.describe('R of C·dT/dt = (T_out − T)/R + Q'),
  capacityKwhPerCelsius: number.describe('C of it'),
  initialCelsius: number,
  minCelsius: series.describe('comfort at the end of each slot'),
  maxCelsius: series,
  outdoorCelsius: series,
  gainsKw: series.optional().describe('sun and people'),
};

const conversion = {
  inputKw: number.describe('most it takes in'),
  minInputKw: number.optional().describe('least while it runs; default 0, which needs no integer'),
  costPerKwh: number.optional().describe('upkeep per kWh taken in'),
};

const device = <T extends string, Keys extends z.ZodRawShape>(type: T, keys: Keys) =>
  z.strictObject({ id: identifier, type: z.literal(type), ...keys });

export const deviceInput = z.discriminatedUnion('type', [
  device('pv', { availableKwh: series.describe('what the sun offers; may be left') }),
  device('battery', storage),
  device('tank', { carrier: z.enum(CARRIERS).exclude(['electricity']), ...storage }),
  device('vehicle', stay),
  device('charging-pile', {
    pileKw: number.describe('of all its vehicles together'),
    vehicles: z.array(z.strictObject(stay)).min(1).max(100),
  }),
  device('building', building),
  device('heat-pump', {
    cop: series.describe('heat per electricity at the outdoor temperature of the slot'),
    building: z.strictObject(building).optional().describe('absent: it gives to the member’s heat'),
    ...conversion,
  }),
  device('electrolyser', {
    hydrogenEfficiency: number,
    heatEfficiency: number.optional(),
    ...conversion,
  }),
  device('methanation', { gasEfficiency: number, heatEfficiency: number.optional(), ...conversion }),
  device('chp', { electricEfficiency: number, heatEfficiency: number, ...conversion }),
  device('boiler', { heatEfficiency: number, ...conversion }),
  device('base-station', {
    idleKw: number,
    fullKw: number.describe('at `capacityErlang` of traffic, linear between'),
    trafficErlang: series,
    capacityErlang: number,
    backupHours: number.describe('for whose calls the battery keeps a reserve'),
    ...storage,
  }),
  device('flexible-load', {
    wantedKwh: series,
    minKwh: series,
    maxKwh: series,
    discomfortPerKwh: number.describe('of more or less than wanted'),
    totalKwh: number.optional().describe('least over the horizon; default all that is wanted'),
  }),
]);

const carrierPrices = z.strictObject({
  buy: series.optional().describe('absent: it cannot be bought'),
  sell: series.optional().describe('absent: it cannot be sold'),
});

const load = z.union([series, z.partialRecord(z.enum(CARRIERS), series)]);

const time = {
  horizon: z.int().min(1).max(DISPATCH_LIMITS.slots).describe('number of slots'),
  resolution: z
    .string()
    .regex(/^PT(?=\d)(?:\d{1,2}H)?(?:\d{1,4}M)?$/, 'expected an ISO 8601 duration such as PT15M')
    .describe('length of a slot, at most PT24H'),
  unit: z.enum(['Wh', 'kWh', 'MWh']).default('kWh').describe('of load, pv and prices'),
  prices: z.strictObject({
    buy: series.optional().describe('of electricity, per unit'),
    sell: series.optional(),
    heat: carrierPrices.optional(),
    gas: carrierPrices.optional(),
    hydrogen: carrierPrices.optional(),
  }),
};

const memberInput = z.strictObject({
  id: identifier,
  load: load.default(0).describe('of electricity, or by carrier; per slot, in `unit`'),
  pv: series.optional().describe('what the sun offers, in `unit`; may be left'),
  devices: z.array(deviceInput).max(DISPATCH_LIMITS.devices).default([]),
  importKw: number.optional().describe('limit of its connection'),
  exportKw: number.optional(),
});

/** Input of `market dispatch`. */
export const dispatchInput = z.strictObject({
  ...time,
  mode: z
    .enum(['alone', 'community'])
    .default('alone')
    .describe('community: members exchange electricity at a common price before the grid'),
  members: z.array(memberInput).min(1).max(DISPATCH_LIMITS.members),
});

/** Input of `market bids`. */
export const bidsInput = z.strictObject({
  ...time,
  member: memberInput,
  slot: z.int().describe('the slot to bid for; prices of the others are what the member expects'),
  net: z
    .strictObject({ p10: number, p50: number, p90: number })
    .describe('quantiles of load less generation in the slot, beside load and pv of the member'),
  retail: number.describe('what a deviation costs, per unit'),
  feedIn: number.describe('what a deviation pays, per unit'),
  levels: z.int().min(0).max(200).default(20).describe('prices at which devices are asked what they want'),
});

const otherCarriers = z.enum(CARRIERS).exclude(['electricity']);

/** A site's `devices.json`: series of 24 by the hour of the local day, stays from hour to hour, kWh and units of money. */
export const siteDevicesInput = z.strictObject({
  devices: z
    .array(deviceInput.refine(({ type }) => type !== 'pv', 'expected no pv, which the forecast has in it'))
    .min(1)
    .max(DISPATCH_LIMITS.devices - 1),
  load: z.partialRecord(otherCarriers, series).default({}).describe('of heat, gas and hydrogen, kWh an hour'),
  prices: z
    .strictObject({
      heat: carrierPrices.optional(),
      gas: carrierPrices.optional(),
      hydrogen: carrierPrices.optional(),
    })
    .default({})
    .describe('per kWh; electricity has those of the session'),
  importKw: number.optional().describe('limit of the connection'),
  exportKw: number.optional(),
  share: number
    .refine((value) => value >= 0 && value <= 1, 'expected a share from 0 to 1')
    .optional()
    .describe('part of the flexibility that each slot offers; default 1 in all flexible slots together'),
});

export type BidsInput = z.infer<typeof bidsInput>;
export type DispatchInput = z.infer<typeof dispatchInput>;
export type DeviceInput = z.infer<typeof deviceInput>;
