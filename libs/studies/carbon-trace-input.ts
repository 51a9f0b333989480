import { DomainError, parseInstant } from '#core';
import { BALANCE_TOLERANCE } from '#tracing';
import { z } from 'zod';
import { decimal, identifier, nonNegative, share } from './decimal-schema.ts';

const MAX_ZONES = 20_000;
const MAX_FLOWS = 200_000;
/** A leap year. */
const MAX_HOURS = 8_784;

const mwh = decimal.transform(Number);
const missing = mwh.nullable();
const byPollutant = z.record(identifier, decimal.transform(Number));
const factor = z.union([decimal.transform(Number), byPollutant]);
const factors = z.record(identifier, factor);
const weight = decimal.refine((value) => Number(value) > 0, 'expected a number above 0').transform(Number);

const zone = z.strictObject({
  id: identifier,
  generation: z
    .record(identifier, missing)
    .describe('MWh by fuel; null: missing; negative: load, or the charge of a storage'),
  demand: missing.optional().describe('MWh; absent: what the balance leaves; null: missing'),
  netGeneration: missing.optional().describe('MWh of all fuels, where it is stated beside them'),
  interchange: missing.optional().describe('net exports in MWh, where they are stated beside the flows'),
  factors: factors.optional().describe("the zone's own, before those of all zones"),
  emissions: z
    .union([decimal.transform(Number), byPollutant])
    .optional()
    .describe('kg emitted by its generation, where that is known instead of factors'),
  weights: z
    .strictObject({
      generation: z.record(identifier, weight).optional(),
      demand: weight.optional(),
      netGeneration: weight.optional(),
      interchange: weight.optional(),
    })
    .optional()
    .describe('of squared corrections, instead of 10000 / max(gamma, |MWh|)'),
});

const flow = z.strictObject({
  from: identifier,
  to: identifier,
  mwh: missing.describe('negative: the other way; null: missing'),
  reportedBy: identifier
    .optional()
    .describe('which end measured it; without it, flows of both directions are netted'),
  weight: weight.optional(),
});

const zones = z.array(zone).min(1).max(MAX_ZONES);
const flows = z.array(flow).max(MAX_FLOWS);

const hour = z.strictObject({
  start: z.string().max(40).optional().describe('instant at which it begins, ISO 8601 with an offset'),
  zones,
  flows: flows.default([]),
});

/** kg a MWh in these units. */
export const KG_PER_MWH = {
  'gCO2e/kWh': 1,
  'kg/MWh': 1,
  'g/kWh': 1,
  'kg/kWh': 1_000,
  't/MWh': 1_000,
  'lb/MWh': 0.453_592_37,
};

export const traceInput = z
  .strictObject({
    zones: zones.optional(),
    flows: flows.optional(),
    hours: z
      .array(hour)
      .min(1)
      .max(MAX_HOURS)
      .optional()
      .describe('instead of zones and flows, in the order of time'),
    factors: factors
      .optional()
      .describe('of fuels, in `factorUnit`; of one pollutant a number, of several {pollutant: number}'),
    factorUnit: z.enum(Object.keys(KG_PER_MWH) as [keyof typeof KG_PER_MWH]).default('gCO2e/kWh'),
    factorAveraging: z
      .enum(['average', 'marginal'])
      .default('average')
      .describe('marginal factors are refused: a trace is of averages'),
    basis: z
      .enum(['direct', 'lifecycle'])
      .default('lifecycle')
      .describe('of the published factors that stand in for fuels without a factor of yours'),
    pollutants: z
      .array(identifier)
      .max(20)
      .default(['co2e'])
      .describe('the first is `intensity` and `emissions`; none: mix and provenance only'),
    storage: z
      .array(
        z.strictObject({
          fuel: identifier,
          zone: identifier.optional().describe('absent: every zone that has it'),
          roundTripEfficiency: share
            .refine((value) => value > 0, 'expected a number above 0')
            .describe('MWh discharged a MWh charged'),
          initial: z
            .strictObject({ mwh: nonNegative.transform(Number), intensity: factor })
            .optional()
            .describe('what it can discharge before the first hour; absent: empty'),
        }),
      )
      .max(MAX_ZONES)
      .default([])
      .describe('fuels that charge: what they discharge carries what charging took in'),
    cleaning: z
      .strictObject({
        gammaMwh: nonNegative
          .refine((value) => Number(value) > 0, 'expected a number above 0')
          .transform(Number)
          .default(10),
        demandFloorMwh: nonNegative.transform(Number).default(0),
        netGenerationFloorMwh: nonNegative.transform(Number).default(0),
        fuelFloorMwh: nonNegative.transform(Number).default(0),
        tolerance: share
          .default(BALANCE_TOLERANCE)
          .describe('imbalance of a zone, as a share of what flows through it, that is none'),
      })
      .prefault({}),
  })
  .superRefine(({ zones: one, flows: itsFlows, hours }, context) => {
    const message = 'expected zones and flows of one hour, or hours';
    if ((one === undefined) === (hours === undefined) || (hours !== undefined && itsFlows !== undefined)) {
      context.addIssue({ code: 'custom', message, path: [hours === undefined ? 'zones' : 'hours'] });
    }
  });

export type TraceInput = z.infer<typeof traceInput>;
export type TraceZone = z.infer<typeof zone>;
export type FactorValue = z.infer<typeof factor>;

export interface TraceHour {
  readonly startMs: number | null;
  readonly zones: readonly TraceZone[];
  readonly flows: readonly z.infer<typeof flow>[];
}

/** @throws TRACE_HOURS_UNSORTED, INSTANT_* */
export function hoursOf(input: TraceInput): TraceHour[] {
  const hours = input.hours ?? [{ zones: input.zones!, flows: input.flows ?? [] }];
  let last = -Infinity;
  return hours.map(({ start, ...records }: z.infer<typeof hour>) => {
    const startMs = start === undefined ? null : parseInstant(start);
    if (startMs !== null && startMs <= last) {
      throw new DomainError('TRACE_HOURS_UNSORTED', `expected hours in the order of time, got ${start} late`);
    }
    last = startMs ?? last;
    return { startMs, ...records };
  });
}
