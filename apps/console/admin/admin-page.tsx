import { Named } from '../api/names.tsx';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { OverviewQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { AuditChain } from './audit-chain.tsx';
import { Health } from './health.tsx';
import { Keys } from './keys.tsx';
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
  }
`);

const PARTICIPANTS = graphql(`
  query Participants($after: String) {
    participants(first: 100, after: $after) {
      edges {
        node {
          id
          organisationId
          signingKey
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

const words = messages.admin;

export function AdminPage() {
  const overview = useApi(OVERVIEW, {});
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <QueryView query={overview}>{(data) => <Overview {...data} />}</QueryView>
      <Participants />
      <AuditChain />
    </>
  );
}

function Overview({ platform, me }: OverviewQuery) {
  const governs = me.roles.includes('admin') || me.roles.includes('operator');
  return (
    <>
      <Card title={words.organisation}>
        <p>
          {me.organisation.name} <span className="soft">{me.organisation.legalId}</span>
        </p>
        <p>
          {words.roles}: {me.roles.join(', ')}
        </p>
        {governs && <Keys />}
        {governs && <NewKey roles={me.roles} />}
      </Card>
      <Card title={words.platform}>
        <p>
          {words.version} {platform.version}
        </p>
        <p>
          {words.publicKey}: <code>{platform.publicKey}</code>
        </p>
        {me.roles.includes('operator') ? <Health /> : <p className="soft">{words.operatorsOnly}</p>}
      </Card>
    </>
  );
}

function Participants() {
  const participants = useAllPages(PARTICIPANTS, {}, (answer) => answer.participants);
  return (
    <Card title={words.participants}>
      <QueryView query={participants} isEmpty={(rows) => rows.length === 0} empty={words.noParticipants}>
        {(rows) => (
          <DataTable
            caption={words.participants}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Id',
                value: ({ id }) => id,
                cell: ({ id }) => <code title={id}>{short(id)}</code>,
              },
              {
                title: words.organisation,
                value: ({ organisationId }) => organisationId,
                cell: ({ organisationId }) => <Named id={organisationId} />,
              },
              {
                title: words.signingKey,
                value: ({ signingKey }) => signingKey,
                cell: ({ signingKey }) => <code title={signingKey}>{signingKey.slice(0, 16)}…</code>,
              },
              { title: words.enrolled, value: ({ createdAt }) => instant(createdAt) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
