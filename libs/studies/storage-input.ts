import { z } from 'zod';
import { number, id } from './share-input.ts';

const prices = {
  pricePeak: number.describe('per unit of energy in the peak period'),
  priceOffPeak: number.describe('per unit of energy outside it'),
};

/** Input of `market storage --method core`. */
export const storageCoreInput = z.strictObject({
  members: z
    .array(
      z.strictObject({
        id,
        peak: number.describe('energy used in the peak period'),
        capacity: number.describe('energy it can store for it'),
      }),
    )
    .max(100_000),
  ...prices,
});

const priceStorage = number.describe('daily cost of a unit of capacity');

/** Input of `market storage --method equilibrium`: means with covariances, or observed days. */
export const storageEquilibriumInput = z.union([
  z.strictObject({
    members: z.array(z.strictObject({ id, mean: number.describe('mean peak use') })).max(1_000),
    covariance: z.array(z.array(number).max(1_000)).max(1_000).describe('of peak uses, row by row'),
    ...prices,
    priceStorage,
  }),
  z.strictObject({
    members: z
      .array(z.strictObject({ id, days: z.array(number).max(100_000).describe('peak use day by day') }))
      .max(1_000),
    neighbours: z.int().min(1).optional().describe('days that E[X_k | X_c = Q] is taken from; default √days'),
    ...prices,
    priceStorage,
  }),
]);

const wholeWh = z.int().min(0).max(1e15);
const wholePrice = z.int().describe('minor units per MWh of capacity');

/** Input of `market storage --method lease`. */
export const storageLeaseInput = z.strictObject({
  lots: z
    .array(
      z.strictObject({
        id,
        owner: id,
        capacityWh: wholeWh,
        reservedWh: wholeWh.default(0).describe('never let: backup of a base station, own need'),
        pricePerMwh: wholePrice,
      }),
    )
    .max(100_000),
  requests: z
    .array(z.strictObject({ id, member: id, capacityWh: wholeWh, pricePerMwh: wholePrice }))
    .max(100_000),
});

export type StorageCoreInput = z.infer<typeof storageCoreInput>;
export type StorageEquilibriumInput = z.infer<typeof storageEquilibriumInput>;
export type StorageLeaseInput = z.infer<typeof storageLeaseInput>;
