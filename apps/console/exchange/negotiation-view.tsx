import { Link } from 'wouter';
import { ME } from '../api/me.ts';
import { useAllPages, useApi, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { NegotiationState } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { NEGOTIATION_CHANGED } from './negotiations.tsx';
import { NegotiationSteps } from './negotiation-steps.tsx';
import { stageOf, STAGES } from './next-steps.ts';
import { priceText } from './price.ts';
import { TermsList } from './terms-list.tsx';
import { validityText } from './validity.ts';

const NEGOTIATION = graphql(`
  query Negotiation($id: ID!) {
    negotiation(id: $id) {
      id
      state
      consumerId
      dataSetId
      policy
      price
      validFrom
      validUntil
      agreementId
      reasonCode
      reason
      expiresAt
      terms {
        enforcement
        text
      }
    }
  }
`);

const MESSAGES = graphql(`
  query NegotiationMessages($id: ID!, $after: String) {
    negotiationMessages(negotiationId: $id, first: 100, after: $after) {
      edges {
        cursor
        node {
          sender
          automatic
          state
          price
          validFrom
          validUntil
          reasonCode
          reason
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

const words = messages.negotiation;

/** One negotiation from its terms to the agreement, live: what stands, whose turn it is, what was said. */
export function NegotiationView({ id }: { readonly id: string }) {
  const isLive = useLive(NEGOTIATION_CHANGED, {});
  const me = useApi(ME, {});
  const negotiation = useApi(NEGOTIATION, { id });
  return (
    <>
      {!isLive && <p className="warn">{messages.states.stale}</p>}
      <QueryView query={negotiation}>
        {({ negotiation: found }) => {
          const party = found.consumerId === me.data?.me.organisation.id ? 'consumer' : 'provider';
          return (
            <>
              <Card title={words.title}>
                <Stages state={found.state} />
                <p role="status">{words.now[party][found.state]}</p>
                {found.state === 'TERMINATED' && (
                  <p className="warn">
                    {found.reasonCode} {found.reason}
                  </p>
                )}
                {found.agreementId != null && found.state !== 'TERMINATED' && (
                  <p>
                    <Link href={`/exchange/agreements/${found.agreementId}`}>{words.toAgreement}</Link>
                  </p>
                )}
                {me.data !== undefined && <NegotiationSteps negotiation={found} party={party} />}
              </Card>
              <Card title={messages.terms.title}>
                <TermsList {...found} />
                <p>
                  <Link href={`/exchange/${found.dataSetId}`}>{messages.exchange.dataSet}</Link>
                </p>
              </Card>
              <Said id={id} />
            </>
          );
        }}
      </QueryView>
    </>
  );
}

function Stages({ state }: { readonly state: NegotiationState }) {
  const stage = stageOf(state);
  return (
    <ol className="steps">
      {STAGES.map((each) => (
        <li key={each} aria-current={each === stage ? 'step' : undefined}>
          {words.steps[each]}
        </li>
      ))}
    </ol>
  );
}

function Said({ id }: { readonly id: string }) {
  const said = useAllPages(MESSAGES, { id }, (answer) => answer.negotiationMessages);
  return (
    <Card title={words.said}>
      <QueryView query={said}>
        {(rows) => (
          <DataTable
            caption={words.said}
            rows={rows.map((row, i) => ({ ...row, i }))}
            keyOf={({ i }) => String(i)}
            columns={[
              { title: words.at, value: ({ createdAt }) => instant(createdAt) },
              {
                title: messages.exchange.role,
                value: ({ sender, automatic }) =>
                  automatic ? `${words.who[sender]}, ${words.automatic}` : words.who[sender],
              },
              { title: messages.exchange.state, value: ({ state }) => plain(state) },
              {
                title: messages.exchange.price,
                // Only what offers terms says a price, and nothing is a price as well.
                value: ({ price, validFrom }) => (validFrom == null ? null : priceText(price)),
              },
              {
                title: messages.exchange.valid,
                value: ({ validFrom, validUntil }) =>
                  validFrom == null ? null : validityText(validFrom, validUntil),
              },
              {
                title: words.reason,
                value: ({ reasonCode, reason }) => [reasonCode, reason].filter(Boolean).join(' ') || null,
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
