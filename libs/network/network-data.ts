/** One value for every period, or one a period. */
export type Series = number | readonly number[];

/** Unit of every power (and apparent-power limit): p, q, limit, pmin … */
export type PowerUnit = 'kW' | 'MW' | 'pu';
/** Unit of r and x. */
export type ImpedanceUnit = 'ohm' | 'pu';

/** A bus as its owner writes it down: p and q are what it consumes besides its generators. */
export interface BusData {
  readonly id: string;
  readonly p?: Series | undefined;
  readonly q?: Series | undefined;
  /** Voltage limits in per unit; none where absent. */
  readonly vmin?: number | undefined;
  readonly vmax?: number | undefined;
  /** Shunt at 1 pu: conductance consumes power, susceptance gives reactive power. */
  readonly shuntP?: number | undefined;
  readonly shuntQ?: number | undefined;
}

export interface LineData {
  readonly from: string;
  readonly to: string;
  readonly r: number;
  readonly x: number;
  /** Largest apparent power at either end (active power in a DC model); none where absent. */
  readonly limit?: number | undefined;
}

/** What may be dispatched: a plant, or a flexible load as a plant with a negative range. Without qmin and qmax it has no reactive power. */
export interface GeneratorData {
  readonly id: string;
  readonly bus: string;
  /** What it produces in a power flow, default 0; a dispatch chooses instead. */
  readonly p?: Series | undefined;
  readonly q?: Series | undefined;
  /** Price per unit of power and hour, default 0. */
  readonly cost?: Series | undefined;
  /** Default 0. */
  readonly pmin?: Series | undefined;
  /** Default p. */
  readonly pmax?: Series | undefined;
  readonly qmin?: Series | undefined;
  readonly qmax?: Series | undefined;
}

/** A network in its owner's units: the shape of `market network`, and what the file formats are read into. */
export interface NetworkData {
  /** Base of the per-unit system: line voltage and three-phase power. */
  readonly base: { readonly kv: number; readonly mva: number };
  /** Default kW. */
  readonly powerUnit?: PowerUnit | undefined;
  /** Default ohm, at the base voltage. */
  readonly impedanceUnit?: ImpedanceUnit | undefined;
  readonly buses: readonly BusData[];
  readonly lines: readonly LineData[];
  readonly generators?: readonly GeneratorData[] | undefined;
  /** The bus at the grid: holds its voltage and covers what is missing. */
  readonly root: string;
  /** Default 1. */
  readonly rootVoltage?: number | undefined;
  /** What the grid sells and buys for at the root, per unit of power and hour; without one, generators supply everything. */
  readonly price?: Series | undefined;
}

/** How many of `unit` make 1 pu. */
export function powerPerUnit(unit: PowerUnit, mva: number): number {
  if (unit === 'pu') return 1;
  return unit === 'MW' ? mva : 1_000 * mva;
}

/** How many of `unit` make 1 pu: kV² / MVA ohms. */
export const impedancePerUnit = (unit: ImpedanceUnit, { kv, mva }: NetworkData['base']): number =>
  unit === 'pu' ? 1 : (kv * kv) / mva;

export const at = (series: Series, period: number): number =>
  typeof series === 'number' ? series : series[period]!;
