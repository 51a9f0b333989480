import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import type { Period } from '../parts/period.ts';

const REPORTS = graphql(`
  query PublishedReports($from: DateTime!, $to: DateTime!, $after: String) {
    publishedReports(from: $from, to: $to, first: 100, after: $after) {
      edges {
        node {
          id
          start
          end
          version
          hash
          methodVersion
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

export function Reports({ period }: { readonly period: Period }) {
  const reports = useAllPages(REPORTS, period, (answer) => answer.publishedReports);
  return (
    <Card title={words.reports}>
      <QueryView query={reports} isEmpty={(rows) => rows.length === 0} empty={words.noReports}>
        {(rows) => (
          <DataTable
            caption={words.reports}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.from, value: ({ start }) => instant(start) },
              { title: words.to, value: ({ end }) => instant(end) },
              { title: words.version, value: ({ version }) => version },
              { title: words.hash, value: ({ hash }) => hash, cell: ({ hash }) => <code>{hash}</code> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
