import { Link } from 'wouter';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { priceText } from './price.ts';
import { validityText } from './validity.ts';

export const AGREEMENTS = graphql(`
  query DataAgreements($after: String) {
    dataAgreements(first: 100, after: $after) {
      edges {
        node {
          id
          consumerId
          dataSetId
          standing
          price
          validFrom
          validUntil
          hash
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const words = messages.exchange;

export function Agreements() {
  const agreements = useAllPages(AGREEMENTS, {}, (answer) => answer.dataAgreements);
  return (
    <Card title={words.agreements}>
      <QueryView query={agreements} isEmpty={(rows) => rows.length === 0} empty={words.noAgreements}>
        {(rows) => (
          <DataTable
            caption={words.agreements}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: messages.money.agreement,
                value: ({ id }) => id,
                cell: ({ id }) => <AgreementLink id={id} />,
              },
              { title: words.standing, value: ({ standing }) => plain(standing) },
              { title: words.price, value: ({ price }) => priceText(price) },
              {
                title: words.valid,
                value: ({ validFrom, validUntil }) => validityText(validFrom, validUntil),
              },
              {
                title: words.hash,
                value: ({ hash }) => hash,
                cell: ({ hash }) => <code title={hash}>{short(hash)}</code>,
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

export function AgreementLink({ id }: { readonly id: string }) {
  return (
    <Link href={`/exchange/agreements/${id}`} title={id}>
      <code>{short(id)}</code>
    </Link>
  );
}
