import { type Interval, isoInstant, systemClock } from '#core';
import { type CellScores, FAN_INTERVALS } from '#forecasting';
import { packageVersion } from '../version.ts';
import { calibrationChart, type LineChart, lineChart, pairChart } from './charts.ts';
import { aheadTicks, fanSection } from './fan-section.ts';
import type { Judged, JudgeOptions, Rivals } from './judge.ts';
import { type Markup, markup } from './markup.ts';
import { figure, legend, page, table } from './page.ts';
import type { BacktestResult } from './summary.ts';

export interface ReportInput {
  /** Names of the files read. */
  readonly files: readonly string[];
  readonly options: Omit<JudgeOptions, 'inputs'>;
  readonly judged: Judged;
  readonly result: BacktestResult;
}

/** What each method is, and the class of its line. `encrypted` is drawn as the one that it agrees with. */
const METHODS: Readonly<Record<string, { readonly look?: string; readonly meaning: string }>> = {
  naive24: { look: 's0', meaning: 'the last day over and over' },
  naive168: { look: 's1', meaning: 'the last week over and over' },
  local: { look: 's2', meaning: 'each site’s own ridge' },
  global: { look: 's3', meaning: 'one shared ridge' },
  cycleGlobal: { look: 's4', meaning: 'the same after each site has removed its cycle' },
  personal: { look: 's5', meaning: 'that refined by each site' },
  encrypted: { meaning: 'cycleGlobal from a threshold-encrypted sum' },
  localInputs: { look: 's6', meaning: 'each site’s own ridge that sees inputs as well' },
  globalInputs: { look: 's7', meaning: 'one shared ridge that sees inputs as well' },
  personalInputs: { look: 's8', meaning: 'that refined by each site' },
};
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Sites that the comparison draws; its table names all. */
const MOST_PAIRS = 40;

/** One HTML page without scripts or requests. */
export function backtestReport(input: ReportInput): string {
  const { files, result, judged } = input;
  const title = `Backtest of ${files.join(', ')}`;
  const { refined, comparison, rivals } = judged;
  return page(
    title,
    markup`<h1>${title}</h1>${headline(result, rivals)}${facts(input)}${methodsSection(result)}${fanSection(result.sites, comparison, refined)}${cellsSection(result, input.options.horizon)}${sitesSection(result, rivals)}${calibrationSection(result)}`,
  );
}

const fixed = (value: number, digits = 4): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '–');

function headline({ methods, bySite, sites, inputs }: BacktestResult, { alone, refined }: Rivals): Markup {
  const found = methods[refined];
  const ahead = bySite.filter(({ methods: of }) => of[refined]!.mse < of[alone]!.mse).length;
  const seen = inputs ? ' with inputs' : '';
  return markup`<p>The shared ridge${seen}, refined at each site, has a mean squared error of <strong>${fixed(found!.mse)}</strong>: ${percent(Math.abs(found!.skill))} ${found!.skill < 0 ? 'above' : 'below'} the better seasonal naive forecast, and below the site’s own ridge at ${ahead} of ${sites.length} sites.</p>`;
}

/** UTC; a midnight as its date. */
const shortInstant = (ms: number): string => isoInstant(ms).replace('T00:00:00Z', '');

const span = ({ startMs, endMs }: Interval) => `${shortInstant(startMs)} to ${shortInstant(endMs)}`;

function facts({ files, options, judged, result }: ReportInput): Markup {
  const { days, config } = judged.comparison;
  const entries: readonly (readonly [string, string])[] = [
    ['Data', files.join(', ')],
    ['Sites', String(result.sites.length)],
    ['Step', `${config.stepMinutes} min`],
    ['Sees, answers for', `${config.lookback} steps, ${config.horizon} steps`],
    ['Split', options.split],
    ['Training', span(days.train)],
    ['Validation', span(days.validation)],
    ['Test', span(days.test)],
    ['Inputs', inputsText(result)],
    ['Cycle removed', `${config.cycle} steps`],
    ['Summed', config.statistic],
    ['Zone', result.zone],
    ['Steps without a row, repeated rows', `${result.missingSteps}, ${result.repeatedRows}`],
    [
      'Made',
      `${isoInstant(Math.floor(systemClock.nowMs() / 1_000) * 1_000)} in ${result.seconds.toFixed(1)} s`,
    ],
    ['By', `gridcommons ${packageVersion()}, Node ${process.version}`],
  ];
  return markup`<dl>${entries.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const inputsText = ({ inputs }: BacktestResult): string =>
  inputs
    ? [
        ...(inputs.calendar ? ['calendar'] : []),
        ...(inputs.holidays === null ? [] : [`holidays of ${inputs.holidays}`]),
        ...inputs.ahead.map((column) => `${column} (known ahead)`),
        ...inputs.past,
      ].join(', ')
    : 'none';

function methodsSection({ methods, inputs }: BacktestResult): Markup {
  const rows = Object.entries(methods).map(([name, scores]) => {
    const figures = scores
      ? [fixed(scores.mse), fixed(scores.mae), fixed(scores.rmse), fixed(scores.skill, 3)]
      : ['–', '–', '–', '–'];
    return [name, ...figures, METHODS[name]!.meaning];
  });
  const errors = Object.values(methods).map((scores) => scores?.mse ?? Infinity);
  const best = errors.indexOf(Math.min(...errors));
  const times = inputs?.issues === 'midnights' ? 'local midnight' : 'step';
  const note = `Every ${times} of the test part is an issue time. Errors are in standard deviations of a site’s training part, means over horizon, issue times and sites; skill is 1 − mse over that of the better seasonal naive forecast. Penalty and cycle are chosen on the validation part.`;
  return markup`<section><h2>Methods</h2><p class="note">${note}</p><div class="words">${table('Errors by method', ['method', 'mse', 'mae', 'rmse', 'skill', ''], rows, best)}</div></section>`;
}

type Cells = 'byHour' | 'byWeekday' | 'byHorizon';
type Axis = Pick<LineChart, 'xTicks' | 'xLabel'> & { readonly names: readonly string[] };

function cellsSection(result: BacktestResult, horizon: number): Markup {
  const { stepMinutes, zone } = result;
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const byHour = {
    names: hours.map(String),
    xTicks: hours.filter((hour) => hour % 3 === 0).map((hour) => ({ at: hour, label: `${hour}:00` })),
    xLabel: `hour of the day forecast (${zone})`,
  };
  const byWeekday = {
    names: WEEKDAYS,
    xTicks: WEEKDAYS.map((label, at) => ({ at, label })),
    xLabel: `day forecast (${zone})`,
  };
  const byHorizon = {
    names: Array.from({ length: horizon }, (_, h) => String(h + 1)),
    xTicks: aheadTicks(horizon, stepMinutes),
    xLabel: 'ahead',
  };
  const drawn = drawnMethods(result);
  const looks = drawn.map(({ name, look }) => ({ name, look, shape: 'line' as const }));
  return markup`<section><h2>Where the errors are</h2>${legend(looks)}${[
    stepMinutes < 1_440 ? cellsFigure(result, 'byHour', 'Error by hour of the day', byHour) : '',
    cellsFigure(result, 'byWeekday', 'Error by weekday', byWeekday),
    cellsFigure(result, 'byHorizon', 'Error by steps ahead', byHorizon),
  ]}</section>`;
}

const drawnMethods = ({ methods }: BacktestResult) =>
  Object.entries(methods).flatMap(([name, scores]) => {
    const look = METHODS[name]?.look;
    return scores && look !== undefined ? [{ name, look, scores }] : [];
  });

function cellsFigure(result: BacktestResult, cells: Cells, title: string, axis: Axis): Markup {
  const drawn = drawnMethods(result);
  const ofRefined = result.methods[result.quantilesOf]![cells];
  const told = `${result.quantilesOf}: ${extremesTold(ofRefined, axis.names)}`;
  const chart = lineChart({
    id: cells,
    title,
    description: told,
    lines: drawn.map(({ look, scores }) => ({ look, values: scores[cells].mse })),
    width: 720,
    height: 300,
    yLabel: 'mse',
    fromZero: true,
    xTicks: axis.xTicks,
    xLabel: axis.xLabel,
  });
  const rows = axis.names.map((name, i) => [
    name,
    ...drawn.map(({ scores }) => fixed(scores[cells].mse[i]!)),
  ]);
  const numbers = table('Mean squared error', [axis.xLabel, ...drawn.map(({ name }) => name)], rows);
  return markup`<h3>${title}</h3>${figure(chart, told, numbers)}`;
}

function extremesTold({ mse }: CellScores, names: readonly string[]): string {
  const known = [...mse.keys()].filter((i) => Number.isFinite(mse[i]!));
  if (known.length === 0) return 'No value.';
  const least = known.reduce((a, b) => (mse[b]! < mse[a]! ? b : a));
  const most = known.reduce((a, b) => (mse[b]! > mse[a]! ? b : a));
  return `least ${fixed(mse[least]!, 3)} at ${names[least]}, largest ${fixed(mse[most]!, 3)} at ${names[most]}.`;
}

function sitesSection({ bySite }: BacktestResult, { alone, refined }: Rivals): Markup {
  const rows = bySite.map(({ name, methods }) => ({
    name,
    from: methods[alone]!.mse,
    to: methods[refined]!.mse,
  }));
  const better = rows.filter(({ from, to }) => to < from).length;
  const description = `${refined} is better than ${alone} at ${better} of ${rows.length} sites.`;
  const chart = pairChart({
    id: 'sites',
    title: `Mean squared error by site, ${alone} and ${refined}`,
    description,
    rows: rows.slice(0, MOST_PAIRS),
    looks: [METHODS[alone]!.look!, METHODS[refined]!.look!],
    xLabel: 'mse',
  });
  const numbers = table(
    'By site',
    ['site', `${alone} mse`, `${refined} mse`, `${refined} mae`, 'skill', 'within 80 %'],
    bySite.map(({ name, methods, quantiles }) => [
      name,
      fixed(methods[alone]!.mse),
      fixed(methods[refined]!.mse),
      fixed(methods[refined]!.mae),
      fixed(methods[refined]!.skill, 3),
      percent(quantiles.coverage[80]),
    ]),
  );
  const looks = [alone, refined].map((name) => ({
    name,
    look: METHODS[name]!.look!,
    shape: 'dot' as const,
  }));
  const cut = rows.length > MOST_PAIRS ? ` The first ${MOST_PAIRS} are drawn.` : '';
  return markup`<section><h2>Alone and together, by site</h2>${legend(looks)}${figure(chart, `${description}${cut}`, numbers)}</section>`;
}

function calibrationSection({ quantiles: { coverage, pinball }, quantilesOf }: BacktestResult): Markup {
  const points = Object.keys(FAN_INTERVALS).map((nominal) => ({
    nominal: Number(nominal),
    found: 100 * coverage[Number(nominal) as keyof typeof coverage],
  }));
  const description = points
    .map(({ nominal, found }) => `${fixed(found, 1)} % within ${nominal} %`)
    .join(', ');
  const chart = calibrationChart(
    { id: 'calibration', title: `Readings inside intervals of ${quantilesOf}`, description },
    points,
  );
  const numbers = table(
    'Coverage',
    ['nominal, %', 'found, %'],
    points.map(({ nominal, found }) => [nominal, fixed(found, 1)]),
  );
  const losses = table(
    `Pinball loss of ${quantilesOf}, in standard deviations`,
    ['level', 'loss'],
    Object.entries(pinball).map(([level, loss]) => [level, fixed(loss)]),
  );
  const note =
    'Intervals are split conformal: quantiles of the errors of the validation part, by step ahead, scaled by how irregular the week before was. Below the dashed line too few readings lie inside.';
  return markup`<section><h2>Calibration</h2><p class="note">${note}</p><div class="narrow">${figure(chart, description, numbers)}</div>${losses}</section>`;
}
