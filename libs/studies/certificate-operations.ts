import type { ClaimWithin, Operation } from '#certificates';
import { CLAIM_WITHIN_MS } from '#certificates';
import { DAY_MS, interval, isoInstant, parseInstant, sha256Now, toHex, utf8 } from '#core';
import { z } from 'zod';
import { decimal, identifier, instant, nonNegative } from './decimal-schema.ts';

const wholeWh = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const partWh = wholeWh.optional().describe('part of it, from the low numbers; default all');
const reference = identifier
  .max(300)
  .describe('id of a certificate, or of an issue that has one live certificate');

export const issueFields = {
  id: identifier,
  kind: z.enum(['production', 'consumption']).default('production'),
  meter: identifier.describe('what names the meter, or its SHA-256; only the hash is told'),
  start: instant,
  end: instant.describe('an hour after start at most'),
  area: identifier,
  technology: identifier.optional().describe('of production; default unknown'),
  trial: z.boolean().default(false),
  intensityKgPerKwh: nonNegative.optional().describe('CO2e'),
  expires: instant.optional().describe('default validityDays after end'),
  supplements: identifier.optional().describe('issue of the same meter and interval that it adds to'),
  owner: identifier,
  quantityWh: wholeWh,
  firstNumber: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
};

const { kind: _kind, technology: _technology, trial: _trial, ...dischargeFields } = issueFields;
const {
  area: _area,
  supplements: _supplements,
  intensityKgPerKwh: _intensity,
  firstNumber: _first,
  ...discharged
} = dischargeFields;

const withinNames = Object.keys(CLAIM_WITHIN_MS) as [ClaimWithin, ...ClaimWithin[]];

export const operationSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('issue'), ...issueFields }),
  z.strictObject({ type: z.literal('split'), certificate: reference, quantityWh: wholeWh }),
  z.strictObject({ type: z.literal('transfer'), certificate: reference, quantityWh: partWh, to: identifier }),
  z.strictObject({
    type: z.literal('claim'),
    production: reference,
    consumption: reference,
    quantityWh: partWh.describe('default as much as both have'),
    within: z.enum(withinNames).default('hour').describe('how far production may be from consumption'),
  }),
  z.strictObject({
    type: z.literal('match'),
    owner: identifier.optional().describe('whose certificates; default everybody’s, each for its own'),
    order: z.enum(['time', 'largest-first']).default('time'),
  }),
  z.strictObject({ type: z.literal('expire'), at: instant }),
  z.strictObject({ type: z.literal('withdraw'), certificate: reference, quantityWh: partWh }),
  z.strictObject({
    type: z.literal('charge'),
    storage: identifier,
    certificate: reference,
    quantityWh: partWh,
    start: instant,
    end: instant,
  }),
  z.strictObject({
    type: z.literal('discharge'),
    storage: identifier,
    efficiency: decimal.describe('delivered per charged Wh, above 0 and at most 1'),
    ...discharged,
  }),
]);

export type FileOperation = z.infer<typeof operationSchema>;
type FileIssue = Extract<FileOperation, { type: 'issue' }>;
type FileDischarge = Extract<FileOperation, { type: 'discharge' }>;

/** An operation of a file as the registry takes it. @throws INSTANT_MALFORMED, INTERVAL_EMPTY */
export function toOperation(operation: FileOperation, validityDays: number | null): Operation {
  switch (operation.type) {
    case 'issue':
      return toIssue(operation, validityDays);
    case 'split':
      return { type: 'split', certificate: operation.certificate, wh: operation.quantityWh };
    case 'match':
      return { type: 'match', owner: operation.owner ?? null, order: operation.order };
    case 'expire':
      return { type: 'expire', atMs: parseInstant(operation.at) };
    case 'charge': {
      const { quantityWh, start, end, ...fields } = operation;
      return { ...fields, wh: quantityWh ?? null, interval: spanOf({ start, end }) };
    }
    case 'discharge':
      return toDischarge(operation, validityDays);
    default: {
      const { quantityWh, ...fields } = operation;
      return { ...fields, wh: quantityWh ?? null };
    }
  }
}

function toIssue(operation: FileIssue, validityDays: number | null): Operation {
  const { quantityWh, firstNumber, start, end, expires, meter, technology, intensityKgPerKwh, ...fields } =
    operation;
  return {
    ...fields,
    meter: meterHash(meter),
    interval: spanOf({ start, end }),
    technology: technology ?? (fields.kind === 'production' ? 'unknown' : null),
    intensityKgPerKwh: intensityKgPerKwh === undefined ? null : String(intensityKgPerKwh),
    expiresMs: expiryOf(expires, end, validityDays),
    supplements: fields.supplements ?? null,
    wh: quantityWh,
    start: firstNumber,
  };
}

function toDischarge(operation: FileDischarge, validityDays: number | null): Operation {
  const { quantityWh, start, end, expires, meter, efficiency, ...fields } = operation;
  return {
    ...fields,
    meter: meterHash(meter),
    interval: spanOf({ start, end }),
    efficiency: String(efficiency),
    expiresMs: expiryOf(expires, end, validityDays),
    wh: quantityWh,
  };
}

const spanOf = ({ start, end }: { readonly start: string; readonly end: string }) =>
  interval(parseInstant(start), parseInstant(end));

function expiryOf(expires: string | undefined, end: string, validityDays: number | null): number | null {
  if (expires !== undefined) return parseInstant(expires);
  return validityDays === null ? null : parseInstant(end) + validityDays * DAY_MS;
}

const meterHash = (meter: string): string =>
  /^[0-9a-f]{64}$/.test(meter) ? meter : toHex(sha256Now(utf8(meter)));

export const instantOrNull = (ms: number | null): string | null => (ms === null ? null : isoInstant(ms));
