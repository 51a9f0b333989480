import { useState } from 'react';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const CHAINS = graphql(`
  query AuditChains($after: String) {
    auditChains(first: 100, after: $after) {
      edges {
        node {
          id
          index
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

const ENTRIES = graphql(`
  query AuditEntries($agreementId: ID, $after: String) {
    auditEntries(agreementId: $agreementId, first: 100, after: $after) {
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
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const HEAD = graphql(`
  query AuditHead($agreementId: ID) {
    auditHead(agreementId: $agreementId) {
      index
      hash
      at
    }
  }
`);

const OWN = graphql(`
  query AuditedOrganisation {
    me {
      organisation {
        id
      }
    }
  }
`);

const words = messages.admin;

/** Decisions about data: of the own organisation, or under one of its agreements. */
export function AuditChain() {
  const [chosen, choose] = useState('');
  const own = useApi(OWN, {}).data?.me.organisation.id;
  const chains = useAllPages(CHAINS, {}, (answer) => answer.auditChains);
  const of = chosen === '' ? {} : { agreementId: chosen };
  const entries = useAllPages(ENTRIES, of, (answer) => answer.auditEntries);
  const head = useApi(HEAD, of).data?.auditHead;
  return (
    <Card title={words.audit}>
      <p>{words.auditIntro}</p>
      <label>
        {words.chain}
        <select value={chosen} onChange={({ target }) => choose(target.value)}>
          <option value="">{words.ownChain}</option>
          {chains.data
            ?.filter(({ id }) => id !== own)
            .map(({ id, index }) => (
              <option key={id} value={id}>
                {words.agreementChain(short(id), index + 1)}
              </option>
            ))}
        </select>
      </label>
      {head !== undefined && head.index >= 0 && (
        <p>
          {words.head}: <code>{head.hash}</code>
        </p>
      )}
      <QueryView query={entries} isEmpty={(rows) => rows.length === 0} empty={words.noAudit}>
        {(rows) => (
          <DataTable
            caption={words.audit}
            rows={rows}
            keyOf={({ hash }) => hash}
            columns={[
              { title: '#', value: ({ index }) => index },
              { title: words.at, value: ({ at }) => instant(at) },
              { title: words.operation, value: ({ operation }) => operation },
              {
                title: words.decision,
                value: ({ decision, code }) => [decision, code].filter(Boolean).join(' '),
              },
              { title: words.rows, value: ({ rows: count }) => count },
              { title: words.bytes, value: ({ bytes }) => bytes },
              { title: 'Hash', value: ({ hash }) => hash, cell: ({ hash }) => <code>{short(hash)}</code> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
