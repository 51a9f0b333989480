import type { Storage } from '#devices';
import type { FactorAveraging, FactorBasis } from './factor.ts';

/** Money spent at once, as an annuity over its life. */
export interface Investment {
  readonly amount: number;
  readonly lifetimeYears: number;
  /** A year, such as 0.04. */
  readonly interestRate: number;
}

/** A factor as a lever uses it: of the basis of the intensities beside it, of neighbours' energy of their averaging too. */
export interface LeverFactor {
  readonly kgPerKwh: number;
  readonly basis: FactorBasis;
  /** Of a fuel none: what is burnt less is not emitted. */
  readonly averaging: FactorAveraging | null;
  readonly source: string;
}

/** What can be done, by a member alone. */
export type Lever = {
  readonly id: string;
  readonly investment?: Investment;
  /** Upkeep and fees. */
  readonly costPerYear?: number;
} & (
  | {
      /** A share of each hour's load may move within its local day. */
      readonly type: 'shift';
      readonly flexibleShare: number;
      /** Most that an hour draws then; default the largest load of the day. */
      readonly maxLoadKwh?: number;
      readonly costPerKwhMoved?: number;
    }
  | {
      /** Surplus of neighbours (`surplusKwh` of the hours) is bought where that emits less; its attributes come with it. */
      readonly type: 'share';
      readonly pricePerKwh: number;
      readonly factor: LeverFactor;
    }
  | ({ readonly type: 'store' } & Omit<Storage, 'initialKwh' | 'finalKwh'>)
  | {
      /** Heat that a fuel gives now from a heat pump. */
      readonly type: 'switch-fuel';
      /** Over a year, the same in every hour; absent: `heatKwh` of the hours. */
      readonly heatKwhPerYear?: number;
      readonly fuel: {
        readonly factor: LeverFactor;
        readonly pricePerKwh: number;
        readonly efficiency: number;
      };
      /** Heat per electricity. */
      readonly cop: number;
    }
);

export type LeverOf<T extends Lever['type']> = Extract<Lever, { readonly type: T }>;
