import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { clockTime, kilowattHours, pricePerKwh, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import type { Session } from './session.ts';

const TRADES = graphql(`
  query MarketTrades($sessionId: ID!) {
    me {
      organisation {
        id
      }
    }
    marketTrades(sessionId: $sessionId, first: 100) {
      edges {
        node {
          id
          startsAt
          quantityWh
          buyPricePerMwh
          sellPricePerMwh
          buyerOrganisationId
          sellerOrganisationId
          venue
        }
      }
    }
  }
`);

const words = messages.market;

export function Trades({ session }: { readonly session: Session }) {
  const trades = useApi(TRADES, { sessionId: session.id });
  return (
    <Card title={words.trades}>
      <QueryView
        query={trades}
        isEmpty={(data) => data.marketTrades.edges.length === 0}
        empty={words.noTrades}
      >
        {(data) => (
          <DataTable
            caption={words.trades}
            rows={data.marketTrades.edges.map(({ node }) => node)}
            keyOf={({ id }) => id}
            columns={[
              { title: words.slot, value: ({ startsAt }) => clockTime(startsAt, session.zone) },
              {
                title: words.side,
                value: ({ buyerOrganisationId, sellerOrganisationId }) =>
                  [
                    buyerOrganisationId === data.me.organisation.id ? words.bought : null,
                    sellerOrganisationId === data.me.organisation.id ? words.sold : null,
                  ]
                    .filter((side) => side !== null)
                    .join(', ') || null,
              },
              { title: words.traded, value: ({ quantityWh }) => kilowattHours(quantityWh) },
              {
                title: words.buy,
                value: ({ buyPricePerMwh }) => pricePerKwh(buyPricePerMwh, session.currency),
              },
              {
                title: words.sell,
                value: ({ sellPricePerMwh }) => pricePerKwh(sellPricePerMwh, session.currency),
              },
              { title: 'Venue', value: ({ venue }) => plain(venue) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
