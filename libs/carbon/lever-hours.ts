import { DomainError, energyWhFromKwh, HOUR_MS, isoInstant } from '#core';
import type { FactorAveraging, FactorBasis } from './factor.ts';

/** An hour of a member, kWh and money per kWh in any one unit. */
export interface LeverHour {
  readonly startMs: number;
  readonly loadKwh: number;
  /** Generated behind its meter. */
  readonly pvKwh: number;
  /** Of the grid, kgCO2e/kWh, on the basis and of the kind of the terms. */
  readonly kgPerKwh: number;
  readonly buyPerKwh: number;
  readonly sellPerKwh: number;
  /** What neighbours feed in that it might buy. */
  readonly surplusKwh?: number;
  readonly heatKwh?: number;
}

export interface LeverTerms {
  /** Whose days load moves within. */
  readonly zone: string;
  readonly basis: FactorBasis;
  /** Of the intensities: average for what an inventory will hold, marginal for what a decision changes. */
  readonly averaging: FactorAveraging;
  /** What a kilogram is worth where load moves, is stored, or is bought from neighbours. */
  readonly worthPerKg: number;
}

export interface Use {
  /** Of what is drawn from the grid; what is fed in earns none. */
  readonly emissionsKg: number;
  readonly cost: number;
}

export interface HourUse extends Use {
  readonly importKwh: number;
}

/** A year of quarter hours is not asked for: hours. */
const MOST_HOURS = 8_784;

const whole = (kwh: number): number => energyWhFromKwh(kwh) / 1_000;

/** In order of time, energy in whole Wh. @throws LEVER_INPUT */
export function requireLeverHours(hours: readonly LeverHour[]): LeverHour[] {
  if (hours.length < 24 || hours.length > MOST_HOURS)
    throw refused(`24 to ${MOST_HOURS} hours`, `${hours.length}`);
  const sorted = hours.toSorted((a, b) => a.startMs - b.startMs);
  for (const [i, hour] of sorted.entries()) {
    const at = isoInstant(hour.startMs);
    const energies = [hour.loadKwh, hour.pvKwh, hour.surplusKwh ?? 0, hour.heatKwh ?? 0];
    if (![...energies, hour.kgPerKwh].every((value) => value >= 0 && value <= 1e9))
      throw refused('energies and intensities of at least 0', `another at ${at}`);
    if (!(hour.buyPerKwh >= hour.sellPerKwh))
      throw refused('buying to cost at least what selling pays', `less at ${at}`);
    if (i > 0 && hour.startMs - sorted[i - 1]!.startMs < HOUR_MS)
      throw refused('hours that do not overlap', `two at ${at}`);
  }
  return sorted.map((hour) => ({ ...hour, loadKwh: whole(hour.loadKwh), pvKwh: whole(hour.pvKwh) }));
}

const refused = (expected: string, got: string): DomainError =>
  new DomainError('LEVER_INPUT', `expected ${expected}, got ${got}`);

/** What an hour emits and costs when it draws `netKwh` from the grid, or feeds it in; a surplus is left where that would cost. */
export function netUse({ kgPerKwh, buyPerKwh, sellPerKwh }: LeverHour, netKwh: number): HourUse {
  const importKwh = Math.max(0, netKwh);
  const fedKwh = Math.max(0, -netKwh);
  return {
    importKwh,
    emissionsKg: importKwh * kgPerKwh,
    cost: importKwh * buyPerKwh - fedKwh * Math.max(0, sellPerKwh),
  };
}

/** The same of a load, less what is generated beside it. */
export const importUse = (hour: LeverHour, loadKwh: number): HourUse => netUse(hour, loadKwh - hour.pvKwh);

export const totalUse = (uses: readonly Use[]): Use =>
  uses.reduce(
    (sum, { emissionsKg, cost }) => ({ emissionsKg: sum.emissionsKg + emissionsKg, cost: sum.cost + cost }),
    { emissionsKg: 0, cost: 0 },
  );
