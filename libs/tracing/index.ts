/**
 * tracing: which generation serves which load across a network, and what the load's energy emitted.
 *
 * Vocabulary: zone, source (one fuel's generation in a zone), line (the net flow between two zones), balance (demand +
 * exports = generation + imports), reconciliation (the least correction that balances data), flow tracing (what leaves a zone
 * is composed as the sum of what enters it), intensity (average kg/MWh of what a zone uses), provenance (source to load and
 * line, upstream and downstream), storage ledger (emissions that a storage holds), marginal estimate (of another kind, never
 * in the field of an intensity).
 * References: Bialek 1996 (doi:10.1049/ip-gtd:19960461); Olmos & Pérez-Arriaga 2007 (doi:10.1109/TPWRS.2007.907118);
 * de Chalendar, Taggart & Benson 2019 (doi:10.1073/pnas.1912950116); de Chalendar & Benson 2021
 * (doi:10.1016/j.apenergy.2021.117761); Hawkes 2010 (doi:10.1016/j.enpol.2010.05.053).
 */
export {
  type FlowRecord,
  type Grid,
  type GridFinding,
  type GridHour,
  type GridSource,
  gridOf,
  type HourRecord,
  type ZoneRecord,
} from './grid.ts';
export { BALANCE_TOLERANCE, type Imbalance, stated } from './imbalance.ts';
export {
  type BalancedHour,
  type HourWeights,
  PUBLISHED_RULE,
  type Reconciliation,
  type ReconciliationRule,
  reconciler,
  totalsOf,
} from './reconciliation.ts';
export { imputed, type Imputed, usualSizes } from './usual-sizes.ts';
export { type FlowTopology, TRACED, tracer, WITHOUT_SOURCE } from './tracer.ts';
export {
  type EmissionChecks,
  type HourTrace,
  type HourTracer,
  hourTracer,
  intensityOf,
  type SourceEmissions,
} from './hour-trace.ts';
export { type Provenance, provenanceOf } from './provenance.ts';
export { type Eia930Hour, parseEia930 } from './eia930.ts';
export { storageLedger, type StorageLedger, type StorageRule, type StorageStock } from './storage.ts';
export { MARGINAL_METHOD, marginalEmissions, type MarginalEstimate, type SystemHour } from './marginal.ts';
