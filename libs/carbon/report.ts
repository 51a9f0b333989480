import { canonicalJson, DomainError, hashJson, type Json, signJson, utf8 } from '#core';
import type { FactorAveraging, FactorBasis } from './factor.ts';

/** Format of a report document; changes with every change of its keys. */
export const REPORT_FORMAT = 'gridcommons/carbon-report/1';
/** Signature context of a report: what is signed is its hash and who signs. */
export const REPORT_CONTEXT = 'gridcommons/carbon-report/1';

/** What totals are added up to, in local days of the period's zone. A week begins on Monday. */
export const REPORT_RESOLUTIONS = ['day', 'week', 'month', 'year', 'total'] as const;
export type ReportResolution = (typeof REPORT_RESOLUTIONS)[number];

/** Two leap years of hours, and some activities beside them. */
export const MAX_REPORT_ROWS = 20_000;

/** A factor as used, whole: what the report says needs no other file. `value` for one number, `hours` for a series. */
export interface ReportFactor {
  readonly id: string;
  /** What a unit of it is: a technology, `grid`, a fuel. */
  readonly subject: string;
  readonly basis: FactorBasis;
  readonly averaging: FactorAveraging;
  /** Null: the world. */
  readonly zone: string | null;
  readonly source: string;
  readonly validFrom: string | null;
  /** Null: until superseded. */
  readonly validTo: string | null;
  /** Warming potentials behind a CO2e figure, where its source says which. */
  readonly gwpSet: string | null;
  readonly unit: string;
  readonly value: string | null;
  readonly hours: readonly { readonly start: string; readonly value: string }[] | null;
}

/** One row of activity as it was read: integers, decimal strings, words, yes or no. */
export type ReportRow = Readonly<Record<string, string | number | boolean | null>>;

/** Quantity × one factor = emissions, exactly. */
export interface ReportLine {
  /** Start of the hour, null for an activity of the whole period. */
  readonly start: string | null;
  readonly scope: 1 | 2 | 3;
  readonly carrier: string;
  /** Two accounts of the same energy, never added; null outside scope 2. */
  readonly account: 'location' | 'market' | null;
  readonly factorId: string;
  readonly quantity: string;
  readonly unit: string;
  readonly gramsCo2e: string;
  /** What only an inventory's lines say. */
  readonly activity?: string | undefined;
  readonly kind?: string | undefined;
  readonly part?: string | undefined;
  readonly scope3Category?: number | null | undefined;
  readonly matching?: 'annual' | 'hourly' | null | undefined;
  readonly tier?: string | null | undefined;
  readonly instrument?: string | null | undefined;
  /** Where emissions are more than quantity × factor: losses, an own part of what is leased. */
  readonly method?: string | undefined;
  /** In no total. */
  readonly biogenicGramsCo2?: string | undefined;
}

/** Sum of lines, exact, and in whole grams rounded once, half away from zero. */
export interface ReportTotal {
  readonly start: string;
  readonly end: string;
  readonly scope: 1 | 2 | 3;
  readonly carrier: string;
  readonly account: 'location' | 'market' | null;
  readonly quantity: string;
  readonly unit: string;
  readonly gramsCo2e: string;
  readonly grams: number;
  /** Of an inventory. */
  readonly part?: string | undefined;
  readonly scope3Category?: number | null | undefined;
}

/** Something left out, estimated, or to be known beside the figures, with where. */
export interface ReportFlag {
  readonly flag: 'missing' | 'estimated' | 'noted';
  readonly about: string;
  readonly start: string | null;
}

export interface ReportQuality {
  /** Rows that the period should have, that it has, and that reached a total. */
  readonly expectedRows: number;
  readonly rows: number;
  readonly countedRows: number;
  /** countedRows / expectedRows, six places. */
  readonly completeness: string;
}

/** What a report is computed from: everything else in it follows by the method named. */
export interface ReportBasis {
  readonly format: typeof REPORT_FORMAT;
  readonly subject: { readonly name: string; readonly participantId: string | null };
  readonly period: { readonly start: string; readonly end: string; readonly zone: string };
  readonly resolution: ReportResolution;
  readonly method: string;
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
  readonly factors: readonly ReportFactor[];
  readonly inputs: readonly ReportRow[];
}

/** What follows from the basis. Indicators are decimals, null where they cannot be told. */
export interface ReportFindings {
  readonly lines: readonly ReportLine[];
  /** By `resolution`. */
  readonly totals: readonly ReportTotal[];
  /** Over the whole period. */
  readonly total: readonly ReportTotal[];
  readonly indicators: Readonly<Record<string, string | null>>;
  readonly flags: readonly ReportFlag[];
  readonly disclosures: readonly string[];
  readonly dataQuality: ReportQuality;
}

export interface ReportSignature {
  readonly participantId: string;
  /** Ed25519, hex. */
  readonly publicKey: string;
  readonly signature: string;
}

/** `hash` is SHA-256 over the canonical JSON of everything but hash and signature. */
export interface CarbonReport extends ReportBasis, ReportFindings {
  readonly hash: string;
  readonly signature: ReportSignature | null;
}

/** A version of a computation by which reports are made and checked; a changed formula is another version. */
export interface ReportMethod {
  readonly version: string;
  /** @throws REPORT_INPUT, REPORT_FACTOR, BASIS_MIXED and the codes of the computation itself */
  readonly compute: (basis: ReportBasis) => ReportFindings;
}

/** Who signs: an enrolled participant with its Ed25519 pair (private key PKCS#8, hex). */
export interface ReportSigner {
  readonly participantId: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** What of a report its hash covers. */
export function reportBody({ hash: _hash, signature: _signature, ...body }: CarbonReport): Json {
  return body as unknown as Json;
}

/** The document as it stands in a file, and in no other form. */
export const reportBytes = (report: CarbonReport): Uint8Array =>
  utf8(canonicalJson(report as unknown as Json));

export const reportStatement = (hash: string, participantId: string): Json => ({ hash, participantId });

/** Computes and seals a report. @throws as the method, and REPORT_EMPTY where nothing reached a total */
export async function makeReport(
  basis: ReportBasis,
  method: ReportMethod,
  signer?: ReportSigner,
): Promise<CarbonReport> {
  const findings = method.compute(basis);
  if (findings.lines.length === 0) {
    throw new DomainError('REPORT_EMPTY', 'expected at least one row with a factor, got none', 'invalid', {
      rows: basis.inputs.length,
    });
  }
  const body = { ...basis, ...findings };
  const hash = await hashJson(body as unknown as Json);
  return { ...body, hash, signature: signer ? await signatureOf(hash, signer) : null };
}

async function signatureOf(
  hash: string,
  { participantId, publicKey, privateKey }: ReportSigner,
): Promise<ReportSignature> {
  const statement = reportStatement(hash, participantId);
  return { participantId, publicKey, signature: await signJson(privateKey, REPORT_CONTEXT, statement) };
}
