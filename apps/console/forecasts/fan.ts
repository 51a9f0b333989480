import type { EChartsCoreOption } from 'echarts/core';
import { messages } from '../parts/messages.ts';

export interface Band {
  readonly intervalStart: string;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** What was measured, by the start of its interval in ms. */
export type Actuals = ReadonlyMap<number, number>;

/** The median over the band between the quantiles: an invisible line at p10 and the width stacked on it. */
export function fanOption(rows: readonly Band[], unit: string, actuals: Actuals): EChartsCoreOption {
  const at = (value: (row: Band) => number | null) => rows.map((row) => [row.intervalStart, value(row)]);
  const band = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 } };
  const measured = messages.forecasts.actual;
  return {
    color: ['#0b6e4f', '#0b6e4f', '#0b6e4f', '#c2571a'],
    legend: { data: ['p50', 'p10–p90', ...(actuals.size > 0 ? [measured] : [])], top: 0 },
    grid: { left: 8, right: 8, bottom: 8, top: 36, containLabel: true },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'time' },
    yAxis: { type: 'value', name: unit, scale: true },
    series: [
      { ...band, name: 'p10', data: at(({ p10 }) => p10), stackStrategy: 'all' },
      {
        ...band,
        name: 'p10–p90',
        data: at(({ p10, p90 }) => p90 - p10),
        stackStrategy: 'all',
        areaStyle: { opacity: 0.25 },
      },
      { type: 'line', name: 'p50', symbol: 'none', data: at(({ p50 }) => p50) },
      {
        type: 'line',
        name: measured,
        symbolSize: 5,
        lineStyle: { type: 'dashed' },
        data: at(({ intervalStart }) => actuals.get(Date.parse(intervalStart)) ?? null),
      },
    ],
  };
}
