import { useApi, useChange, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { NegotiationsQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { type Step, stepsOf } from './next-steps.ts';
import { priceText } from './price.ts';

const NEGOTIATIONS = graphql(`
  query Negotiations {
    me {
      organisation {
        id
      }
    }
    negotiations(first: 50) {
      edges {
        node {
          id
          state
          consumerId
          price
          changedAt
          reasonCode
        }
      }
    }
  }
`);

const CHANGED = graphql(`
  subscription NegotiationChanged {
    negotiationChanged {
      cursor
    }
  }
`);

const ACCEPT = graphql(`
  mutation AcceptOffer($id: ID!) {
    acceptOffer(negotiationId: $id) {
      id
    }
  }
`);
const AGREE = graphql(`
  mutation Agree($id: ID!) {
    agree(negotiationId: $id) {
      id
    }
  }
`);
const VERIFY = graphql(`
  mutation VerifyAgreement($id: ID!) {
    verifyAgreement(negotiationId: $id) {
      id
    }
  }
`);
const FINALISE = graphql(`
  mutation FinaliseAgreement($id: ID!) {
    finaliseAgreement(negotiationId: $id) {
      id
    }
  }
`);
const TERMINATE = graphql(`
  mutation TerminateNegotiation($id: ID!) {
    terminateNegotiation(negotiationId: $id, code: "NOT_WANTED") {
      id
    }
  }
`);

type Negotiation = NegotiationsQuery['negotiations']['edges'][number]['node'];
const words = messages.exchange;

/** Both sides' negotiations, live, with the steps that are the own side's to make. */
export function Negotiations() {
  const isLive = useLive(CHANGED, {});
  const negotiations = useApi(NEGOTIATIONS, {});
  return (
    <Card title={words.negotiations}>
      {!isLive && <p className="warn">{messages.states.stale}</p>}
      <QueryView
        query={negotiations}
        isEmpty={(data) => data.negotiations.edges.length === 0}
        empty={words.noNegotiations}
      >
        {({ me, negotiations: { edges } }) => {
          const isConsumer = ({ consumerId }: Negotiation) => consumerId === me.organisation.id;
          return (
            <DataTable
              caption={words.negotiations}
              rows={edges.map(({ node }) => node)}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Id',
                  value: ({ id }) => id,
                  cell: ({ id }) => <code title={id}>{short(id)}</code>,
                },
                {
                  title: words.role,
                  value: (row) => (isConsumer(row) ? words.asConsumer : words.asProvider),
                },
                { title: words.state, value: ({ state }) => plain(state) },
                { title: words.price, value: ({ price }) => priceText(price) },
                { title: words.changed, value: ({ changedAt }) => instant(changedAt) },
                {
                  title: 'Next',
                  value: ({ reasonCode }) => reasonCode ?? null,
                  cell: (row) => <Steps negotiation={row} isConsumer={isConsumer(row)} />,
                },
              ]}
            />
          );
        }}
      </QueryView>
    </Card>
  );
}

function Steps({
  negotiation,
  isConsumer,
}: {
  readonly negotiation: Negotiation;
  readonly isConsumer: boolean;
}) {
  const changes = {
    accept: useChange(ACCEPT),
    agree: useChange(AGREE),
    verify: useChange(VERIFY),
    finalise: useChange(FINALISE),
    terminate: useChange(TERMINATE),
  };
  const steps = stepsOf(negotiation.state, isConsumer ? 'consumer' : 'provider');
  const failed = Object.values(changes).find(({ isError }) => isError)?.error;
  const take = (step: Step) => changes[step].mutate({ id: negotiation.id });
  return (
    <>
      {steps.map((step) => (
        <button key={step} type="button" disabled={changes[step].isPending} onClick={() => take(step)}>
          {words[step]}
        </button>
      ))}
      {failed !== undefined && failed !== null && <Failure error={failed} />}
      {negotiation.reasonCode}
    </>
  );
}
