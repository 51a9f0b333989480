import { type Carrier } from './carrier.ts';

/** One number a slot. */
export type Series = readonly number[];

/** Energy kept at its terminals: a battery, a tank. Power is a mean over a slot. */
export interface Storage {
  readonly capacityKwh: number;
  readonly chargeKw: number;
  readonly dischargeKw: number;
  /** In (0, 1]. */
  readonly chargeEfficiency: number;
  /** In (0, 1]. */
  readonly dischargeEfficiency: number;
  readonly initialKwh: number;
  /** Least that is stored at the end; default what was at the beginning. */
  readonly finalKwh?: number;
  /** Share of what is stored that is left after an hour, in (0, 1]; default 1. */
  readonly hourlyRetention?: number;
  /** Cost of a kWh taken out. */
  readonly wearPerKwh?: number;
}

/** A vehicle: from the beginning of slot `arrival` to that of slot `departure` it is plugged in. */
export interface Vehicle extends Omit<Storage, 'finalKwh'> {
  readonly arrival: number;
  readonly departure: number;
  /** Least that is stored at departure. */
  readonly requiredKwh: number;
}

/**
 * One resistance, one capacity: C·dT/dt = (T_out − T)/R + Q. Over a slot of Δ hours with constant input exactly
 * T' = a·T + (1 − a)·(T_out + R·Q) with a = exp(−Δ/(R·C)) (Bacher & Madsen, Energy and Buildings 43, 2011, model Ti).
 */
export interface Building {
  readonly resistanceCelsiusPerKw: number;
  readonly capacityKwhPerCelsius: number;
  readonly initialCelsius: number;
  /** Comfort at the end of each slot. */
  readonly minCelsius: Series;
  readonly maxCelsius: Series;
  readonly outdoorCelsius: Series;
  /** Sun and people; default 0. */
  readonly gainsKw?: Series;
}

/** A conversion at constant efficiency: a column of the coupling matrix (Geidl & Andersson, IEEE TPWRS 22(1), 2007). */
export interface Conversion {
  /** Most it takes in. */
  readonly inputKw: number;
  /** Least it takes in while it runs; 0, the default, needs no integer. */
  readonly minInputKw?: number;
  /** Operation and upkeep per kWh taken in. */
  readonly costPerKwh?: number;
}

interface Named {
  readonly id: string;
}

export type Device = Named &
  (
    | { readonly type: 'pv'; readonly availableKwh: Series }
    | ({ readonly type: 'battery' } & Storage)
    | ({ readonly type: 'tank'; readonly carrier: Exclude<Carrier, 'electricity'> } & Storage)
    | ({ readonly type: 'vehicle' } & Vehicle)
    | {
        /** One connection, several vehicles. */
        readonly type: 'charging-pile';
        readonly pileKw: number;
        readonly vehicles: readonly Vehicle[];
      }
    | ({ readonly type: 'building' } & Building)
    | ({
        /** Heats its building, or without one gives to the site's heat. */
        readonly type: 'heat-pump';
        /** Heat per electricity in each slot, as its outdoor temperature makes it. */
        readonly cop: Series;
        readonly building?: Building;
      } & Conversion)
    | ({
        readonly type: 'electrolyser';
        readonly hydrogenEfficiency: number;
        readonly heatEfficiency?: number;
      } & Conversion)
    | ({
        readonly type: 'methanation';
        readonly gasEfficiency: number;
        readonly heatEfficiency?: number;
      } & Conversion)
    | ({
        readonly type: 'chp';
        readonly electricEfficiency: number;
        readonly heatEfficiency: number;
      } & Conversion)
    | ({ readonly type: 'boiler'; readonly heatEfficiency: number } & Conversion)
    | ({
        /**
         * A radio site: power rises linearly with use (Auer et al., IEEE Wireless Communications 18(5), 2011), and its
         * battery keeps what the calls of the next `backupHours` need (Yong et al., IEEE TSG 12(5), 2021).
         */
        readonly type: 'base-station';
        readonly idleKw: number;
        readonly fullKw: number;
        readonly trafficErlang: Series;
        readonly capacityErlang: number;
        readonly backupHours: number;
      } & Storage)
    | {
        /** Load that may move within bounds at a discomfort per kWh of deviation. */
        readonly type: 'flexible-load';
        readonly wantedKwh: Series;
        readonly minKwh: Series;
        readonly maxKwh: Series;
        readonly discomfortPerKwh: number;
        /** Least over the horizon; default all that is wanted. */
        readonly totalKwh?: number;
      }
  );

export type DeviceOf<T extends Device['type']> = Extract<Device, { readonly type: T }>;
