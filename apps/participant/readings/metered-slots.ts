import { HOUR_MS, type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { type MeterSlot, meterSlot } from '../market/signed-deliveries.ts';
import type { SiteNode } from '../node/node.ts';

/** What of a site's node this needs. */
type MeteredNode = Pick<SiteNode, 'readings' | 'clock'>;

/** The columns that a site's net exchange is made of. */
const LOAD = 'load_kwh';
const PV = 'pv_kwh';

/**
 * Net exchange of the site by slots of one length within `span`, as far as it is metered now; undefined where a reading is
 * missing. Slots longer than an hour are sums of hours.
 * @throws READINGS_TOO_COARSE where readings are of longer steps than the slots
 */
export async function meteredSlots(
  node: MeteredNode,
  span: Interval,
  slotMs: number,
): Promise<(slot: Interval) => MeterSlot | undefined> {
  const { readings } = node;
  const stepMs = Math.min(slotMs, HOUR_MS);
  const load = await steps(node, LOAD, span, stepMs);
  const pv = (await readings.columns()).includes(PV) ? await steps(node, PV, span, stepMs) : undefined;
  const meterAt = (atMs: number): MeterSlot | undefined =>
    meterSlot(valueAt(load, stepMs, atMs), pv === undefined ? 0 : valueAt(pv, stepMs, atMs));
  return ({ startMs, endMs }) => {
    let netWh = 0;
    for (let atMs = startMs; atMs < endMs; atMs += stepMs) {
      const step = meterAt(atMs);
      if (step === undefined) return undefined;
      netWh += step.netImportWh - step.netExportWh;
    }
    return { netImportWh: Math.max(0, netWh), netExportWh: Math.max(0, -netWh) };
  };
}

/** What could not be stated after delivery is not traded. @throws READINGS_TOO_COARSE for slots of this length */
export async function requireFineReadings(node: MeteredNode, slotMs: number): Promise<void> {
  const anyMs = node.clock.nowMs();
  await meteredSlots(node, { startMs: anyMs, endMs: anyMs }, slotMs);
}

function steps(
  { readings, clock }: MeteredNode,
  column: string,
  span: Interval,
  stepMs: number,
): Promise<MeterSeries> {
  const knownBeforeMs = clock.nowMs();
  if (stepMs === HOUR_MS) return readings.hourly(column, span, knownBeforeMs);
  return readings.regular(column, span, { stepMinutes: stepMs / 60_000, zone: 'UTC', knownBeforeMs });
}

const valueAt = ({ startMs, values }: MeterSeries, stepMs: number, atMs: number): number =>
  values[(atMs - startMs) / stepMs] ?? Number.NaN;
