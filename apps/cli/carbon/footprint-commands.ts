import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { FootprintOptions } from './footprint.ts';

const HELP = `
1 kWh of the electricity of a report that verifies, as a ProductFootprint of the PACT Technical Specifications 3.0. Factors have to
count the life cycle. Terms are what a report does not say: productIds, one of geographyCountry, geographyCountrySubdivision,
geographyRegionOrSubregion and geographyGlobal, crossSectoralStandards; and where they are not as by default activities (of an
inventory), account, suppliedKwh, companyName, companyIds, productNameCompany, productDescription, productClassifications,
boundaryProcessesDescription, ipccCharacterizationFactors, exemptedEmissionsPercent, allocationRulesDescription,
primaryDataShare, dqi, verification. The id is the hash of what the footprint says.

Example:
  echo '{"subject": {"name": "North works"}, "inventory": {"basis": "lifecycle",
    "period": {"start": "2025-01-01T00:00Z", "end": "2026-01-01T00:00Z"},
    "activities": [{"kind": "own-generation", "id": "roof", "consumptionKwh": 52000, "factorId": "pv-rooftop/lifecycle/ipcc-ar5"}]}}' |
    gridcommons carbon report --input - --output roof.report.json
  echo '{"activities": ["roof"], "companyIds": ["urn:company:example:north"], "geographyCountry": "DE",
    "productIds": ["urn:pact:north.example:supplier-id:roof-electricity"],
    "ipccCharacterizationFactors": ["AR5"], "crossSectoralStandards": ["GHGP-Product"]}' > roof.terms.json
  gridcommons carbon footprint --input roof.report.json --terms roof.terms.json --json`;

/** `carbon footprint`. */
export function registerFootprintCommand(carbon: Command, outputOf: OutputOf): void {
  const footprint = carbon
    .command('footprint')
    .description('the electricity of a report as a product footprint for exchange (PACT 3.0)')
    .option('--terms <file>', 'what the report does not say of the product, as JSON')
    .option('--replaces <id...>', 'footprints that this one restates')
    .addHelpText('after', HELP);
  readsFile(
    footprint,
    outputOf,
    async (_options: FootprintOptions) => (await import('./footprint.ts')).footprintVerb,
  );
}
