import { hubStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const hubVerb = studyVerb(hubStudy, ({ unit, prices, welfare, orders, units }) =>
  [
    `welfare ${welfare.toFixed(4)}`,
    tableText(['carrier', `price per ${unit}`], Object.entries(prices)),
    tableText(
      ['order', `traded ${unit}`, 'gain'],
      orders.map(({ id, traded, gain }) => [id, traded, gain]),
    ),
    tableText(
      ['unit', `input ${unit}`, 'profit'],
      units.map(({ id, input, profit }) => [id, input, profit]),
    ),
  ].join('\n\n'),
);
