import type { EChartsCoreOption } from 'echarts/core';
import { messages } from '../parts/messages.ts';
import type { Period } from '../parts/period.ts';

interface Sum {
  readonly start: string;
  readonly grams: number;
}

interface Day {
  readonly day: string;
  readonly kilograms: number;
}

/** All scopes and carriers of a day together. */
export function dailyKilograms(sums: readonly Sum[]): Day[] {
  const days = new Map<string, number>();
  for (const { start, grams } of sums) {
    const day = start.slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + grams / 1_000);
  }
  return [...days]
    .map(([day, kilograms]) => ({ day, kilograms }))
    .toSorted((a, b) => a.day.localeCompare(b.day));
}

export function calendarOption(days: readonly Day[], { from, to }: Period): EChartsCoreOption {
  const most = Math.max(...days.map(({ kilograms }) => kilograms));
  return {
    tooltip: {},
    visualMap: {
      min: 0,
      max: most,
      orient: 'horizontal',
      left: 'center',
      top: 0,
      text: [messages.carbon.kilograms, ''],
    },
    calendar: {
      range: [from.slice(0, 10), to.slice(0, 10)],
      cellSize: ['auto', 30],
      top: 80,
      left: 40,
      right: 8,
      yearLabel: { show: false },
      itemStyle: { color: 'transparent', borderColor: '#8a9a92' },
      splitLine: { lineStyle: { color: '#8a9a92' } },
    },
    series: [
      {
        type: 'heatmap',
        coordinateSystem: 'calendar',
        data: days.map(({ day, kilograms }) => [day, kilograms]),
      },
    ],
  };
}
