import type { EChartsCoreOption } from 'echarts/core';
import type { IntradayBookQuery } from '../generated/graphql.ts';
import { messages } from '../parts/messages.ts';
import type { Session } from './session.ts';

type Book = IntradayBookQuery['intradayBook'];
type Level = Book['bids'][number];
const MINUTE_MS = 60_000;
const words = messages.market;

/** Starts of a session's slots; a slot of 1 440 minutes is its whole day. */
export function slotStarts({
  startsAt,
  endsAt,
  resolutionMinutes,
}: Pick<Session, 'startsAt' | 'endsAt' | 'resolutionMinutes'>): string[] {
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
  const step = resolutionMinutes * MINUTE_MS;
  const slots = step >= 1_440 * MINUTE_MS ? 1 : Math.floor((end - start) / step);
  return Array.from({ length: slots }, (_, n) => new Date(start + n * step).toISOString());
}

/** From the best level on: price in hundredths of the currency's unit per kWh, kWh that wait at it or better. */
export function depth(levels: readonly Level[]): [price: number, kwh: number][] {
  let waiting = 0;
  return levels.map(({ pricePerMwh, quantityWh }) => {
    waiting += quantityWh / 1_000;
    return [pricePerMwh / 1_000, waiting];
  });
}

const side = (name: string, levels: readonly Level[], step: 'start' | 'end') => ({
  type: 'line',
  name,
  step,
  areaStyle: { opacity: 0.15 },
  data: depth(levels).toSorted(([a], [b]) => a - b),
});

/** What waits on each side at a price or better. */
export function depthOption({ bids, asks }: Book, currency: string): EChartsCoreOption {
  return {
    legend: { top: 0 },
    grid: { left: 8, right: 16, bottom: 24, top: 48, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'value', name: `ct/kWh ${currency}`, nameLocation: 'middle', nameGap: 24, scale: true },
    yAxis: { type: 'value', name: 'kWh' },
    series: [side(words.bids, bids, 'start'), side(words.asks, asks, 'end')],
  };
}
