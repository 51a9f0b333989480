import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, money } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Figure, QueryView } from '../parts/query-view.tsx';

const WALLET = graphql(`
  query Wallet {
    wallet {
      currency
      balanceMinor
      changedAt
    }
  }
`);

const ENTRIES = graphql(`
  query WalletEntries($after: String) {
    walletEntries(first: 100, after: $after) {
      edges {
        node {
          index
          type
          reference
          currency
          amountMinor
          memo
          at
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

/** What the organisation has on the platform, by currency, and what changed it. */
export function Wallet() {
  const wallet = useApi(WALLET, {});
  const entries = useAllPages(ENTRIES, {}, (answer) => answer.walletEntries);
  return (
    <>
      <Card title={words.wallet}>
        <QueryView query={wallet} isEmpty={(data) => data.wallet.length === 0} empty={words.noWallet}>
          {(data) => (
            <div className="grid">
              {data.wallet.map(({ currency, balanceMinor }) => (
                <Figure key={currency} name={currency}>
                  {money(balanceMinor, currency)}
                </Figure>
              ))}
            </div>
          )}
        </QueryView>
      </Card>
      <Card title={words.entries}>
        <QueryView query={entries} isEmpty={(rows) => rows.length === 0} empty={words.noEntries}>
          {(rows) => (
            <DataTable
              caption={words.entries}
              rows={rows}
              keyOf={({ index }) => String(index)}
              columns={[
                { title: words.at, value: ({ at }) => instant(at) },
                { title: words.type, value: ({ type }) => plainType(type) },
                { title: words.memo, value: ({ memo, reference }) => memo || reference },
                { title: words.amount, value: ({ amountMinor, currency }) => money(amountMinor, currency) },
              ]}
            />
          )}
        </QueryView>
      </Card>
    </>
  );
}

/** `exchange.payment.bought` as `payment bought`. */
const plainType = (type: string): string => type.replace(/^exchange\./, '').replaceAll('.', ' ');
