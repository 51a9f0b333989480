import { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { CURRENCIES, FLOWS, REGISTERS, SERVICES, UNITS } from './espi-codes.ts';
import {
  decimalAt,
  type EspiResource,
  espiResources,
  integerAt,
  ownerOf,
  relatedOf,
  type ResourceKind,
} from './espi-resources.ts';
import { reviewSeries, reviewSummaries } from './green-button-review.ts';
import type {
  GreenButton,
  GreenButtonReading,
  GreenButtonSeries,
  GreenButtonSummary,
  RawReading,
} from './green-button-series.ts';
import { localTimeOf } from './green-button-time.ts';
import { mostCommon } from './most-common.ts';
import type { XmlElement } from './xml-elements.ts';

/** Sums of thousands of readings of 27 digits stay exact. */
const Exact = Decimal.clone({ precision: 60 });

export const GREEN_BUTTON_LIMITS = { readings: 5_000_000, characters: 512 * 2 ** 20 } as const;

/**
 * A Green Button document (NAESB REQ.21, ESPI 1.1): interval readings of every meter reading by its reading type, what the publisher's
 * summaries say, and what is doubtful. Values are scaled by powerOfTenMultiplier, costs never; times are epoch seconds of UTC.
 *
 * @throws XML_MALFORMED, XML_DOCTYPE, XML_TOO_LARGE, ESPI_EMPTY, ESPI_NUMBER, ESPI_TIME, ESPI_MULTIPLIER, ESPI_TOO_LARGE
 */
export function readGreenButton(document: string): GreenButton {
  if (document.length > GREEN_BUTTON_LIMITS.characters) throw tooLarge('characters', document.length);
  const found = espiResources(document);
  const of = (kind: ResourceKind): readonly EspiResource[] => found.filter((each) => each.kind === kind);
  const localTime = localTimeOf(of('LocalTimeParameters')[0]?.element);
  const rows = seriesRows(of('MeterReading'), of('IntervalBlock'));
  const series = rows.map(({ meter, blocks }, i) => {
    const type = meter === null ? onlyOf(of('ReadingType')) : relatedOf(meter, of('ReadingType'));
    const point = meter === null ? onlyOf(of('UsagePoint')) : ownerOf(meter, of('UsagePoint'));
    return seriesOf(
      { id: meter?.self ?? `series-${i + 1}`, title: meter?.title ?? null },
      type,
      point,
      blocks,
    );
  });
  const summaries = [...of('UsageSummary'), ...of('ElectricPowerUsageSummary')].map((summary) =>
    summaryOf(summary, ownerOf(summary, of('UsagePoint'))),
  );
  return {
    series: series.map(({ read }) => read),
    summaries,
    localTime,
    findings: [
      ...series.flatMap(({ read, raw }) => reviewSeries(read, raw, localTime)),
      ...reviewSummaries(
        series.map(({ read }) => read),
        summaries,
      ),
    ],
  };
}

const onlyOf = (resources: readonly EspiResource[]): EspiResource | null =>
  resources.length === 1 ? resources[0]! : null;

interface SeriesRows {
  readonly meter: EspiResource | null;
  readonly blocks: readonly EspiResource[];
}

/** Blocks by the meter reading that they belong to; those of none known together by where they say they belong. */
function seriesRows(meters: readonly EspiResource[], blocks: readonly EspiResource[]): SeriesRows[] {
  const groups = new Map<EspiResource | string, EspiResource[]>();
  for (const block of blocks) {
    const key = ownerOf(block, meters) ?? block.up ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [block]);
    else group.push(block);
  }
  return [...groups].map(([key, group]) => ({ meter: typeof key === 'string' ? null : key, blocks: group }));
}

interface Written {
  readonly read: GreenButtonSeries;
  readonly raw: { readonly readings: readonly RawReading[]; readonly blank: number };
}

function seriesOf(
  names: Pick<GreenButtonSeries, 'id' | 'title'>,
  type: EspiResource | null,
  point: EspiResource | null,
  blocks: readonly EspiResource[],
): Written {
  const { scale, intervalLength, ...terms } = typeTerms(type?.element);
  const cells = blocks.flatMap(({ element }) => cellsOf(element, intervalLength));
  if (cells.length > GREEN_BUTTON_LIMITS.readings) throw tooLarge('readings', cells.length);
  const raw = cells.flatMap(({ value, ...cell }) =>
    value === undefined ? [] : [{ ...cell, value: new Exact(value).times(scale) }],
  );
  const readings = eachOnce(raw);
  const read = {
    ...names,
    ...pointTerms(point),
    ...terms,
    intervalSeconds: mostCommon(readings.map(({ durationSeconds }) => durationSeconds)) ?? 0,
    rows: cells.length,
    readings,
    ...sumsOf(readings, terms),
  };
  return { read, raw: { readings: raw, blank: cells.length - raw.length } };
}

function pointTerms(point: EspiResource | null): Pick<GreenButtonSeries, 'usagePoint' | 'service'> {
  if (point === null) return { usagePoint: null, service: null };
  const kind = integerAt(point.element, 'ServiceCategory', 'kind');
  return { usagePoint: idOf(point), service: nameOf(SERVICES, kind) };
}

const idOf = ({ self }: EspiResource): string => self ?? 'usage-point';

function sumsOf(
  readings: readonly GreenButtonReading[],
  { unit, isRegister }: Pick<GreenButtonSeries, 'unit' | 'isRegister'>,
): Pick<GreenButtonSeries, 'total' | 'energyWh' | 'costE5'> {
  const costs = readings.flatMap(({ costE5 }) => costE5 ?? []);
  const costE5 = costs.length === 0 ? null : sumOf(costs);
  if (unit?.adds !== true || isRegister) return { total: null, energyWh: null, costE5 };
  const total = sumOf(readings.map(({ value }) => value));
  return { total, energyWh: unit.wh === null ? null : total.times(unit.wh).toDecimalPlaces(6), costE5 };
}

const nameOf = (names: Readonly<Record<number, string>>, code: number | undefined): string | null =>
  code === undefined ? null : (names[code] ?? null);

const sumOf = (values: readonly Decimal[]): Decimal =>
  values.reduce((sum, value) => sum.plus(value), new Exact(0));

function typeTerms(type: XmlElement | undefined) {
  const at = (name: string): number | undefined => (type === undefined ? undefined : integerAt(type, name));
  const uom = at('uom');
  return {
    scale: scaleOf(at('powerOfTenMultiplier')),
    intervalLength: at('intervalLength'),
    unit: uom === undefined ? null : (UNITS[uom] ?? null),
    flow: nameOf(FLOWS, at('flowDirection')),
    currency: nameOf(CURRENCIES, at('currency')),
    isRegister: REGISTERS.has(at('accumulationBehaviour') ?? 0),
  };
}

/** @throws ESPI_MULTIPLIER beyond the published list, pico to giga, with what is written beside it */
function scaleOf(multiplier: number | undefined): Decimal {
  if (multiplier !== undefined && Math.abs(multiplier) > 12) {
    throw new DomainError('ESPI_MULTIPLIER', `expected powerOfTenMultiplier −12 to 12, got ${multiplier}`);
  }
  return new Exact(10).pow(multiplier ?? 0);
}

type Cell = Omit<RawReading, 'value'> & { readonly value: string | undefined };

/** Times of readings that have none follow from their block's. @throws ESPI_TIME, ESPI_NUMBER */
function cellsOf(block: XmlElement, intervalLength: number | undefined): Cell[] {
  const blockStart = integerAt(block, 'interval', 'start');
  let next = blockStart;
  return block.children
    .filter(({ name }) => name === 'IntervalReading')
    .map((reading) => {
      const written = decimalAt(reading, 'timePeriod', 'start');
      const start = written === undefined ? next : Number(written);
      const duration = integerAt(reading, 'timePeriod', 'duration') ?? intervalLength;
      const seconds = requireTime(start, duration);
      next = seconds.start + seconds.duration;
      const cost = decimalAt(reading, 'cost');
      return {
        startMs: Math.floor(seconds.start) * 1_000,
        durationSeconds: seconds.duration,
        isFractional: !Number.isInteger(seconds.start),
        value: decimalAt(reading, 'value'),
        costE5: cost === undefined ? null : new Exact(cost),
        qualities: reading.children
          .filter(({ name }) => name === 'ReadingQuality')
          .flatMap((quality) => integerAt(quality, 'quality') ?? []),
      };
    });
}

/** 1970 to 2100: what lies behind it is milliseconds. */
const LATEST_SECONDS = 4_102_444_800;
const LONGEST_SECONDS = 366 * 86_400;

function requireTime(start: number | undefined, duration: number | undefined) {
  if (start === undefined || start < 0 || start > LATEST_SECONDS) {
    throw new DomainError(
      'ESPI_TIME',
      `expected a start in epoch seconds up to the year 2100, got ${start ?? 'none'}`,
    );
  }
  if (duration === undefined || duration < 1 || duration > LONGEST_SECONDS) {
    throw new DomainError('ESPI_TIME', `expected a duration of 1 s to 366 days, got ${duration ?? 'none'}`);
  }
  return { start, duration };
}

/** In order of time; of readings of one interval the last in the file. */
function eachOnce(raw: readonly RawReading[]): GreenButtonReading[] {
  const byInterval = new Map(
    raw.map((reading) => [`${reading.startMs} ${reading.durationSeconds}`, reading]),
  );
  return [...byInterval.values()].toSorted(
    (a, b) => a.startMs - b.startMs || a.durationSeconds - b.durationSeconds,
  );
}

function summaryOf({ element }: EspiResource, point: EspiResource | null): GreenButtonSummary {
  const start = integerAt(element, 'billingPeriod', 'start');
  const duration = integerAt(element, 'billingPeriod', 'duration');
  const stated = ['overallConsumptionLastPeriod'] as const;
  const value = decimalAt(element, ...stated, 'value');
  const uom = integerAt(element, ...stated, 'uom');
  const bill = decimalAt(element, 'billLastPeriod');
  return {
    usagePoint: point === null ? null : idOf(point),
    startMs: start === undefined ? null : start * 1_000,
    endMs: start === undefined || duration === undefined ? null : (start + duration) * 1_000,
    consumption:
      value === undefined
        ? null
        : {
            value: new Exact(value).times(scaleOf(integerAt(element, ...stated, 'powerOfTenMultiplier'))),
            unit: uom === undefined ? null : (UNITS[uom] ?? null),
          },
    billE5: bill === undefined ? null : new Exact(bill),
    currency: nameOf(CURRENCIES, integerAt(element, 'currency')),
  };
}

const tooLarge = (what: keyof typeof GREEN_BUTTON_LIMITS, got: number): DomainError =>
  new DomainError(
    'ESPI_TOO_LARGE',
    `expected at most ${GREEN_BUTTON_LIMITS[what]} ${what}, got ${got}`,
    'limit',
  );
