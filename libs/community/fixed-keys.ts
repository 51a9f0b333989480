import type { SettledSlot } from './settlement.ts';

/** Keys keep nine decimals, rounded down, so that they never sum to more than 1. */
const KEY_STEPS = 1_000_000_000;

interface Segment {
  readonly member: string;
  /** Wh more shared for each unit of key along it. */
  readonly slope: number;
  readonly width: number;
}

/**
 * The fixed keys that would have shared the most energy over these slots: max Σ_t Σ_i min(k_i·G_t, L_it), Σ k_i ≤ 1.
 * Each member's sum is concave and piecewise linear in its key, so taking the steepest segments of all first is
 * optimal. Keys in hindsight, a bound of what any fixed keys can reach. Ties go to the smaller member id.
 */
export function bestFixedKeys(slots: readonly SettledSlot[]): Record<string, number> {
  const segments = [...segmentsByMember(slots)]
    .flatMap(([member, corners]) => segmentsOf(member, corners))
    .toSorted((a, b) => b.slope - a.slope || (a.member < b.member ? -1 : a.member > b.member ? 1 : 0));
  const keys = new Map<string, number>();
  let left = 1;
  for (const { member, width } of segments) {
    const taken = Math.min(left, width);
    keys.set(member, (keys.get(member) ?? 0) + taken);
    left -= taken;
    if (left <= 0) break;
  }
  return Object.fromEntries(
    [...keys].map(([member, key]) => [member, Math.floor(key * KEY_STEPS) / KEY_STEPS]),
  );
}

/** Up to key `at` this slot's generation is used. */
interface Corner {
  readonly at: number;
  readonly generationWh: number;
}

function segmentsByMember(slots: readonly SettledSlot[]): Map<string, Corner[]> {
  const corners = new Map<string, Corner[]>();
  for (const { readings } of slots) {
    const generationWh = readings.reduce((total, reading) => total + reading.generationWh, 0);
    if (generationWh === 0) continue;
    for (const { member, loadWh } of readings) {
      if (!corners.has(member)) corners.set(member, []);
      if (loadWh > 0) corners.get(member)!.push({ at: loadWh / generationWh, generationWh });
    }
  }
  return corners;
}

function segmentsOf(member: string, corners: readonly Corner[]): Segment[] {
  const rising = corners.toSorted((a, b) => a.at - b.at);
  let slope = rising.reduce((total, { generationWh }) => total + generationWh, 0);
  return rising.map(({ at, generationWh }, i) => {
    const segment = { member, slope, width: at - (rising[i - 1]?.at ?? 0) };
    slope -= generationWh;
    return segment;
  });
}
