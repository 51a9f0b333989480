import { leversStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';
import { flagLines } from './flag-lines.ts';

export const leversVerb = studyVerb(leversStudy, ({ averaging, basis, money, baseline, levers, ...rest }) =>
  [
    `${averaging}, ${basis}: ${baseline.tonnesPerYear.toFixed(3)} tCO2e and ${baseline.costPerYear.toFixed(2)} ${money} a year as it is`,
    tableText(
      ['lever', 'type', 'tCO2e a year', `${money} a year`, `${money} per tCO2e`],
      levers.map(({ id, type, savedTonnesPerYear, costPerYear, costPerTonne }) => [
        id,
        type,
        savedTonnesPerYear.toFixed(3),
        costPerYear.toFixed(2),
        costPerTonne === null ? 'saves none' : costPerTonne.toFixed(2),
      ]),
    ),
    rest.assumptions.join('\n'),
    ...flagLines(rest.flags),
  ].join('\n\n'),
);
