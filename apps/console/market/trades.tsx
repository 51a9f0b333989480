import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { clockTime, kilowattHours, pricePerKwh, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import type { Session } from './session.ts';

const TRADES = graphql(`
  query MarketTrades($sessionId: ID!, $after: String) {
    marketTrades(sessionId: $sessionId, first: 100, after: $after) {
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
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const OWN = graphql(`
  query TradingOrganisation {
    me {
      organisation {
        id
      }
    }
  }
`);

const words = messages.market;

export function Trades({ session }: { readonly session: Session }) {
  const trades = useAllPages(TRADES, { sessionId: session.id }, (answer) => answer.marketTrades);
  const own = useApi(OWN, {}).data?.me.organisation.id;
  return (
    <Card title={words.trades}>
      <QueryView query={trades} isEmpty={(rows) => rows.length === 0} empty={words.noTrades}>
        {(rows) => (
          <DataTable
            caption={words.trades}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.slot, value: ({ startsAt }) => clockTime(startsAt, session.zone) },
              {
                title: words.side,
                value: ({ buyerOrganisationId, sellerOrganisationId }) =>
                  [
                    buyerOrganisationId === own ? words.bought : null,
                    sellerOrganisationId === own ? words.sold : null,
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
              { title: words.venue, value: ({ venue }) => plain(venue) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
