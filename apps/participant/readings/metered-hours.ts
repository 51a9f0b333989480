import { HOUR_MS, type Interval } from '#core';
import { type MeterHour, meterHour } from '../market/signed-deliveries.ts';
import type { SiteNode } from '../node/node.ts';

/** Net exchange of the site by hour of `span`, as far as it is metered now; undefined where a reading is missing. */
export async function meteredHours(
  { readings, clock }: Pick<SiteNode, 'readings' | 'clock'>,
  span: Interval,
): Promise<(startMs: number) => MeterHour | undefined> {
  const now = clock.nowMs();
  const load = await readings.hourly('load_kwh', span, now);
  const pv = (await readings.columns()).includes('pv_kwh')
    ? await readings.hourly('pv_kwh', span, now)
    : undefined;
  return (startMs) => {
    const hour = (startMs - load.startMs) / HOUR_MS;
    return meterHour(load.values[hour] ?? Number.NaN, pv === undefined ? 0 : (pv.values[hour] ?? Number.NaN));
  };
}
