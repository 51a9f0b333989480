import {
  type Bin,
  dayShapes,
  LEAST_ORGANISATIONS,
  PORTRAIT_METHOD,
  peerPosition,
  type PeerPosition,
  portraitOf,
  type Portrait,
  sectorView,
  type SectorView,
  trendOf,
  type Trend,
} from '#analytics';
import { HOUR_MS, isoInstant, parseInstant } from '#core';
import { z } from 'zod';
import { decimal, identifier, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

const MAX_HOURS = 90_000;
const MAX_ORGANISATIONS = 10_000;

const instant = z.iso.datetime({ offset: true }).transform(parseInstant);
const number = decimal.transform(Number);
const zone = z.string().min(1).max(64).default('UTC').describe('IANA time zone of the days');
const leastOrganisations = z
  .int()
  .min(2)
  .max(1_000)
  .default(LEAST_ORGANISATIONS)
  .describe('organisations in a figure that is told, at least');

const portraitInput = z.strictObject({
  start: instant.describe('of the first hour, ISO 8601'),
  loadKwh: z
    .array(nonNegative.transform(Number).nullable())
    .min(1)
    .max(MAX_HOURS)
    .describe('one value an hour, null where none is known'),
  zone,
});

export interface PortraitResult extends Portrait {
  readonly method: typeof PORTRAIT_METHOD;
}

/** `carbon portrait`. */
export const portraitStudy: Study<z.infer<typeof portraitInput>, object, PortraitResult> = {
  verb: 'portrait',
  method: null,
  title: 'kinds of days of a load, and what it is like',
  input: portraitInput,
  options: noOptions,
  run: ({ start, loadKwh, zone: of }) => ({
    method: PORTRAIT_METHOD,
    ...portraitOf(
      dayShapes(
        {
          startMs: start,
          resolutionMs: HOUR_MS,
          values: Float64Array.from(loadKwh, (value) => value ?? Number.NaN),
        },
        of,
      ),
    ),
  }),
};

const trendInput = z.strictObject({
  values: z.array(number).min(2).max(2_000).describe('one figure a step, in order'),
  starts: z
    .array(instant)
    .max(2_000)
    .optional()
    .describe('of each step, ISO 8601: segments are then told by their first instant'),
  leastLength: z.int().min(1).max(365).default(7).describe('steps between two changes, at least'),
});

export interface TrendResult extends Omit<Trend, 'segments'> {
  readonly method: 'gridcommons/trend/1';
  readonly segments: readonly {
    readonly from: number | string;
    readonly steps: number;
    readonly mean: number;
  }[];
}

/** `carbon trend`. */
export const trendStudy: Study<z.infer<typeof trendInput>, object, TrendResult> = {
  verb: 'trend',
  method: null,
  title: 'slope of a series and breaks of its level',
  input: trendInput.refine(
    ({ values, starts }) => starts === undefined || starts.length === values.length,
    'expected as many starts as values',
  ),
  options: noOptions,
  run({ values, starts, leastLength }) {
    const { segments, ...trend } = trendOf(values, leastLength);
    return {
      method: 'gridcommons/trend/1',
      ...trend,
      segments: segments.map(({ from, to, mean }) => ({
        from: starts === undefined ? from : isoInstant(starts[from]!),
        steps: to - from,
        mean,
      })),
    };
  },
};

const peersInput = z.strictObject({
  own: number.describe('the figure to be placed'),
  edges: z.array(number).min(1).max(64).describe('bounds of the bins, ascending'),
  counts: z
    .array(z.int().min(0))
    .min(2)
    .max(65)
    .describe('organisations in each bin, the first below the first edge'),
  leastOrganisations,
});

export interface PeersResult extends PeerPosition {
  readonly method: 'gridcommons/peers/1';
  readonly own: number;
  readonly median: Bin;
}

/** `carbon peers`. */
export const peersStudy: Study<z.infer<typeof peersInput>, object, PeersResult> = {
  verb: 'peers',
  method: null,
  title: 'where a figure stands among its peers’, from counts alone',
  input: peersInput,
  options: noOptions,
  run({ own, edges, counts, leastOrganisations: least }) {
    const position = peerPosition(own, counts, edges, least);
    return { method: 'gridcommons/peers/1', own, ...position, median: position.quartiles[1] };
  },
};

const sectorsInput = z.strictObject({
  unit: z.string().max(20).default('kgCO2e').describe('of the figures'),
  figures: z
    .array(z.strictObject({ organisation: identifier, sector: identifier, value: number }))
    .max(MAX_ORGANISATIONS),
  leastOrganisations,
});

export interface SectorsResult extends SectorView {
  readonly method: 'gridcommons/sectors/1';
  readonly unit: string;
}

/** `carbon sectors`. */
export const sectorsStudy: Study<z.infer<typeof sectorsInput>, object, SectorsResult> = {
  verb: 'sectors',
  method: null,
  title: 'figures by sector, withheld where few organisations are in them',
  input: sectorsInput,
  options: noOptions,
  run: ({ unit, figures, leastOrganisations: least }) => ({
    method: 'gridcommons/sectors/1',
    unit,
    ...sectorView(figures, least),
  }),
};
