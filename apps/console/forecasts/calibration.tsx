import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Figure } from '../parts/query-view.tsx';
import type { Actuals, Band } from './fan.ts';
import { judge } from './judge.ts';

const words = messages.forecasts;
const percent = (share: number): number => Math.round(share * 1_000) / 10;

/** Error against the naive forecast and stated against observed coverage, as far as the own readings reach. */
export function Calibration({
  rows,
  unit,
  actuals,
}: {
  readonly rows: readonly Band[];
  readonly unit: string;
  readonly actuals: Actuals;
}) {
  const verdict = judge(rows, actuals);
  if (verdict === null) return null;
  const { intervals, mae, naive, calibration, coverage } = verdict;
  const points = calibration.map(({ stated, observed }) => [percent(stated), percent(observed)]);
  return (
    <>
      <div className="grid">
        <Figure name={words.mae}>{`${number(mae)} ${unit}`}</Figure>
        <Figure name={words.naiveMae}>{naive === null ? '—' : `${number(naive.mae)} ${unit}`}</Figure>
        <Figure name={words.relative}>
          {naive === null || naive.mae === 0 ? '—' : number(naive.forecastMae / naive.mae)}
        </Figure>
        <Figure name={words.coverage80}>{`${percent(coverage)} %`}</Figure>
      </div>
      <Chart
        title={words.calibration}
        text={words.calibrationText(intervals, percent(coverage))}
        option={{
          legend: { top: 0 },
          grid: { left: 8, right: 24, bottom: 24, top: 48, containLabel: true },
          tooltip: { trigger: 'item' },
          xAxis: { type: 'value', min: 0, max: 100, name: words.stated, nameLocation: 'middle', nameGap: 24 },
          yAxis: { type: 'value', min: 0, max: 100, name: words.observed },
          series: [
            { type: 'line', name: words.observed, symbolSize: 10, data: points },
            {
              type: 'line',
              name: words.ideal,
              symbol: 'none',
              lineStyle: { type: 'dashed' },
              data: [
                [0, 0],
                [100, 100],
              ],
            },
          ],
        }}
      >
        <DataTable
          caption={words.calibration}
          rows={calibration}
          keyOf={({ stated }) => String(stated)}
          columns={[
            { title: words.stated, value: ({ stated }) => percent(stated) },
            { title: words.observed, value: ({ observed }) => percent(observed) },
          ]}
        />
      </Chart>
    </>
  );
}
