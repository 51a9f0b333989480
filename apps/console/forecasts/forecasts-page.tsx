import { useState } from 'react';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { ForecastsQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { fanOption } from './fan.ts';
import { Products } from './products.tsx';

const FORECASTS = graphql(`
  query Forecasts($series: ForecastSeries!, $after: String) {
    forecasts(series: $series, latest: true, first: 100, after: $after) {
      edges {
        node {
          id
          organisationId
          participantId
          intervalStart
          issuedAt
          p10
          p50
          p90
          unit
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Forecast = ForecastsQuery['forecasts']['edges'][number]['node'];
const SERIES = ['load', 'pv', 'net'];
const words = messages.forecasts;

export function ForecastsPage() {
  const [series, setSeries] = useState('load');
  const [publisher, setPublisher] = useState('');
  const forecasts = useAllPages(FORECASTS, { series }, (answer) => answer.forecasts);
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <Card title={words.fan}>
        <label>
          {words.series}
          <select value={series} onChange={({ target }) => setSeries(target.value)}>
            {SERIES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <QueryView query={forecasts} isEmpty={(nodes) => nodes.length === 0} empty={words.empty}>
          {(nodes) => <Fan nodes={nodes} publisher={publisher} choose={setPublisher} series={series} />}
        </QueryView>
      </Card>
      <Products />
    </>
  );
}

/** One member's newest forecasts; of several members the first unless another is chosen. */
function Fan({
  nodes,
  publisher,
  choose,
  series,
}: {
  readonly nodes: readonly Forecast[];
  readonly publisher: string;
  readonly choose: (participantId: string) => void;
  readonly series: string;
}) {
  const members = [...new Set(nodes.map(({ participantId }) => participantId))];
  const shown = members.find((member) => member === publisher) ?? members[0]!;
  const rows = nodes
    .filter(({ participantId }) => participantId === shown)
    .toSorted((a, b) => a.intervalStart.localeCompare(b.intervalStart));
  const { unit } = rows[0]!;
  const [first, last] = [rows[0]!, rows.at(-1)!].map(({ intervalStart }) => instant(intervalStart));
  return (
    <>
      <label>
        {words.publisher}
        <select value={shown} onChange={({ target }) => choose(target.value)}>
          {members.map((member) => (
            <option key={member} value={member}>
              {short(member)}
            </option>
          ))}
        </select>
      </label>
      <Chart
        title={`${series}, ${unit}`}
        text={words.fanText(rows.length, unit, first!, last!)}
        option={fanOption(rows, unit)}
      >
        <DataTable
          caption={words.title}
          rows={rows}
          keyOf={({ id }) => id}
          columns={[
            { title: words.from, value: ({ intervalStart }) => intervalStart },
            { title: words.p10, value: ({ p10 }) => p10 },
            { title: words.median, value: ({ p50 }) => p50 },
            { title: words.p90, value: ({ p90 }) => p90 },
            { title: words.issued, value: ({ issuedAt }) => issuedAt },
          ]}
        />
      </Chart>
      <details>
        <summary>{words.snippet}</summary>
        <pre>
          <code>{`{ forecasts(series: ${series}, latest: true, first: ${number(100)}) { edges { node { intervalStart p10 p50 p90 unit } } } }`}</code>
        </pre>
      </details>
    </>
  );
}
