import {
  certificateCoverage,
  certificateId,
  type Claim,
  type ClaimedTimes,
  type Coverage,
  COVERAGE_METHOD,
  eventStatement,
  exact,
  quantityWh,
  Registry,
  REGISTRY_LIMITS,
  type Taken,
  type Totals,
  totalsOf,
} from '#certificates';
import { DomainError, HOUR_MS, type Interval, interval, isoInstant, type Json, parseInstant } from '#core';
import { z } from 'zod';
import {
  type FileOperation,
  instantOrNull,
  issueFields,
  operationSchema,
  toOperation,
} from './certificate-operations.ts';
import { instant, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study, type StudyContext } from './study.ts';

const certificatesSchema = z.strictObject({
  certificates: z
    .array(z.strictObject(issueFields))
    .max(REGISTRY_LIMITS.operations)
    .default([])
    .describe('issued in this order before the events'),
  events: z
    .array(operationSchema)
    .max(REGISTRY_LIMITS.operations)
    .default([])
    .describe('what happens to them, in this order'),
  claims: z
    .array(
      z.strictObject({
        productionStart: instant,
        consumptionStart: instant,
        quantityWh: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
      }),
    )
    .max(200_000)
    .default([])
    .describe('claims made elsewhere, for the coverage'),
  consumption: z
    .array(z.strictObject({ start: instant, consumptionKwh: nonNegative }))
    .max(200_000)
    .optional()
    .describe('what was consumed, for the coverage; default the consumption certificates issued'),
  period: z
    .strictObject({ start: instant, end: instant })
    .optional()
    .describe('default from the first to the last hour of consumption'),
  validityDays: z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .default(730)
    .describe('after which a certificate expires, two years unless given; null: never'),
  refusals: z
    .enum(['stop', 'list'])
    .default('stop')
    .describe('list: go on after an event that is refused and tell which'),
});

type CertificatesInput = z.infer<typeof certificatesSchema>;

interface CertificateView {
  readonly id: string;
  readonly issue: string;
  readonly kind: string;
  readonly owner: string;
  readonly state: string;
  readonly firstNumber: number;
  readonly lastNumber: number;
  readonly quantityWh: number;
  readonly start: string;
  readonly end: string;
  readonly area: string;
  readonly technology: string | null;
  readonly trial: boolean;
  readonly intensityKgPerKwh: string | null;
  readonly expires: string | null;
  readonly event: string;
}

interface ClaimView {
  readonly production: string;
  readonly consumption: string;
  readonly quantityWh: number;
  readonly owner: string;
  readonly area: string;
  readonly productionStart: string;
  readonly consumptionStart: string;
  readonly event: string;
}

export interface CertificatesResult {
  readonly method: string;
  readonly certificates: readonly CertificateView[];
  readonly claims: readonly ClaimView[];
  readonly claimedWh: number;
  /** Consumption that is not claimed for. */
  readonly uncoveredWh: number;
  readonly totals: { readonly production: Totals; readonly consumption: Totals };
  readonly storages: readonly { readonly storage: string; readonly storedWh: number }[];
  readonly coverage: Coverage | null;
  readonly refused: readonly { readonly event: number; readonly code: string; readonly message: string }[];
  /** Every event with its hash, for `carbon certificates verify`. */
  readonly events: readonly { readonly hash: string; readonly statement: Json }[];
  readonly flags: readonly string[];
}

export const CERTIFICATES_METHOD = 'gridcommons/certificates/1';

/** @throws the codes of a refused event, unless refusals are listed */
function runCertificates(
  input: CertificatesInput,
  _options: object,
  { progress }: StudyContext,
): CertificatesResult {
  const registry = new Registry();
  const issued = input.certificates.map((fields): FileOperation => ({ type: 'issue', ...fields }));
  const operations = [...issued, ...input.events];
  const refused: CertificatesResult['refused'][number][] = [];
  for (const [i, operation] of operations.entries()) {
    progress({ share: i / operations.length, text: 'events' });
    try {
      registry.run(toOperation(operation, input.validityDays));
    } catch (error) {
      if (!(error instanceof DomainError) || input.refusals === 'stop') throw error;
      refused.push({ event: i - issued.length, code: error.code, message: error.message });
    }
  }
  const { standing } = registry;
  const totals = {
    production: totalsOf(standing, 'production'),
    consumption: totalsOf(standing, 'consumption'),
  };
  const coverage = coverageOf(input, registry);
  return {
    method: CERTIFICATES_METHOD,
    certificates: standing.all().map((of) => viewOf(registry, of)),
    claims: registry.claims.map(claimView),
    claimedWh: totals.production.claimedWh,
    uncoveredWh: totals.consumption.liveWh,
    totals,
    storages: [...registry.stores()].map(([storage, charges]) => ({
      storage,
      storedWh: charges.reduce((sum, { wh }) => sum + wh, 0),
    })),
    coverage,
    refused,
    events: standing.events.map(({ hash, event }) => ({ hash, statement: eventStatement(event) })),
    flags: coverage === null ? ['NO_CONSUMPTION_GIVEN'] : [COVERAGE_METHOD, ...coverage.flags],
  };
}

function viewOf({ standing }: Registry, of: Taken): CertificateView {
  const {
    kind,
    interval: during,
    area,
    technology,
    trial,
    intensityKgPerKwh,
    expiresMs,
  } = standing.issue(of.issue);
  return {
    id: certificateId(of),
    issue: of.issue,
    kind,
    owner: of.owner,
    state: of.state,
    firstNumber: of.start,
    lastNumber: of.end,
    quantityWh: quantityWh(of),
    start: isoInstant(during.startMs),
    end: isoInstant(during.endMs),
    area,
    technology,
    trial,
    intensityKgPerKwh,
    expires: instantOrNull(expiresMs),
    event: of.event,
  };
}

const claimView = (claim: Claim): ClaimView => ({
  production: certificateId(claim.production),
  consumption: certificateId(claim.consumption),
  quantityWh: claim.wh,
  owner: claim.owner,
  area: claim.area,
  productionStart: isoInstant(claim.productionInterval.startMs),
  consumptionStart: isoInstant(claim.consumptionInterval.startMs),
  event: claim.event,
});

/** Null where nothing says what was consumed, or when. */
function coverageOf(input: CertificatesInput, registry: Registry): Coverage | null {
  const consumed = consumptionOf(input, registry);
  const period = input.period === undefined ? spanOf(consumed) : requirePeriod(input.period);
  if (consumed === null || period === null) return null;
  const made: ClaimedTimes[] = registry.claims.map((claim) => ({
    productionStartMs: claim.productionInterval.startMs,
    consumptionStartMs: claim.consumptionInterval.startMs,
    wh: claim.wh,
  }));
  const told = input.claims.map(({ productionStart, consumptionStart, quantityWh: wh }) => ({
    productionStartMs: parseInstant(productionStart),
    consumptionStartMs: parseInstant(consumptionStart),
    wh,
  }));
  const during = ({ consumptionStartMs: ms }: ClaimedTimes): boolean =>
    ms >= period.startMs && ms < period.endMs;
  const totalWh = consumed
    .filter(({ startMs }) => startMs >= period.startMs && startMs < period.endMs)
    .reduce((sum, { wh }) => sum.add(wh), exact(0));
  return certificateCoverage([...made, ...told].filter(during), totalWh.toFixed(), period);
}

interface Consumed {
  readonly startMs: number;
  readonly wh: string;
}

function consumptionOf(input: CertificatesInput, { standing }: Registry): Consumed[] | null {
  if (input.consumption !== undefined) {
    return input.consumption.map(({ start, consumptionKwh }) => ({
      startMs: parseInstant(start),
      wh: exact(consumptionKwh).mul(1000).toFixed(),
    }));
  }
  const issued = standing.events.flatMap(({ event: { issue, makes } }) =>
    issue?.kind === 'consumption'
      ? [{ startMs: issue.interval.startMs, wh: String(quantityWh(makes[0]!)) }]
      : [],
  );
  return issued.length === 0 ? null : issued;
}

function spanOf(consumed: readonly Consumed[] | null): Interval | null {
  if (consumed === null || consumed.length === 0) return null;
  const starts = consumed.map(({ startMs }) => startMs);
  const min = starts.reduce((least, ms) => Math.min(least, ms), Infinity);
  const max = starts.reduce((most, ms) => Math.max(most, ms), -Infinity);
  return interval(min, max + HOUR_MS);
}

const requirePeriod = ({ start, end }: { readonly start: string; readonly end: string }): Interval =>
  interval(parseInstant(start), parseInstant(end));

/** `carbon certificates`. */
export const certificatesStudy: Study<CertificatesInput, object, CertificatesResult> = {
  verb: 'certificates',
  method: null,
  title: 'issue, pass on, claim and expire granular certificates, and how much consumption they cover',
  input: certificatesSchema,
  options: noOptions,
  run: runCertificates,
};
