import {
  type FanScores,
  meanFanScores,
  meanScores,
  type MethodSummary,
  type RollingScores,
  skillScore,
  summarise,
} from '#forecasting';
import type { Judged, JudgeOptions, Rivals } from './judge.ts';
import type { FileFinding } from './table-findings.ts';

/** Errors at one site, in its own standard deviations. */
type SiteScores = Pick<MethodSummary, 'mse' | 'mae' | 'rmse' | 'skill'>;

/** `encrypted`: null with fewer sites than a sum may have. */
interface BacktestSummary {
  readonly methods: Readonly<Record<string, MethodSummary | null>>;
  /** Of the refined ridge, plain means over sites. */
  readonly quantiles: FanScores;
  /** Which of the methods that is. */
  readonly quantilesOf: Rivals['refined'];
  readonly bySite: readonly {
    readonly name: string;
    readonly methods: Readonly<Record<string, SiteScores | null>>;
    readonly quantiles: FanScores;
  }[];
}

/** With the cycle that is removed before. */
type SeenInputs = NonNullable<JudgeOptions['inputs']>['terms'] & { readonly cycle: number };

export interface BacktestResult extends BacktestSummary {
  readonly sites: readonly string[];
  readonly stepMinutes: number;
  readonly statistic: string;
  /** Steps that each site removes; by the validation part unless told. */
  readonly cycle: number;
  /** What some of the methods see beside the look-back; null: nothing. */
  readonly inputs: SeenInputs | null;
  /** Whose days, weeks and hours. */
  readonly zone: string;
  /** Steps of the file's grid without a row. */
  readonly missingSteps: number;
  /** Rows of a time that another had before: the first counts. */
  readonly repeatedRows: number;
  /** What is doubtful in the files, the gravest first. */
  readonly findings: readonly FileFinding[];
  readonly seconds: number;
  /** Where the report was written. */
  readonly report?: string;
}

export function summaryOf(names: readonly string[], { methods, refined, rivals }: Judged): BacktestSummary {
  const ofAll = betterNaive(methods, (scores) => scores);
  return {
    methods: eachMethod(methods, (scores) => summarise(scores, ofAll)),
    quantiles: meanFanScores(refined.map(({ fan }) => fan.scores)),
    quantilesOf: rivals.refined,
    bySite: names.map((name, site) => {
      const ofSite = betterNaive(methods, (scores) => [scores[site]!]);
      return {
        name,
        methods: eachMethod(methods, (scores) => siteScores(scores[site]!, ofSite)),
        quantiles: refined[site]!.fan.scores,
      };
    }),
  };
}

const siteScores = ({ mse, mae }: RollingScores, naiveMse: number): SiteScores => ({
  mse,
  mae,
  rmse: Math.sqrt(mse),
  skill: skillScore(mse, naiveMse),
});

/** Mean squared error of the better seasonal naive forecast; of the daily one where there is no week before. */
function betterNaive(
  methods: Judged['methods'],
  pick: (scores: readonly RollingScores[]) => readonly RollingScores[],
): number {
  const errors = ['naive24', 'naive168'].map((method) => meanScores(pick(methods[method]!)).mse);
  return Math.min(...errors.filter((mse) => !Number.isNaN(mse)));
}

function eachMethod<T>(
  methods: Judged['methods'],
  of: (scores: readonly RollingScores[]) => T,
): Record<string, T | null> {
  return Object.fromEntries(
    Object.entries(methods).map(([method, scores]) => [method, scores && of(scores)]),
  );
}
