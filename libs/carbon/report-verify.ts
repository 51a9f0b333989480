import { canonicalJson, DomainError, hashJson, type Json, requireSignature } from '#core';
import { PUBLISHED_FACTOR_SETS } from './factor-tables.ts';
import {
  type CarbonReport,
  type ReportFindings,
  type ReportMethod,
  REPORT_CONTEXT,
  reportBody,
  reportStatement,
} from './report.ts';
import { reportMethodNamed } from './report-methods.ts';
import { builtInFactor } from './report-factor.ts';

/** In the order they are made; each stands on those before it. */
export type ReportCheckName =
  | 'document' // canonical bytes of the format, made by the caller
  | 'hash' // of everything but hash and signature
  | 'signature' // of the hash, by the key that the report or the reader names
  | 'method' // a version known here
  | 'factors' // each id once; what is in the built-in table is as it is there
  | 'inputs' // computed again without a refusal
  | 'lines'
  | 'totals'
  | 'total'
  | 'indicators'
  | 'flags'
  | 'disclosures'
  | 'dataQuality';

export interface ReportCheck {
  readonly name: ReportCheckName;
  readonly ok: boolean;
  /** The refusal's code, null where the check held. */
  readonly code: string | null;
  readonly detail: string;
}

export interface ReportVerdict {
  readonly verified: boolean;
  readonly hash: string | null;
  readonly signedBy: string | null;
  /** Up to the first that failed. */
  readonly checks: readonly ReportCheck[];
}

/** What the reader knows from elsewhere; without it an invented member's report verifies as what it is. */
export interface ExpectedReport {
  /** Ed25519 key that must have signed. */
  readonly publicKey?: string;
}

interface State {
  readonly report: CarbonReport;
  readonly expected: ExpectedReport;
  readonly methods: readonly ReportMethod[];
  findings?: ReportFindings;
}

/**
 * Computes a report again from its inputs and its factor table and compares; `methods` are known beside those of this library.
 * @returns a verdict whatever it says
 */
export async function verifyReport(
  report: CarbonReport,
  expected: ExpectedReport = {},
  methods: readonly ReportMethod[] = [],
): Promise<ReportVerdict> {
  const state: State = { report, expected, methods };
  const checks: ReportCheck[] = [];
  for (const [name, run] of CHECKS) {
    const check = await checked(name, () => run(state));
    checks.push(check);
    if (!check.ok) break;
  }
  return {
    verified: checks.every(({ ok }) => ok),
    hash: report.hash,
    signedBy: report.signature?.publicKey ?? null,
    checks,
  };
}

const CHECKS: readonly (readonly [ReportCheckName, (state: State) => string | Promise<string>])[] = [
  ['hash', checkHash],
  ['signature', checkSignature],
  ['method', ({ report, methods }) => reportMethodNamed(report.method, methods).version],
  ['factors', checkFactors],
  ['inputs', recompute],
  ...(['lines', 'totals', 'total', 'indicators', 'flags', 'disclosures', 'dataQuality'] as const).map(
    (part) => [part, (state: State) => comparePart(state, part)] as const,
  ),
];

/** @returns the check of `run`; a coded refusal is a check that failed */
export async function checked(
  name: ReportCheckName,
  run: () => string | Promise<string>,
): Promise<ReportCheck> {
  try {
    return { name, ok: true, code: null, detail: await run() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { name, ok: false, code: error.code, detail: error.message };
  }
}

async function checkHash({ report }: State): Promise<string> {
  const hash = await hashJson(reportBody(report));
  if (hash === report.hash) return hash;
  throw new DomainError('REPORT_HASH', `expected ${report.hash}, got ${hash} over the content`);
}

async function checkSignature({ report, expected }: State): Promise<string> {
  const { signature, hash, subject } = report;
  const { publicKey } = expected;
  if (signature === null) {
    if (publicKey === undefined) return 'not signed';
    throw new DomainError('REPORT_UNSIGNED', `expected a signature of ${publicKey}, got none`);
  }
  if (publicKey !== undefined && publicKey !== signature.publicKey) {
    throw new DomainError(
      'REPORT_SIGNER',
      `expected a signature of ${publicKey}, got ${signature.publicKey}'s`,
    );
  }
  if (subject.participantId !== signature.participantId) {
    throw new DomainError('REPORT_SIGNER', 'expected the subject to sign, got another participant');
  }
  const statement = reportStatement(hash, signature.participantId);
  await requireSignature(signature.publicKey, REPORT_CONTEXT, statement, signature.signature);
  return `of ${signature.publicKey}`;
}

const PUBLISHED = PUBLISHED_FACTOR_SETS.flatMap((set) => set.factors);

function checkFactors({ report: { factors } }: State): string {
  const ids = factors.map(({ id }) => id);
  if (new Set(ids).size !== ids.length)
    throw new DomainError('REPORT_FACTOR', 'expected each factor once, got one twice');
  const known = factors.flatMap((factor) => {
    const row = PUBLISHED.find(({ id }) => id === factor.id);
    return row === undefined ? [] : [{ factor, row }];
  });
  for (const { factor, row } of known) {
    if (!isSame(factor, builtInFactor(row)))
      throw new DomainError('REPORT_FACTOR', `expected ${row.id} as in the built-in table, got another`);
  }
  return `${factors.length}, of which ${known.length} as in the built-in table; the rest as the report gives them`;
}

function recompute(state: State): string {
  const method = reportMethodNamed(state.report.method, state.methods);
  state.findings = method.compute(state.report);
  return `${state.report.inputs.length} rows computed again`;
}

function comparePart({ report, findings }: State, part: keyof ReportFindings): string {
  const [said, found] = [report[part], findings![part]];
  if (isSame(said, found)) return Array.isArray(said) ? `${said.length} as computed` : 'as computed';
  throw new DomainError(
    'REPORT_DIFFERS',
    `expected ${part} as computed, got others${firstDifference(said, found)}`,
  );
}

function firstDifference(said: unknown, found: unknown): string {
  if (!Array.isArray(said) || !Array.isArray(found)) return '';
  const at = found.findIndex((item: unknown, i) => !isSame(item, said[i] ?? null));
  return at < 0 ? `: ${said.length} where there are ${found.length}` : `, first at ${at}`;
}

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a as Json) === canonicalJson(b as Json);
