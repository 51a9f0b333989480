import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '../api/request.ts';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { ForecastProductsQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const PRODUCTS = graphql(`
  query ForecastProducts($after: String) {
    forecastProducts(first: 100, after: $after) {
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
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const SCORES = graphql(`
  query ModelDayScores($productId: ID!, $after: String) {
    modelDayScores(productId: $productId, first: 100, after: $after) {
      edges {
        node {
          day
          modelHash
          mase
          coverage
          organisations
        }
      }
      pageInfo {
        hasNextPage
        endCursor
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

export type Product = ForecastProductsQuery['forecastProducts']['edges'][number]['node'];

export const useProducts = (): UseQueryResult<Product[], ApiError> =>
  useAllPages(PRODUCTS, {}, (answer) => answer.forecastProducts);

/** What a figure is held against: 1 is as good as repeating the week before, 0.8 what the band states. */
const REFERENCES = { symbol: 'none', data: [{ yAxis: 1 }, { yAxis: 0.8 }] };

/** Products with what sites reported of their models' errors. */
export function Products({ query }: { readonly query: UseQueryResult<Product[], ApiError> }) {
  return (
    <Card title={words.products}>
      <QueryView query={query} isEmpty={(products) => products.length === 0} empty={words.noProducts}>
        {(products) =>
          products.map((product) => (
            <section key={product.id} aria-label={product.name}>
              <h3>
                {product.name} <span className="soft">{product.series}</span>
              </h3>
              <p className="soft">
                {product.champion === null || product.champion === undefined
                  ? messages.states.none
                  : `${product.champion.kind} ${short(product.champion.modelHash)}`}
              </p>
              <Scores productId={product.id} />
            </section>
          ))
        }
      </QueryView>
    </Card>
  );
}

function Scores({ productId }: { readonly productId: string }) {
  const scores = useAllPages(SCORES, { productId }, (answer) => answer.modelDayScores);
  return (
    <QueryView query={scores} isEmpty={(days) => days.length === 0}>
      {(days) => {
        const rows = days.toSorted((a, b) => a.day.localeCompare(b.day));
        const models = [...new Set(rows.map(({ modelHash }) => modelHash))];
        const told = (modelHash: string, of: 'mase' | 'coverage') =>
          rows.filter((row) => row.modelHash === modelHash).map((row) => [row.day, row[of] ?? null] as const);
        return (
          <Chart
            title={words.scores}
            text={words.scoresText}
            option={{
              legend: { top: 0 },
              grid: { left: 8, right: 24, bottom: 8, top: 48, containLabel: true },
              tooltip: { trigger: 'axis' },
              xAxis: { type: 'time' },
              yAxis: { type: 'value', min: 0 },
              series: models.flatMap((model, i) => [
                {
                  ...line(`MASE ${short(model)}`, told(model, 'mase')),
                  ...(i === 0 && { markLine: REFERENCES }),
                },
                line(`${words.covered} ${short(model)}`, told(model, 'coverage')),
              ]),
            }}
          >
            <DataTable
              caption={words.scores}
              rows={rows}
              keyOf={({ day, modelHash }) => `${day} ${modelHash}`}
              columns={[
                { title: words.day, value: ({ day }) => day },
                { title: words.model, value: ({ modelHash }) => short(modelHash) },
                { title: 'MASE', value: ({ mase }) => mase ?? null },
                { title: words.coverage, value: ({ coverage }) => coverage ?? null },
                { title: words.organisations, value: ({ organisations }) => organisations },
              ]}
            />
          </Chart>
        );
      }}
    </QueryView>
  );
}
