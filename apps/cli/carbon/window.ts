import { windowStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';
import { flagLines } from './flag-lines.ts';

const kg = (value: number | null): string => (value === null ? '' : value.toFixed(3));

export const windowVerb = studyVerb(windowStudy, ({ windows, immediate, savedKg, savedPercent, flags }) => {
  const named = [
    ...windows.map((window, i) => [i === 0 ? 'best' : `${i + 1}.`, window] as const),
    ...(immediate ? [['at once', immediate] as const] : []),
  ];
  return [
    tableText(
      ['window', 'from', 'to', 'parts', 'kgCO2e', 'from', 'to'],
      named.map(([name, { start, end, parts, emissionsKg, lowerKg, upperKg }]) => [
        name,
        start,
        end,
        parts.length,
        kg(emissionsKg),
        kg(lowerKg),
        kg(upperKg),
      ]),
    ),
    ...(savedKg === null
      ? []
      : [`saved ${kg(savedKg)} kgCO2e${savedPercent === null ? '' : `, ${savedPercent.toFixed(1)} %`}`]),
    ...flagLines(flags),
  ].join('\n\n');
});
