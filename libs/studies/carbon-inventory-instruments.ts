import { type CertificateUnits, Exact, exactSum, type Instrument } from '#carbon';
import { DomainError, interval, type Interval, parseInstant } from '#core';
import type { Decimal } from 'decimal.js';
import {
  type FactorContext,
  hourRepeated,
  optionalDecimal,
  sourceFactor,
} from './carbon-inventory-factors.ts';
import type { InstrumentInput } from './carbon-inventory-input.ts';

/** @throws INSTRUMENT_AMOUNT for a certificate or contract without an energy, HOUR_REPEATED, and as sourceFactor */
export function instrumentOf(input: InstrumentInput, context: FactorContext): Instrument {
  const { id, carrier, market, activities, exclusive } = input;
  const common = {
    id,
    carrier,
    market,
    activities: activities ?? null,
    exclusive,
    factor: sourceFactor(input, id, context),
  };
  if (input.kind === 'supplier') {
    const kwh = optionalDecimal(input.energyKwh);
    return { ...common, kind: 'supplier', kwh, kwhByHour: null, vintage: null, retired: true, units: null };
  }
  const kwhByHour = input.hours === undefined ? null : instrumentHours(input.hours);
  const summed = kwhByHour === null ? null : exactSum([...kwhByHour.values()]);
  const kwh = optionalDecimal(input.energyKwh) ?? summed;
  if (kwh === null) {
    throw new DomainError('INSTRUMENT_AMOUNT', `expected energyKwh or hours of ${id}, got neither`);
  }
  return {
    ...common,
    kind: input.kind,
    kwh,
    kwhByHour,
    vintage: input.vintage === undefined ? null : vintageOf(input.vintage),
    retired: input.kind === 'contract' || input.retired,
    units: unitsOf(input),
  };
}

function instrumentHours(
  hours: readonly { readonly start: string; readonly energyKwh: string | number }[],
): Map<number, Decimal> {
  const kwhByHour = new Map<number, Decimal>();
  for (const { start, energyKwh } of hours) {
    const startMs = parseInstant(start);
    if (kwhByHour.has(startMs)) throw hourRepeated(start);
    kwhByHour.set(startMs, new Exact(energyKwh));
  }
  return kwhByHour;
}

const vintageOf = (vintage: number | { readonly start: string; readonly end: string }): Interval =>
  typeof vintage === 'number'
    ? { startMs: Date.UTC(vintage, 0, 1), endMs: Date.UTC(vintage + 1, 0, 1) }
    : spanOf(vintage);

export const spanOf = ({ start, end }: { readonly start: string; readonly end: string }): Interval =>
  interval(parseInstant(start), parseInstant(end));

const unitsOf = ({
  certificateId,
  firstUnit,
  lastUnit,
}: {
  certificateId?: string | undefined;
  firstUnit?: number | undefined;
  lastUnit?: number | undefined;
}): CertificateUnits | null =>
  certificateId === undefined ? null : { certificateId, first: firstUnit ?? null, last: lastUnit ?? null };
