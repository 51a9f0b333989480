import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, kilowattHours, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const CERTIFICATES = graphql(`
  query Certificates($after: String) {
    certificates(first: 100, after: $after) {
      edges {
        node {
          id
          startsAt
          area
          kind
          technology
          quantityWh
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

const words = messages.carbon;

export function Certificates() {
  const certificates = useAllPages(CERTIFICATES, {}, (answer) => answer.certificates);
  return (
    <Card title={words.certificates}>
      <QueryView query={certificates} isEmpty={(rows) => rows.length === 0} empty={words.noCertificates}>
        {(rows) => (
          <DataTable
            caption={words.certificates}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.produced, value: ({ startsAt }) => instant(startsAt) },
              { title: words.area, value: ({ area }) => area },
              { title: words.energy, value: ({ quantityWh }) => kilowattHours(quantityWh) },
              { title: words.state, value: ({ state }) => plain(state) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
