import { useMutation } from '@tanstack/react-query';
import { ME } from '../api/me.ts';
import { type ApiError, fetchFile } from '../api/request.ts';
import { useSession } from '../api/session.tsx';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { saveFile } from '../parts/save-file.ts';
import { instant, money, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { AgreementLink } from './agreements.tsx';

const INVOICES = graphql(`
  query Invoices($after: String) {
    invoices(first: 100, after: $after) {
      edges {
        node {
          id
          kind
          number
          agreementId
          consumerId
          currency
          amountMinor
          feeMinor
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
const FORMATS = ['pdf', 'json'] as const;

/** Invoices and credit notes of either side, each as the file that the platform makes of it. */
export function Invoices() {
  const me = useApi(ME, {});
  const invoices = useAllPages(INVOICES, {}, (answer) => answer.invoices);
  return (
    <Card title={words.invoices}>
      <QueryView query={invoices} isEmpty={(rows) => rows.length === 0} empty={words.noInvoices}>
        {(rows) => (
          <DataTable
            caption={words.invoices}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.number, value: ({ number }) => number },
              { title: words.kind, value: ({ kind }) => plain(kind) },
              { title: words.at, value: ({ createdAt }) => instant(createdAt) },
              {
                title: words.side,
                value: ({ consumerId }) =>
                  consumerId === me.data?.me.organisation.id ? words.bought : words.sold,
              },
              {
                title: words.agreement,
                value: ({ agreementId }) => agreementId,
                cell: ({ agreementId }) => <AgreementLink id={agreementId} />,
              },
              { title: words.amount, value: ({ amountMinor, currency }) => money(amountMinor, currency) },
              { title: words.fee, value: ({ feeMinor, currency }) => money(feeMinor, currency) },
              { title: words.file, value: ({ id }) => id, cell: (row) => <Files {...row} /> },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}

function Files({ id, number }: { readonly id: string; readonly number: number }) {
  const { apiKey } = useSession();
  const download = useMutation<void, ApiError, (typeof FORMATS)[number]>({
    async mutationFn(format) {
      saveFile(
        `invoice-${number}.${format}`,
        await fetchFile(apiKey ?? '', `/invoices/${id}?format=${format}`),
      );
    },
  });
  return (
    <>
      <div className="row">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            aria-label={`${format.toUpperCase()}: ${words.invoices} ${number}`}
            disabled={download.isPending}
            onClick={() => download.mutate(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
      {download.isError && <Failure error={download.error} />}
    </>
  );
}
