import {
  type CarbonReport,
  checked,
  type ExpectedReport,
  MAX_REPORT_ROWS,
  REPORT_FORMAT,
  REPORT_RESOLUTIONS,
  type ReportVerdict,
  verifyReport,
} from '#carbon';
import { canonicalJson, DomainError, equalBytes, type Json, utf8 } from '#core';
import { requireInput } from '#inputs';
import { z } from 'zod';
import { STUDY_REPORT_METHODS } from './carbon-inventory-report.ts';

/** A year of hours with its lines has 5 MB. */
export const MAX_REPORT_BYTES = 32 * 2 ** 20;

const text = z.string().min(1).max(500);
const instant = z.string().max(30).describe('UTC, as 2026-05-11T22:00:00Z');
const exact = z.string().regex(/^\d{1,30}(?:\.\d{1,90})?$/, 'expected a decimal of at least 0');
const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `expected ${digits} hex digits`);
const key = z.string().min(1).max(500);
const scope = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const account = z.enum(['location', 'market']).nullable();
const category = z.int().min(1).max(15).nullable().optional();

export const reportSubject = z.strictObject({ name: text, participantId: text.nullable() });

export const reportPeriod = z.strictObject({
  start: instant,
  end: instant,
  zone: text.describe('IANA zone of local days'),
});

const factor = z.strictObject({
  id: text,
  subject: text,
  basis: z.enum(['direct', 'lifecycle']),
  averaging: z.enum(['average', 'marginal']),
  zone: text.nullable(),
  source: z.string().min(1).max(2_000),
  validFrom: instant.nullable(),
  validTo: instant.nullable(),
  gwpSet: text.nullable(),
  unit: text,
  value: exact.nullable(),
  hours: z
    .array(z.strictObject({ start: instant, value: exact }))
    .max(MAX_REPORT_ROWS)
    .nullable(),
});

const line = z.strictObject({
  start: instant.nullable(),
  scope,
  carrier: text,
  account,
  factorId: text,
  quantity: exact,
  unit: text,
  gramsCo2e: exact,
  activity: text.optional().describe('this and what follows: of an inventory'),
  kind: text.optional(),
  part: text.optional(),
  scope3Category: category,
  matching: z.enum(['annual', 'hourly']).nullable().optional(),
  tier: text.nullable().optional(),
  instrument: text.nullable().optional(),
  method: z.string().max(1_000).optional(),
  biogenicGramsCo2: exact.optional(),
});

export const reportTotal = z.strictObject({
  start: instant,
  end: instant,
  scope,
  carrier: text,
  account,
  quantity: exact,
  unit: text,
  gramsCo2e: exact.describe('exact sum'),
  grams: z.int().min(0).describe('rounded once'),
  part: text.optional(),
  scope3Category: category,
});

/** A report as it stands in a file. */
export const reportDocument = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  subject: reportSubject,
  period: reportPeriod,
  resolution: z.enum(REPORT_RESOLUTIONS).describe('of totals'),
  method: text.describe('version of the computation'),
  parameters: z.record(key, z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()])),
  factors: z.array(factor).max(MAX_REPORT_ROWS).describe('every factor used, whole'),
  inputs: z
    .array(z.record(key, z.union([z.string().max(1_000), z.int(), z.boolean(), z.null()])))
    .max(MAX_REPORT_ROWS)
    .describe('every row of activity'),
  lines: z
    .array(line)
    .max(3 * MAX_REPORT_ROWS)
    .describe('quantity × one factor'),
  totals: z.array(reportTotal).max(MAX_REPORT_ROWS),
  total: z.array(reportTotal).max(MAX_REPORT_ROWS),
  indicators: z.record(key, exact.nullable()),
  flags: z
    .array(
      z.strictObject({
        flag: z.enum(['missing', 'estimated', 'noted']),
        about: text,
        start: instant.nullable(),
      }),
    )
    .max(MAX_REPORT_ROWS),
  disclosures: z.array(z.string().max(2_000)).max(100),
  dataQuality: z.strictObject({
    expectedRows: z.int().min(0),
    rows: z.int().min(0),
    countedRows: z.int().min(0),
    completeness: exact,
  }),
  hash: hex(64).describe('SHA-256 over the canonical JSON without hash and signature'),
  signature: z.strictObject({ participantId: text, publicKey: hex(64), signature: hex(128) }).nullable(),
});

/**
 * A report from the bytes of its file: RFC 8785, nothing before or after, so that one document is one sequence of bytes.
 * @throws REPORT_NOT_JSON, REPORT_NOT_CANONICAL, INPUT_KEY_UNKNOWN, INPUT_INVALID
 */
export function reportOfBytes(bytes: Uint8Array): CarbonReport {
  const report = requireInput(parse(bytes), reportDocument);
  // Of what was read: nothing that the schema passed over stands in the file beside what the hash covers.
  if (!equalBytes(bytes, utf8(canonicalJson(report as unknown as Json)))) {
    throw new DomainError(
      'REPORT_NOT_CANONICAL',
      'expected canonical JSON (RFC 8785) and nothing else, got other bytes',
    );
  }
  return report;
}

/** A report's other forms carry its figures for people; what verifies is the JSON they were made from. */
function kindOf(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (head === '%PDF') return 'a PDF: verify the JSON it was made from';
  return head === 'PK\u0003\u0004'
    ? 'a workbook or an archive: verify the JSON it was made from'
    : 'other bytes';
}

function parse(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch {
    throw new DomainError('REPORT_NOT_JSON', `expected JSON in UTF-8, got ${kindOf(bytes)}`);
  }
}

/** Checks a report's file offline: its bytes first, then what verifyReport checks. */
export async function verifyReportBytes(
  bytes: Uint8Array,
  expected: ExpectedReport = {},
): Promise<ReportVerdict> {
  let report: CarbonReport | undefined;
  const document = await checked('document', () => {
    report = reportOfBytes(bytes);
    return `${bytes.length} bytes, ${report.format}`;
  });
  if (report === undefined) return { verified: false, hash: null, signedBy: null, checks: [document] };
  const verdict = await verifyReport(report, expected, STUDY_REPORT_METHODS);
  return { ...verdict, checks: [document, ...verdict.checks] };
}
