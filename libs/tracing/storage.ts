import { DomainError } from '#core';
import type { Grid } from './grid.ts';
import { TRACED } from './tracer.ts';
import type { HourTrace, SourceEmissions } from './hour-trace.ts';
import type { BalancedHour } from './reconciliation.ts';

/** A storage as the grid names it: `zone` absent means every zone's of that fuel. */
export interface StorageRule {
  readonly zone?: string | undefined;
  readonly fuel: string;
  /** MWh discharged a MWh charged. */
  readonly roundTripEfficiency: number;
  /** What it can discharge before the first hour, and the kg/MWh of each pollutant that this carries; absent: empty. */
  readonly initial?: { readonly mwh: number; readonly kgPerMwh: readonly number[] } | undefined;
}

/** What a storage holds. */
export interface StorageStock {
  readonly source: number;
  /** That it can discharge. */
  readonly mwh: number;
  /** Emitted for what it holds, of each pollutant; losses of charging and discharging included. */
  readonly kg: readonly number[];
  /** Of `mwh`, charged from unknown emissions. */
  readonly unknownMwh: number;
}

/**
 * Storage over the hours: what it charges is load at its zone's intensity, what it discharges carries the energy-weighted
 * intensity of what it holds, so that the emissions of lost energy are in what is discharged and no emission counts twice.
 */
export interface StorageLedger {
  /** Adds what storage emits as a source to `emissions`, before the hour is traced. */
  discharge(hour: BalancedHour, emissions: SourceEmissions): void;
  /** Takes in what storage charged, after the hour was traced. */
  charge(hour: BalancedHour, trace: HourTrace): void;
  stocks(): StorageStock[];
}

/** @throws STORAGE_UNKNOWN where a rule fits no source */
export function storageLedger(grid: Grid, rules: readonly StorageRule[], pollutants: number): StorageLedger {
  requireUsed(grid, rules);
  const stocks = stocksOf(grid, rules, pollutants);
  return {
    discharge({ generation }, { kg, unknownMwh }) {
      for (const stock of stocks) {
        const mwh = generation[stock.source]!;
        if (mwh <= 0) continue;
        const share = stock.mwh > 0 ? Math.min(1, mwh / stock.mwh) : 0;
        unknownMwh[stock.source]! += stock.unknownMwh * share + overdrawn(mwh, stock.mwh);
        for (let q = 0; q < pollutants; q += 1) {
          kg[stock.source * pollutants + q]! += stock.kg[q]! * share;
          stock.kg[q]! -= stock.kg[q]! * share;
        }
        stock.unknownMwh -= stock.unknownMwh * share;
        stock.mwh = Math.max(0, stock.mwh - mwh);
      }
    },
    charge({ generation }, { states, kgPerMwh, unknownShare }) {
      for (const stock of stocks) {
        const mwh = -generation[stock.source]!;
        if (mwh <= 0) continue;
        const isTraced = states[stock.zone] === TRACED;
        stock.mwh += mwh * stock.efficiency;
        stock.unknownMwh += mwh * stock.efficiency * (isTraced ? unknownShare[stock.zone]! : 1);
        for (let q = 0; q < pollutants; q += 1) stock.kg[q]! += mwh * kgPerMwh[stock.zone * pollutants + q]!;
      }
    },
    stocks: () => stocks.map(({ source, mwh, kg, unknownMwh }) => ({ source, mwh, kg: [...kg], unknownMwh })),
  };
}

function requireUsed({ zones, sources }: Grid, rules: readonly StorageRule[]): void {
  const unused = rules.find(
    (rule) =>
      !sources.some(({ zone, fuel }) => fuel === rule.fuel && (rule.zone ?? zones[zone]) === zones[zone]),
  );
  if (unused === undefined) return;
  const { zone = null, fuel } = unused;
  const message = `expected storage that some zone has, got ${JSON.stringify(fuel)}`;
  throw new DomainError('STORAGE_UNKNOWN', message, 'invalid', { zone, fuel });
}

interface Stock {
  readonly source: number;
  readonly zone: number;
  readonly efficiency: number;
  mwh: number;
  unknownMwh: number;
  readonly kg: number[];
}

function stocksOf({ zones, sources }: Grid, rules: readonly StorageRule[], pollutants: number): Stock[] {
  return sources.flatMap(({ zone, fuel }, source) => {
    const fitting = rules.filter((rule) => rule.fuel === fuel && (rule.zone ?? zones[zone]) === zones[zone]);
    const rule = fitting.find((each) => each.zone !== undefined) ?? fitting[0];
    if (rule === undefined) return [];
    const { mwh, kgPerMwh } = rule.initial ?? { mwh: 0, kgPerMwh: [] };
    const kg = Array.from({ length: pollutants }, (_, q) => mwh * (kgPerMwh[q] ?? 0));
    return [{ source, zone, efficiency: rule.roundTripEfficiency, mwh, kg, unknownMwh: 0 }];
  });
}

/** Rounding of stocks over a year of hours. */
const DRAWN_EXACTLY = 1e-9;

/** What is discharged beyond the stock: charged before the first hour, at unknown intensity. */
const overdrawn = (mwh: number, stockMwh: number): number =>
  mwh - stockMwh <= DRAWN_EXACTLY * mwh ? 0 : mwh - stockMwh;
