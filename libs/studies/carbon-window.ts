import { type EnergyNeed, lowestCarbonWindows, WINDOW_LIMITS, type WindowEmissions } from '#carbon';
import { HOUR_MS, isoInstant, parseInstant } from '#core';
import { z } from 'zod';
import { type Flag, suspectIntensities } from './carbon-flag.ts';
import { instant, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

/** Changes with every change of what is computed. */
const METHOD = 'gridcommons/carbon-window/1';

/** Printed with each result. */
const ASSUMPTIONS: readonly string[] = [
  'Power is constant within a part.',
  'The interval adds up those of the hours, as if all of them erred together: it is as wide as it can be.',
  'Average intensities say what an inventory will hold; what a shifted kWh changes in the grid is marginal and another number.',
];

const windowInput = z.strictObject({
  energyKwh: nonNegative,
  durationMinutes: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('at constant power; default as the limit of power allows'),
  maxPowerKw: nonNegative.optional(),
  contiguous: z.boolean().default(true).describe('in one run, or in parts'),
  earliest: instant.optional().describe('default the first hour of the forecast'),
  latest: instant.optional().describe('by when it must have ended; default the end of the forecast'),
  alternatives: z
    .int()
    .min(1)
    .max(WINDOW_LIMITS.alternatives)
    .default(3)
    .describe('of one run: how many are told'),
  hours: z
    .array(
      z.strictObject({
        start: instant,
        intensityKgPerKwh: nonNegative,
        lowerKgPerKwh: nonNegative.optional(),
        upperKgPerKwh: nonNegative.optional(),
        intervals: z
          .array(z.unknown())
          .max(5)
          .optional()
          .describe('as `carbon intensity-forecast` tells them; not read'),
      }),
    )
    .min(1)
    .max(WINDOW_LIMITS.hours),
});

type WindowInput = z.infer<typeof windowInput>;

interface WindowView {
  readonly start: string;
  readonly end: string;
  readonly parts: readonly { readonly start: string; readonly end: string; readonly energyKwh: number }[];
  readonly emissionsKg: number;
  readonly lowerKg: number | null;
  readonly upperKg: number | null;
}

export interface WindowResult {
  readonly method: string;
  readonly unit: 'kgCO2e';
  /** The best first. */
  readonly windows: readonly WindowView[];
  /** Without waiting; null where the forecast does not say. */
  readonly immediate: WindowView | null;
  /** Of the best window against that. */
  readonly savedKg: number | null;
  readonly savedPercent: number | null;
  readonly flags: readonly Flag[];
  readonly assumptions: readonly string[];
}

/** `carbon window`. */
export const windowStudy: Study<WindowInput, object, WindowResult> = {
  verb: 'window',
  method: null,
  title: 'when an energy need emits least by a forecast of intensities',
  input: windowInput,
  options: noOptions,
  run: windowsOf,
};

/** @throws INSTANT_MALFORMED, WINDOW_INPUT, WINDOW_POWER, WINDOW_INFEASIBLE */
function windowsOf({ hours, alternatives, ...asked }: WindowInput): WindowResult {
  const forecast = hours.map(({ start, intensityKgPerKwh, lowerKgPerKwh, upperKgPerKwh }) => ({
    startMs: parseInstant(start),
    kgPerKwh: intensityKgPerKwh,
    ...(lowerKgPerKwh !== undefined && { lowerKgPerKwh }),
    ...(upperKgPerKwh !== undefined && { upperKgPerKwh }),
  }));
  const starts = forecast.map(({ startMs }) => startMs);
  const { windows, immediate } = lowestCarbonWindows(forecast, needOf(asked, starts), alternatives);
  const saved = immediate && immediate.emissionsKg - windows[0]!.emissionsKg;
  return {
    method: METHOD,
    unit: 'kgCO2e',
    windows: windows.map(viewOf),
    immediate: immediate && viewOf(immediate),
    savedKg: saved,
    savedPercent:
      saved !== null && immediate!.emissionsKg > 0 ? (100 * saved) / immediate!.emissionsKg : null,
    flags: suspectIntensities(hours.map(({ intensityKgPerKwh }) => Number(intensityKgPerKwh))),
    assumptions: ASSUMPTIONS,
  };
}

const needOf = (
  {
    energyKwh,
    durationMinutes,
    maxPowerKw,
    contiguous,
    earliest,
    latest,
  }: Omit<WindowInput, 'hours' | 'alternatives'>,
  starts: readonly number[],
): EnergyNeed => ({
  energyKwh,
  contiguous,
  earliestMs: earliest === undefined ? Math.min(...starts) : parseInstant(earliest),
  latestMs: latest === undefined ? Math.max(...starts) + HOUR_MS : parseInstant(latest),
  ...(durationMinutes !== undefined && { durationMs: durationMinutes * 60_000 }),
  ...(maxPowerKw !== undefined && { maxPowerKw }),
});

const viewOf = ({ parts, ...emissions }: WindowEmissions): WindowView => ({
  start: isoInstant(parts[0]!.startMs),
  end: isoInstant(parts.at(-1)!.endMs),
  parts: parts.map(({ startMs, endMs, energyKwh }) => ({
    start: isoInstant(startMs),
    end: isoInstant(endMs),
    energyKwh,
  })),
  ...emissions,
});
