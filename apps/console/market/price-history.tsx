import { useMemo } from 'react';
import { useListsOf } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, kilowattHours, pricePerKwh } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { comparable, type ListedSession, priceRange } from './price-points.ts';

const PRICES = graphql(`
  query SessionPrices($sessionId: ID!, $after: String) {
    marketClearings(sessionId: $sessionId, first: 100, after: $after) {
      edges {
        node {
          startsAt
          quantityWh
          pricePerMwh
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const words = messages.market;

/** Clearing prices over the newest sessions. */
export function PriceHistory({ sessions }: { readonly sessions: readonly ListedSession[] }) {
  const shown = useMemo(() => comparable(sessions), [sessions]);
  const prices = useListsOf(
    PRICES,
    shown.length === 0 ? null : shown.map(({ id }) => ({ sessionId: id })),
    (answer) => answer.marketClearings,
  );
  const [first] = shown;
  if (first === undefined) return null;
  const { currency, zone } = first;
  return (
    <Card title={words.history}>
      <QueryView query={prices} isEmpty={(slots) => priceRange(slots) === null} empty={words.noHistory}>
        {(slots) => {
          const { low, high, mean } = priceRange(slots)!;
          const [lowest, highest, middle] = [low, high, mean].map((price) => pricePerKwh(price, currency));
          return (
            <Chart
              title={words.history}
              heading={false}
              text={words.historyText(shown.length, lowest!, highest!, middle!)}
              option={{
                grid: { left: 8, right: 8, bottom: 8, top: 36, containLabel: true },
                tooltip: { trigger: 'axis' },
                xAxis: { type: 'time' },
                yAxis: { type: 'value', name: `ct/kWh ${currency}`, scale: true },
                series: [
                  {
                    type: 'line',
                    name: words.price,
                    step: 'end',
                    symbolSize: 5,
                    data: slots.map(({ startsAt, pricePerMwh }) => [
                      startsAt,
                      pricePerMwh === null || pricePerMwh === undefined ? null : pricePerMwh / 1_000,
                    ]),
                  },
                ],
              }}
            >
              <DataTable
                caption={words.history}
                rows={slots}
                keyOf={({ startsAt }) => startsAt}
                columns={[
                  { title: words.slot, value: ({ startsAt }) => instant(startsAt, zone) },
                  { title: words.price, value: ({ pricePerMwh }) => pricePerKwh(pricePerMwh, currency) },
                  { title: words.traded, value: ({ quantityWh }) => kilowattHours(quantityWh) },
                ]}
              />
            </Chart>
          );
        }}
      </QueryView>
    </Card>
  );
}
