/**
 * forecasting: day-ahead energy from summed second moments. One shared linear map per task, solved in closed form from
 * one vector a site, refined at home; quantiles from a site's own past errors. Pure numbers: no I/O.
 *
 * Vocabulary: moments (XᵀX, XᵀY, ΣY², rows of a site's windows), windows (the rows themselves, for models trained step by
 * step), fit (the pooled ridge), outcome (what released sums give), personalise (shrink towards it on own moments), noisy
 * moments (summed with privacy noise of known size; fitted by AdaSSP), profile (a site's weekly cycle and scale, never
 * sent), issue time, past errors (of a site's own forecasts, which its intervals are read from), hierarchy and reconciliation
 * (forecasts of members, groups and their sum that add up), backtest, champion and challenger (compared by daily loss
 * differences), drift.
 * Energy is in kWh as Float64Array by hour, NaN where missing. Train 60 %, validation 20 %, test 20 % of whole local days.
 *
 * References: Hoerl & Kennard 1970 (ridge); Toner & Darlow, ICML 2024 (linear forecasters in closed form); Lin et al.,
 * NeurIPS 2024 (CycleNet: a learnt cycle removed first); Vovk et al. 2005, Lei et al. 2018 (split conformal prediction);
 * Gibbs & Candès 2021 (adaptive conformal inference); Koenker & Bassett 1978 (pinball loss); Gneiting & Raftery 2007 (interval
 * score); Wickramasuriya et al. 2019, Schäfer & Strimmer 2005 (reconciliation, shrinkage); Wang 2018 (AdaSSP: ridge from noisy
 * moments); Diebold & Mariano 1995, Harvey, Leybourne & Newbold 1997 (equal accuracy); Page 1954 (drift); Hyndman & Koehler
 * 2006 (MASE); Meeus 1998 (position of the sun); Haurwitz 1945, Reno, Hansen & Stein 2012 (clear sky).
 */
export {
  DAY_AHEAD_MOMENTS,
  DAY_AHEAD_RIDGE,
  INPUT_PENALTIES,
  type RidgeModelConfig,
  requireSoundConfig,
  requireSoundShape,
  type WindowShape,
} from './config.ts';
export { type RidgeStatistic, statisticOf } from './statistic.ts';
export { inputCount, inputScales, NO_INPUTS, requireSoundNetworkInputs, type SiteInputs } from './inputs.ts';
export { CLEAR_SKY, clearSkySeries } from './clear-sky.ts';
export { type Place, placeFrom, requirePlace } from './sun.ts';
export { type HolidayCalendar, holidayCalendar } from './holidays.ts';
export { solveRidge } from './cholesky.ts';
export { narrowAutocovariances, siteAutocovariances } from './autocovariances.ts';
export { positionOf } from './series.ts';
export { type Epochs, type SplitDays, localMidnights, splitDays } from './epochs.ts';
export { type ProfilePrior, type SiteProfile } from './profile.ts';
export {
  featureCount,
  momentBound,
  momentCount,
  normaliseMoments,
  siteMoments,
  unpackMoments,
} from './moments.ts';
export { type SiteWindows, siteWindows } from './windows.ts';
export { type DayAheadModel, type LinearMap, type RidgeFit, fitRidge, personalise } from './ridge.ts';
export {
  type StepOutcome,
  initialModelHash,
  leastNetworkRows,
  namingSeries,
  outcomeOf,
  requireDistinctColumns,
  requireEpochs,
  requireOneSeries,
  sharedRidges,
  statisticBound,
  statisticLength,
} from './outcome.ts';
export { type LearntNetwork, learntNetwork } from './learnt-network.ts';
export {
  type ModelTerms,
  type SavedModel,
  type SavedNetwork,
  type SavedRidge,
  modelFile,
  readModelFile,
} from './model-file.ts';
export { type DayForecast, type PointForecast } from './day-ahead.ts';
export { type ForecastRequest, type NetworkOutputs, forecastSaved } from './saved-forecast.ts';
export { type Calibration, type DayQuantiles, type PastErrors, sampleQuantile } from './quantiles.ts';
export { type SiteForecast, type SiteForecaster, type SiteReadings, fitSite, forecastSite } from './site.ts';
export {
  type ComparedScores,
  type Comparison,
  type Method,
  type MethodScores,
  type MethodSummary,
  compareMethods,
  meanScores,
  plainSum,
  rollingInputOf,
  scoreGlobal,
  summarise,
} from './compare.ts';
export { type CellScores, type RollingScores } from './error-tally.ts';
export {
  type ChosenIssue,
  type FanForecast,
  type FanScores,
  type FannedScores,
  FAN_INTERVALS,
  FAN_LEVELS,
  chosenIssues,
  fanAt,
  meanFanScores,
} from './rolling-fan.ts';
export { type AheadErrors, type AheadScores } from './ahead-scores.ts';
export {
  type AheadInterval,
  forecastOwn,
  type OwnForecast,
  type OwnForecastRequest,
} from './own-forecast.ts';
export { type Hierarchy, type HierarchyNode, hierarchyOf } from './hierarchy.ts';
export {
  projection,
  reconcile,
  type Reconciliation,
  reconciliation,
  type ReconciliationMethod,
  RECONCILIATION_METHODS,
} from './reconciliation.ts';
export { groupQuantiles, type HourForecast, swansonMean, swansonVariance } from './group-quantiles.ts';
export {
  type BacktestInput,
  type BacktestSummary,
  type SiteBacktest,
  backtestSite,
  summariseBacktest,
} from './backtest.ts';
export { type DayScore, dayScore, naiveError } from './day-score.ts';
export { type Look, type PromotionTerms, promotionLook, requirePromotionTerms } from './champion.ts';
export { type DriftState, type DriftTerms, pageHinkley, requireDriftTerms } from './drift.ts';
export { mean, skillScore, trimmedMean } from './scores.ts';
