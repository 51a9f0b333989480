import { parseInstant, zoneOffsetMs } from '#core';

/** `2026-05-12 00:00`, as clocks of the zone show it. */
export function localTime(instant: string, zone: string): string {
  const atMs = parseInstant(instant);
  return new Date(atMs + zoneOffsetMs(zone, atMs))
    .toISOString()
    .slice(0, 'YYYY-MM-DDTHH:mm'.length)
    .replace('T', ' ');
}
