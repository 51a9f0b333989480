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

/** Colours that differ in lightness too, for those who cannot tell hues apart; the same ones on dark ground below. */
const COLOURS = ['#0b6e4f', '#c2571a', '#3b5bdb', '#8a6d00', '#8e3b8a', '#4c5b54'];
const COLOURS_ON_DARK = ['#4fcf9f', '#ff9d5c', '#93a9ff', '#e0c04a', '#dc9ad8', '#a9bab1'];
/** From little to much: little is near the ground. */
const HEAT = ['#bfe3d5', '#0b6e4f'];
const HEAT_ON_DARK = ['#1d4435', '#6fe3b6'];

/** The option in colours for the ground it is drawn on. */
function coloured(option: EChartsCoreOption, onDark: boolean): EChartsCoreOption {
  const {
    color = COLOURS,
    visualMap,
    ...rest
  } = option as {
    readonly color?: string[];
    readonly visualMap?: object;
  };
  return {
    backgroundColor: 'transparent',
    animation: false,
    color: onDark ? color.map((each) => COLOURS_ON_DARK[COLOURS.indexOf(each)] ?? each) : color,
    ...(visualMap !== undefined && {
      visualMap: { ...visualMap, inRange: { color: onDark ? HEAT_ON_DARK : HEAT } },
    }),
    ...rest,
  };
}

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
    const onDark = isDark(current);
    const chart = init(current, onDark ? 'dark' : undefined, { renderer: 'svg' });
    chart.setOption(coloured(option, onDark));
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(current);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [option]);
  return <div className="chart" ref={element} role="img" aria-label={label} />;
}
