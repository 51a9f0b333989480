import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { GridIntensityQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Figure, QueryView } from '../parts/query-view.tsx';
import type { Period } from '../parts/period.ts';
import { hourShown } from './hour-shown.ts';

/** Of the community's grid, at most 31 days. */
export const INTENSITY = graphql(`
  query GridIntensity($from: DateTime!, $to: DateTime!) {
    gridIntensity(from: $from, to: $to) {
      series {
        source
        region
        basis
      }
      hours {
        start
        kgCo2ePerKwh
      }
    }
  }
`);

type Answer = GridIntensityQuery['gridIntensity'];
const words = messages.carbon;
const GRAMS = 1_000;

/** No series has an hour of that time. */
const UNKNOWN = 'SERIES_UNKNOWN';

export function Intensity({ period }: { readonly period: Period }) {
  const intensity = useApi(INTENSITY, period);
  return (
    <Card title={words.intensity}>
      {intensity.error?.code === UNKNOWN ? (
        <p className="soft">{words.noIntensity}</p>
      ) : (
        <QueryView
          query={intensity}
          isEmpty={({ gridIntensity }) => gridIntensity.hours.length === 0}
          empty={words.noIntensity}
        >
          {({ gridIntensity }) => <Hours {...gridIntensity} />}
        </QueryView>
      )}
    </Card>
  );
}

function Hours({ series, hours }: Answer) {
  const rows = hours.map(({ start, kgCo2ePerKwh }) => ({ start, grams: Number(kgCo2ePerKwh) * GRAMS }));
  const values = rows.map(({ grams }) => grams);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(number);
  const shown = hourShown(rows, Date.now());
  return (
    <>
      <div className="grid">
        <Figure name={shown.isNow ? words.now : words.newestHour(instant(shown.start))}>
          {number(shown.grams)} {words.grams}
        </Figure>
        <Figure name={words.lowest}>
          {low} {words.grams}
        </Figure>
        <Figure name={words.highest}>
          {high} {words.grams}
        </Figure>
      </div>
      <Chart
        title={`${series.region}, ${series.basis}`}
        text={`${words.intensityText(rows.length, low!, high!)} ${series.source}`}
        option={{
          grid: { left: 8, right: 8, bottom: 8, top: 36, containLabel: true },
          tooltip: { trigger: 'axis' },
          xAxis: { type: 'time' },
          yAxis: { type: 'value', name: words.grams },
          series: [
            {
              type: 'line',
              symbol: 'none',
              step: 'end',
              areaStyle: { opacity: 0.15 },
              data: rows.map(({ start, grams }) => [start, grams]),
            },
          ],
        }}
      >
        <DataTable
          caption={words.intensity}
          rows={rows}
          keyOf={({ start }) => start}
          columns={[
            { title: words.hour, value: ({ start }) => start },
            { title: words.grams, value: ({ grams }) => grams },
          ]}
        />
      </Chart>
    </>
  );
}
