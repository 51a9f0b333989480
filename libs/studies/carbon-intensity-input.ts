import { z } from 'zod';
import { identifier, instant, nonNegative } from './decimal-schema.ts';
import { number } from './device-input.ts';

const kgPerKwh = nonNegative.transform(Number);

export const basis = z
  .enum(['direct', 'lifecycle'])
  .describe('what the intensities count; the two are never mixed');

/** A share strictly between 0 and 1, read as a double. */
const coverage = number.refine((value) => value > 0 && value < 1, 'expected a share between 0 and 1');

/** How it is forecast, whatever format the hours come in. */
export const aheadTerms = {
  zone: z.string().max(60).default('UTC').describe('whose days and weeks repeat'),
  issue: instant.optional().describe('first hour to forecast; default after the last known intensity'),
  horizonHours: z.int().min(1).max(96).default(24),
  lookbackHours: z.int().min(2).max(336).default(72).describe('hours that a forecast sees'),
  intervals: z
    .array(coverage)
    .min(1)
    .max(5)
    .default([0.8])
    .describe('shares of hours that intervals are to hold; `lower` and `upper` are of the first'),
  calendar: z
    .boolean()
    .optional()
    .describe('weekday and season as inputs; default where the history is longer than 400 days'),
  holidays: z.string().max(20).optional().describe('country or state, such as DE-BW; with the calendar'),
  basis: basis.default('direct'),
};

/** Input of `carbon intensity-forecast`. */
export const intensityForecastInput = z.strictObject({
  ...aheadTerms,
  factors: z
    .array(
      z.strictObject({
        fuel: identifier,
        kgPerKwh: kgPerKwh.describe('kgCO2e per kWh generated, on `basis`'),
        source: z.string().max(500).optional(),
      }),
    )
    .max(30)
    .default([])
    .describe(
      'of every fuel, where hours have generation and no intensity; default published ones of its name',
    ),
  hours: z
    .array(
      z.strictObject({
        start: instant,
        intensityKgPerKwh: kgPerKwh.nullish(),
        generationMwh: z
          .record(identifier, number)
          .optional()
          .describe('by fuel, up to the issue: an input, and the intensity where that is absent'),
        known: z
          .record(identifier, number)
          .optional()
          .describe('what is known ahead by name, such as forecasts of the weather, over the horizon too'),
      }),
    )
    .min(1)
    .max(100_000)
    .describe('in any order, each once; those after the issue with what is known ahead'),
});

export type IntensityForecastInput = z.infer<typeof intensityForecastInput>;
export type AheadTerms = Omit<IntensityForecastInput, 'hours' | 'factors'>;
