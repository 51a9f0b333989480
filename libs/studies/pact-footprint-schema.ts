import type { ProductFootprint } from '#carbon';
import { parseInstant } from '#core';
import { z } from 'zod';

/*
 * ProductFootprint of the PACT Technical Specifications 3.0.3 as a strict schema: every property of the data model but data model
 * extensions, decimals as strings, with limits that the specification leaves open.
 */

const MAX_ITEMS = 100;

export const pactText = z.string().min(1).max(500);
const longText = z.string().max(5_000);
// Aborts, so that what compares instants has them.
const instant = z.string().max(40).refine(isInstant, { error: 'expected ISO 8601 with an offset', abort: true }); // prettier-ignore
const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected a UUID in lower case');
export const pactUrn = z
  .string()
  .max(300)
  .regex(/^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^\s]+$/i, 'expected a URN (RFC 8141)');

const DIGITS = String.raw`\d{1,30}(?:\.\d{1,30})?`;
const pattern = (sign: string, expected: string) =>
  z.string().regex(new RegExp(`^${sign}${DIGITS}$`), `expected ${expected} as a string`);
const decimal = pattern('[+-]?', 'a decimal');
export const pactDecimal = pattern('[+]?', 'a decimal of at least 0');
const positive = pactDecimal.refine((value) => /[1-9]/.test(value), 'expected a decimal above 0');
const atMostZero = z
  .string()
  .regex(new RegExp(`^(?:-${DIGITS}|0+(?:\\.0+)?)$`), 'expected a decimal of at most 0');

/** Non-empty, each value once. */
export const pactSet = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .min(1)
    .max(MAX_ITEMS)
    .refine(
      (items) => new Set(items.map((each) => JSON.stringify(each))).size === items.length,
      'expected each once',
    );

const rating = pactDecimal.refine(
  (value) => Number(value) >= 1 && Number(value) <= 5,
  'expected a rating from 1 to 5',
);

export const pactQuality = z.strictObject({
  technologicalDQR: rating,
  geographicalDQR: rating,
  temporalDQR: rating,
});

export const pactVerification = z.strictObject({
  coverage: z.enum(['PCF calculation model', 'PCF program', 'product level']).optional(),
  providerName: pactText.optional(),
  completedAt: instant.optional(),
  standardName: pactText.optional(),
  comments: longText.optional(),
});

const REGIONS = [
  'Africa',
  'Americas',
  'Asia',
  'Europe',
  'Oceania',
  'Australia and New Zealand',
  'Central Asia',
  'Eastern Asia',
  'Eastern Europe',
  'Latin America and the Caribbean',
  'Melanesia',
  'Micronesia',
  'Northern Africa',
  'Northern America',
  'Northern Europe',
  'Polynesia',
  'South-eastern Asia',
  'Southern Asia',
  'Southern Europe',
  'Sub-Saharan Africa',
  'Western Asia',
  'Western Europe',
] as const;

/** At most one of them; none is the world. */
export const pactGeography = {
  geographyRegionOrSubregion: z.enum(REGIONS).optional(),
  geographyCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code')
    .optional(),
  geographyCountrySubdivision: z
    .string()
    .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'expected an ISO 3166-2 code')
    .optional(),
};

export const pactGwp = pactSet(z.string().regex(/^AR\d{1,2}$/, 'expected an assessment report, as AR6'));

const UNITS = [
  'liter',
  'kilogram',
  'cubic meter',
  'kilowatt hour',
  'megajoule',
  'ton kilometer',
  'square meter',
  'piece',
  'hour',
  'megabit second',
] as const;

const carbonFootprint = z.strictObject({
  declaredUnitOfMeasurement: z.enum(UNITS),
  declaredUnitAmount: positive,
  productMassPerDeclaredUnit: pactDecimal,
  referencePeriodStart: instant,
  referencePeriodEnd: instant,
  ...pactGeography,
  boundaryProcessesDescription: longText.optional(),
  pcfExcludingBiogenicUptake: decimal,
  pcfIncludingBiogenicUptake: decimal,
  fossilGhgEmissions: pactDecimal,
  fossilCarbonContent: pactDecimal,
  biogenicCarbonContent: pactDecimal.optional(),
  recycledCarbonContent: pactDecimal.optional(),
  landUseChangeGhgEmissions: pactDecimal.optional(),
  landCarbonLeakage: pactDecimal.optional(),
  landManagementFossilGhgEmissions: pactDecimal.optional(),
  landManagementBiogenicCO2Emissions: pactDecimal.optional(),
  landManagementBiogenicCO2Removals: atMostZero.optional(),
  biogenicCO2Uptake: atMostZero.optional(),
  biogenicNonCO2Emissions: pactDecimal.optional(),
  landAreaOccupation: pactDecimal.optional(),
  aircraftGhgEmissions: pactDecimal.optional(),
  packagingEmissionsIncluded: z.boolean().optional(),
  packagingGhgEmissions: pactDecimal.optional(),
  packagingBiogenicCarbonContent: pactDecimal.optional(),
  outboundLogisticsGhgEmissions: pactDecimal.optional(),
  ccsTechnologicalCO2CaptureIncluded: z.boolean().optional(),
  ccsTechnologicalCO2Capture: atMostZero.optional(),
  technologicalCO2CaptureOrigin: longText.optional(),
  technologicalCO2Removals: atMostZero.optional(),
  ccuCarbonContent: pactDecimal.optional(),
  ccuCalculationApproach: z.enum(['Cut-off', 'Credit']).optional(),
  ccuCreditCertification: z.url().max(500).optional(),
  ipccCharacterizationFactors: pactGwp,
  crossSectoralStandards: pactSet(pactText),
  productOrSectorSpecificRules: pactSet(
    z.strictObject({
      operator: z.enum(['PEF', 'EPD International', 'Other']),
      ruleNames: pactSet(pactText),
      otherOperatorName: pactText.optional(),
    }),
  ).optional(),
  exemptedEmissionsPercent: decimal,
  exemptedEmissionsDescription: longText.optional(),
  allocationRulesDescription: longText.optional(),
  secondaryEmissionFactorSources: z
    .array(z.strictObject({ name: z.string().min(1).max(2_000), version: pactText }))
    .min(1)
    .max(MAX_ITEMS)
    .optional(),
  primaryDataShare: decimal.optional(),
  dqi: pactQuality.optional(),
  verification: pactVerification.optional(),
});

/** A footprint as it is published: of the shape of the data model, and holding together. */
export const productFootprint: z.ZodType<ProductFootprint> = z
  .strictObject({
    id: uuid,
    specVersion: z.string().regex(/^3\.0\.\d{1,3}(?:-\d{8})?$/, 'expected version 3.0'),
    precedingPfIds: pactSet(uuid).optional(),
    created: instant,
    status: z.enum(['Active', 'Deprecated']),
    validityPeriodStart: instant.optional(),
    validityPeriodEnd: instant.optional(),
    companyName: pactText,
    companyIds: pactSet(pactUrn),
    productDescription: longText,
    productIds: pactSet(pactUrn),
    productClassifications: pactSet(pactUrn).optional(),
    productNameCompany: pactText,
    comment: longText.optional(),
    pcf: carbonFootprint,
  })
  .refine(({ pcf }) => geographiesOf(pcf) <= 1, 'expected at most one geography')
  .refine(
    ({ pcf }) => parseInstant(pcf.referencePeriodStart) < parseInstant(pcf.referencePeriodEnd),
    'expected a reference period that ends after it starts',
  )
  .refine(({ pcf }) => pcf.packagingEmissionsIncluded === true || pcf.packagingGhgEmissions === undefined, 'expected no packagingGhgEmissions where they are not included') // prettier-ignore
  .refine((footprint) => isValidity(footprint), 'expected a validity period within three years of the reference period'); // prettier-ignore

function isInstant(text: string): boolean {
  try {
    return Number.isFinite(parseInstant(text));
  } catch {
    // Only says that it is none.
    return false;
  }
}

const geographiesOf = (pcf: ProductFootprint['pcf']): number =>
  Object.keys(pactGeography).filter((key) => pcf[key] !== undefined).length;

/** From its validity period, or three years from the end of the reference period. Half-open. */
export function validityOf({
  validityPeriodStart,
  validityPeriodEnd,
  pcf,
}: Pick<ProductFootprint, 'validityPeriodStart' | 'validityPeriodEnd' | 'pcf'>): {
  startMs: number;
  endMs: number;
} {
  const end = new Date(parseInstant(pcf.referencePeriodEnd));
  const startMs = validityPeriodStart === undefined ? end.getTime() : parseInstant(validityPeriodStart);
  end.setUTCFullYear(end.getUTCFullYear() + 3);
  return {
    startMs,
    endMs: validityPeriodEnd === undefined ? end.getTime() : parseInstant(validityPeriodEnd),
  };
}

function isValidity(
  footprint: Pick<ProductFootprint, 'validityPeriodStart' | 'validityPeriodEnd' | 'pcf'>,
): boolean {
  const { startMs, endMs } = validityOf(footprint);
  const longest = validityOf({ pcf: footprint.pcf });
  return longest.startMs <= startMs && startMs < endMs && endMs <= longest.endMs;
}
