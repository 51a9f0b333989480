/**
 * carbon: what energy emitted, hour by hour, with the source of every number.
 *
 * Vocabulary: factor (published gCO2e/kWh with basis, averaging, zone, validity), basis (direct | lifecycle, never mixed),
 * averaging (average | marginal, never mixed), factor set (an immutable version of factors), combustion factor (kg by gas per
 * TJ on a calorific basis, ncv | gcv, never mixed), GWP set (kgCO2e per kg by gas, one publication), grid
 * intensity (average kgCO2e/kWh of an hour), attribution (which buyer may claim which delivered Wh), location-based and
 * market-based (two accounts of the same energy, never added), inventory (totals with method version and factor ids).
 * Rounding: emissions are exact decimals in grams; a total is rounded once, half away from zero, to whole grams.
 * References: GHG Protocol Scope 2 Guidance (2015); IPCC AR5 WGIII Annex III (2014), Table A.III.2;
 * IPCC 2006 Guidelines vol. 2 ch. 2; IPCC AR4, AR5 and AR6 WGI (GWP100).
 */
export {
  type CalorificBasis,
  COMBUSTION_SECTORS,
  type CombustionFactor,
  type CombustionSector,
  type EmissionFactor,
  type FactorAveraging,
  type FactorBasis,
  type FactorSet,
  type FactorSetRank,
  isInForce,
  requireOneKind,
} from './factor.ts';
export { COMBUSTION_FACTORS, combustionFactor, factorById, PUBLISHED_FACTOR_SETS } from './factor-tables.ts';
export {
  type CombustionFactorRequest,
  type FactorRequest,
  type FactorVia,
  type Resolved,
  resolveCombustionFactor,
  type ResolvedFactor,
  resolveFactor,
} from './resolve-factor.ts';
export {
  type FactorFile,
  type FactorFinding,
  type FactorLine,
  factorSetOf,
  parseFactorCsv,
} from './factor-csv.ts';
export { LOCAL_TECHNOLOGY, localGenerationFactor } from './local-generation.ts';
export { ZONE_PARENTS, type ZoneParents } from './zone-parents.ts';
export { FUEL_UNITS, fuelEnergyTj, type FuelUnit, type FuelUse } from './fuel-energy.ts';
export { GWP_SETS, gwpOf, type GwpSet, gwpSet } from './gwp-sets.ts';
export {
  addMasses,
  type Co2e,
  co2e,
  type CombustionEmissions,
  combustionEmissions,
  type GasMasses,
} from './combustion.ts';
export {
  type IntensityFinding,
  type IntensityHour,
  type IntensitySeries,
  MAX_KG_PER_KWH,
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
export {
  type CarbonReport,
  type ReportBasis,
  type ReportFactor,
  type ReportFindings,
  type ReportFlag,
  type ReportLine,
  type ReportMethod,
  type ReportResolution,
  type ReportRow,
  type ReportSigner,
  type ReportTotal,
  MAX_REPORT_ROWS,
  REPORT_FORMAT,
  REPORT_RESOLUTIONS,
  makeReport,
  reportBytes,
} from './report.ts';
export { reportMethodNamed } from './report-methods.ts';
export { inventoryFindings } from './report-inventory.ts';
export { type GridSource, builtInFactor, gridFactor } from './report-factor.ts';
export {
  type ExpectedReport,
  type ReportCheck,
  type ReportVerdict,
  checked,
  verifyReport,
} from './report-verify.ts';
export { reportBuckets } from './report-totals.ts';
export { type ReportRowResult, inputColumns, reportRows } from './report-rows.ts';
export { type LeasedShare, ownPart } from './leased-share.ts';
export { type Leakage } from './leakage.ts';
export { lossOfDelivered, type LossRate } from './grid-losses.ts';
export {
  type ActivityUnit,
  DISTANCE_UNITS,
  type FuelActivity,
  requireSameGwp,
  type UnitFactor,
} from './fuel-activity.ts';
export { type GivenActivity, type LeakActivity } from './given-lines.ts';
export {
  type Account,
  type ActivityKind,
  type ActivityTerms,
  type AppliedFactor,
  type InventoryLine,
  isoCategory,
  type Matching,
  type Tier,
} from './inventory-line.ts';
export { type CertificateUnits, type Instrument } from './instruments.ts';
export { type EnergyFactor, type PurchasedEnergy } from './purchased-energy.ts';
export { type Scope2Accounts, type Scope2Hour } from './scope2-accounts.ts';
export { type ResoldEnergy } from './scope3-category3.ts';
export {
  type InstrumentUse,
  inventory,
  type Inventory,
  INVENTORY_METHOD,
  type InventoryInput,
} from './inventory.ts';
export { type AccountTotals, bothAccounts, type LineTotal } from './inventory-totals.ts';
export { type Pedigree, pedigreeScore, QUALITY_INDICATORS } from './data-quality.ts';
export { BASE_YEAR_CHANGES, type BaseYear, restateBaseYear, type RestatedBaseYear } from './base-year.ts';
export { productUncertainty } from './uncertainty.ts';
export { RESIDUAL_MIX_METHOD, residualMix, type ResidualMix, type ResidualSource } from './residual-mix.ts';
export { exactSum } from './exact-sum.ts';
export { Exact } from './exact.ts';
export {
  type MarketResidual,
  residualExchange,
  type ResidualExchange,
  type ResidualMarket,
} from './residual-exchange.ts';
export {
  type EnergyNeed,
  type ForecastHour,
  type LowestCarbonWindows,
  type WindowEmissions,
  type WindowPart,
  WINDOW_LIMITS,
  lowestCarbonWindows,
} from './windows.ts';
export { type SourceFactors, mixIntensity } from './mix-intensity.ts';
export { type Investment, type Lever, type LeverFactor } from './lever.ts';
export { type LeverHour, type LeverTerms } from './lever-hours.ts';
export { type LeverResult, type RankedLevers, annuity, rankedLevers } from './levers.ts';
export { type EmissionsAhead, type Fan, type HourAhead, emissionsAhead } from './emissions-ahead.ts';
export {
  type FootprintTerms,
  footprintId,
  pactFootprint,
  participantUrn,
  type ProductFootprint,
} from './pact-footprint.ts';
