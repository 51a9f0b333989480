import {
  type CertificateEvent,
  certificateId,
  EVENT_FORM,
  LINEAGE_FORM,
  quantityWh,
  type RecordedEvent,
  verifyEvents,
  verifyLineage,
} from '#certificates';
import { interval, isoInstant, parseInstant } from '#core';
import { z } from 'zod';
import { identifier, instant } from './decimal-schema.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal');
const number = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const certificate = z.strictObject({
  issue: identifier,
  start: number,
  end: number,
  owner: identifier,
  state: z.enum(['live', 'claimed', 'stored', 'expired', 'withdrawn']),
});
const taken = z.strictObject({ event: hash, ...certificate.shape });

const statement = z.strictObject({
  form: z.literal(EVENT_FORM),
  type: z.enum(['issue', 'split', 'transfer', 'claim', 'charge', 'discharge', 'expire', 'withdraw']),
  takes: z.array(taken).max(2),
  makes: z.array(certificate).min(1).max(2),
  issue: z
    .strictObject({
      id: identifier,
      kind: z.enum(['production', 'consumption']),
      meter: hash,
      start: instant,
      end: instant,
      area: identifier,
      technology: z.string().max(2_000).nullable(),
      trial: z.boolean(),
      intensityKgPerKwh: z.string().max(100).nullable(),
      expires: instant.nullable(),
      supplements: hash.nullable(),
    })
    .nullable(),
  storage: identifier.nullable(),
  efficiency: z.string().max(100).nullable(),
  draws: z.array(z.strictObject({ event: hash, wh: number })).max(100_000),
  salt: z.string().max(100).nullable(),
});

const recorded = z.array(z.strictObject({ hash, statement })).min(1).max(200_000);

/** One certificate with all behind it; or, without `certificate`, whatever events are to be checked together. */
export const lineageSchema = z.union([
  z.strictObject({ form: z.literal(LINEAGE_FORM), certificate: taken, events: recorded }),
  z.looseObject({ events: recorded }).transform(({ events }) => ({ certificate: null, events })),
]);

export interface VerifiedLineage {
  readonly verified: true;
  readonly events: number;
  readonly issues: readonly {
    readonly id: string;
    readonly kind: string;
    readonly start: string;
    readonly end: string;
    readonly area: string;
    readonly technology: string | null;
    readonly quantityWh: number;
  }[];
  /** What stands after the events, or the one certificate that was asked about. */
  readonly certificates: readonly {
    readonly id: string;
    readonly owner: string;
    readonly state: string;
    readonly quantityWh: number;
  }[];
}

/** Checks an exported lineage, or a list of events. @throws as verifyLineage and verifyEvents, INSTANT_MALFORMED */
export function verifyLineageFile(file: z.infer<typeof lineageSchema>): VerifiedLineage {
  const events = file.events.map(({ hash: of, statement: said }): RecordedEvent => ({ hash: of, event: toEvent(said) })); // prettier-ignore
  const { certificate: asked } = file;
  const { issues, certificates } =
    asked === null ? verifyEvents(events) : verifyLineage({ certificate: asked, events });
  return {
    verified: true,
    events: events.length,
    issues: issues.map(({ id, kind, interval: during, area, technology, wh }) => ({
      id,
      kind,
      start: isoInstant(during.startMs),
      end: isoInstant(during.endMs),
      area,
      technology,
      quantityWh: wh,
    })),
    certificates: (asked === null ? certificates : [asked]).map((of) => ({
      id: certificateId(of),
      owner: of.owner,
      state: of.state,
      quantityWh: quantityWh(of),
    })),
  };
}

function toEvent({ form: _form, issue, ...event }: z.infer<typeof statement>): CertificateEvent {
  if (issue === null) return { ...event, issue: null };
  const { start, end, expires, ...fields } = issue;
  return {
    ...event,
    issue: {
      ...fields,
      interval: interval(parseInstant(start), parseInstant(end)),
      expiresMs: expires === null ? null : parseInstant(expires),
    },
  };
}
