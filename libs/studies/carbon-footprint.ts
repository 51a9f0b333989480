import { type CarbonReport, pactFootprint, type ProductFootprint } from '#carbon';
import { requireInput } from '#inputs';
import { z } from 'zod';
import {
  pactDecimal,
  pactGeography,
  pactGwp,
  pactQuality,
  pactSet,
  pactText,
  pactUrn,
  pactVerification,
  productFootprint,
} from './pact-footprint-schema.ts';

/** What a report does not say of a product: terms of `carbon footprint`. */
export const footprintTerms = z
  .strictObject({
    activities: z
      .array(pactText)
      .min(1)
      .max(1_000)
      .optional()
      .describe('of an inventory: whose energy is the product; default all electricity'),
    account: z.enum(['location', 'market']).default('market').describe('of scope 2'),
    suppliedKwh: pactDecimal.optional().describe('what was supplied; default the energy of the lines'),
    companyName: pactText.optional().describe("default the report's subject"),
    companyIds: z
      .array(pactUrn)
      .max(50)
      .default([])
      .describe("URNs beside the participant's own, which is there without being named"),
    productIds: pactSet(pactUrn).describe('URNs'),
    productClassifications: pactSet(pactUrn).optional(),
    productNameCompany: pactText.default('Electricity'),
    productDescription: z.string().max(5_000).default('Electricity supplied locally, by the kilowatt hour'),
    ...pactGeography,
    geographyGlobal: z.literal(true).optional().describe('of no place in particular'),
    boundaryProcessesDescription: z
      .string()
      .max(5_000)
      .default('Generation of the electricity with its life cycle, as the sources of the factors bound it'),
    crossSectoralStandards: pactSet(pactText).describe('that the owner says it meets: PACT-3.0, ISO14067, …'),
    ipccCharacterizationFactors: pactGwp
      .optional()
      .describe('AR6, AR5: needed where the source of a factor does not say'),
    exemptedEmissionsPercent: pactDecimal.default('0'),
    exemptedEmissionsDescription: z.string().max(5_000).optional(),
    allocationRulesDescription: z.string().max(5_000).optional(),
    primaryDataShare: pactDecimal.optional().describe('percent; default what every activity counted says'),
    dqi: pactQuality.optional().describe('default what every activity counted says'),
    verification: pactVerification.optional().describe('by an independent third party'),
  })
  .refine(
    ({ geographyGlobal, geographyCountry, geographyCountrySubdivision, geographyRegionOrSubregion }) =>
      [geographyGlobal, geographyCountry, geographyCountrySubdivision, geographyRegionOrSubregion].filter(
        (each) => each !== undefined,
      ).length === 1,
    'expected one of geographyCountry, geographyCountrySubdivision, geographyRegionOrSubregion, geographyGlobal',
  );

/** When it is made, and the ids of what it restates. */
interface FootprintMaking {
  readonly createdMs: number;
  readonly precedingPfIds?: readonly string[] | undefined;
}

/** The footprint of a report that has been verified. @throws as pactFootprint, INPUT_INVALID where it is none of the data model */
export function footprintOfReport(
  report: CarbonReport,
  { geographyGlobal: _global, ...terms }: z.infer<typeof footprintTerms>,
  { createdMs, precedingPfIds }: FootprintMaking,
): ProductFootprint {
  return requireInput(pactFootprint(report, { ...terms, precedingPfIds }, createdMs), productFootprint);
}
