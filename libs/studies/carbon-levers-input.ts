import { z } from 'zod';
import { basis } from './carbon-intensity-input.ts';
import { identifier, instant, nonNegative, share } from './decimal-schema.ts';
import { number } from './device-input.ts';

const amount = nonNegative.transform(Number);

const money = {
  investment: z
    .strictObject({
      amount,
      lifetimeYears: amount,
      interestRate: amount.default(0).describe('a year, such as 0.04'),
    })
    .optional()
    .describe('spent at once; told as an annuity'),
  costPerYear: number.default(0).describe('upkeep and fees'),
};

const lever = <T extends string, Keys extends z.ZodRawShape>(type: T, keys: Keys) =>
  z.strictObject({ id: identifier, type: z.literal(type), ...money, ...keys });

const fuel = z.strictObject({
  pricePerKwh: number,
  efficiency: amount.describe('heat per energy of the fuel'),
  factor: z
    .union([
      z.strictObject({ kgPerKwh: amount, basis, source: z.string().min(1).max(500) }),
      z.strictObject({
        fuel: identifier.describe(
          'one of `carbon factors`, such as natural-gas: direct emissions of its combustion',
        ),
        gwpSet: z.string().max(40).default('AR6'),
        calorific: z
          .enum(['ncv', 'gcv'])
          .default('ncv')
          .describe('of its energy: price, efficiency and emissions'),
        ncvPerGcv: amount.optional(),
      }),
    ])
    .describe('kgCO2e per kWh of the fuel, or where that is from'),
});

const levers = z.discriminatedUnion('type', [
  lever('shift', {
    flexibleShare: share.describe('of each hour’s load, within its local day'),
    maxLoadKwh: amount
      .optional()
      .describe('most that an hour draws then; default the largest load of the day'),
    costPerKwhMoved: amount.default(0),
  }),
  lever('share', {
    pricePerKwh: number.describe('of neighbours’ surplus, `surplusKwh` of the hours'),
    kgPerKwh: amount.optional().describe('of it; default PV on roofs, on `basis`'),
    source: z.string().max(500).optional().describe('of kgPerKwh'),
  }),
  lever('store', {
    capacityKwh: amount,
    chargeKw: amount,
    dischargeKw: amount,
    chargeEfficiency: amount.default(0.95),
    dischargeEfficiency: amount.default(0.95),
    hourlyRetention: amount.optional(),
    wearPerKwh: amount.optional().describe('cost of a kWh taken out'),
  }),
  lever('switch-fuel', {
    heatKwhPerYear: amount.optional().describe('the same in every hour; default `heatKwh` of the hours'),
    fuel,
    cop: amount.describe('heat per electricity of the heat pump'),
  }),
]);

/** Input of `carbon levers`. */
export const leversInput = z.strictObject({
  zone: z.string().max(60).default('UTC').describe('whose days load moves within'),
  basis: basis.default('direct'),
  averaging: z
    .enum(['average', 'marginal'])
    .default('average')
    .describe('of the intensities: average for inventories, marginal for decisions alone'),
  money: z.string().max(20).default('EUR').describe('unit of every price and cost'),
  worthPerTonne: amount
    .default(1_000_000)
    .describe(
      'what a tonne is worth to shifting, storing and sharing; by default emissions come first, money only between equals',
    ),
  prices: z
    .strictObject({ buy: number, sell: number.default(0) })
    .optional()
    .describe('per kWh, of hours that name none'),
  hours: z
    .array(
      z.strictObject({
        start: instant,
        loadKwh: amount,
        pvKwh: amount.default(0).describe('generated behind the meter'),
        intensityKgPerKwh: amount.nullable(),
        buy: number.optional(),
        sell: number.optional(),
        surplusKwh: amount.optional().describe('what neighbours feed in that may be bought'),
        heatKwh: amount.optional(),
      }),
    )
    .min(24)
    .max(8_784),
  levers: z.array(levers).min(1).max(20),
});

export type LeversInput = z.infer<typeof leversInput>;
