import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataCarrier } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, words as plain } from '../parts/format.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const DATA_SETS = graphql(`
  query DataSets($search: String, $carrier: DataCarrier, $after: String) {
    dataSets(search: $search, carrier: $carrier, first: 100, after: $after) {
      edges {
        node {
          id
          title
          carrier
          kind
          licence
          listedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const CARRIERS: readonly DataCarrier[] = ['ELECTRICITY', 'GAS', 'HEAT', 'OIL', 'WATER'];
const words = messages.exchange;

export function Catalogue() {
  const [filter, setFilter] = useState<{ search: string | null; carrier: DataCarrier | null }>({
    search: null,
    carrier: null,
  });
  const found = useAllPages(DATA_SETS, filter, (answer) => answer.dataSets);
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const carrier = CARRIERS.find((each) => each === formText(form, 'carrier')) ?? null;
    setFilter({ search: formText(form, 'search') || null, carrier });
  };
  return (
    <Card title={words.search}>
      <form onSubmit={find} role="search">
        <label>
          {words.search}
          <input name="search" type="search" maxLength={200} />
        </label>
        <label>
          {words.carrier}
          <select name="carrier">
            <option value="">{words.any}</option>
            {CARRIERS.map((carrier) => (
              <option key={carrier} value={carrier}>
                {plain(carrier)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="primary">
          {words.find}
        </button>
      </form>
      <QueryView query={found} isEmpty={(rows) => rows.length === 0} empty={words.empty}>
        {(rows) => (
          <DataTable
            caption={words.found(rows.length)}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: words.dataSet,
                value: ({ title }) => title,
                cell: ({ id, title }) => <Link href={`/exchange/${id}`}>{title}</Link>,
              },
              { title: words.carrier, value: ({ carrier }) => plain(carrier) },
              { title: words.kind, value: ({ kind }) => plain(kind) },
              { title: words.licence, value: ({ licence }) => licence },
              { title: words.listed, value: ({ listedAt }) => instant(listedAt) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
