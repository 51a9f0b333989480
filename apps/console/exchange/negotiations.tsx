import { Link } from 'wouter';
import { ME } from '../api/me.ts';
import { useAllPages, useApi, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { NegotiationsQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { turnOf } from './next-steps.ts';
import { priceText } from './price.ts';

const NEGOTIATIONS = graphql(`
  query Negotiations($after: String) {
    negotiations(first: 100, after: $after) {
      edges {
        node {
          id
          state
          consumerId
          price
          changedAt
          reasonCode
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const NEGOTIATION_CHANGED = graphql(`
  subscription NegotiationChanged {
    negotiationChanged {
      cursor
    }
  }
`);

type Negotiation = NegotiationsQuery['negotiations']['edges'][number]['node'];
const words = messages.exchange;

/** Both sides' negotiations, live, with whose turn it is. */
export function Negotiations() {
  const isLive = useLive(NEGOTIATION_CHANGED, {});
  const me = useApi(ME, {});
  const negotiations = useAllPages(NEGOTIATIONS, {}, (answer) => answer.negotiations);
  const isConsumer = ({ consumerId }: Negotiation) => consumerId === me.data?.me.organisation.id;
  return (
    <Card title={words.negotiations}>
      {!isLive && <p className="warn">{messages.states.stale}</p>}
      <QueryView query={negotiations} isEmpty={(rows) => rows.length === 0} empty={words.noNegotiations}>
        {(rows) => (
          <DataTable
            caption={words.negotiations}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: messages.negotiation.title,
                value: ({ id }) => id,
                cell: ({ id }) => (
                  <Link href={`/exchange/negotiations/${id}`} title={id}>
                    <code>{short(id)}</code>
                  </Link>
                ),
              },
              {
                title: words.role,
                value: (row) => (isConsumer(row) ? words.asConsumer : words.asProvider),
              },
              { title: words.state, value: ({ state }) => plain(state) },
              { title: words.price, value: ({ price }) => priceText(price) },
              { title: words.changed, value: ({ changedAt }) => instant(changedAt) },
              {
                title: messages.negotiation.next,
                value: (row) => turnText(row, isConsumer(row) ? 'consumer' : 'provider'),
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

function turnText({ state, reasonCode }: Negotiation, own: 'consumer' | 'provider'): string {
  const { yourTurn, theirTurn, over } = messages.negotiation;
  const turn = turnOf(state);
  if (turn === null) return reasonCode ?? over;
  return turn === own ? yourTurn : theirTurn;
}
