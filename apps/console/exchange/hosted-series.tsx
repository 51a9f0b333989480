import { type FormEvent, useState } from 'react';
import { ME } from '../api/me.ts';
import { useAllPages, useApi, useReading } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { AllHostedSeriesQuery, ReadSeriesQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { AGREEMENTS } from './agreements.tsx';

const SERIES = graphql(`
  query AllHostedSeries($dataSetId: ID!, $after: String) {
    allHostedSeries(dataSetId: $dataSetId, first: 100, after: $after) {
      edges {
        node {
          id
          key
          organisationId
          resolution
          unit
          zone
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const READ = graphql(`
  query ReadSeries(
    $id: ID!
    $agreementId: ID
    $purpose: String
    $from: DateTime!
    $until: DateTime!
    $resolution: String
  ) {
    seriesReadingsBlock(
      seriesId: $id
      agreementId: $agreementId
      purpose: $purpose
      from: $from
      until: $until
      resolution: $resolution
    ) {
      start
      value
      known
      expected
    }
  }
`);

type Series = AllHostedSeriesQuery['allHostedSeries']['edges'][number]['node'];
const words = messages.hosted;
const DAY_MS = 86_400_000;
const DATE = 'YYYY-MM-DD'.length;
/** A day so many days from now, as a field of a date writes it. */
const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, DATE);

/** Open series of a data set; each read is asked for by hand, because another's is counted and may cost. */
export function HostedSeries({ dataSetId }: { readonly dataSetId: string }) {
  const series = useAllPages(SERIES, { dataSetId }, (answer) => answer.allHostedSeries);
  return (
    <Card title={words.title}>
      <QueryView query={series} isEmpty={(rows) => rows.length === 0} empty={words.none}>
        {(rows) => <Reader series={rows} dataSetId={dataSetId} />}
      </QueryView>
    </Card>
  );
}

function Reader({ series, dataSetId }: { readonly series: readonly Series[]; readonly dataSetId: string }) {
  const [first] = series as [Series];
  const [id, setId] = useState(first.id);
  const me = useApi(ME, {});
  const shown = series.find((each) => each.id === id) ?? first;
  const isOwn = shown.organisationId === me.data?.me.organisation.id;
  const reading = useReading(READ);
  const read = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const at = (name: string) => `${formText(form, name)}T00:00:00Z`;
    reading.mutate({
      id: shown.id,
      agreementId: formText(form, 'agreement') || null,
      purpose: formText(form, 'purpose') || null,
      from: at('from'),
      until: at('until'),
      resolution: formText(form, 'resolution') || null,
    });
  };
  const choose = (next: string) => {
    // What was read is of the series before.
    reading.reset();
    setId(next);
  };
  return (
    <>
      <form onSubmit={read}>
        <label>
          {words.series}
          <select value={shown.id} onChange={({ target }) => choose(target.value)}>
            {series.map((each) => (
              <option key={each.id} value={each.id}>
                {each.key}
              </option>
            ))}
          </select>
        </label>
        {!isOwn && <AgreementChoice dataSetId={dataSetId} />}
        <Interval />
        <button type="submit" className="primary" disabled={reading.isPending}>
          {words.read}
        </button>
      </form>
      {!isOwn && <p className="soft">{words.isUse}</p>}
      {reading.isError && <Failure error={reading.error} />}
      {reading.data !== undefined && <Values block={reading.data.seriesReadingsBlock} series={shown} />}
    </>
  );
}

/** Agreements under which another's series may be read now; of none the platform says so. */
function AgreementChoice({ dataSetId }: { readonly dataSetId: string }) {
  const agreements = useAllPages(AGREEMENTS, {}, (answer) => answer.dataAgreements);
  const under = (agreements.data ?? []).filter(
    (each) => each.dataSetId === dataSetId && each.standing === 'IN_FORCE',
  );
  return (
    <>
      <label>
        {words.agreement}
        <select name="agreement">
          {under.map(({ id }) => (
            <option key={id} value={id}>
              {short(id)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.purpose}
        <input name="purpose" maxLength={256} spellCheck={false} />
      </label>
    </>
  );
}

function Interval() {
  return (
    <>
      <label>
        {words.from}
        <input name="from" type="date" required defaultValue={dayIn(-7)} />
      </label>
      <label>
        {words.until}
        <input name="until" type="date" required defaultValue={dayIn(1)} />
      </label>
      <label>
        {words.resolution}
        <select name="resolution">
          <option value="">{words.asStored}</option>
          <option>P1D</option>
          <option>P1M</option>
        </select>
      </label>
    </>
  );
}

function Values({
  block,
  series: { key, unit, zone },
}: {
  readonly block: ReadSeriesQuery['seriesReadingsBlock'];
  readonly series: Series;
}) {
  const rows = block.start.map((start, i) => ({
    start,
    value: block.value[i]!,
    known: block.known[i]!,
    expected: block.expected[i]!,
  }));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return <p className="soft">{words.nothing}</p>;
  const title = `${key}, ${unit}`;
  return (
    <Chart
      title={title}
      text={words.text(rows.length, instant(first.start, zone), instant(last.start, zone))}
      option={{
        grid: { left: 8, right: 16, bottom: 8, top: 36, containLabel: true },
        tooltip: { trigger: 'axis' },
        xAxis: { type: 'time' },
        yAxis: { type: 'value', name: unit, scale: true },
        series: [
          {
            type: 'line',
            name: unit,
            step: 'end',
            symbol: 'none',
            data: rows.map(({ start, value }) => [start, value]),
          },
        ],
      }}
    >
      <DataTable
        caption={title}
        rows={rows}
        keyOf={({ start }) => start}
        columns={[
          { title: words.start, value: ({ start }) => start },
          {
            title: `${words.value}, ${unit}`,
            value: ({ value }) => Number(value),
            cell: ({ value }) => value,
          },
          { title: words.known, value: ({ known }) => known },
          { title: words.expected, value: ({ expected }) => expected },
        ]}
      />
    </Chart>
  );
}
