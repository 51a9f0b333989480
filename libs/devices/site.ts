import { type LpBounds, type LpBuilder } from '#core';
import { type Carrier } from './carrier.ts';

/** A demand that may not be possible, by name. */
export interface Need {
  readonly member: string;
  readonly device: string;
  readonly slot: number;
  /** For example `level at departure`. */
  readonly what: string;
}

type Terms = readonly (readonly [column: number, coefficient: number])[];

/** What a device adds to: the program of its site. Columns are kWh a slot, or °C. */
export interface Site {
  readonly lp: LpBuilder;
  readonly slots: number;
  /** Length of a slot. */
  readonly hours: number;
  /** Slots in which energy may be worth less than nothing, so that burning it must be forbidden by an integer. */
  readonly worthless: readonly boolean[];
  /** Adds coefficient · column to what the site has of a carrier. */
  supply(carrier: Carrier, slot: number, column: number, coefficient: number): void;
  /** A constant draw. */
  draw(carrier: Carrier, slot: number, kwh: number): void;
  /** A row that the program may not be able to keep. */
  require(slot: number, what: string, bounds: LpBounds, terms: Terms): void;
}

/** What a device tells: value in slot t = factor · x of its column there, 0 where it has none. */
export interface Reading {
  readonly columns: readonly (number | undefined)[];
  readonly factor: number | readonly number[];
}

/** By name with its unit: `chargeKwh`, `indoorCelsius`. */
export type Readings = Readonly<Record<string, Reading>>;

export const reading = (columns: Reading['columns'], factor: Reading['factor'] = 1): Reading => ({
  columns,
  factor,
});

export const slotsOf = ({ slots }: Pick<Site, 'slots'>): number[] =>
  Array.from({ length: slots }, (_, t) => t);
