import { parseInstant } from '#core';
import { MARGINAL_METHOD, marginalEmissions, type MarginalEstimate } from '#tracing';
import { z } from 'zod';
import { decimal } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

/** Ten leap years. */
const MAX_HOURS = 87_840;

const marginalInput = z.strictObject({
  hours: z
    .array(
      z.strictObject({
        start: z.string().max(40).describe('instant at which it begins, ISO 8601 with an offset'),
        emissionsKg: decimal.transform(Number).describe('of all generation of the system'),
        demandMwh: decimal.transform(Number).describe('that this generation serves'),
      }),
    )
    .min(1)
    .max(MAX_HOURS),
});

type MarginalInput = z.infer<typeof marginalInput>;

export interface MarginalResult {
  readonly method: string;
  /** Of no account: it says what a change of load changes. */
  readonly averaging: 'marginal';
  readonly unit: 'kg/MWh';
  readonly all: MarginalEstimate;
  /** Of the hours of the day, UTC, with enough differences. */
  readonly byHourOfDay: readonly MarginalEstimate[];
}

/** `carbon marginal`. */
export const marginalStudy: Study<MarginalInput, object, MarginalResult> = {
  verb: 'marginal',
  method: null,
  title: 'marginal emissions of a system, from how emissions and demand change together',
  input: marginalInput,
  options: noOptions,
  run({ hours }) {
    const [all, ...byHourOfDay] = marginalEmissions(
      hours.map(({ start, ...hour }) => ({ startMs: parseInstant(start), ...hour })),
    );
    return { method: MARGINAL_METHOD, averaging: 'marginal', unit: 'kg/MWh', all: all!, byHourOfDay };
  },
};
