import { Named } from '../api/names.tsx';
import { ME } from '../api/me.ts';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const CONTRIBUTORS = graphql(`
  query Contributors($dataSetId: ID!) {
    contributors(dataSetId: $dataSetId) {
      organisationId
      weight
    }
  }
`);

const words = messages.money;
const PERCENT = 100;

/** Whom later orders of a data set pay: to its publisher all, to a contributor its own; to others there is no such card. */
export function Contributors({ dataSetId }: { readonly dataSetId: string }) {
  const me = useApi(ME, {});
  const contributors = useApi(CONTRIBUTORS, { dataSetId });
  const isOwn = (id: string) => id === me.data?.me.organisation.id;
  if (contributors.data?.contributors.length === 0) return null;
  return (
    <Card title={words.who}>
      <p className="soft">{words.whoIntro}</p>
      <QueryView query={contributors}>
        {({ contributors: rows }) => {
          const all = rows.reduce((sum, { weight }) => sum + weight, 0);
          // Of another's data set one sees the own weight alone, which says nothing of the part.
          const isWhole = rows.length > 1 || !isOwn(rows[0]?.organisationId ?? '');
          return (
            <DataTable
              caption={words.who}
              rows={rows}
              keyOf={({ organisationId }) => organisationId}
              columns={[
                {
                  title: words.contributor,
                  value: ({ organisationId }) => organisationId,
                  cell: ({ organisationId }) =>
                    isOwn(organisationId) ? words.own : <Named id={organisationId} />,
                },
                { title: words.weight, value: ({ weight }) => weight },
                {
                  title: words.part,
                  value: ({ weight }) => (isWhole ? `${number((PERCENT * weight) / all)} %` : null),
                },
              ]}
            />
          );
        }}
      </QueryView>
    </Card>
  );
}
