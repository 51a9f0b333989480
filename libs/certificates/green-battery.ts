import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { requireSeries } from './cfe.ts';
import { Exact } from './exact.ts';

/**
 * Whose energy leaves a battery first: `proportional` as it is mixed inside, so that discharge carries the energy-weighted
 * attributes of the charge; `green-first` carbon-free energy as long as there is some (pv-bess-optimizer), which is kinder.
 */
export type GreenAttribution = 'proportional' | 'green-first';

export interface Battery {
  readonly chargeEfficiency: Decimal;
  readonly dischargeEfficiency: Decimal;
  /** Stored before the first step, and what of it is carbon-free. */
  readonly initialKwh: Decimal;
  readonly initialGreenKwh: Decimal;
  readonly attribution: GreenAttribution;
}

export interface BatteryFlows {
  readonly pvToBatteryKwh: readonly Decimal[];
  readonly gridToBatteryKwh: readonly Decimal[];
  readonly batteryToLoadKwh: readonly Decimal[];
  readonly batteryToGridKwh: readonly Decimal[];
}

/** Carbon-free parts of a battery's discharge, step by step. */
export interface GreenDischarge {
  readonly batteryToLoadGreenKwh: readonly Decimal[];
  readonly batteryToGridGreenKwh: readonly Decimal[];
}

/** Rounding of data, not of this computation: a battery that gives this much more than it has is taken as empty. */
const TOLERANCE_KWH = new Exact('1e-6');

/**
 * Follows what a battery holds of carbon-free energy: charge from PV adds η_c·charge to it, a step's discharge takes
 * discharge/η_d out of the store, of which the carbon-free part by `attribution`. Charge counts before discharge of a step.
 * @throws BATTERY_EMPTY where more leaves than was in, BATTERY_INPUT, CFE_INPUT
 */
export function greenDischarge(flows: BatteryFlows, battery: Battery): GreenDischarge {
  requireBattery(battery);
  const { pvToBatteryKwh, gridToBatteryKwh, batteryToLoadKwh, batteryToGridKwh } = flows;
  for (const [name, series] of Object.entries(flows)) requireSeries(name, series, batteryToLoadKwh.length);
  let [stored, green] = [battery.initialKwh, battery.initialGreenKwh];
  const toLoad: Decimal[] = [];
  const toGrid: Decimal[] = [];
  for (const [t, load] of batteryToLoadKwh.entries()) {
    const charged = pvToBatteryKwh[t]!.mul(battery.chargeEfficiency);
    green = green.add(charged);
    stored = stored.add(charged).add(gridToBatteryKwh[t]!.mul(battery.chargeEfficiency));
    const out = load.add(batteryToGridKwh[t]!);
    const drawn = requireDrawn(out.div(battery.dischargeEfficiency), stored, t);
    const greenDrawn = greenPart(battery.attribution, { stored, green, drawn });
    const greenOut = greenDrawn.mul(battery.dischargeEfficiency);
    const share = out.isZero() ? out : greenOut.div(out);
    toLoad.push(load.mul(share));
    toGrid.push(batteryToGridKwh[t]!.mul(share));
    stored = stored.sub(drawn);
    green = Exact.min(green.sub(greenDrawn), stored);
  }
  return { batteryToLoadGreenKwh: toLoad, batteryToGridGreenKwh: toGrid };
}

function greenPart(
  attribution: GreenAttribution,
  { stored, green, drawn }: { readonly stored: Decimal; readonly green: Decimal; readonly drawn: Decimal },
): Decimal {
  if (attribution === 'green-first') return Exact.min(green, drawn);
  return stored.isZero() ? stored : drawn.mul(green).div(stored);
}

function requireDrawn(drawn: Decimal, stored: Decimal, step: number): Decimal {
  if (drawn.lessThanOrEqualTo(stored)) return drawn;
  if (drawn.sub(stored).lessThanOrEqualTo(TOLERANCE_KWH)) return stored;
  throw new DomainError(
    'BATTERY_EMPTY',
    `expected at most what the battery holds to leave it, got more in step ${step}`,
    'invalid',
    { step },
  );
}

function requireBattery({
  chargeEfficiency,
  dischargeEfficiency,
  initialKwh,
  initialGreenKwh,
}: Battery): void {
  const efficient = [chargeEfficiency, dischargeEfficiency].every(
    (each) => each.greaterThan(0) && each.lessThanOrEqualTo(1),
  );
  if (efficient && !initialGreenKwh.isNegative() && initialGreenKwh.lessThanOrEqualTo(initialKwh)) return;
  throw new DomainError(
    'BATTERY_INPUT',
    'expected efficiencies in (0, 1] and at most what is stored of it carbon-free, got another',
  );
}
