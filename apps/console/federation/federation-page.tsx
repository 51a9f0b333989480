import { Link, Route, Switch } from 'wouter';
import { useAllPages, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, PageHead, QueryView } from '../parts/query-view.tsx';
import { TaskView } from './task-view.tsx';

const TASKS = graphql(`
  query Tasks($after: String) {
    tasks(first: 100, after: $after) {
      edges {
        node {
          id
          phase
          round
          uploads
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

const TASKS_CHANGED = graphql(`
  subscription TasksChanged {
    tasksChanged {
      index
    }
  }
`);

const words = messages.federation;

export function FederationPage() {
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <Switch>
        <Route path="/federation/:id">{({ id }) => <TaskView id={id} />}</Route>
        <Route>
          <TaskList />
        </Route>
      </Switch>
    </>
  );
}

function TaskList() {
  const isLive = useLive(TASKS_CHANGED, {});
  const tasks = useAllPages(TASKS, {}, (answer) => answer.tasks);
  return (
    <Card title={words.tasks}>
      {!isLive && <p className="warn">{messages.states.stale}</p>}
      <QueryView query={tasks} isEmpty={(rows) => rows.length === 0} empty={words.empty}>
        {(rows) => (
          <DataTable
            caption={words.tasks}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: words.task,
                value: ({ id }) => id,
                cell: ({ id }) => <Link href={`/federation/${id}`}>{short(id)}</Link>,
              },
              { title: words.phase, value: ({ phase }) => phase },
              { title: words.round, value: ({ round }) => round },
              { title: words.uploads, value: ({ uploads }) => uploads },
              { title: words.created, value: ({ createdAt }) => instant(createdAt) },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
