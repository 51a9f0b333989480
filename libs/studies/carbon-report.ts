import {
  builtInFactor,
  type CarbonReport,
  factorById,
  makeReport,
  MAX_KG_PER_KWH,
  MAX_REPORT_ROWS,
  REPORT_FORMAT,
  REPORT_RESOLUTIONS,
  type ReportBasis,
  type ReportFactor,
  reportMethodNamed,
  SCOPE2_METHOD,
} from '#carbon';
import { contains, DomainError, HOUR_MS, type Interval, interval, isoInstant, parseInstant } from '#core';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import {
  inventoryReportBasis,
  inventoryReportInput,
  STUDY_REPORT_METHODS,
} from './carbon-inventory-report.ts';
import { identifier, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

const text = z.string().min(1).max(500);

const source = {
  id: identifier,
  basis: z.enum(['direct', 'lifecycle']).describe('never mixed in one report'),
  averaging: z.literal('average').default('average').describe('an inventory asks for averages'),
  zone: text.nullable().default(null).describe('null: not said'),
  source: z.string().min(1).max(2_000).describe('publisher, data set, version'),
  gwpSet: text.nullable().default(null),
  validFrom: text.nullable().default(null),
  validTo: text.nullable().default(null),
};

/** Hourly scope 2 of one site. */
const hoursReportInput = z.strictObject({
  subject: z.strictObject({ name: text, participantId: text.nullable().default(null) }),
  period: z.strictObject({
    start: text.describe('ISO 8601 with an offset'),
    end: text.describe('exclusive'),
    zone: text.default('UTC').describe('IANA zone of local days'),
  }),
  resolution: z.enum(REPORT_RESOLUTIONS).default('day').describe('of totals'),
  hours: z
    .array(
      z.strictObject({
        start: text.describe('ISO 8601 with an offset'),
        importKwh: nonNegative
          .nullable()
          .describe(
            'drawn from the grid, locally bought energy included; null: no reading, as if the hour were not there',
          ),
        attributedKwh: nonNegative.default(0).describe('locally bought with its attributes'),
        gridCarbonFreeShare: nonNegative.nullable().default(null).describe('0 to 1, for the CFE score'),
      }),
    )
    .max(MAX_REPORT_ROWS),
  grid: z.strictObject({
    ...source,
    factorKgPerKwh: nonNegative.optional().describe('of every hour; or hours'),
    hours: z
      .array(z.strictObject({ start: text, factorKgPerKwh: nonNegative }))
      .max(MAX_REPORT_ROWS)
      .optional(),
  }),
  local: z
    .union([
      z.string().max(200).describe('id of a built-in factor'),
      z.strictObject({ ...source, subject: text.describe('a technology'), factorKgPerKwh: nonNegative }),
    ])
    .optional()
    .describe('factor of what was bought locally'),
});

type CarbonReportInput = z.infer<typeof hoursReportInput>;

/** Input of `carbon report`. */
export const carbonReportInput = z.union([hoursReportInput, inventoryReportInput]);

/** The basis of a report from plain figures. @throws REPORT_GRID, FACTOR_MISSING, ENERGY_NOT_WHOLE, INSTANT_MALFORMED */
function reportBasis(input: CarbonReportInput): ReportBasis {
  const local = localFactor(input.local);
  const grid = gridOf(input);
  return {
    format: REPORT_FORMAT,
    subject: input.subject,
    period: { ...input.period, start: instant(input.period.start), end: instant(input.period.end) },
    resolution: input.resolution,
    method: SCOPE2_METHOD,
    parameters: { grid: grid.id, local: local?.id ?? null },
    factors: local === null ? [grid] : [grid, local],
    inputs: input.hours
      .flatMap(({ importKwh, ...hour }) => (importKwh === null ? [] : [{ ...hour, importKwh }]))
      .map((hour) => ({
        start: instant(hour.start),
        importWh: wholeWh(hour.importKwh, hour.start),
        attributedWh: wholeWh(hour.attributedKwh, hour.start),
        gridCarbonFreeShare:
          hour.gridCarbonFreeShare === null ? null : new Decimal(hour.gridCarbonFreeShare).toFixed(),
      }))
      .toSorted((a, b) => parseInstant(a.start) - parseInstant(b.start)),
  };
}

const instant = (written: string): string => isoInstant(parseInstant(written));

/** Readings are whole Wh: what is finer was not metered. */
function wholeWh(kwh: string | number, start: string): number {
  const wh = new Decimal(kwh).mul(1_000);
  if (wh.isInteger() && wh.lte(Number.MAX_SAFE_INTEGER)) return wh.toNumber();
  throw new DomainError(
    'ENERGY_NOT_WHOLE',
    `expected energy in whole Wh, got ${kwh} kWh in the hour of ${start}`,
    'invalid',
    { start },
  );
}

function localFactor(local: CarbonReportInput['local']): ReportFactor | null {
  if (local === undefined) return null;
  if (typeof local !== 'string') {
    const { factorKgPerKwh, ...rest } = local;
    return {
      ...rest,
      ...validity(local),
      unit: UNIT,
      value: new Decimal(factorKgPerKwh).toFixed(),
      hours: null,
    };
  }
  return builtInFactor(factorById(local));
}

const UNIT = 'kgCO2e/kWh';

const validity = ({ validFrom, validTo }: { validFrom: string | null; validTo: string | null }) => ({
  validFrom: validFrom === null ? null : instant(validFrom),
  validTo: validTo === null ? null : instant(validTo),
});

function gridOf({ grid, period }: CarbonReportInput): ReportFactor {
  const { factorKgPerKwh, hours, ...rest } = grid;
  if ((factorKgPerKwh === undefined) === (hours === undefined)) {
    throw new DomainError('REPORT_GRID', 'expected factorKgPerKwh or hours of the grid, got both or none');
  }
  const whole = { startMs: parseInstant(period.start), endMs: parseInstant(period.end) };
  const rows = hours
    ?.map((hour) => ({ start: instant(hour.start), value: new Decimal(hour.factorKgPerKwh).toFixed() }))
    // A series may be of more than is reported; the report has what it used.
    .filter(({ start }) => contains(whole, hourAt(start)));
  return {
    ...rest,
    ...validity(grid),
    subject: 'grid',
    unit: UNIT,
    value: null,
    hours:
      rows?.toSorted((a, b) => parseInstant(a.start) - parseInstant(b.start)) ??
      everyHour(period, new Decimal(factorKgPerKwh!).toFixed()),
  };
}

const hourAt = (start: string): Interval => interval(parseInstant(start), parseInstant(start) + HOUR_MS);

function everyHour(period: CarbonReportInput['period'], value: string): { start: string; value: string }[] {
  const startMs = parseInstant(period.start);
  const hours = Math.floor((parseInstant(period.end) - startMs) / HOUR_MS);
  if (hours > MAX_REPORT_ROWS) {
    throw new DomainError(
      'REPORT_PERIOD',
      `expected at most ${MAX_REPORT_ROWS} hours, got ${hours}`,
      'limit',
    );
  }
  return Array.from({ length: Math.max(0, hours) }, (_, n) => ({
    start: isoInstant(startMs + n * HOUR_MS),
    value,
  }));
}

/**
 * Of a report that is made now: one that was made before is checked by its method alone.
 * @throws REPORT_FACTOR for a factor that is not in force throughout the period, or that no kWh emits
 */
function requireFit(basis: ReportBasis): ReportBasis {
  const { start, end } = basis.period;
  for (const { id, validFrom, validTo, value, hours } of basis.factors) {
    if ((validFrom !== null && isAfter(validFrom, start)) || (validTo !== null && isAfter(end, validTo))) {
      const got = `one in force from ${validFrom ?? 'ever'} until ${validTo ?? 'superseded'}`;
      throw unfit(id, `a factor in force from ${start} until ${end}, got ${got}`);
    }
    const large = [value, ...(hours ?? []).map((hour) => hour.value)].find(
      (each) => Number(each) > MAX_KG_PER_KWH,
    );
    if (large) throw unfit(id, `at most ${MAX_KG_PER_KWH} kgCO2e/kWh, got ${large}: grams?`);
  }
  return basis;
}

const isAfter = (one: string, other: string): boolean => parseInstant(one) > parseInstant(other);
const unfit = (id: string, instead: string): DomainError =>
  new DomainError('REPORT_FACTOR', `expected ${instead} (factor ${id})`, 'invalid', { id });

/** `carbon report`: hourly scope 2, or an inventory, as a document that can be checked offline. */
export const carbonReportStudy: Study<z.infer<typeof carbonReportInput>, object, CarbonReport> = {
  verb: 'report',
  method: null,
  title: 'hourly scope 2 or an inventory as a report that verifies offline',
  input: carbonReportInput,
  options: noOptions,
  run: (input) => {
    const basis = 'inventory' in input ? inventoryReportBasis(input) : requireFit(reportBasis(input));
    return makeReport(basis, reportMethodNamed(basis.method, STUDY_REPORT_METHODS));
  },
};
