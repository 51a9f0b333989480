import { BASE_YEAR_CHANGES, DISTANCE_UNITS, FUEL_UNITS } from '#carbon';
import { z } from 'zod';
import {
  energyFactor,
  factorTerms,
  fraction,
  gridFactors,
  MAX_HOURS,
  span,
  terms,
  text,
} from './carbon-inventory-terms.ts';
import { decimal, identifier, instant, nonNegative } from './decimal-schema.ts';

const grid = z.strictObject({
  zone: identifier.describe('as activities name it, e.g. DE, US-CAL-CISO'),
  carrier: identifier.default('electricity'),
  partOf: identifier
    .optional()
    .describe('zone that answers where this one has no factor; known zones have theirs'),
  market: identifier
    .optional()
    .describe('within which instruments may be claimed; default the zone’s country'),
  ...gridFactors,
  hours: z
    .array(
      z.strictObject({
        start: instant,
        factorKgPerKwh: nonNegative.optional(),
        residualFactorKgPerKwh: nonNegative.optional(),
      }),
    )
    .max(MAX_HOURS)
    .optional(),
});

/** Unit → the end of its keys. */
export const UNIT_KEYS = {
  kWh: 'Kwh',
  MWh: 'Mwh',
  MJ: 'Mj',
  GJ: 'Gj',
  TJ: 'Tj',
  mmBtu: 'Mmbtu',
  kg: 'Kg',
  t: 'Tonne',
  litre: 'Litre',
  m3: 'M3',
  km: 'Km',
  tkm: 'Tkm',
  pkm: 'Pkm',
} as const;
type UnitKey = (typeof UNIT_KEYS)[keyof typeof UNIT_KEYS];

const perUnit = <P extends string>(prefix: P): Record<`${P}${UnitKey}`, z.ZodOptional<typeof nonNegative>> =>
  Object.fromEntries(
    Object.values(UNIT_KEYS).map((key) => [`${prefix}${key}`, nonNegative.optional()]),
  ) as Record<`${P}${UnitKey}`, z.ZodOptional<typeof nonNegative>>;

const UNITS = [...FUEL_UNITS, ...DISTANCE_UNITS] as const;
const calorific = z.enum(['ncv', 'gcv']);

const fuel = z.strictObject({
  kind: z.enum(['stationary', 'mobile']),
  ...terms,
  ...factorTerms,
  fuel: identifier
    .optional()
    .describe('as `carbon factors` lists them; without a factor of your own: its combustion factors'),
  amount: nonNegative,
  unit: z.enum(UNITS),
  calorific: calorific.default('ncv').describe('of the amount’s energy or calorific value'),
  kgPerLitre: nonNegative.optional(),
  mjPerKg: nonNegative.optional(),
  mjPerLitre: nonNegative.optional(),
  mjPerM3: nonNegative.optional(),
  ncvPerGcv: nonNegative
    .optional()
    .describe('net / gross calorific value, where amount and factor differ in it'),
  ...perUnit('factorKgPer'),
  gasFactors: z
    .strictObject({
      unit: z.enum(UNITS),
      kg: z.record(identifier, nonNegative).describe('kg a unit: CO2, CH4, N2O, CO2-biogenic, …'),
    })
    .optional()
    .describe('factors by gas'),
  factorCalorific: calorific.default('ncv').describe('of a factor per unit of energy'),
  biogenicShare: fraction.default(0).describe('of the CO2: told apart'),
  ...perUnit('upstreamFactorKgPer'),
});

const energyHours = z
  .array(
    z.strictObject({
      start: instant,
      consumptionKwh: nonNegative.nullable().describe('null: no reading'),
      factorKgPerKwh: nonNegative.optional(),
      residualFactorKgPerKwh: nonNegative.optional(),
    }),
  )
  .max(MAX_HOURS);

const purchased = z.strictObject({
  kind: z
    .enum(['purchased', 'grid-losses'])
    .describe('grid-losses: what is lost in a grid of one’s own, scope 2 of its owner'),
  ...terms,
  carrier: identifier.default('electricity').describe('electricity, heat, steam, cooling'),
  zone: identifier.optional(),
  market: identifier.optional(),
  consumptionKwh: nonNegative.optional().describe('of the whole period; default the sum of hours'),
  hours: energyHours.optional(),
  ...gridFactors,
});

const ownGeneration = z.strictObject({
  kind: z.literal('own-generation'),
  ...terms,
  carrier: identifier.default('electricity'),
  zone: identifier.optional().describe('whose residual mix tells what was used without its attributes'),
  market: identifier.optional(),
  consumptionKwh: nonNegative.describe('generated and used on site'),
  attributesSoldKwh: nonNegative
    .default(0)
    .describe('of it, with the certificates sold: market-based it is bought from the residual mix'),
  ...energyFactor,
});

const resold = z.strictObject({
  kind: z.literal('resold'),
  ...terms,
  ...factorTerms,
  carrier: identifier.default('electricity'),
  soldKwh: nonNegative.describe('bought and sold to end users'),
  lifecycleFactorKgPerKwh: nonNegative,
});

const leak = z.strictObject({
  kind: z.literal('leak'),
  ...terms,
  gas: identifier.describe('SF6, HFC-134a, R-410A, CH4-fossil, …'),
  leakedKg: nonNegative.optional(),
  stock: z
    .strictObject({
      startKg: nonNegative,
      endKg: nonNegative,
      purchasedKg: nonNegative.default(0),
      recoveredKg: nonNegative.default(0),
      capacityChangeKg: decimal.default(0),
    })
    .optional()
    .describe('or by mass balance'),
  charge: z.strictObject({ kg: nonNegative, leakShare: fraction }).optional().describe('or by screening'),
  gwpKgPerKg: nonNegative.optional().describe('kgCO2e per kg; default the GWP set’s'),
  factorSource: text.optional(),
  factorUncertaintyPercent: nonNegative.optional(),
});

const given = z.strictObject({
  kind: z.literal('given'),
  ...terms,
  emissionsKg: nonNegative.describe('CO2e, computed elsewhere'),
  biogenicCo2Kg: nonNegative.default(0),
  source: text,
});

const activity = z.discriminatedUnion('kind', [fuel, purchased, ownGeneration, resold, leak, given]);

const instrumentHours = z
  .array(z.strictObject({ start: instant, energyKwh: nonNegative }))
  .max(MAX_HOURS)
  .optional()
  .describe('when it was generated; without hours it covers nothing hour by hour');
const instrumentTerms = {
  id: identifier,
  carrier: identifier.default('electricity'),
  market: identifier,
  activities: z
    .array(identifier)
    .min(1)
    .max(1_000)
    .optional()
    .describe('ids it is for; default any of its market'),
  ...energyFactor,
  technology: identifier.optional().describe('of what is generated, instead of a factor: its shipped one'),
};
const units = {
  certificateId: identifier.optional().describe('units of one certificate may be claimed once'),
  firstUnit: z.int().min(0).optional(),
  lastUnit: z.int().min(0).optional(),
};
const vintage = z.union([z.int().min(1990).max(2200).describe('year'), span]);

const instrument = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('certificate'),
    ...instrumentTerms,
    energyKwh: nonNegative.optional(),
    hours: instrumentHours,
    vintage,
    retired: z.boolean().describe('cancelled by you or for you'),
    exclusive: z.boolean().default(true).describe('claimed by nobody else'),
    ...units,
  }),
  z.strictObject({
    kind: z.literal('contract'),
    ...instrumentTerms,
    energyKwh: nonNegative.optional(),
    hours: instrumentHours,
    vintage: vintage.optional(),
    exclusive: z.boolean().default(true).describe('its attributes go to nobody else'),
    ...units,
  }),
  z.strictObject({
    kind: z.literal('supplier'),
    ...instrumentTerms,
    energyKwh: nonNegative.optional().describe('default all that is left'),
    exclusive: z.boolean().default(true).describe('the rate leaves out what the supplier sold apart'),
  }),
]);

const baseYear = z.strictObject({
  year: z.int().min(1990).max(2200),
  emissionsKg: nonNegative,
  account: z.enum(['location', 'market']).default('location').describe('that the figure counts'),
  scopes: z
    .array(z.literal([1, 2, 3]))
    .min(1)
    .max(3)
    .default([1, 2])
    .describe('that the figure counts'),
  thresholdPercent: nonNegative.default(5).describe('from which on a change is significant'),
  changes: z
    .array(
      z.strictObject({
        id: identifier,
        kind: z.enum(BASE_YEAR_CHANGES),
        effectKg: decimal.describe('on the emissions of the base year'),
        existedInBaseYear: z.boolean().default(true),
        reportedElsewhere: z
          .boolean()
          .default(false)
          .describe('of in- and outsourcing: still in the inventory, under another scope'),
      }),
    )
    .max(1_000)
    .default([]),
});

/** Input of `carbon inventory`. */
export const inventoryInput = z.strictObject({
  period: span.optional().describe('needed for instruments with a vintage and for shipped factors'),
  gwpSet: z
    .union([
      identifier,
      z.strictObject({
        id: identifier,
        source: text,
        gwp100: z.record(identifier, nonNegative).describe('kgCO2e per kg by gas'),
      }),
    ])
    .default('AR5'),
  basis: z
    .enum(['direct', 'lifecycle'])
    .default('direct')
    .describe('of scope 2; the GHG Protocol counts combustion'),
  matching: z
    .enum(['annual', 'hourly'])
    .default('annual')
    .describe('which of the two the totals take; both are told'),
  vintageMonthsBefore: z
    .int()
    .min(0)
    .max(24)
    .default(0)
    .describe('how much earlier than the period an instrument may have generated'),
  vintageMonthsAfter: z.int().min(0).max(24).default(0),
  grids: z
    .array(grid)
    .max(1_000)
    .default([])
    .describe('factors by zone and carrier; what an activity says itself goes before'),
  activities: z.array(activity).min(1).max(5_000),
  instruments: z.array(instrument).max(10_000).default([]),
  baseYear: baseYear.optional(),
  listHours: z.boolean().default(false).describe('also tell each hour of scope 2'),
});

export type InventoryStudyInput = z.infer<typeof inventoryInput>;
export type ActivityInput = InventoryStudyInput['activities'][number];
export type FuelInput = z.infer<typeof fuel>;
export type PurchasedInput = z.infer<typeof purchased>;
export type OwnGenerationInput = z.infer<typeof ownGeneration>;
export type LeakInput = z.infer<typeof leak>;
export type GridInput = z.infer<typeof grid>;
export type InstrumentInput = z.infer<typeof instrument>;
export type HourInput = NonNullable<GridInput['hours']>[number];
