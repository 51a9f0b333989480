import { isoInstant } from '#core';
import {
  chosenIssues,
  type Comparison,
  FAN_LEVELS,
  type FanForecast,
  type FannedScores,
  fanAt,
  rollingInputOf,
} from '#forecasting';
import { lineChart } from './charts.ts';
import { type Markup, markup } from './markup.ts';
import { figure, legend, table } from './page.ts';

/** Sites whose forecasts are drawn. */
const FIRST_SITES = 3;
/** Steps that a chart's table names at most. */
const MOST_ROWS = 192;

const RULES = {
  first: 'first day',
  best: 'day of least error',
  median: 'day of middle error',
  worst: 'day of largest error',
};

/** Fans of the refined ridge at the first sites' first, best, middle and worst day, beside what came. */
export function fanSection(
  names: readonly string[],
  comparison: Comparison,
  refined: readonly FannedScores[],
): Markup {
  const sites = names.slice(0, FIRST_SITES).map((name, site) => {
    const input = rollingInputOf(comparison, site);
    const { fan } = refined[site]!;
    const charts = chosenIssues(fan, input).map(({ rule, issueMs, mse }) =>
      fanFigure(
        {
          id: `fan-${site}-${rule}`,
          name,
          caption: `${RULES[rule]}, issued ${isoInstant(issueMs)}: mse ${mse.toFixed(3)}`,
        },
        fanAt(fan, input, issueMs),
        comparison.config.stepMinutes,
      ),
    );
    return markup`<h3><bdi>${name}</bdi></h3><div class="fans">${charts}</div>`;
  });
  const looks = [
    { name: 'read', look: 'actual', shape: 'line' },
    { name: 'median forecast', look: 'median', shape: 'line' },
    { name: '25 to 75 %', look: 'mid', shape: 'band' },
    { name: '10 to 90 %', look: 'wide', shape: 'band' },
  ] as const;
  const note = `The shared ridge${comparison.config.inputs ? ' with inputs' : ''} refined at the site, at the first ${sites.length} of ${names.length} sites, in the unit of the file. Days are chosen among those that begin at local midnight in the test part, by their mean squared error in squared standard deviations.`;
  return markup`<section><h2>Forecasts beside what came</h2><p class="note">${note}</p>${legend(looks)}${sites}</section>`;
}

function fanFigure(
  { id, name, caption }: { readonly id: string; readonly name: string; readonly caption: string },
  { quantiles, actual }: FanForecast,
  stepMinutes: number,
): Markup {
  const at = (level: (typeof FAN_LEVELS)[number]) => quantiles[FAN_LEVELS.indexOf(level)]!;
  const [p10, p25, p50, p75, p90] = ([0.1, 0.25, 0.5, 0.75, 0.9] as const).map(at);
  const ticks = aheadTicks(actual.length, stepMinutes);
  const chart = lineChart({
    id,
    title: `Forecast for ${name}, ${caption}`,
    description: told(actual, p10!, p90!),
    lines: [
      { look: 'median', values: p50! },
      { look: 'actual', values: actual },
    ],
    bands: [
      { look: 'wide', low: p10!, high: p90! },
      { look: 'mid', low: p25!, high: p75! },
    ],
    width: 440,
    height: 260,
    yLabel: 'value',
    xTicks: ticks,
    xLabel: 'ahead',
    fromZero: false,
  });
  const every = Math.ceil(actual.length / MOST_ROWS);
  const rows = Array.from({ length: Math.ceil(actual.length / every) }, (_, i) => i * every).map((h) => [
    ahead(h + 1, stepMinutes),
    ...[actual, p10!, p25!, p50!, p75!, p90!].map((values) => figureOf(values[h]!)),
  ]);
  const numbers = table(
    every === 1 ? 'Every step' : `Every ${every} steps`,
    ['ahead', 'read', '10 %', '25 %', '50 %', '75 %', '90 %'],
    rows,
  );
  return figure(chart, caption, numbers);
}

function told(actual: Float64Array, low: Float64Array, high: Float64Array): string {
  const known = [...actual.keys()].filter((h) => !Number.isNaN(actual[h]! + low[h]! + high[h]!));
  const inside = known.filter((h) => actual[h]! >= low[h]! && actual[h]! <= high[h]!);
  return `${inside.length} of ${known.length} readings lie between the 10 and the 90 % quantile.`;
}

const figureOf = (value: number): string =>
  Number.isNaN(value) ? '–' : String(Number(value.toPrecision(5)));

/** `steps` from the issue time, in the largest unit that leaves it whole. */
function ahead(steps: number, stepMinutes: number): string {
  const minutes = steps * stepMinutes;
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

const MOST_TICKS = 6;

/** Ends of steps ahead, evenly spaced, on whole days or parts of one. */
export function aheadTicks(horizon: number, stepMinutes: number): { at: number; label: string }[] {
  const nice = [1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 672].map((hours) => (hours * 60) / stepMinutes);
  const whole = nice.filter((steps) => Number.isInteger(steps));
  const every =
    [1, ...whole].find((steps) => horizon / steps <= MOST_TICKS) ?? Math.ceil(horizon / MOST_TICKS);
  return Array.from({ length: Math.floor(horizon / every) }, (_, i) => (i + 1) * every).map((steps) => ({
    at: steps - 1,
    label: ahead(steps, stepMinutes),
  }));
}
