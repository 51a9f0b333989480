import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const PRODUCTS = graphql(`
  query ForecastProducts {
    forecastProducts(first: 20) {
      edges {
        node {
          id
          name
          series
          resolution
          champion {
            modelHash
            kind
          }
        }
      }
    }
  }
`);

const SCORES = graphql(`
  query ModelDayScores($productId: ID!) {
    modelDayScores(productId: $productId, first: 100) {
      edges {
        node {
          day
          modelHash
          mase
          coverage
          organisations
        }
      }
    }
  }
`);

const words = messages.forecasts;

const line = (name: string, points: readonly (readonly [string, number | null])[]) => ({
  type: 'line',
  name,
  data: points,
});

/** Products with what sites reported of their models' errors. */
export function Products() {
  const products = useApi(PRODUCTS, {});
  return (
    <Card title={words.products}>
      <QueryView
        query={products}
        isEmpty={(data) => data.forecastProducts.edges.length === 0}
        empty={words.noProducts}
      >
        {(data) =>
          data.forecastProducts.edges.map(({ node }) => (
            <section key={node.id} aria-label={node.name}>
              <h3>
                {node.name} <span className="soft">{node.series}</span>
              </h3>
              <p className="soft">
                {node.champion === null || node.champion === undefined
                  ? messages.states.none
                  : `${node.champion.kind} ${short(node.champion.modelHash)}`}
              </p>
              <Scores productId={node.id} />
            </section>
          ))
        }
      </QueryView>
    </Card>
  );
}

function Scores({ productId }: { readonly productId: string }) {
  const scores = useApi(SCORES, { productId });
  return (
    <QueryView query={scores} isEmpty={(data) => data.modelDayScores.edges.length === 0}>
      {({ modelDayScores }) => {
        const rows = modelDayScores.edges
          .map(({ node }) => node)
          .toSorted((a, b) => a.day.localeCompare(b.day));
        return (
          <Chart
            title={words.scores}
            text={words.scoresText}
            option={{
              legend: { top: 0 },
              tooltip: { trigger: 'axis' },
              xAxis: { type: 'time' },
              yAxis: { type: 'value', min: 0 },
              series: [
                line(
                  'MASE',
                  rows.map(({ day, mase }) => [day, mase ?? null] as const),
                ),
                line(
                  words.coverage,
                  rows.map(({ day, coverage }) => [day, coverage ?? null] as const),
                ),
              ],
            }}
          >
            <DataTable
              caption={words.scores}
              rows={rows}
              keyOf={({ day, modelHash }) => `${day} ${modelHash}`}
              columns={[
                { title: 'Day', value: ({ day }) => day },
                { title: 'MASE', value: ({ mase }) => mase ?? null },
                { title: words.coverage, value: ({ coverage }) => coverage ?? null },
              ]}
            />
          </Chart>
        );
      }}
    </QueryView>
  );
}
