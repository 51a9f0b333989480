import { DomainError, isoInstant, quoted, requireZone } from '#core';
import { checkEic } from '#metering';

export const DATA_CARRIERS = ['electricity', 'gas', 'heat', 'oil', 'water'] as const;
export type DataCarrier = (typeof DATA_CARRIERS)[number];
export const DATA_KINDS = ['readings', 'forecast', 'model', 'carbon-series', 'report'] as const;
export type DataKind = (typeof DATA_KINDS)[number];
export type DataSetStatus = 'draft' | 'listed' | 'retired';
export const FINDING_SEVERITIES = ['info', 'warning', 'severe'] as const;

/** A column of the data, with the unit of its values. */
export interface DataColumn {
  readonly name: string;
  /** Null of text. */
  readonly unit: string | null;
  readonly description: string;
}

/** A doubt about the data, shown to buyers before they pay. */
export interface DataFinding {
  readonly code: string;
  readonly severity: (typeof FINDING_SEVERITIES)[number];
  /** Affected rows or intervals. */
  readonly count: number;
  readonly message: string;
}

/** What its publisher says of a data set; changed while it is a draft. */
export interface DataSetDraft {
  readonly title: string;
  readonly description: string;
  readonly keywords: string[];
  readonly carrier: DataCarrier;
  readonly kind: DataKind;
  readonly licence: string;
  readonly resolution: string | null;
  readonly zone: string;
  readonly eic: string | null;
  readonly area: string | null;
}

export interface VersionDraft {
  readonly contentRoot: string;
  readonly chunks: number;
  readonly bytes: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly columns: readonly DataColumn[];
  readonly findings: readonly DataFinding[];
  readonly sample: readonly (readonly (string | null)[])[];
}

const LIMITS = { keywords: 20, columns: 64, findings: 100, sampleRows: 20, chunks: 2 ** 20, bytes: 2 ** 40 };
const STEPS = ['PT5M', 'PT10M', 'PT15M', 'PT20M', 'PT30M', 'PT1H', 'P1D', 'P1M', 'P1Y'];

/**
 * A draft whose every field can be shown and searched.
 * @throws DATA_SET_FIELD with data {field}, ZONE_UNKNOWN, EIC_INVALID
 */
export function requireDraft(draft: DataSetDraft): DataSetDraft {
  const { keywords, resolution, eic } = draft;
  requireText('title', draft.title, 200);
  requireText('description', draft.description, 5_000, 0);
  requireText('licence', draft.licence, 200);
  if (draft.area !== null) requireText('area', draft.area, 200);
  requireCount('keywords', keywords.length, LIMITS.keywords);
  for (const keyword of keywords) requireText('keywords', keyword, 50);
  if (new Set(keywords).size < keywords.length) throw refusedField('keywords', 'each word once', 'one twice');
  if (resolution !== null && !STEPS.includes(resolution))
    throw refusedField('resolution', STEPS.join(', '), quoted(resolution));
  requireZone(draft.zone);
  if (eic !== null && !checkEic(eic).valid) {
    throw new DomainError(
      'EIC_INVALID',
      `expected an energy identification code of 16 characters with its check character, got ${quoted(eic)}`,
    );
  }
  return draft;
}

/** By which a publisher knows a data set. @throws DATA_SET_FIELD */
export function requireKey(key: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(key)) return key;
  throw refusedField('key', "1–100 of a–z, 0–9, '.', '_' and '-'", quoted(key));
}

/** @throws DATA_SET_FIELD with data {field} */
export function requireVersion(version: VersionDraft): VersionDraft {
  const { columns, findings, sample } = version;
  if (!/^[0-9a-f]{64}$/.test(version.contentRoot))
    throw refusedField('contentRoot', 'SHA-256 in hexadecimal', quoted(version.contentRoot));
  requireWithin('chunks', version.chunks, LIMITS.chunks);
  requireWithin('bytes', version.bytes, LIMITS.bytes);
  if (version.endMs <= version.startMs) {
    throw refusedField('end', `an end after ${isoInstant(version.startMs)}`, isoInstant(version.endMs));
  }
  requireCount('columns', columns.length, LIMITS.columns, 1);
  for (const { name, unit, description } of columns) {
    requireText('columns', name, 64);
    if (unit !== null) requireText('columns', unit, 32);
    requireText('columns', description, 500, 0);
  }
  if (new Set(columns.map(({ name }) => name)).size < columns.length) {
    throw refusedField('columns', 'each name once', 'one twice');
  }
  requireCount('findings', findings.length, LIMITS.findings);
  for (const { code, count, message } of findings) {
    requireText('findings', code, 64);
    requireText('findings', message, 500);
    requireWithin('findings', count, Number.MAX_SAFE_INTEGER);
  }
  requireSample(sample, columns.length);
  return version;
}

function requireSample(sample: VersionDraft['sample'], columns: number): void {
  requireCount('sample', sample.length, LIMITS.sampleRows);
  for (const row of sample) {
    if (row.length !== columns) throw refusedField('sample', `${columns} cells a row`, `${row.length}`);
    for (const cell of row) if (cell !== null) requireText('sample', cell, 200, 0);
  }
}

function requireText(field: string, text: string, most: number, least = 1): void {
  const isPlain = text.trim() === text && !/[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u.test(text.replaceAll('\n', ''));
  if (isPlain && text.length >= least && text.length <= most) return;
  throw refusedField(field, `${least}–${most} printable characters without space around`, quoted(text));
}

function requireCount(field: string, count: number, most: number, least = 0): void {
  if (count < least || count > most) throw refusedField(field, `${least} to ${most} of them`, `${count}`);
}

function requireWithin(field: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw refusedField(field, `1 to ${most}`, `${value}`);
}

const refusedField = (field: string, expected: string, got: string): DomainError =>
  new DomainError('DATA_SET_FIELD', `expected ${field}: ${expected}, got ${got}`, 'invalid', { field });
