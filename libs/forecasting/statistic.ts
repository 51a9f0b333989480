import type { MeterSeries } from '#metering';
import {
  autocovarianceBound,
  autocovarianceCount,
  siteAutocovariances,
  unpackAutocovariances,
} from './autocovariances.ts';
import type { RidgeModelConfig } from './config.ts';
import type { Epochs } from './epochs.ts';
import type { SiteInputs } from './inputs.ts';
import {
  featureCount,
  momentBound,
  momentCount,
  siteMoments,
  type SplitMoments,
  unpackMoments,
} from './moments.ts';

/** What sites add up so that a ridge can be solved from the sum. */
export interface RidgeStatistic {
  /** Length of a site's vector. */
  readonly count: (config: RidgeModelConfig) => number;
  /** Largest absolute entry of one site's vector with at most `steps` values a part, whatever its readings. */
  readonly bound: (config: RidgeModelConfig, steps: number) => number;
  readonly ofSite: (
    series: MeterSeries,
    zone: string,
    epochs: Epochs,
    config: RidgeModelConfig,
    inputs?: SiteInputs,
  ) => Float64Array;
  readonly unpack: (flat: Float64Array, config: RidgeModelConfig) => SplitMoments;
  /**
   * Rows of each part that a site must have at least. The sum over few is nearly what it was made from: second moments of fewer
   * windows than a window has values have a rank that gives their span away, and autocovariances must be far fewer than the
   * values of the two honest firms behind them.
   */
  readonly leastRows: (config: RidgeModelConfig) => number;
  /** Rows of each part that a site has at most, of parts of so many steps; below 1 where not one fits. */
  readonly mostRows: (config: RidgeModelConfig, steps: RowsOfParts) => RowsOfParts;
  /** What a row is. */
  readonly rowsAre: string;
}

export interface RowsOfParts {
  readonly train: number;
  readonly validation: number;
}

/**
 * Windows at every step share all but one of their values, so twice as many as a window has; a day apart they share less, and two
 * honest firms' windows make twice the rank.
 */
function leastWindows(config: RidgeModelConfig): number {
  const values = featureCount(config) + 1 + config.horizon;
  const daysApart = config.inputs?.issues === 'midnights' && config.stepMinutes < 1_440;
  return daysApart ? values : 2 * values;
}

function mostWindows(
  { lookback, horizon, stepMinutes, inputs }: RidgeModelConfig,
  { train, validation }: RowsOfParts,
): RowsOfParts {
  const apart = inputs?.issues === 'midnights' ? Math.max(1, 1_440 / stepMinutes) : 1;
  return { train: (train - lookback - horizon) / apart + 1, validation: (validation - horizon) / apart + 1 };
}

const STATISTICS: Readonly<Record<RidgeModelConfig['statistic'], RidgeStatistic>> = {
  moments: {
    count: momentCount,
    bound: momentBound,
    ofSite: siteMoments,
    unpack: unpackMoments,
    leastRows: leastWindows,
    mostRows: mostWindows,
    rowsAre: 'windows',
  },
  autocovariances: {
    count: autocovarianceCount,
    bound: autocovarianceBound,
    ofSite: siteAutocovariances,
    unpack: unpackAutocovariances,
    leastRows: ({ lookback, horizon }) => lookback + horizon,
    mostRows: ({ lookback }, { train, validation }) => ({ train, validation: validation + lookback }),
    rowsAre: 'values with its look-back',
  },
};

export const statisticOf = ({ statistic }: Pick<RidgeModelConfig, 'statistic'>): RidgeStatistic =>
  STATISTICS[statistic];
