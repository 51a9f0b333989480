import { backendText } from '#training';
import { consentText, lossText } from '../federation/consent.ts';
import type { SeriesLoss } from '../federation/privacy-charges.ts';
import type { NotedForecast } from '../forecasting/forecast-note.ts';
import type { NotedSeries } from '../readings/series-note.ts';
import type { BrokenTask, SiteStatus, SiteTask } from './site-status.ts';

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

const listed = (title: string, lines: readonly string[]): string =>
  [title, ...(lines.length === 0 ? ['none'] : lines).map(indented)].join('\n');

/** A status for people. */
export function statusText(status: SiteStatus): string {
  const { enrolment, series, consent, tasks, tasksInAll, refusals } = status;
  return [
    enrolment === null
      ? 'not enrolled (participant init)'
      : `${enrolment.legalId}, participant ${enrolment.participantId} at ${enrolment.platformUrl}`,
    `${status.pinnedOrganisations} organisation(s) pinned`,
    `trains with ${backendText(status.training)}`,
    listed('series', (series ?? []).map(seriesText)),
    listed('privacy spent', status.privacyLosses.map(seriesLossText)),
    listed('consent', ['code' in consent ? `${consent.code}: ${consent.message}` : consentText(consent)]),
    listed(
      tasks.length < tasksInAll ? `tasks (the newest ${tasks.length} of ${tasksInAll})` : 'tasks',
      tasks.map(taskText),
    ),
    listed(
      'latest refusals',
      refusals.map(({ at, taskId, code, reason }) => `${at} ${taskId} ${code}: ${reason}`),
    ),
    listed('latest forecast', status.forecast ? forecastLines(status.forecast) : []),
  ].join('\n');
}

const forecastLines = ({ issuedAt, taskId, passedOver }: NotedForecast): string[] => [
  `${issuedAt}  by ${taskId === null ? 'no model' : `the model of ${taskId}`}`,
  ...passedOver.map(({ taskId: of, code, reason }) => `not by that of ${of}, ${code}: ${reason}`),
];

function seriesText({ column, from, to, missing, leftOut }: NotedSeries): string {
  const covered = `${column}  ${from} to ${to}, ${missing} missing`;
  return leftOut ? `${covered}\n  left out of tasks, ${leftOut.code}: ${leftOut.reason}` : covered;
}

const seriesLossText = ({ series, start, end, ...loss }: SeriesLoss): string =>
  `${series}  ${start} to ${end}: ${lossText({ ...loss, epsilon: Number(loss.epsilon.toPrecision(4)) })}`;

function taskText(task: SiteTask | BrokenTask): string {
  if ('problem' in task) return `card ${task.cardHash.slice(0, 16)}… ${task.problem.code}`;
  const { phase, round, failure, statements, contributed, privacy } = task;
  const said = statements.map(
    ({ kind, round: of, entered }) => `${kind} ${of}${entered ? '' : ' (not entered)'}`,
  );
  return [
    `${task.taskId}  ${phase}${failure === null ? '' : ` ${failure}`}, round ${round}, ${task.series.join(', ')}`,
    `  said ${said.join(', ') || 'nothing'}; ${(task.sentBytes / 1e6).toFixed(1)} MB`,
    `  ${contributed ? 'own readings in the sum' : 'no own readings in it'}, ${privacy === null ? 'exact, without differential privacy' : lossText(privacy)}`,
  ].join('\n');
}
