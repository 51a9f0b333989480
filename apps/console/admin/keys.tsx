import { useAllPages, useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Failure, QueryView } from '../parts/query-view.tsx';

const KEYS = graphql(`
  query ApiKeys($after: String) {
    apiKeys(first: 100, after: $after) {
      edges {
        node {
          id
          memberName
          prefix
          roles
          createdAt
          revokedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const IDENTITIES = graphql(`
  query MemberIdentities($after: String) {
    memberIdentities(first: 100, after: $after) {
      edges {
        node {
          id
          issuer
          subject
          roles
          createdAt
          unlinkedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const REVOKE = graphql(`
  mutation RevokeApiKey($id: ID!) {
    revokeApiKey(id: $id) {
      revokedAt
    }
  }
`);

const words = messages.admin;

/** Members with their keys, and who signs in by an identity provider. */
export function Keys() {
  const keys = useAllPages(KEYS, {}, (answer) => answer.apiKeys);
  const identities = useAllPages(IDENTITIES, {}, (answer) => answer.memberIdentities);
  const revoked = useChange(REVOKE);
  const revoke = (id: string, prefix: string) => {
    if (window.confirm(words.confirmRevoke(prefix))) revoked.mutate({ id });
  };
  return (
    <>
      <h3>{words.keys}</h3>
      <QueryView query={keys}>
        {(rows) => (
          <DataTable
            caption={words.keys}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.member, value: ({ memberName }) => memberName },
              {
                title: words.prefix,
                value: ({ prefix }) => prefix,
                cell: ({ prefix }) => <code>{prefix}</code>,
              },
              { title: words.keyRoles, value: ({ roles }) => roles.join(', ') },
              { title: words.made, value: ({ createdAt }) => instant(createdAt) },
              {
                title: words.standing,
                value: ({ revokedAt }) =>
                  revokedAt == null ? words.valid : words.revoked(instant(revokedAt)),
                cell: ({ id, prefix, revokedAt }) =>
                  revokedAt == null ? (
                    <button
                      type="button"
                      aria-label={words.revokeKey(prefix)}
                      disabled={revoked.isPending}
                      onClick={() => revoke(id, prefix)}
                    >
                      {words.revoke}
                    </button>
                  ) : (
                    words.revoked(instant(revokedAt))
                  ),
              },
            ]}
          />
        )}
      </QueryView>
      {revoked.isError && <Failure error={revoked.error} />}
      {(identities.data?.length ?? 0) > 0 && (
        <DataTable
          caption={words.identities}
          rows={identities.data ?? []}
          keyOf={({ id }) => id}
          columns={[
            { title: words.subject, value: ({ subject }) => subject },
            { title: words.issuer, value: ({ issuer }) => issuer },
            { title: words.keyRoles, value: ({ roles }) => roles.join(', ') },
            { title: words.made, value: ({ createdAt }) => instant(createdAt) },
            {
              title: words.standing,
              value: ({ unlinkedAt }) =>
                unlinkedAt == null ? words.valid : words.revoked(instant(unlinkedAt)),
            },
          ]}
        />
      )}
    </>
  );
}
