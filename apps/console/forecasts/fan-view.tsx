import { useState } from 'react';
import type { ForecastsQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant, short } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { DAY_MS } from '../parts/period.ts';
import { Failure } from '../parts/query-view.tsx';
import { Calibration } from './calibration.tsx';
import { type Actuals, fanOption } from './fan.ts';
import { scaleOf } from './judge.ts';
import { type OwnSeries, type Reading, useOwnSeries, useReadings } from './use-actuals.ts';

type Forecast = ForecastsQuery['forecasts']['edges'][number]['node'];
const words = messages.forecasts;

/** One member's newest forecasts; of several members the first unless another is chosen. */
export function Fan({
  nodes,
  publisher,
  choose,
  series,
}: {
  readonly nodes: readonly Forecast[];
  readonly publisher: string;
  readonly choose: (participantId: string) => void;
  readonly series: string;
}) {
  const members = [...new Set(nodes.map(({ participantId }) => participantId))];
  const shown = members.find((member) => member === publisher) ?? members[0]!;
  const rows = nodes
    .filter(({ participantId }) => participantId === shown)
    .toSorted((a, b) => a.intervalStart.localeCompare(b.intervalStart));
  return (
    <>
      <label>
        {words.publisher}
        <select value={shown} onChange={({ target }) => choose(target.value)}>
          {members.map((member) => (
            <option key={member} value={member}>
              {short(member)}
            </option>
          ))}
        </select>
      </label>
      <BesideActuals rows={rows} series={series} />
    </>
  );
}

function BesideActuals({ rows, series }: { readonly rows: readonly Forecast[]; readonly series: string }) {
  const { unit, resolution } = rows[0]!;
  const offered = useOwnSeries().filter((own) => scaleOf(own.unit, unit) !== null);
  const [chosen, choose] = useState<string | null>(null);
  // Until somebody chooses: what is called like the forecast.
  const measured = offered.find(({ id, key }) =>
    chosen === null ? key.toLowerCase().includes(series) : id === chosen,
  );
  const readings = useReadings(
    measured === undefined
      ? null
      : {
          seriesId: measured.id,
          // A week before as well, for the naive forecast.
          from: new Date(Date.parse(rows[0]!.intervalStart) - 7 * DAY_MS).toISOString(),
          until: new Date(Date.parse(rows.at(-1)!.intervalStart) + DAY_MS / 24).toISOString(),
          resolution,
        },
  );
  const actuals = actualsOf(readings.data ?? [], measured, unit);
  return (
    <>
      {offered.length > 0 && (
        <label>
          {words.measured}
          <select value={measured?.id ?? ''} onChange={({ target }) => choose(target.value)}>
            <option value="">{words.noMeasured}</option>
            {offered.map(({ id, key }) => (
              <option key={id} value={id}>
                {key}
              </option>
            ))}
          </select>
        </label>
      )}
      {readings.isError && <Failure error={readings.error} retry={() => void readings.refetch()} />}
      <FanChart rows={rows} series={series} unit={unit} actuals={actuals} />
      {offered.length === 0 && <p className="soft">{words.measureFirst}</p>}
      <Calibration rows={rows} unit={unit} actuals={actuals} />
    </>
  );
}

/** Whole steps only: what is known of half an hour is not the hour. */
function actualsOf(readings: readonly Reading[], series: OwnSeries | undefined, unit: string): Actuals {
  const scale = series === undefined ? null : scaleOf(series.unit, unit);
  if (scale === null) return new Map();
  const whole = readings.filter(({ known, expected }) => known === expected);
  return new Map(whole.map(({ start, value }) => [Date.parse(start), Number(value) * scale]));
}

function FanChart({
  rows,
  series,
  unit,
  actuals,
}: {
  readonly rows: readonly Forecast[];
  readonly series: string;
  readonly unit: string;
  readonly actuals: Actuals;
}) {
  const [first, last] = [rows[0]!, rows.at(-1)!].map(({ intervalStart }) => instant(intervalStart));
  return (
    <Chart
      title={`${series}, ${unit}`}
      text={words.fanText(rows.length, unit, first!, last!)}
      option={fanOption(rows, unit, actuals)}
    >
      <DataTable
        caption={words.title}
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { title: words.from, value: ({ intervalStart }) => intervalStart },
          { title: words.p10, value: ({ p10 }) => p10 },
          { title: words.median, value: ({ p50 }) => p50 },
          { title: words.p90, value: ({ p90 }) => p90 },
          {
            title: words.actual,
            value: ({ intervalStart }) => actuals.get(Date.parse(intervalStart)) ?? null,
          },
          { title: words.issued, value: ({ issuedAt }) => issuedAt },
        ]}
      />
    </Chart>
  );
}
