import { useAllPages } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataSetVersionsQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';

const VERSIONS = graphql(`
  query DataSetVersions($id: ID!, $after: String) {
    dataSetVersions(dataSetId: $id, first: 50, after: $after) {
      edges {
        node {
          id
          number
          start
          end
          bytes
          columns {
            name
            unit
          }
          findings {
            code
            count
            message
          }
          sample
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Version = DataSetVersionsQuery['dataSetVersions']['edges'][number]['node'];
const words = messages.exchange;

/** What there is of a data set, and what is doubtful in it, before anybody pays. */
export function Versions({ dataSetId }: { readonly dataSetId: string }) {
  const versions = useAllPages(VERSIONS, { id: dataSetId }, (answer) => answer.dataSetVersions);
  return (
    <Card title={words.versions}>
      <QueryView query={versions} isEmpty={(rows) => rows.length === 0} empty={words.noVersions}>
        {(rows) => rows.map((version) => <VersionView key={version.id} version={version} />)}
      </QueryView>
    </Card>
  );
}

function VersionView({ version }: { readonly version: Version }) {
  const { findings } = version;
  return (
    <section aria-label={`${words.versions} ${version.number}`}>
      <h3>#{version.number}</h3>
      <p>
        {words.period}: {instant(version.start)} – {instant(version.end)}, {number(version.bytes)} bytes
      </p>
      <p>
        {words.columns}:{' '}
        {version.columns.map(({ name, unit }) => (unit ? `${name} (${unit})` : name)).join(', ')}
      </p>
      {findings.length === 0 ? (
        <p className="soft">
          {words.findings}: {words.noFindings}
        </p>
      ) : (
        <DataTable
          caption={words.findings}
          rows={findings}
          keyOf={({ code }) => code}
          columns={[
            { title: words.findings, value: ({ code }) => code },
            { title: 'Count', value: ({ count }) => count },
            { title: 'Message', value: ({ message }) => message },
          ]}
        />
      )}
      <details>
        <summary>{words.sample}</summary>
        <pre tabIndex={0}>{JSON.stringify(version.sample, null, 1)}</pre>
      </details>
    </section>
  );
}
