/**
 * certificates: who may say that its energy came from where, Wh by Wh and hour by hour.
 *
 * Vocabulary: issue (what all Wh of one meter and interval have in common), certificate (consecutive Wh of an issue in one
 * hand, numbered start to end: quantity = end − start + 1), states live | claimed | stored | expired | withdrawn, claim
 * (production and consumption of one hour and area cancelled for each other), charge and discharge (of a storage: cancelled
 * going in, issued anew coming out), event and lineage (what happened, each event naming those before by their SHA-256),
 * coverage (of consumption by claims, by how far apart they may be), CFE score (carbon-free energy matched hour by hour).
 * References: EnergyTag Granular Certificate Scheme Standard v2 (2024); Energinet energy-origin and Project Origin; Google,
 * 24/7 Carbon-Free Energy: Methodologies and Metrics (2021).
 */
export {
  type Certificate,
  type CertificateKind,
  type CertificateState,
  type ClaimWithin,
  type Held,
  type Issue,
  type Range,
  CLAIM_WITHIN_MS,
  certificateId,
  claimCertificates,
  endCertificate,
  issueCertificate,
  quantityWh,
  splitCertificate,
  transferCertificate,
} from './certificate.ts';
export {
  type CertificateEvent,
  type Drawn,
  type EventType,
  type Taken,
  EVENT_FORM,
  eventHash,
  eventStatement,
  issueEvent,
  parentsOf,
  plainEvent,
} from './event.ts';
export { type Claimable, type MatchedClaim, type MatchOrder, matchHour } from './matching.ts';
export { type Operation } from './operation.ts';
export { type Claim, Registry, REGISTRY_LIMITS } from './registry.ts';
export { type RecordedEvent, type Totals, totalsOf } from './standing.ts';
export {
  type Lineage,
  type VerifiedEvents,
  LINEAGE_FORM,
  lineageOf,
  verifyEvents,
  verifyLineage,
} from './lineage.ts';
export { type Discharge, type StoredCharge, dischargeStore } from './storage.ts';
export { type ClaimedTimes, type Coverage, COVERAGE_METHOD, certificateCoverage } from './coverage.ts';
export { type CfeScore, type CfeSteps, CFE_METHOD, cfeInput, cfeScore, percentOf } from './cfe.ts';
export {
  type Battery,
  type BatteryFlows,
  type GreenAttribution,
  type GreenDischarge,
  greenDischarge,
} from './green-battery.ts';
export {
  type SiteEmissions,
  type SiteEnergy,
  type SiteFlows,
  declining,
  siteEmissions,
  siteEnergy,
} from './avoided.ts';
export { exact } from './exact.ts';
