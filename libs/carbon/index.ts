/**
 * carbon: what energy emitted, hour by hour, with the source of every number.
 *
 * Vocabulary: factor (published gCO2e/kWh with basis, region, validity), basis (direct | lifecycle, never mixed), grid
 * intensity (average kgCO2e/kWh of an hour), attribution (which buyer may claim which delivered Wh), location-based and
 * market-based (two accounts of the same energy, never added), inventory (totals with method version and factor ids).
 * Rounding: emissions are exact decimals in grams; a total is rounded once, half away from zero, to whole grams.
 * References: GHG Protocol Scope 2 Guidance (2015); IPCC AR5 WGIII Annex III (2014), Table A.III.2.
 */
export { type EmissionFactor, type FactorBasis, EMISSION_FACTORS, factorById, factorFor } from './factors.ts';
export {
  type IntensityFinding,
  type IntensityHour,
  type IntensitySeries,
  parseIntensityCsv,
} from './intensity.ts';
export {
  type Attribution,
  type AttributionResult,
  type MeteredExport,
  type TradedEnergy,
  attributeTrades,
} from './attribution.ts';
export {
  type EmissionsTotals,
  type GridIntensity,
  type HourActivity,
  type HourIntensity,
  type HourlyEmissions,
  type Scope2Inventory,
  EMISSIONS_CONTEXT,
  SCOPE2_DISCLOSURES,
  SCOPE2_METHOD,
  emissionsStatement,
  hourlyEmissions,
  scope2Inventory,
  totalGrams,
} from './scope2.ts';
