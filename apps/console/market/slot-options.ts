import type { EChartsCoreOption } from 'echarts/core';
import { clockTime } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import type { Session, Slot } from './session.ts';

const words = messages.market;
const kwh = (wh: number | null | undefined): number => (wh ?? 0) / 1_000;
const perKwh = (perMwh: number | null | undefined): number | null =>
  perMwh === null || perMwh === undefined ? null : perMwh / 1_000;

const limit = (name: string, perMwh: number) => ({ name, yAxis: perMwh / 1_000 });
const step = (name: string, points: readonly (readonly [number, number | null])[]) => ({
  type: 'line',
  step: 'end',
  symbol: 'none',
  name,
  data: points,
});

/** Energy as bars, the clearing price as a line, retail and feed-in as the frame that trades stay within. */
export function pricesOption(slots: readonly Slot[], session: Session): EChartsCoreOption {
  return {
    legend: { top: 0 },
    grid: { left: 8, right: 8, bottom: 8, top: 48, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: slots.map(({ startsAt }) => clockTime(startsAt, session.zone)) },
    yAxis: [
      { type: 'value', name: 'kWh' },
      { type: 'value', name: `ct/kWh ${session.currency}`, splitLine: { show: false } },
    ],
    series: [
      { type: 'bar', name: words.traded, data: slots.map(({ quantityWh }) => kwh(quantityWh)) },
      {
        type: 'line',
        name: words.price,
        yAxisIndex: 1,
        step: 'middle',
        data: slots.map(({ pricePerMwh }) => perKwh(pricePerMwh)),
        markLine: {
          symbol: 'none',
          label: { formatter: '{b}', position: 'insideEndTop' },
          data: [limit('retail', session.retailPerMwh), limit('feed-in', session.feedInPerMwh)],
        },
      },
    ],
  };
}

/**
 * What is known of the two curves without telling anybody's limit: both pass the clearing point; beyond it demand stays below
 * the efficient prices and supply above, as far as what is left of each reaches.
 */
export function clearingOption(slot: Slot, session: Session): EChartsCoreOption {
  const { lowPerMwh, highPerMwh } = slot.efficientPriceInterval;
  const [low, high] = [perKwh(lowPerMwh), perKwh(highPerMwh)];
  const cleared = kwh(slot.quantityWh);
  const [top, bottom] = [perKwh(session.retailPerMwh), perKwh(session.feedInPerMwh)];
  return {
    legend: { top: 0 },
    grid: { left: 8, right: 8, bottom: 24, top: 48, containLabel: true },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'value', name: 'kWh', nameLocation: 'middle', nameGap: 24 },
    yAxis: { type: 'value', name: `ct/kWh ${session.currency}`, scale: true },
    series: [
      // Where few stand behind the price nothing is told but the point.
      ...(low === null || high === null
        ? []
        : [
            step('demand', [
              [0, top],
              [cleared, high],
              [cleared + kwh(slot.unservedDemandWh), low],
            ]),
            step('supply', [
              [0, bottom],
              [cleared, low],
              [cleared + kwh(slot.unusedSupplyWh), high],
            ]),
          ]),
      { type: 'scatter', name: words.price, symbolSize: 12, data: [[cleared, perKwh(slot.pricePerMwh)]] },
    ],
  };
}
