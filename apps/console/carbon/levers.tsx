import { type ChangeEvent, useState } from 'react';
import { useAllPages, useApi, useChange, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { type LeverRanking, leverRanking } from './lever-result.ts';

const STUDIES = graphql(`
  query LeverStudies($after: String) {
    marketStudies(first: 100, after: $after) {
      edges {
        node {
          id
          verb
          state
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

const STUDY = graphql(`
  query LeverStudy($id: ID!) {
    marketStudy(id: $id) {
      state
      result
      error {
        code
        message
      }
    }
  }
`);

const CHANGED = graphql(`
  subscription LeverStudyChanged($id: ID!) {
    marketStudyChanged(id: $id) {
      state
    }
  }
`);

const SUBMIT = graphql(`
  mutation SubmitLevers($input: SubmitMarketStudyInput!) {
    submitMarketStudy(input: $input) {
      id
    }
  }
`);

const VERB = 'levers';
const words = messages.carbon;

/** What the organisation could do about its emissions, ranked; worked out by the platform from a file of its hours. */
export function Levers() {
  const studies = useAllPages(STUDIES, {}, (answer) => answer.marketStudies);
  const submitted = useChange(SUBMIT);
  const [chosen, choose] = useState<string | null>(null);
  const [refusal, refuse] = useState<string | null>(null);
  const submit = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    const input = parsed(await file.text());
    target.value = '';
    submitted.reset();
    refuse(input === undefined ? words.leverFile : null);
    if (input === undefined) return;
    submitted.mutate(
      { input: { verb: VERB, input, idempotencyKey: crypto.randomUUID() } },
      { onSuccess: (answer) => choose(answer.submitMarketStudy.id) },
    );
  };
  return (
    <Card title={words.levers}>
      <p className="soft">{words.leversIntro}</p>
      <label>
        {words.leverInput}
        <input type="file" accept="application/json,.json" onChange={(event) => void submit(event)} />
      </label>
      {refusal !== null && (
        <p role="alert" className="bad">
          {refusal}
        </p>
      )}
      {submitted.isError && <Failure error={submitted.error} />}
      <QueryView query={studies}>
        {(all) => {
          const own = all.filter(({ verb }) => verb === VERB);
          const shown = own.find(({ id }) => id === chosen) ?? own[0];
          if (shown === undefined) return <p className="soft">{words.noLevers}</p>;
          return (
            <>
              <label>
                {words.study}
                <select value={shown.id} onChange={({ target }) => choose(target.value)}>
                  {own.map(({ id, createdAt, state }) => (
                    <option key={id} value={id}>
                      {`${short(id)}, ${instant(createdAt)}, ${plain(state)}`}
                    </option>
                  ))}
                </select>
              </label>
              <Study key={shown.id} id={shown.id} />
            </>
          );
        }}
      </QueryView>
    </Card>
  );
}

/** Undefined of what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function Study({ id }: { readonly id: string }) {
  useLive(CHANGED, { id });
  const study = useApi(STUDY, { id });
  return (
    <QueryView query={study}>
      {({ marketStudy: { state, error, result } }) => {
        const ranking = leverRanking(result);
        if (error !== null && error !== undefined)
          return <p className="bad">{messages.states.failed(error.code, error.message)}</p>;
        if (ranking === null) return <p role="status">{plain(state)}</p>;
        return <Ranking {...ranking} />;
      }}
    </QueryView>
  );
}

function Ranking({ money, levers, assumptions }: LeverRanking) {
  const [best] = levers;
  return (
    <Chart
      title={words.levers}
      heading={false}
      text={words.leversText(
        levers.length,
        best?.id ?? messages.states.none,
        number(best?.savedTonnesPerYear),
      )}
      option={{
        grid: { left: 8, right: 24, bottom: 24, top: 8, containLabel: true },
        tooltip: { trigger: 'axis' },
        xAxis: { type: 'value', name: words.savedTonnes, nameLocation: 'middle', nameGap: 24 },
        yAxis: { type: 'category', inverse: true, data: levers.map(({ id }) => id) },
        series: [
          {
            type: 'bar',
            name: words.savedTonnes,
            data: levers.map(({ savedTonnesPerYear }) => savedTonnesPerYear),
          },
        ],
      }}
    >
      <DataTable
        caption={words.levers}
        rows={levers}
        keyOf={({ id }) => id}
        columns={[
          { title: words.rank, value: ({ rank }) => rank },
          { title: words.lever, value: ({ id }) => id },
          { title: words.kind, value: ({ type }) => type },
          { title: words.savedTonnes, value: ({ savedTonnesPerYear }) => savedTonnesPerYear },
          { title: words.costPerYear(money), value: ({ costPerYear }) => costPerYear },
          { title: words.costPerTonne(money), value: ({ costPerTonne }) => costPerTonne },
        ]}
      />
      <ul>
        {assumptions.map((assumption) => (
          <li key={assumption}>{assumption}</li>
        ))}
      </ul>
    </Chart>
  );
}
