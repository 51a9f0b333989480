import { BarChart, HeatmapChart, LineChart, ScatterChart, TreeChart } from 'echarts/charts';
import {
  CalendarComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  TreeChart,
  CalendarComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** Colours that differ in lightness too, for those who cannot tell hues apart. */
const COLOURS = ['#0b6e4f', '#c2571a', '#3b5bdb', '#8a6d00', '#8e3b8a', '#4c5b54'];

/** Whether the page writes light on dark, by the device or by choice. */
function isDark(element: Element): boolean {
  const [red = 0] =
    getComputedStyle(element)
      .color.match(/[\d.]+/g)
      ?.map(Number) ?? [];
  return red > 127;
}

export function ChartCanvas({
  label,
  option,
}: {
  readonly label: string;
  readonly option: EChartsCoreOption;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const chart = init(current, isDark(current) ? 'dark' : undefined, { renderer: 'svg' });
    chart.setOption({ backgroundColor: 'transparent', color: COLOURS, animation: false, ...option });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(current);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [option]);
  return <div className="chart" ref={element} role="img" aria-label={label} />;
}
