import {
  Exact,
  INVENTORY_METHOD,
  inventoryFindings,
  MAX_REPORT_ROWS,
  REPORT_FORMAT,
  type ReportBasis,
  type ReportFindings,
  type ReportFlag,
  type ReportMethod,
} from '#carbon';
import { canonicalJson, DomainError, isoInstant, type Json, parseInstant, zoneOffsetMs } from '#core';
import { requireInput } from '#inputs';
import { z } from 'zod';
import { flagsOf, INVENTORY_DISCLOSURES, toldInventory } from './carbon-inventory.ts';
import { inventoryInput, type InventoryStudyInput } from './carbon-inventory-input.ts';
import { documentOf, rowsOf } from './carbon-inventory-rows.ts';
import { text } from './carbon-inventory-terms.ts';

/** Input of `carbon report` of an inventory. */
export const inventoryReportInput = z.strictObject({
  subject: z.strictObject({ name: text, participantId: text.nullable().default(null) }),
  zone: text.default('UTC').describe('IANA zone in which the period is written'),
  inventory: inventoryInput.describe('as `carbon inventory` takes it, with its period'),
});

type InventoryReportInput = z.infer<typeof inventoryReportInput>;

interface Computed {
  readonly basis: Pick<ReportBasis, 'factors' | 'parameters'> & {
    readonly start: string;
    readonly end: string;
  };
  readonly findings: ReportFindings;
}

/** @throws INVENTORY_PERIOD_MISSING and as toldInventory */
function computed(input: InventoryStudyInput): Computed {
  const { context, activities, told } = toldInventory(input);
  const { period } = context;
  if (period === null) {
    throw new DomainError('INVENTORY_PERIOD_MISSING', 'expected the period that is reported, got none');
  }
  const matching = told.hourly === null ? 'annual' : input.matching;
  const { energies, instruments } = activities;
  const { factors, countedActivities, ...found } = inventoryFindings({ told, energies, instruments, matching, period }); // prettier-ignore
  const unread = energies.filter(({ hoursWithoutReading }) => hoursWithoutReading > 0).length;
  const expectedRows = input.activities.length;
  return {
    basis: {
      factors,
      parameters: { matching, basis: context.basis, gwpSet: context.gwp.id },
      start: isoInstant(period.startMs),
      end: isoInstant(period.endMs),
    },
    findings: {
      ...found,
      flags: flagsOf(told, energies, period).map(reportFlag),
      disclosures: INVENTORY_DISCLOSURES,
      dataQuality: {
        expectedRows,
        rows: expectedRows - unread,
        countedRows: countedActivities,
        completeness: new Exact(countedActivities).div(expectedRows).toFixed(6),
      },
    },
  };
}

const MISSING = ['factor-missing', 'hours-without-reading'];
const MAX_ABOUT = 500;

const reportFlag = ({ code, of, detail }: ReturnType<typeof flagsOf>[number]): ReportFlag => ({
  flag: MISSING.includes(code) ? 'missing' : code.startsWith('estimated') ? 'estimated' : 'noted',
  about: `${code}: ${of}, ${detail}`.slice(0, MAX_ABOUT),
  start: null,
});

/**
 * An inventory as a report: rows are the inventory's input whole (see rowsOf), every factor is in the table. Factors that are not
 * those which the rows lead to are refused: they are told by the inputs and by what ships with the product.
 */
const inventoryReportMethod: ReportMethod = {
  version: INVENTORY_METHOD,
  compute(report) {
    const document = requireInput(documentOf(report.inputs), inventoryInput);
    requireSame('REPORT_INPUT', 'rows', report.inputs, rowsOf(document as unknown as Json));
    const { basis, findings } = computed(document);
    const { start, end, zone } = report.period;
    zoneOffsetMs(zone, parseInstant(start));
    requireSame('REPORT_PERIOD', 'the period', [start, end, report.resolution], [basis.start, basis.end, 'total']); // prettier-ignore
    requireSame('REPORT_FACTOR', 'factors', report.factors, basis.factors);
    requireSame('REPORT_INPUT', 'parameters', report.parameters, basis.parameters);
    return findings;
  },
};

/** Methods that read the inputs of a study: given to whatever verifies. */
export const STUDY_REPORT_METHODS: readonly ReportMethod[] = [inventoryReportMethod];

function requireSame(code: string, what: string, said: unknown, found: unknown): void {
  if (canonicalJson(said as Json) === canonicalJson(found as Json)) return;
  throw new DomainError(code, `expected ${what} of the inventory as computed from its rows, got others`);
}

/** @throws REPORT_ROWS where the input has more rows than a report holds, and as computed */
export function inventoryReportBasis({ subject, zone, inventory }: InventoryReportInput): ReportBasis {
  const inputs = rowsOf(JSON.parse(JSON.stringify(inventory)) as Json);
  if (inputs.length > MAX_REPORT_ROWS) {
    const message = `expected at most ${MAX_REPORT_ROWS} rows, got ${inputs.length}`;
    throw new DomainError('REPORT_ROWS', message, 'limit');
  }
  const { basis } = computed(inventory);
  return {
    format: REPORT_FORMAT,
    subject,
    period: { start: basis.start, end: basis.end, zone },
    resolution: 'total',
    method: INVENTORY_METHOD,
    parameters: basis.parameters,
    factors: basis.factors,
    inputs,
  };
}
