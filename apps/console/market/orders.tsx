import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { clockTime, kilowattHours, pricePerKwh, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { orderRows } from './order-rows.ts';
import type { Session } from './session.ts';

const AUCTION = graphql(`
  query MarketOrders($sessionId: ID!, $after: String) {
    marketOrders(sessionId: $sessionId, first: 100, after: $after) {
      edges {
        node {
          orderId
          participantId
          startsAt
          side
          quantityWh
          pricePerMwh
          tradedWh
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const INTRADAY = graphql(`
  query IntradayOrders($sessionId: ID!, $after: String) {
    intradayOrders(sessionId: $sessionId, first: 100, after: $after) {
      edges {
        node {
          id
          participantId
          startsAt
          side
          quantityWh
          pricePerMwh
          filledWh
          state
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

/** Own orders of the auction and of the order books, with what became of them. */
export function Orders({ session: { id, zone, currency } }: { readonly session: Session }) {
  const auction = useAllPages(AUCTION, { sessionId: id }, (answer) => answer.marketOrders);
  const intraday = useAllPages(INTRADAY, { sessionId: id }, (answer) => answer.intradayOrders);
  return (
    <Card title={words.orders}>
      <QueryView query={auction}>
        {(sealed) => (
          <QueryView
            query={intraday}
            isEmpty={(open) => sealed.length + open.length === 0}
            empty={words.noOrders}
          >
            {(open) => (
              <DataTable
                caption={words.orders}
                rows={orderRows(sealed, open, plain)}
                keyOf={({ key }) => key}
                columns={[
                  { title: words.slot, value: ({ startsAt }) => clockTime(startsAt, zone) },
                  { title: words.venue, value: ({ venue }) => venue },
                  { title: words.side, value: ({ side }) => side },
                  { title: words.limit, value: ({ pricePerMwh }) => pricePerKwh(pricePerMwh, currency) },
                  { title: words.ordered, value: ({ quantityWh }) => kilowattHours(quantityWh) },
                  { title: words.traded, value: ({ filledWh }) => kilowattHours(filledWh) },
                  { title: words.state, value: ({ state }) => state },
                ]}
              />
            )}
          </QueryView>
        )}
      </QueryView>
    </Card>
  );
}
