import { useState } from 'react';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { messages } from '../parts/messages.ts';
import type { Period } from '../parts/period.ts';
import { PeriodChoice } from '../parts/period-choice.tsx';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { Downloads } from './downloads.tsx';
import { Fan } from './fan-view.tsx';
import { type Product, Products, useProducts } from './products.tsx';

const FORECASTS = graphql(`
  query Forecasts(
    $series: ForecastSeries!
    $productId: ID
    $from: DateTime!
    $to: DateTime!
    $after: String
  ) {
    forecasts(
      series: $series
      productId: $productId
      from: $from
      to: $to
      latest: true
      first: 100
      after: $after
    ) {
      edges {
        node {
          id
          organisationId
          participantId
          intervalStart
          issuedAt
          resolution
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

/** What every member may publish; products bring series of their own. */
const SERIES = ['load', 'pv', 'net'];
const DAYS_SHOWN = 10;
const words = messages.forecasts;

export function ForecastsPage() {
  const products = useProducts();
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <PeriodChoice days={DAYS_SHOWN}>
        {(period) => <Published period={period} products={products.data ?? []} />}
      </PeriodChoice>
      <Products query={products} />
    </>
  );
}

function Published({ period, products }: { readonly period: Period; readonly products: readonly Product[] }) {
  const [series, setSeries] = useState('load');
  const [publisher, setPublisher] = useState('');
  const [product, setProduct] = useState('');
  const filter = { series, ...(product !== '' && { productId: product }), ...period };
  const forecasts = useAllPages(FORECASTS, filter, (answer) => answer.forecasts);
  const offered = [...new Set([...SERIES, ...products.map((each) => each.series)])];
  return (
    <Card title={words.fan}>
      <label>
        {words.series}
        <select value={series} onChange={({ target }) => setSeries(target.value)}>
          {offered.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {products.length > 0 && (
        <label>
          {words.product}
          <select value={product} onChange={({ target }) => setProduct(target.value)}>
            <option value="">{words.anyProduct}</option>
            {products.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <QueryView query={forecasts} isEmpty={(nodes) => nodes.length === 0} empty={words.empty}>
        {(nodes) => <Fan nodes={nodes} publisher={publisher} choose={setPublisher} series={series} />}
      </QueryView>
      <Downloads filter={filter} />
    </Card>
  );
}
