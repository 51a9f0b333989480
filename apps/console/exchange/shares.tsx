import { Link } from 'wouter';
import { Named } from '../api/names.tsx';
import { ME } from '../api/me.ts';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, money, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const SHARES = graphql(`
  query OrderShares($after: String) {
    orderShares(first: 100, after: $after) {
      edges {
        node {
          id
          orderId
          dataSetId
          organisationId
          currency
          amountMinor
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const words = messages.money;

/** What contributors got of orders: the own organisation of others', others of its own. */
export function Shares() {
  const me = useApi(ME, {});
  const shares = useAllPages(SHARES, {}, (answer) => answer.orderShares);
  return (
    <Card title={words.shares}>
      <QueryView query={shares} isEmpty={(rows) => rows.length === 0} empty={words.noShares}>
        {(rows) => (
          <DataTable
            caption={words.shares}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.at, value: ({ createdAt }) => instant(createdAt) },
              {
                title: words.contributor,
                value: ({ organisationId }) => organisationId,
                cell: ({ organisationId }) =>
                  organisationId === me.data?.me.organisation.id ? words.own : <Named id={organisationId} />,
              },
              {
                title: words.dataSet,
                value: ({ dataSetId }) => dataSetId,
                cell: ({ dataSetId }) => (
                  <Link href={`/exchange/${dataSetId}`} title={dataSetId}>
                    <code>{short(dataSetId)}</code>
                  </Link>
                ),
              },
              {
                title: words.order,
                value: ({ orderId }) => orderId,
                cell: ({ orderId }) => <code title={orderId}>{short(orderId)}</code>,
              },
              { title: words.amount, value: ({ amountMinor, currency }) => money(amountMinor, currency) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
