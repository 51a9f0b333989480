import { useAllPages, useApi, useListsOf } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { kilowattHours, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import type { Period } from '../parts/period.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { INTENSITY } from './intensity.tsx';
import { coverageByHour, coverageOption, hoursOption, type OwnHour, ownHours } from './own-hours.ts';

const SESSIONS = graphql(`
  query SettledSessions($after: String) {
    marketSessions(first: 100, after: $after) {
      edges {
        node {
          id
          startsAt
          zone
          product
          settledAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const ACCOUNTS = graphql(`
  query CarbonAccounts($sessionId: ID!, $after: String) {
    carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {
      edges {
        node {
          startsAt
          consumedWh
          coveredWh
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const words = messages.carbon;

/** Traded hours of the own participants: what they emitted by the hour, and how much of it was covered when. */
export function OwnHours({ period }: { readonly period: Period }) {
  const sessions = useAllPages(SESSIONS, {}, (answer) => answer.marketSessions);
  const within = sessions.data?.filter(
    ({ startsAt, product, settledAt }) =>
      product === 'energy' &&
      settledAt !== null &&
      settledAt !== undefined &&
      Date.parse(startsAt) >= Date.parse(period.from) &&
      Date.parse(startsAt) < Date.parse(period.to),
  );
  const accounts = useListsOf(
    ACCOUNTS,
    within?.map(({ id }) => ({ sessionId: id })) ?? null,
    (answer) => answer.carbonAccounts,
  );
  // Without the grid's hours there is no footprint, but there is coverage.
  const grid = useApi(INTENSITY, period).data?.gridIntensity.hours ?? [];
  const zone = within?.[0]?.zone ?? 'UTC';
  return (
    <Card title={words.own}>
      <QueryView query={sessions}>
        {() => (
          <QueryView
            query={accounts}
            isEmpty={(rows) => ownHours(rows, grid, zone).length === 0}
            empty={words.noOwn}
          >
            {(rows) => <Hours hours={ownHours(rows, grid, zone)} zone={zone} />}
          </QueryView>
        )}
      </QueryView>
    </Card>
  );
}

function Hours({ hours, zone }: { readonly hours: readonly OwnHour[]; readonly zone: string }) {
  const known = hours.flatMap(({ kilograms }) => (kilograms === null ? [] : [kilograms]));
  const total = known.reduce((sum, kilograms) => sum + kilograms, 0);
  const shares = coverageByHour(hours);
  const consumed = hours.reduce((sum, { consumedWh }) => sum + consumedWh, 0);
  const covered = hours.reduce((sum, { coveredWh }) => sum + coveredWh, 0);
  return (
    <>
      {known.length > 0 && (
        <Chart
          title={words.footprint}
          text={words.footprintText(known.length, number(total), zone)}
          option={hoursOption(hours)}
        >
          <DataTable
            caption={words.footprint}
            rows={hours}
            keyOf={({ day, hour }) => `${day} ${hour}`}
            columns={[
              { title: words.day, value: ({ day }) => day },
              { title: words.hour, value: ({ hour }) => hour },
              { title: words.kilograms, value: ({ kilograms }) => kilograms },
              { title: words.consumed, value: ({ consumedWh }) => kilowattHours(consumedWh) },
              { title: words.covered, value: ({ coveredWh }) => kilowattHours(coveredWh) },
            ]}
          />
        </Chart>
      )}
      <Chart
        title={words.cfe}
        text={words.cfeText(consumed === 0 ? '—' : number((100 * covered) / consumed), zone)}
        option={coverageOption(shares)}
      >
        <DataTable
          caption={words.cfe}
          rows={shares}
          keyOf={({ hour }) => String(hour)}
          columns={[
            { title: words.hour, value: ({ hour }) => hour },
            { title: '%', value: ({ share }) => (share === null ? null : Math.round(share * 1_000) / 10) },
          ]}
        />
      </Chart>
    </>
  );
}
