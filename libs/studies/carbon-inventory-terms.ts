import { QUALITY_INDICATORS } from '#carbon';
import { z } from 'zod';
import { decimal, identifier, instant, nonNegative } from './decimal-schema.ts';

export const MAX_HOURS = 200_000;
export const text = z.string().min(1).max(500);
export const span = z.strictObject({ start: instant, end: instant });
export const fraction = nonNegative.refine((value) => Number(value) <= 1, 'expected a number from 0 to 1');

/** Said of any factor. */
export const factorTerms = {
  factorId: identifier
    .optional()
    .describe('what the factor is called; without a number: of a shipped factor'),
  factorSource: text.optional().describe('where it is published'),
  factorGwpSet: identifier
    .optional()
    .describe('the GWP set its CO2e was made with; another than the inventory’s is refused'),
  factorUncertaintyPercent: nonNegative.optional().describe('half-width of its 95 % interval'),
};

/** Of a kWh. */
export const energyFactor = {
  ...factorTerms,
  factorKgPerKwh: nonNegative.optional().describe('combustion, kgCO2e per kWh delivered'),
  basis: z
    .enum(['direct', 'lifecycle'])
    .optional()
    .describe('of factorKgPerKwh and residualFactorKgPerKwh; default the inventory’s, another is refused'),
  averaging: z.enum(['average', 'marginal']).default('average').describe('marginal factors are refused'),
};

/** Of purchased energy and of grids. */
export const gridFactors = {
  ...energyFactor,
  residualFactorKgPerKwh: nonNegative.optional().describe('residual mix'),
  residualFactorSource: text.optional(),
  lifecycleFactorKgPerKwh: nonNegative.optional().describe('for upstream = life cycle − combustion − losses'),
  upstreamFactorKgPerKwh: nonNegative.optional().describe('goes before lifecycleFactorKgPerKwh'),
  lossOfDelivered: nonNegative.optional().describe('lost in the grid / delivered'),
  lossOfGeneration: nonNegative
    .optional()
    .describe('lost / generated, a share r: r / (1 − r) of what is delivered'),
  lossBasis: z
    .enum(['direct', 'lifecycle'])
    .default('direct')
    .describe(
      'direct: losses × combustion (GHG Protocol Example 3.1); lifecycle: losses × life cycle (formula 3.3)',
    ),
  lossSource: text.optional(),
  lifecycleIncludesLosses: z.boolean().default(true),
};

/** Said of any activity. */
export const terms = {
  id: identifier,
  site: identifier.optional(),
  scope3Category: z
    .int()
    .min(1)
    .max(15)
    .optional()
    .describe(
      'told in this category of scope 3 instead of scope 1 or 2: 4 transport by others, 8 leased assets, …',
    ),
  leased: z
    .union([
      z.strictObject({ share: fraction }),
      z.strictObject({
        areaM2: nonNegative,
        buildingAreaM2: nonNegative,
        occupancyShare: fraction.default(1).describe('occupied / building area'),
      }),
    ])
    .optional()
    .describe('one’s own part of the amount: a share, or area / (building area × occupancy)'),
  uncertaintyPercent: nonNegative
    .optional()
    .describe('of the activity data: half-width of the 95 % interval'),
  quality: z
    .strictObject(
      Object.fromEntries(QUALITY_INDICATORS.map((name) => [name, decimal.optional()])) as Record<
        (typeof QUALITY_INDICATORS)[number],
        z.ZodOptional<typeof decimal>
      >,
    )
    .optional()
    .describe('1 best to 5 worst'),
  primary: z.boolean().optional().describe('rests on data of the activity itself'),
  estimated: z.boolean().default(false).describe('the amount is an estimate'),
};

/** Factors of an energy, as an activity or a grid gives them. */
export type GridTerms = z.infer<z.ZodObject<typeof gridFactors>>;
