import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { priceText } from './price.ts';

const AGREEMENTS = graphql(`
  query DataAgreements {
    dataAgreements(first: 50) {
      edges {
        node {
          id
          standing
          price
          validFrom
          validUntil
          hash
        }
      }
    }
  }
`);

const words = messages.exchange;

export function Agreements() {
  const agreements = useApi(AGREEMENTS, {});
  return (
    <Card title={words.agreements}>
      <QueryView
        query={agreements}
        isEmpty={(data) => data.dataAgreements.edges.length === 0}
        empty={words.noAgreements}
      >
        {(data) => (
          <DataTable
            caption={words.agreements}
            rows={data.dataAgreements.edges.map(({ node }) => node)}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Id',
                value: ({ id }) => id,
                cell: ({ id }) => <code title={id}>{short(id)}</code>,
              },
              { title: words.standing, value: ({ standing }) => plain(standing) },
              { title: words.price, value: ({ price }) => priceText(price) },
              {
                title: words.valid,
                value: ({ validFrom, validUntil }) => `${instant(validFrom)} – ${instant(validUntil)}`,
              },
              {
                title: words.hash,
                value: ({ hash }) => hash,
                cell: ({ hash }) => <code>{short(hash)}</code>,
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
