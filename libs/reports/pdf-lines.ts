import type { CarbonReport, ReportLine } from '#carbon';
import { heading, type Pdf, room } from './pdf-page.ts';
import { drawTable } from './pdf-table.ts';
import { kilograms } from './quantity-text.ts';

const MOST_LINES = 400;

/** Lines of an inventory; those of an hourly report are its charts. @returns where the next thing may stand */
export function drawLines(pdf: Pdf, { lines }: CarbonReport, top: number): number {
  const told = lines.filter(({ activity }) => activity !== undefined);
  if (told.length === 0) return top;
  const more =
    told.length > MOST_LINES ? `the first ${MOST_LINES} of ${told.length}; the JSON holds all` : '';
  const y = heading(pdf, 'Lines', room(pdf, top, 80), more);
  return drawTable(
    pdf,
    [
      { title: 'Activity', share: 0.2 },
      { title: 'Scope', share: 0.1 },
      { title: 'Account', share: 0.16 },
      { title: 'Factor', share: 0.24 },
      { title: 'Quantity', share: 0.16, align: 'right' },
      { title: 'kg CO2e', share: 0.14, align: 'right' },
    ],
    told.slice(0, MOST_LINES).map(lineRow),
    y,
  );
}

const lineRow = ({ activity, part, scope, scope3Category, ...line }: ReportLine): string[] => [
  `${activity}, ${part}`,
  scope3Category ? `${scope}, cat. ${scope3Category}` : String(scope),
  line.account === null ? '' : `${line.account}-based, ${line.matching}`,
  line.factorId,
  `${Number(Number(line.quantity).toPrecision(9))} ${line.unit}`,
  kilograms(Math.round(Number(line.gramsCo2e))),
];
