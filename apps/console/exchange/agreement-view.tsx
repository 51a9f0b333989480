import { Link } from 'wouter';
import { ME } from '../api/me.ts';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataAgreementQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { Payment } from './payment.tsx';
import { TermsList } from './terms-list.tsx';
import { Usage } from './usage.tsx';

const AGREEMENT = graphql(`
  query DataAgreement($id: ID!) {
    dataAgreement(id: $id) {
      id
      consumerId
      dataSetId
      standing
      policy
      price
      validFrom
      validUntil
      hash
      paidAt
      terms {
        enforcement
        text
      }
      events {
        type
        sender
        reasonCode
        reason
        createdAt
      }
    }
  }
`);

type Agreement = DataAgreementQuery['dataAgreement'];
const words = messages.exchange;

/** An agreement: its terms, what it costs and was paid, what was read under it. */
export function AgreementView({ id }: { readonly id: string }) {
  const me = useApi(ME, {});
  const agreement = useApi(AGREEMENT, { id });
  return (
    <QueryView query={agreement}>
      {({ dataAgreement: found }) => (
        <>
          <Card title={messages.money.agreement}>
            <p>
              <span className={`badge ${found.standing === 'IN_FORCE' ? 'good' : 'warn'}`}>
                {plain(found.standing)}
              </span>{' '}
              <Link href={`/exchange/${found.dataSetId}`}>{words.dataSet}</Link>
            </p>
            <TermsList {...found} />
            <p className="soft">
              {words.hash}: <code>{found.hash}</code>
            </p>
            <Events events={found.events} />
          </Card>
          {found.price !== null && me.data !== undefined && (
            <Payment agreement={found} isConsumer={found.consumerId === me.data.me.organisation.id} />
          )}
          <Usage agreementId={id} />
        </>
      )}
    </QueryView>
  );
}

function Events({ events }: { readonly events: Agreement['events'] }) {
  if (events.length === 0) return null;
  return (
    <DataTable
      caption={words.standing}
      rows={events}
      keyOf={({ type, createdAt }) => `${type} ${createdAt}`}
      columns={[
        { title: messages.negotiation.at, value: ({ createdAt }) => instant(createdAt) },
        { title: words.standing, value: ({ type }) => plain(type) },
        { title: words.role, value: ({ sender }) => messages.negotiation.who[sender] },
        {
          title: messages.negotiation.reason,
          value: ({ reasonCode, reason }) => [reasonCode, reason].filter(Boolean).join(' ') || null,
        },
      ]}
    />
  );
}
