import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { calendarOption, dailyKilograms } from './calendar.ts';
import type { Period } from './period.ts';

const EMISSIONS = graphql(`
  query Emissions($from: DateTime!, $to: DateTime!) {
    emissions(from: $from, to: $to, by: all, resolution: day, zone: "UTC", account: location) {
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

const words = messages.carbon;

/** What members published of themselves, as a calendar and by scope. */
export function PublishedTotals({ period }: { readonly period: Period }) {
  const emissions = useApi(EMISSIONS, period);
  return (
    <Card title={words.calendar}>
      <QueryView
        query={emissions}
        isEmpty={(data) => data.emissions.sums.length === 0}
        empty={words.noEmissions}
      >
        {({ emissions: { sums } }) => {
          const days = dailyKilograms(sums);
          const total = days.reduce((sum, { kilograms }) => sum + kilograms, 0);
          return (
            <Chart
              title={words.calendar}
              heading={false}
              text={words.calendarText(days.length, number(total))}
              option={calendarOption(days, period)}
            >
              <DataTable
                caption={words.sums}
                rows={sums}
                keyOf={({ start, scope, part, carrier, basis }) =>
                  [start, scope, part, carrier, basis].join(' ')
                }
                columns={[
                  { title: words.from, value: ({ start }) => start },
                  { title: words.scope, value: ({ scope }) => scope },
                  { title: words.account, value: ({ account }) => account },
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
