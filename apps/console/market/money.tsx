import { useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { SharingMethod } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { kilowattHours, money, short, units } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import type { Session } from './session.ts';

const SETTLEMENTS = graphql(`
  query MarketSettlements($sessionId: ID!) {
    marketSettlements(sessionId: $sessionId, history: false, first: 100) {
      edges {
        node {
          participantId
          boughtWh
          soldWh
          localMinor
          deviationMinor
          savingsMinor
        }
      }
    }
  }
`);

const SHARES = graphql(`
  query SessionShares($sessionId: ID!, $method: SharingMethod!) {
    sessionShares(sessionId: $sessionId, method: $method, first: 100) {
      surplusMinor
      shares {
        edges {
          node {
            participantId
            savedMinor
            shareMinor
          }
        }
      }
    }
  }
`);

const METHODS: readonly SharingMethod[] = ['NASH', 'SHAPLEY'];
const words = messages.market;

/** Bills of the session, and what other rules would make of its surplus. */
export function Money({ session }: { readonly session: Session }) {
  const isSettled = session.settledAt !== null && session.settledAt !== undefined;
  return (
    <>
      <Card title={words.settlement}>
        {isSettled ? <Settlements session={session} /> : <p className="soft">{words.noSettlement}</p>}
      </Card>
      {isSettled && <Shares session={session} />}
    </>
  );
}

function Settlements({ session: { id, currency } }: { readonly session: Session }) {
  const settlements = useApi(SETTLEMENTS, { sessionId: id });
  return (
    <QueryView query={settlements} isEmpty={(data) => data.marketSettlements.edges.length === 0}>
      {(data) => (
        <DataTable
          caption={words.settlement}
          rows={data.marketSettlements.edges.map(({ node }) => node)}
          keyOf={({ participantId }) => participantId}
          columns={[
            {
              title: words.participant,
              value: ({ participantId }) => participantId,
              cell: ({ participantId }) => <code title={participantId}>{short(participantId)}</code>,
            },
            { title: words.bought, value: ({ boughtWh }) => kilowattHours(boughtWh) },
            { title: words.sold, value: ({ soldWh }) => kilowattHours(soldWh) },
            { title: words.local, value: ({ localMinor }) => money(localMinor, currency) },
            { title: words.deviation, value: ({ deviationMinor }) => money(deviationMinor, currency) },
            { title: words.saved, value: ({ savingsMinor }) => money(savingsMinor, currency) },
          ]}
        />
      )}
    </QueryView>
  );
}

function Shares({ session: { id, currency } }: { readonly session: Session }) {
  const [method, setMethod] = useState<SharingMethod>('NASH');
  const shares = useApi(SHARES, { sessionId: id, method });
  return (
    <Card title={words.shares}>
      <label>
        {words.method}
        <select value={method} onChange={({ target }) => setMethod(target.value as SharingMethod)}>
          {METHODS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <QueryView
        query={shares}
        isEmpty={({ sessionShares }) => (sessionShares?.shares.edges.length ?? 0) === 0}
      >
        {({ sessionShares }) => {
          const rows = sessionShares?.shares.edges.map(({ node }) => node) ?? [];
          return (
            <Chart
              title={words.shares}
              heading={false}
              text={`${method}: ${money(sessionShares?.surplusMinor, currency)}`}
              option={{
                legend: { top: 0 },
                tooltip: { trigger: 'axis' },
                xAxis: { type: 'category', data: rows.map(({ participantId }) => short(participantId)) },
                yAxis: { type: 'value', name: currency },
                series: [
                  {
                    type: 'bar',
                    name: words.saved,
                    data: rows.map(({ savedMinor }) => units(savedMinor, currency)),
                  },
                  {
                    type: 'bar',
                    name: words.share,
                    data: rows.map(({ shareMinor }) => units(shareMinor, currency)),
                  },
                ],
              }}
            >
              <DataTable
                caption={words.shares}
                rows={rows}
                keyOf={({ participantId }) => participantId}
                columns={[
                  { title: words.participant, value: ({ participantId }) => short(participantId) },
                  { title: words.saved, value: ({ savedMinor }) => money(savedMinor, currency) },
                  { title: words.share, value: ({ shareMinor }) => money(shareMinor, currency) },
                ]}
              />
            </Chart>
          );
        }}
      </QueryView>
    </Card>
  );
}
