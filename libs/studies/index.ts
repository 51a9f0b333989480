/**
 * studies: the libraries' computations as they can be asked for from outside, from a file or over the network.
 *
 * Vocabulary: study (a verb with a method, a checked document in, a document out), input and options (JSON, told by a
 * schema), progress (a share that is done and words for it, never anything of the input).
 */
export { bidsStudy } from './bids.ts';
export { type AllowancesResult, allowancesStudy } from './carbon-allowances.ts';
export { type MarginalResult, marginalStudy } from './carbon-marginal.ts';
export { type TracedHour, type TraceResult, traceStudy } from './carbon-trace.ts';
export { type InventoryResult, inventoryStudy } from './carbon-inventory.ts';
export { type ResidualMixResult, residualMixStudy } from './carbon-residual-mix.ts';
export { aheadTerms } from './carbon-intensity-input.ts';
export {
  intensityForecast,
  type IntensityForecast,
  intensityForecastStudy,
} from './carbon-intensity-forecast.ts';
export { type LeversResult, leversStudy } from './carbon-levers.ts';
export { type WindowResult, windowStudy } from './carbon-window.ts';
export { type ClearedBlocks } from './blocks.ts';
export { peersStudy, portraitStudy, sectorsStudy, trendStudy } from './carbon-analytics.ts';
export { type ClearedBook } from './clear.ts';
export { footprintOfReport, footprintTerms } from './carbon-footprint.ts';
export { STUDY_REPORT_METHODS } from './carbon-inventory-report.ts';
export { carbonReportInput, carbonReportStudy } from './carbon-report.ts';
export {
  MAX_REPORT_BYTES,
  reportDocument,
  reportOfBytes,
  verifyReportBytes,
} from './carbon-report-document.ts';
export { clearInput } from './clear-input.ts';
export { clearBlocksStudy, clearBookStudy, clearCurvesStudy, type ClearOptions } from './clearing.ts';
export { type ClearedCurves, curvesInput } from './curves.ts';
export { type DesignResult, designStudy } from './design.ts';
export { dispatchStudy, type DispatchView } from './dispatch.ts';
export { type FeesResult, feesStudy } from './fees.ts';
export { type GameKind, type GameResult, gameStudy } from './game.ts';
export { hubStudy } from './hub.ts';
export { CLEARING_MECHANISMS, inputNames } from './mechanisms.ts';
export { type EnvelopePeriod, networkStudies, type NetworkStudy, type PowerFlowPeriod } from './network.ts';
export { type DlmpPeriod } from './network-dlmp.ts';
export { networkData, orPandapower, powerFlowInput } from './network-input.ts';
export { periodsOf } from './network-view.ts';
export { type PriceResult, priceStudy } from './price.ts';
export { resilienceStudy } from './resilience.ts';
export { type SettleInput, settleInput, type SettleResult, settleTable } from './settle.ts';
export { type ShareMethod, type ShareOptions, shareStudy } from './share.ts';
export { type ShareResult } from './share-result.ts';
export { requireSiteDevices, type SiteDevices } from './site-devices.ts';
export { type SlotRow, slotTable, type SlotTable } from './slot-table.ts';
export { type StorageMethod, storageStudy } from './storage.ts';
export { type Study, type StudyContext, type StudyProgress } from './study.ts';
export { productFootprint, validityOf } from './pact-footprint-schema.ts';
export { inputSchema, optionsSchema, requireStudy } from './compute-study.ts';
export { STUDIES } from './registry.ts';
export {
  runStudy,
  type StudyLimits,
  type StudyOutcome,
  type StudyRequest,
  type StudyWatch,
} from './run-study.ts';
export { type CertificatesResult, certificatesStudy } from './carbon-certificates.ts';
export { type CfeResult, cfeStudy } from './carbon-cfe.ts';
export { lineageSchema, type VerifiedLineage, verifyLineageFile } from './carbon-lineage.ts';
