import { useState } from 'react';
import { useNames } from '../api/names.tsx';
import type { ForecastsQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { instant } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { DAY_MS } from '../parts/period.ts';
import { Failure } from '../parts/query-view.tsx';
import { Calibration } from './calibration.tsx';
import { type Actuals, fanOption } from './fan.ts';
import { scaleOf } from './judge.ts';
import {
  type OwnSeries,
  type Reading,
  useOwnOrganisation,
  useOwnSeries,
  useReadings,
} from './use-actuals.ts';

type Forecast = ForecastsQuery['forecasts']['edges'][number]['node'];
const words = messages.forecasts;

/** One member's newest forecasts: until another is chosen an own one, or the first there is. */
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
  const nameOf = useNames();
  const own = useOwnOrganisation();
  const ownMember = nodes.find(({ organisationId }) => organisationId === own)?.participantId;
  const shown = members.find((member) => member === publisher) ?? ownMember ?? members[0]!;
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
              {nameOf(member)}
            </option>
          ))}
        </select>
      </label>
      <BesideActuals rows={rows} series={series} isOwn={rows[0]!.organisationId === own} />
    </>
  );
}

function BesideActuals({
  rows,
  series,
  isOwn,
}: {
  readonly rows: readonly Forecast[];
  readonly series: string;
  readonly isOwn: boolean;
}) {
  const { unit, resolution, participantId } = rows[0]!;
  const offered = useOwnSeries().filter((own) => scaleOf(own.unit, unit) !== null);
  const [choice, choose] = useState<{ readonly member: string; readonly seriesId: string } | null>(null);
  // What was chosen beside one member's forecasts says nothing of another's.
  const chosen = choice?.member === participantId ? choice.seriesId : null;
  // Until somebody chooses: beside an own forecast what is called like it.
  const measured = offered.find(({ id, key }) =>
    chosen === null ? isOwn && key.toLowerCase().includes(series) : id === chosen,
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
          <select
            value={measured?.id ?? ''}
            onChange={({ target }) => choose({ member: participantId, seriesId: target.value })}
          >
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
