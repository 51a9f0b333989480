import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Figure, QueryView } from '../parts/query-view.tsx';

const HEALTH = graphql(`
  query PlatformHealth {
    platformHealth {
      database {
        engine
        milliseconds
        migrations
        newestMigration
      }
      startedAt
      businessTime
      wallTime
      runsJobs
      jobs {
        name
        unfinished
        done
        failed
        failedAt
        failureCode
      }
    }
  }
`);

const words = messages.admin;

/** How the platform is, for its operator: as of now, and again by the button. */
export function Health() {
  const health = useApi(HEALTH, {});
  return (
    <>
      <h3>{words.health}</h3>
      <QueryView query={health}>
        {({ platformHealth: { database, startedAt, businessTime, wallTime, runsJobs, jobs } }) => (
          <>
            <div className="grid">
              <Figure name={words.database}>
                {words.answers(database.engine, number(database.milliseconds))}
              </Figure>
              <Figure name={words.waiting}>
                {jobs.reduce((sum, { unfinished }) => sum + (unfinished ?? 0), 0)}
              </Figure>
              <Figure name={words.failures}>{jobs.reduce((sum, { failed }) => sum + failed, 0)}</Figure>
            </div>
            <p>{words.schema(database.migrations, database.newestMigration)}</p>
            <p>{words.times(instant(startedAt), instant(wallTime), instant(businessTime))}</p>
            {!runsJobs && <p className="warn">{words.elsewhere}</p>}
            <DataTable
              caption={words.jobs}
              rows={jobs}
              keyOf={({ name }) => name}
              columns={[
                { title: words.job, value: ({ name }) => name },
                { title: words.waiting, value: ({ unfinished }) => unfinished ?? null },
                { title: words.done, value: ({ done }) => done },
                { title: words.failures, value: ({ failed }) => failed },
                {
                  title: words.newestFailure,
                  value: ({ failureCode, failedAt }) =>
                    failureCode == null ? null : `${failureCode} ${instant(failedAt)}`,
                },
              ]}
            />
          </>
        )}
      </QueryView>
      <button type="button" disabled={health.isFetching} onClick={() => void health.refetch()}>
        {words.again}
      </button>
    </>
  );
}
