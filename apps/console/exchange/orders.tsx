import { ME } from '../api/me.ts';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, money } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { AgreementLink, AGREEMENTS } from './agreements.tsx';
import { priceText } from './price.ts';

const ORDERS = graphql(`
  query AgreementOrders($after: String) {
    agreementOrders(first: 100, after: $after) {
      edges {
        node {
          id
          agreementId
          consumerId
          currency
          amountMinor
          feeMinor
          sellerMinor
          periodStart
          periodEnd
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

/** Agreements that wait for the own organisation's money. */
export function ToPay() {
  const me = useApi(ME, {});
  const agreements = useAllPages(AGREEMENTS, {}, (answer) => answer.dataAgreements);
  return (
    <Card title={words.toPay}>
      <QueryView query={agreements}>
        {(all) => {
          const rows = all.filter(
            ({ standing, consumerId }) => standing === 'UNPAID' && consumerId === me.data?.me.organisation.id,
          );
          if (rows.length === 0) return <p className="soft">{words.nothingToPay}</p>;
          return (
            <DataTable
              caption={words.toPay}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: words.agreement,
                  value: ({ id }) => id,
                  cell: ({ id }) => <AgreementLink id={id} />,
                },
                { title: messages.exchange.price, value: ({ price }) => priceText(price) },
                { title: messages.terms.validFrom, value: ({ validFrom }) => instant(validFrom) },
              ]}
            />
          );
        }}
      </QueryView>
    </Card>
  );
}

/** What was paid, on either side. */
export function Orders() {
  const me = useApi(ME, {});
  const orders = useAllPages(ORDERS, {}, (answer) => answer.agreementOrders);
  return (
    <Card title={words.orders}>
      <QueryView query={orders} isEmpty={(rows) => rows.length === 0} empty={words.noOrders}>
        {(rows) => (
          <DataTable
            caption={words.orders}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.at, value: ({ createdAt }) => instant(createdAt) },
              {
                title: words.side,
                value: ({ consumerId }) =>
                  consumerId === me.data?.me.organisation.id ? words.bought : words.sold,
              },
              {
                title: words.agreement,
                value: ({ agreementId }) => agreementId,
                cell: ({ agreementId }) => <AgreementLink id={agreementId} />,
              },
              {
                title: words.period,
                value: ({ periodStart, periodEnd }) =>
                  periodStart == null ? null : `${instant(periodStart)} – ${instant(periodEnd)}`,
              },
              { title: words.amount, value: ({ amountMinor, currency }) => money(amountMinor, currency) },
              { title: words.fee, value: ({ feeMinor, currency }) => money(feeMinor, currency) },
              { title: words.seller, value: ({ sellerMinor, currency }) => money(sellerMinor, currency) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
