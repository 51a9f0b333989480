import { z } from 'zod';

const instant = z.string().describe('ISO 8601 with an offset: 2026-01-01T00:00:00Z');
const currency = z.string().describe('ISO 4217, such as EUR');
const amountMinor = z.number().describe('in minor units, such as cents');

const price = z
  .union([
    z.strictObject({ kind: z.literal('free') }),
    z.strictObject({ kind: z.literal('flat'), currency, amountMinor }).describe('once'),
    z
      .strictObject({
        kind: z.literal('perReading'),
        currency,
        amountMinor,
        readings: z.number().describe('that amountMinor buys'),
      })
      .describe('by what is read'),
    z
      .strictObject({
        kind: z.literal('subscription'),
        currency,
        amountMinor,
        period: z.string().describe('P1D, P7D, P1M or P1Y'),
      })
      .describe('at the beginning of each period'),
    z
      .strictObject({
        kind: z.literal('revenueShare'),
        currency,
        basisPoints: z.number().describe('hundredths of a percent of what the buyer earns'),
      })
      .describe('of what the buyer states to have earned'),
  ])
  .nullable();

const dataSet = z.strictObject({
  key: z.string().describe("own name of it, once: a–z, 0–9, '.', '_', '-'"),
  title: z.string(),
  carrier: z.enum(['ELECTRICITY', 'GAS', 'HEAT', 'OIL', 'WATER']),
  kind: z.enum(['READINGS', 'FORECAST', 'MODEL', 'CARBON_SERIES', 'REPORT']),
  licence: z.string().describe('as in CC-BY-4.0, or a sentence'),
  description: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  resolution: z.string().nullable().optional().describe('PT5M to PT1H, P1D, P1M, P1Y'),
  zone: z.string().optional().describe('IANA zone; default UTC'),
  eic: z.string().nullable().optional().describe('of an area or a metering point'),
  area: z.string().nullable().optional(),
});

const version = z
  .strictObject({
    start: instant,
    end: instant,
    columns: z.array(
      z.strictObject({
        name: z.string(),
        unit: z.string().nullable().optional(),
        description: z.string().optional(),
      }),
    ),
    contentRoot: z.string().describe('Merkle root of the encrypted chunks, hex'),
    chunks: z.number(),
    bytes: z.number(),
    findings: z
      .array(
        z.strictObject({
          code: z.string(),
          severity: z.enum(['INFO', 'WARNING', 'SEVERE']),
          count: z.number(),
          message: z.string(),
        }),
      )
      .optional(),
    sample: z.array(z.array(z.string())).nullable().optional().describe('rows in the clear, at most 20'),
  })
  .describe('that is encrypted already; `participant data publish` makes one of a file');

const offer = z.strictObject({
  policy: z.looseObject({}).describe('ODRL 2.2; `gridcommons policy check` says how it is understood'),
  price: price.optional().describe('default: free of charge'),
  validFrom: instant.nullable().optional().describe('default: now'),
  validUntil: instant.nullable().optional().describe('exclusive; default: without an end'),
  unlisted: z.boolean().optional().describe('shown to nobody; made to one by `negotiation offer`'),
});

/** Of `catalogue publish`: the inputs of the API without the id that comes of the first. */
export const publicationInput = z.strictObject({
  dataSet,
  versions: z.array(version).max(100).default([]),
  offers: z.array(offer).min(1).max(100),
});

/** Of `negotiation … --price`. */
export const priceInput = price;
