import { Link, Route, Switch } from 'wouter';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, kilowattHours, money, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { PriceHistory } from './price-history.tsx';
import { SessionView } from './session-view.tsx';

const SESSIONS = graphql(`
  query MarketSessions($after: String) {
    marketSessions(first: 100, after: $after) {
      edges {
        node {
          id
          state
          startsAt
          zone
          currency
          product
          mechanism
          tradedWh
          savingsMinor
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const words = messages.market;

export function MarketPage() {
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <Switch>
        <Route path="/market/:id">{({ id }) => <SessionView id={id} />}</Route>
        <Route>
          <SessionList />
        </Route>
      </Switch>
    </>
  );
}

function SessionList() {
  const sessions = useAllPages(SESSIONS, {}, (answer) => answer.marketSessions);
  return (
    <>
      <Card title={words.sessions}>
        <QueryView query={sessions} isEmpty={(rows) => rows.length === 0} empty={words.empty}>
          {(rows) => (
            <DataTable
              caption={words.sessions}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: words.session,
                  value: ({ id }) => id,
                  cell: ({ id }) => <Link href={`/market/${id}`}>{short(id)}</Link>,
                },
                { title: words.delivery, value: ({ startsAt, zone }) => instant(startsAt, zone) },
                { title: words.state, value: ({ state }) => plain(state) },
                { title: words.why, value: ({ mechanism }) => mechanism },
                { title: words.traded, value: ({ tradedWh }) => kilowattHours(tradedWh) },
                {
                  title: words.savings,
                  value: ({ savingsMinor, currency }) => money(savingsMinor, currency),
                },
              ]}
            />
          )}
        </QueryView>
      </Card>
      {sessions.data !== undefined && <PriceHistory sessions={sessions.data} />}
    </>
  );
}
