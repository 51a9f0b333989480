import type { EChartsCoreOption } from 'echarts/core';
import { messages } from '../parts/messages.ts';

/** A traded slot of an own participant. */
interface Account {
  readonly startsAt: string;
  readonly consumedWh?: number | null;
  readonly coveredWh?: number | null;
}

interface Intensity {
  readonly start: string;
  readonly kgCo2ePerKwh: string;
}

/** An hour of all own participants together. */
export interface OwnHour {
  /** Local date. */
  readonly day: string;
  /** Local, 0–23. */
  readonly hour: number;
  readonly consumedWh: number;
  /** By attributes of local generation. */
  readonly coveredWh: number;
  /** Location-based; null where the grid's intensity is not known. */
  readonly kilograms: number | null;
}

const HOUR_MS = 3_600_000;

/** By local hour; slots without a delivery statement are in none. The hour that clocks repeat is one. */
export function ownHours(
  accounts: readonly Account[],
  intensities: readonly Intensity[],
  timeZone: string,
): OwnHour[] {
  const perKwh = new Map(intensities.map((hour) => [Date.parse(hour.start), Number(hour.kgCo2ePerKwh)]));
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const hours = new Map<string, OwnHour>();
  for (const { startsAt, consumedWh, coveredWh } of accounts) {
    if (consumedWh === null || consumedWh === undefined) continue;
    const startMs = Date.parse(startsAt);
    const [day = '', time = ''] = local.format(startMs).split(' ');
    const intensity = perKwh.get(Math.floor(startMs / HOUR_MS) * HOUR_MS);
    const slot = {
      day,
      hour: Number(time.slice(0, 2)),
      consumedWh,
      coveredWh: coveredWh ?? 0,
      kilograms: intensity === undefined ? null : (consumedWh / 1_000) * intensity,
    };
    const key = `${day} ${time.slice(0, 2)}`;
    hours.set(key, together(hours.get(key), slot));
  }
  return [...hours.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, hour]) => hour);
}

/** What is not known of a part is not known of both. */
function together(before: OwnHour | undefined, slot: OwnHour): OwnHour {
  if (before === undefined) return slot;
  const isKnown = before.kilograms !== null && slot.kilograms !== null;
  return {
    ...slot,
    consumedWh: before.consumedWh + slot.consumedWh,
    coveredWh: before.coveredWh + slot.coveredWh,
    kilograms: isKnown ? before.kilograms + slot.kilograms : null,
  };
}

/** Of all days: covered over consumed energy in each hour of the day; null where nothing was consumed. */
export function coverageByHour(hours: readonly OwnHour[]): { hour: number; share: number | null }[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const of = hours.filter((each) => each.hour === hour);
    const consumed = of.reduce((sum, { consumedWh }) => sum + consumedWh, 0);
    const covered = of.reduce((sum, { coveredWh }) => sum + coveredWh, 0);
    return { hour, share: consumed === 0 ? null : covered / consumed };
  });
}

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
const HOURS = Array.from({ length: 24 }, (_, hour) => clock(hour));

/** Days across, hours of the day down. */
export function hoursOption(hours: readonly OwnHour[]): EChartsCoreOption {
  const days = [...new Set(hours.map(({ day }) => day))];
  const known = hours.flatMap(({ kilograms, ...hour }) =>
    kilograms === null ? [] : [{ ...hour, kilograms }],
  );
  return {
    tooltip: {},
    grid: { left: 8, right: 8, bottom: 8, top: 64, containLabel: true },
    visualMap: {
      min: 0,
      max: Math.max(...known.map(({ kilograms }) => kilograms)),
      orient: 'horizontal',
      left: 'center',
      top: 0,
      precision: 1,
      text: [messages.carbon.kilograms, ''],
    },
    xAxis: { type: 'category', data: days },
    yAxis: { type: 'category', data: HOURS, inverse: true, axisLabel: { interval: 2 } },
    series: [
      {
        type: 'heatmap',
        data: known.map(({ day, hour, kilograms }) => [days.indexOf(day), hour, kilograms]),
      },
    ],
  };
}

export function coverageOption(shares: ReturnType<typeof coverageByHour>): EChartsCoreOption {
  return {
    grid: { left: 8, right: 8, bottom: 8, top: 36, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: HOURS },
    yAxis: { type: 'value', min: 0, max: 100, name: '%' },
    series: [
      {
        type: 'bar',
        name: messages.carbon.cfe,
        data: shares.map(({ share }) => (share === null ? null : Math.round(share * 1_000) / 10)),
      },
    ],
  };
}
