import { useState } from 'react';
import { Named, useNames } from '../api/names.tsx';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { SharingMethod } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { kilowattHours, money, units } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import type { Session } from './session.ts';

const SETTLEMENTS = graphql(`
  query MarketSettlements($sessionId: ID!, $after: String) {
    marketSettlements(sessionId: $sessionId, history: false, first: 100, after: $after) {
      edges {
        node {
          participantId
          boughtWh
          soldWh
          localMinor
          chargeMinor
          deviationMinor
          savingsMinor
          version
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const SHARES = graphql(`
  query SessionShares($sessionId: ID!, $method: SharingMethod!, $after: String) {
    sessionShares(sessionId: $sessionId, method: $method, first: 100, after: $after) {
      surplusMinor
      shares {
        edges {
          node {
            participantId
            savedMinor
            shareMinor
            standardErrorMinor
          }
        }
        pageInfo {
          hasNextPage
          endCursor
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
  const settlements = useAllPages(SETTLEMENTS, { sessionId: id }, (answer) => answer.marketSettlements);
  return (
    <QueryView query={settlements} isEmpty={(rows) => rows.length === 0} empty={words.noBill}>
      {(rows) => (
        <DataTable
          caption={words.settlement}
          rows={rows}
          keyOf={({ participantId }) => participantId}
          columns={[
            {
              title: words.participant,
              value: ({ participantId }) => participantId,
              cell: ({ participantId }) => <Named id={participantId} />,
            },
            { title: words.bought, value: ({ boughtWh }) => kilowattHours(boughtWh) },
            { title: words.sold, value: ({ soldWh }) => kilowattHours(soldWh) },
            { title: words.local, value: ({ localMinor }) => money(localMinor, currency) },
            { title: words.charge, value: ({ chargeMinor }) => money(chargeMinor, currency) },
            { title: words.deviation, value: ({ deviationMinor }) => money(deviationMinor, currency) },
            { title: words.bill, value: (row) => money(billed(row), currency) },
            { title: words.saved, value: ({ savingsMinor }) => money(savingsMinor, currency) },
          ]}
        />
      )}
    </QueryView>
  );
}

interface Billed {
  readonly localMinor: number;
  readonly chargeMinor: number;
  readonly deviationMinor: number;
}

const billed = ({ localMinor, chargeMinor, deviationMinor }: Billed): number =>
  localMinor + chargeMinor + deviationMinor;

/** Null until they are worked out. */
const NO_SHARES = { edges: [], pageInfo: { hasNextPage: false } };

function Shares({ session: { id, currency } }: { readonly session: Session }) {
  const nameOf = useNames();
  const [method, setMethod] = useState<SharingMethod>('NASH');
  const shares = useAllPages(
    SHARES,
    { sessionId: id, method },
    ({ sessionShares }) => sessionShares?.shares ?? NO_SHARES,
  );
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
      <QueryView query={shares} isEmpty={(rows) => rows.length === 0} empty={words.noShares}>
        {(rows) => {
          const saved = rows.reduce((sum, { savedMinor }) => sum + savedMinor, 0);
          const shared = rows.reduce((sum, { shareMinor }) => sum + shareMinor, 0);
          return (
            <Chart
              title={words.shares}
              heading={false}
              text={words.sharesText(method, rows.length, money(saved, currency), money(shared, currency))}
              option={{
                legend: { top: 0 },
                grid: { left: 8, right: 8, bottom: 8, top: 48, containLabel: true },
                tooltip: { trigger: 'axis' },
                xAxis: { type: 'category', data: rows.map(({ participantId }) => nameOf(participantId)) },
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
                  { title: words.participant, value: ({ participantId }) => nameOf(participantId) },
                  { title: words.saved, value: ({ savedMinor }) => money(savedMinor, currency) },
                  { title: words.share, value: ({ shareMinor }) => money(shareMinor, currency) },
                  {
                    title: words.transfer,
                    value: ({ savedMinor, shareMinor }) => money(shareMinor - savedMinor, currency),
                  },
                  {
                    title: words.standardError,
                    value: ({ standardErrorMinor }) => money(standardErrorMinor, currency),
                  },
                ]}
              />
            </Chart>
          );
        }}
      </QueryView>
    </Card>
  );
}
