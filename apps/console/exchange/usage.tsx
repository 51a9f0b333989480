import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, money, number, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const USAGE = graphql(`
  query AgreementUsage($agreementId: ID!, $after: String) {
    agreementUsage(agreementId: $agreementId, first: 100, after: $after) {
      edges {
        node {
          id
          useId
          readings
          readingsBefore
          bytes
          currency
          amountMinor
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

const words = messages.money;

/** What was read under an agreement, as it was metered. */
export function Usage({ agreementId }: { readonly agreementId: string }) {
  const usage = useAllPages(USAGE, { agreementId }, (answer) => answer.agreementUsage);
  return (
    <Card title={words.usage}>
      <QueryView query={usage} isEmpty={(rows) => rows.length === 0} empty={words.noUsage}>
        {(rows) => {
          const currency = rows.find((row) => row.currency != null)?.currency;
          const sum = (of: (row: (typeof rows)[number]) => number) =>
            rows.reduce((all, row) => all + of(row), 0);
          const charged = (minor: number) => (currency == null ? null : money(minor, currency));
          return (
            <>
              <p>
                {words.usageText(
                  number(sum(({ readings }) => readings)),
                  charged(sum(({ amountMinor }) => amountMinor)) ?? messages.states.none,
                )}
              </p>
              <DataTable
                caption={words.usage}
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  { title: words.at, value: ({ createdAt }) => instant(createdAt) },
                  {
                    title: words.use,
                    value: ({ useId }) => useId,
                    cell: ({ useId }) => <code title={useId}>{short(useId)}</code>,
                  },
                  { title: words.readings, value: ({ readings }) => readings },
                  { title: words.before, value: ({ readingsBefore }) => readingsBefore },
                  { title: words.bytes, value: ({ bytes }) => bytes },
                  { title: words.charged, value: ({ amountMinor }) => charged(amountMinor) },
                ]}
              />
            </>
          );
        }}
      </QueryView>
    </Card>
  );
}
