import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const ENTRIES = graphql(`
  query AuditEntries {
    auditEntries(first: 50) {
      edges {
        node {
          index
          at
          operation
          decision
          code
          rows
          bytes
          hash
        }
      }
    }
  }
`);

const words = messages.admin;

export function AuditChain() {
  const entries = useApi(ENTRIES, {});
  return (
    <Card title={words.audit}>
      <p>{words.auditIntro}</p>
      <QueryView
        query={entries}
        isEmpty={(data) => data.auditEntries.edges.length === 0}
        empty={words.noAudit}
      >
        {(data) => (
          <DataTable
            caption={words.audit}
            rows={data.auditEntries.edges.map(({ node }) => node)}
            keyOf={({ hash }) => hash}
            columns={[
              { title: '#', value: ({ index }) => index },
              { title: words.at, value: ({ at }) => instant(at) },
              { title: words.operation, value: ({ operation }) => operation },
              {
                title: words.decision,
                value: ({ decision, code }) => [decision, code].filter(Boolean).join(' '),
              },
              { title: words.rows, value: ({ rows }) => rows },
              { title: 'Hash', value: ({ hash }) => hash, cell: ({ hash }) => <code>{short(hash)}</code> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
