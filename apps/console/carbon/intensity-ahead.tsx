import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { fanOption } from '../forecasts/fan.ts';
import { type Product, useProducts } from '../forecasts/products.tsx';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import type { Period } from '../parts/period.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const AHEAD = graphql(`
  query IntensityAhead($productId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {
    forecasts(productId: $productId, from: $from, to: $to, latest: true, first: 100, after: $after) {
      edges {
        node {
          id
          participantId
          intervalStart
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

const words = messages.carbon;
const INTENSITY = /intensity/;
const NONE = new Map<number, number>();

/** Forecasts of an intensity that members publish. */
export function IntensityAhead({ period }: { readonly period: Period }) {
  const products = useProducts();
  return (
    <Card title={words.ahead}>
      <QueryView query={products}>
        {(all) => {
          const of = all.filter(({ series }) => INTENSITY.test(series));
          if (of.length === 0) return <p className="soft">{words.noAhead}</p>;
          return of.map((product) => <Ahead key={product.id} product={product} period={period} />);
        }}
      </QueryView>
    </Card>
  );
}

function Ahead({ product, period }: { readonly product: Product; readonly period: Period }) {
  const forecasts = useAllPages(AHEAD, { productId: product.id, ...period }, (answer) => answer.forecasts);
  return (
    <QueryView query={forecasts} isEmpty={(nodes) => nodes.length === 0} empty={words.noAhead}>
      {(nodes) => {
        const [{ participantId, unit }] = nodes as [(typeof nodes)[number]];
        const rows = nodes
          .filter((node) => node.participantId === participantId)
          .toSorted((a, b) => a.intervalStart.localeCompare(b.intervalStart));
        const lowest = rows.reduce((best, row) => (row.p50 < best.p50 ? row : best));
        return (
          <Chart
            title={product.name}
            text={words.aheadText(instant(lowest.intervalStart), number(lowest.p50), unit)}
            option={fanOption(rows, unit, NONE)}
          >
            <DataTable
              caption={words.ahead}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { title: words.hour, value: ({ intervalStart }) => intervalStart },
                { title: 'p10', value: ({ p10 }) => p10 },
                { title: 'p50', value: ({ p50 }) => p50 },
                { title: 'p90', value: ({ p90 }) => p90 },
              ]}
            />
          </Chart>
        );
      }}
    </QueryView>
  );
}
