import { z } from 'zod';
import { decimal, identifier, nonNegative } from './decimal-schema.ts';

const MAX_MEMBERS = 10_000;
const MAX_UNITS = 1_000;
const MAX_ORDERS = 100_000;
const MAX_PERIODS = 366;
const MAX_TONNES = 1_000_000_000_000;

/** A decimal as it is printed. */
const printed = decimal.transform(String);
const printedShare = decimal
  .refine((value) => Number(value) >= 0 && Number(value) <= 1, 'expected a number from 0 to 1')
  .transform(String);
const year = z.int().min(1990).max(2200);
const tonnes = z.int().min(0).max(MAX_TONNES);
const emissions = z.number().min(0).max(MAX_TONNES);
const chance = z.number().gt(0).lt(1);
const text = z.string().min(1).max(1_000);
const rounding = z.enum(['half-up', 'down', 'up']);
const factors = z.record(identifier, printed).describe('multiply what is allocated, by name');

const loadBand = z.union([
  z.strictObject({ from: printedShare, factor: printed }),
  z.strictObject({ from: printedShare, intercept: printed, perPoint: printed, pivotPercent: printed }),
  z.strictObject({ from: printedShare, base: printed, constant: printed, perUnit: printed }),
]);

const corrections = z.strictObject({
  cooling: z.record(identifier, printed).optional().describe('factor by way of cooling'),
  heatPerShare: printed.optional().describe('x of 1 − x · share of heat supplied'),
  load: z
    .strictObject({
      condensingOnly: z.boolean().optional().describe('for units that supply no heat only'),
      bands: z
        .array(loadBand)
        .min(1)
        .max(20)
        .describe(
          'from a load share on: factor; or intercept + perPoint · (pivotPercent − 100 F); or base^(constant − perUnit · F)',
        ),
    })
    .optional(),
});

const unitClass = z.strictObject({
  id: identifier,
  title: text,
  benchmarkTPerMwh: printed.optional(),
  heatBenchmarkTPerGj: printed.optional(),
  benchmarkTPerUnit: printed.optional().describe('per unit of a product'),
  corrections: corrections.optional(),
  factors: factors.optional(),
  exempt: z.boolean().optional().describe('never owes more than it was allocated'),
});

const ruleSet = z.strictObject({
  id: identifier,
  version: z.int().min(1).default(1),
  scheme: identifier,
  years: z.array(year).min(1).max(20),
  title: text,
  outputBasis: z.enum(['supplied', 'generated', 'product']).describe('what of a unit’s output counts'),
  classes: z.array(unitClass).min(1).max(200),
  factors: factors.optional(),
  codes: z
    .strictObject({ allowance: z.string().regex(/^[A-Z]{3}$/), currency: z.string().regex(/^[A-Z]{3}$/) })
    .optional()
    .describe('three letters of an allowance in a ledger, and of the money it is traded for'),
  limit: z
    .strictObject({
      by: z.enum(['obligation', 'allocation']).describe('less is owed, or more is allocated'),
      gapShare: printedShare.describe('most that a gap counts, of verified emissions'),
    })
    .nullable()
    .describe('null: everything that is emitted is owed'),
  borrowing: z
    .strictObject({ from: year, leastGapShare: printedShare, shareOfGap: printedShare })
    .nullable()
    .optional()
    .describe('null: not allowed; absent: not stated'),
  carryOver: z
    .strictObject({ into: year, baseTonnes: printed, timesNetSold: printed })
    .nullable()
    .optional()
    .describe('null: not allowed; absent: not stated'),
  rounding: z.strictObject({ allocation: rounding, obligation: rounding }).describe('once a member'),
  sources: z.array(text).min(1).max(20),
  notes: z.array(text).max(20).optional(),
});

const given = nonNegative.optional();

const unit = z.strictObject({
  id: identifier,
  class: identifier.describe('a class of the rule set, such as coal-above-300-mw'),
  outputMwh: nonNegative.optional().describe('supplied or generated, as the rule set counts'),
  heatGj: nonNegative.optional().describe('heat supplied'),
  productUnits: nonNegative.optional().describe('activity level of a product benchmark'),
  coolingMethod: identifier.optional().describe('such as water or air'),
  heatShare: printedShare.optional().describe('share of the heat made that is supplied to users'),
  loadFactor: printedShare.optional().describe('mean output over what it could put out while it ran'),
  corrections: z
    .strictObject({ cooling: given, heat: given, load: given })
    .optional()
    .describe('factors that an authority determined, in place of the rule’s'),
  verifiedTonnes: nonNegative.optional(),
  fuels: z
    .array(
      z.strictObject({
        fuel: identifier,
        fuelTj: nonNegative,
        factorTPerTj: nonNegative.describe('tCO2 per TJ, on the same heating value'),
        oxidation: printedShare.default('1'),
      }),
    )
    .max(100)
    .optional()
    .describe('instead of verifiedTonnes'),
});

const yearEnd = z.strictObject({
  actualTonnes: z.array(emissions).min(1).max(MAX_PERIODS).describe('periods that are over, in order'),
  pastTonnes: z
    .array(emissions)
    .min(1)
    .max(MAX_PERIODS)
    .optional()
    .describe('all periods of a past year: the rest follows its season'),
  expected: z
    .array(z.strictObject({ tonnes: emissions, lowTonnes: emissions, highTonnes: emissions }))
    .max(MAX_PERIODS)
    .optional()
    .describe('or a forecast of each period to come, with an interval'),
  expectedLevel: chance.default(0.8).describe('chance of the intervals in `expected`'),
  correlation: z.number().min(0).max(1).default(1).describe('of the errors of any two periods in `expected`'),
  level: chance.default(0.8).describe('chance of the interval that is told'),
  heldTonnes: tonnes.optional().describe('at the end of the year; default: what the member holds'),
});

const member = z.strictObject({
  id: identifier,
  units: z.array(unit).max(MAX_UNITS).default([]),
  verifiedTonnes: nonNegative.optional().describe('of all units; default: their sum'),
  heldTonnes: tonnes.optional().describe('allowances it has; default: what it is allocated'),
  netSoldTonnes: decimal.optional().describe('sold less bought: asks what may be carried over'),
  yearEnd: yearEnd.optional(),
});

/** Input of `carbon allowances`. */
export const allowancesInput = z.strictObject({
  scheme: identifier.default('china-ets-power'),
  year: year.optional().describe('compliance year; its rule set is taken unless one is given'),
  ruleSet: z.union([identifier, ruleSet]).optional().describe('the id of one, or one in the same form'),
  members: z.array(member).min(1).max(MAX_MEMBERS),
  orders: z
    .array(
      z.strictObject({
        id: identifier,
        member: identifier,
        side: z.enum(['buy', 'sell']),
        tonnes: z.int().min(1).max(MAX_TONNES),
        pricePerTonne: nonNegative.describe('limit, with at most two decimals'),
      }),
    )
    .max(MAX_ORDERS)
    .optional()
    .describe('in the order in which they come; a sell order offers what its member holds'),
});

export type AllowancesInput = z.infer<typeof allowancesInput>;
