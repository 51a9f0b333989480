import { useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { EmissionsAccount } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { calendarOption, dailyKilograms } from './calendar.ts';
import type { Period } from '../parts/period.ts';

const EMISSIONS = graphql(`
  query Emissions($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!) {
    emissions(from: $from, to: $to, by: all, resolution: day, zone: "UTC", account: $account) {
      sums {
        start
        account
        basis
        scope
        part
        carrier
        grams
      }
    }
  }
`);

const ACCOUNTS: readonly EmissionsAccount[] = ['location', 'market'];
const words = messages.carbon;

/** What members published of themselves, as a calendar and by scope. */
export function PublishedTotals({ period }: { readonly period: Period }) {
  const [account, setAccount] = useState<EmissionsAccount>('location');
  const [scope, setScope] = useState('');
  const emissions = useApi(EMISSIONS, { ...period, account });
  const scopes = [...new Set(emissions.data?.emissions.sums.map((sum) => String(sum.scope)))].toSorted();
  return (
    <Card title={words.calendar}>
      <label>
        {words.account}
        <select value={account} onChange={({ target }) => setAccount(target.value as EmissionsAccount)}>
          {ACCOUNTS.map((each) => (
            <option key={each} value={each}>
              {words.accounts[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.scope}
        <select value={scope} onChange={({ target }) => setScope(target.value)}>
          <option value="">{words.allScopes}</option>
          {scopes.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <QueryView
        query={emissions}
        isEmpty={(data) => data.emissions.sums.length === 0}
        empty={words.noEmissions}
      >
        {({ emissions: { sums: all } }) => {
          const sums = scope === '' ? all : all.filter((sum) => String(sum.scope) === scope);
          const days = dailyKilograms(sums);
          const total = days.reduce((sum, { kilograms }) => sum + kilograms, 0);
          return (
            <Chart
              title={words.calendar}
              heading={false}
              text={words.calendarText(days.length, number(total), words.accounts[account])}
              option={calendarOption(days, period)}
            >
              <DataTable
                caption={words.sums}
                rows={sums}
                keyOf={(sum) => [sum.start, sum.scope, sum.part, sum.carrier, sum.basis].join(' ')}
                columns={[
                  { title: words.from, value: ({ start }) => start },
                  { title: words.scope, value: (sum) => sum.scope },
                  { title: words.account, value: (sum) => sum.account },
                  { title: words.basis, value: ({ basis }) => basis },
                  { title: words.kilograms, value: ({ grams }) => grams / 1_000 },
                ]}
              />
            </Chart>
          );
        }}
      </QueryView>
    </Card>
  );
}
