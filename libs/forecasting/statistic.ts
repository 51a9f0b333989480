import type { MeterSeries } from '#metering';
import {
  autocovarianceBound,
  autocovarianceCount,
  siteAutocovariances,
  unpackAutocovariances,
} from './autocovariances.ts';
import type { RidgeModelConfig } from './config.ts';
import type { Epochs } from './epochs.ts';
import { momentBound, momentCount, siteMoments, type SplitMoments, unpackMoments } from './moments.ts';

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
  ) => Float64Array;
  readonly unpack: (flat: Float64Array, config: RidgeModelConfig) => SplitMoments;
}

const STATISTICS: Readonly<Record<RidgeModelConfig['statistic'], RidgeStatistic>> = {
  moments: { count: momentCount, bound: momentBound, ofSite: siteMoments, unpack: unpackMoments },
  autocovariances: {
    count: autocovarianceCount,
    bound: autocovarianceBound,
    ofSite: siteAutocovariances,
    unpack: unpackAutocovariances,
  },
};

export const statisticOf = ({ statistic }: Pick<RidgeModelConfig, 'statistic'>): RidgeStatistic =>
  STATISTICS[statistic];
