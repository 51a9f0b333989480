import type { Bin } from '#analytics';
import { peersStudy, portraitStudy, sectorsStudy, trendStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const portraitVerb = studyVerb(portraitStudy, ({ days, skipped, kinds, ...figures }) =>
  [
    `${days} days; left out: ${skipped.incomplete} incomplete, ${skipped.clockChange} with a clock change, ${skipped.idle} without energy`,
    tableText(
      ['kind of day', 'of days', 'weekends', 'kWh a day', 'peak hour'],
      kinds.map(({ label, shareOfDays, shareOfWeekends, meanDayKwh, shares }) => [
        label,
        percent(shareOfDays),
        percent(shareOfWeekends),
        meanDayKwh,
        shares.indexOf(Math.max(...shares)),
      ]),
    ),
    tableText(
      ['', 'value'],
      [
        ['mean day kWh', figures.meanDayKwh],
        ['load factor', figures.loadFactor],
        ['weekend / weekday', figures.weekendRatio ?? 'unknown'],
      ],
    ),
  ].join('\n\n'),
);

export const trendVerb = studyVerb(trendStudy, ({ direction, slopePerStep, pValue, segments }) =>
  [
    `${direction === 'none' ? 'no trend' : direction}: ${Number(slopePerStep.toPrecision(4))} a step, p = ${pValue.toPrecision(2)}`,
    tableText(
      ['from', 'steps', 'mean'],
      segments.map(({ from, steps, mean }) => [String(from), steps, mean]),
    ),
  ].join('\n\n'),
);

const binText = ({ from, to }: Bin): string => {
  if (from === null) return `below ${to}`;
  return to === null ? `${from} or more` : `${from} to ${to}`;
};

export const peersVerb = studyVerb(
  peersStudy,
  ({ own, peers, atLeastShareBelow, atMostShareBelow, quartiles }) =>
    [
      `${own} is above ${percent(atLeastShareBelow)} to ${percent(atMostShareBelow)} of ${peers} organisations`,
      tableText(
        ['quartile', 'value'],
        quartiles.map((bin, i) => [['lower', 'median', 'upper'][i]!, binText(bin)]),
      ),
    ].join('\n\n'),
);

const told = (value: number | null): string | number => value ?? 'withheld';

export const sectorsVerb = studyVerb(sectorsStudy, ({ unit, sectors, total, leastOrganisations }) => {
  return [
    tableText(
      ['sector', 'organisations', unit, 'mean', 'median'],
      [...sectors, { ...total, sector: 'all' }].map(({ sector, organisations, sum, mean, median }) => [
        sector,
        organisations,
        told(sum),
        told(mean),
        told(median),
      ]),
    ),
    `withheld: of fewer than ${leastOrganisations} organisations, or what would tell that of fewer`,
  ].join('\n\n');
});
