import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { AuditChain } from './audit-chain.tsx';
import { NewKey } from './new-key.tsx';

const OVERVIEW = graphql(`
  query Overview {
    platform {
      version
      publicKey
    }
    me {
      roles
      organisation {
        id
        name
        legalId
      }
    }
    participants(first: 100) {
      edges {
        node {
          id
          organisationId
          signingKey
          createdAt
        }
      }
    }
  }
`);

const words = messages.admin;

export function AdminPage() {
  const overview = useApi(OVERVIEW, {});
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <QueryView query={overview}>
        {({ platform, me, participants }) => (
          <>
            <Card title={words.organisation}>
              <p>
                {me.organisation.name} <span className="soft">{me.organisation.legalId}</span>
              </p>
              <p>
                {words.roles}: {me.roles.join(', ')}
              </p>
              {me.roles.includes('admin') && <NewKey roles={me.roles} />}
            </Card>
            <Card title={words.platform}>
              <p>
                {words.version} {platform.version}
              </p>
              <p>
                {words.publicKey}: <code>{platform.publicKey}</code>
              </p>
            </Card>
            <Card title={words.participants}>
              {participants.edges.length === 0 ? (
                <p className="soft">{words.noParticipants}</p>
              ) : (
                <DataTable
                  caption={words.participants}
                  rows={participants.edges.map(({ node }) => node)}
                  keyOf={({ id }) => id}
                  columns={[
                    {
                      title: 'Id',
                      value: ({ id }) => id,
                      cell: ({ id }) => <code title={id}>{short(id)}</code>,
                    },
                    { title: words.organisation, value: ({ organisationId }) => short(organisationId) },
                    {
                      title: words.signingKey,
                      value: ({ signingKey }) => signingKey,
                      cell: ({ signingKey }) => <code title={signingKey}>{signingKey.slice(0, 16)}…</code>,
                    },
                    { title: words.enrolled, value: ({ createdAt }) => instant(createdAt) },
                  ]}
                />
              )}
            </Card>
          </>
        )}
      </QueryView>
      <AuditChain />
    </>
  );
}
