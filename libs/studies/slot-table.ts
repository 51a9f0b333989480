import type { SettledSlot, SlotReading } from '#community';
import { DomainError, HOUR_MS } from '#core';

/** What one member drew and fed in, in one slot. */
export interface SlotRow {
  readonly startMs: number;
  readonly reading: SlotReading;
}

/** Readings of all members, in order of time, slots of one length without a gap. */
export interface SlotTable {
  readonly slots: readonly SettledSlot[];
  readonly resolutionMs: number;
}

/** Rows in any order, slot by slot. @throws READINGS_EMPTY, READINGS_RESOLUTION, READINGS_GAP */
export function slotTable(rows: Iterable<SlotRow>): SlotTable {
  const bySlot = new Map<number, SlotReading[]>();
  for (const { startMs, reading } of rows) {
    const slot = bySlot.get(startMs);
    if (slot === undefined) bySlot.set(startMs, [reading]);
    else slot.push(reading);
  }
  const slots = [...bySlot]
    .map(([startMs, readings]): SettledSlot => ({ startMs, readings }))
    .toSorted((a, b) => a.startMs - b.startMs);
  if (slots.length === 0) throw new DomainError('READINGS_EMPTY', 'expected rows of readings, got none');
  return { slots, resolutionMs: resolutionOf(slots) };
}

/** A slot alone counts as an hour. */
function resolutionOf(slots: readonly SettledSlot[]): number {
  const steps = slots.slice(1).map(({ startMs }, i) => startMs - slots[i]!.startMs);
  const resolutionMs = steps.reduce((least, step) => Math.min(least, step), HOUR_MS);
  const gap = steps.findIndex((step) => step !== resolutionMs);
  if (gap === -1) return resolutionMs;
  if (steps[gap]! % resolutionMs !== 0) {
    throw new DomainError('READINGS_RESOLUTION', 'expected slots of one length, got several');
  }
  throw new DomainError('READINGS_GAP', 'expected readings of every slot, got a gap', 'invalid', {
    afterMs: slots[gap]!.startMs,
  });
}
