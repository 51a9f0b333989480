import { useApi, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { TaskQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Figure, QueryView } from '../parts/query-view.tsx';
import { TranscriptView } from './transcript-view.tsx';

const TASK = graphql(`
  query Task($id: ID!) {
    task(id: $id) {
      id
      phase
      round
      uploads
      decryptors
      windowEndsAt
      awaited
      cardHash
      headHash
      headIndex
      privacy {
        epsilon
        delta
      }
      failure {
        code
      }
      releases {
        step
        final
        modelHash
        cohort
        metrics {
          trainLoss
          validationLoss
          validationMae
        }
      }
    }
  }
`);

const TASK_CHANGED = graphql(`
  subscription TaskChanged($taskId: ID!) {
    taskChanged(taskId: $taskId) {
      index
    }
  }
`);

type Task = TaskQuery['task'];
const words = messages.federation;

/** One task, live. */
export function TaskView({ id }: { readonly id: string }) {
  const isLive = useLive(TASK_CHANGED, { taskId: id });
  const task = useApi(TASK, { id });
  return (
    <QueryView query={task}>
      {(data) => (
        <>
          {!isLive && <p className="warn">{messages.states.stale}</p>}
          <Progress task={data.task} />
          <Releases task={data.task} />
          <TranscriptView taskId={id} entries={data.task.headIndex + 1} cardHash={data.task.cardHash} />
        </>
      )}
    </QueryView>
  );
}

function Progress({ task }: { readonly task: Task }) {
  const { privacy, failure } = task;
  return (
    <Card title={`${words.task} ${short(task.id)}`}>
      <div className="grid">
        <Figure name={words.phase}>{task.phase}</Figure>
        <Figure name={words.round}>{task.round}</Figure>
        <Figure name={words.uploads}>{task.uploads}</Figure>
        <Figure name={words.decryptors}>{task.decryptors}</Figure>
      </div>
      <p>
        {words.window}: {words.windowEnds(instant(task.windowEndsAt))}. {words.waitsFor}:{' '}
        {task.awaited.length === 0 ? words.nobody : task.awaited.map(short).join(', ')}.
      </p>
      <p>
        {words.privacy}:{' '}
        {privacy === null || privacy === undefined
          ? words.exact
          : `ε ${number(privacy.epsilon)}, δ ${privacy.delta}`}
      </p>
      {failure !== null && failure !== undefined && (
        <p className="bad">
          {words.failure}: {failure.code}
        </p>
      )}
    </Card>
  );
}

function Releases({ task }: { readonly task: Task }) {
  const losses = task.releases.map(({ step, metrics }) => [step, metrics?.validationLoss ?? null] as const);
  const last = losses.at(-1)?.[1] ?? null;
  const table = (
    <DataTable
      caption={words.releases}
      rows={task.releases}
      keyOf={({ step }) => String(step)}
      columns={[
        { title: words.step, value: ({ step }) => step },
        { title: 'MSE', value: ({ metrics }) => metrics?.validationLoss ?? null },
        { title: 'MAE', value: ({ metrics }) => metrics?.validationMae ?? null },
        { title: words.cohort, value: ({ cohort }) => cohort.length },
        {
          title: words.model,
          value: ({ modelHash }) => modelHash,
          cell: ({ modelHash }) => <code title={modelHash}>{short(modelHash)}</code>,
        },
      ]}
    />
  );
  if (task.releases.length === 0) return null;
  return (
    <Card title={words.releases}>
      {task.releases.length > 1 ? (
        <Chart
          title={words.loss}
          text={words.lossText(losses.length, number(last))}
          option={{
            xAxis: { type: 'value', name: words.step, minInterval: 1 },
            yAxis: { type: 'value', name: 'MSE', scale: true },
            tooltip: { trigger: 'axis' },
            series: [{ type: 'line', data: losses }],
          }}
        >
          {table}
        </Chart>
      ) : (
        table
      )}
    </Card>
  );
}
