import { type CarbonReport, type ReportFactor, type ReportTotal, type ReportVerdict } from '#carbon';
import { localTime } from './local-time.ts';
import {
  FAILED,
  heading,
  MARGIN,
  MATCHED,
  MONO,
  MUTED,
  type Pdf,
  room,
  WIDTH,
  writeWrapped,
} from './pdf-page.ts';
import { drawTable } from './pdf-table.ts';
import { kilograms, kilowattHours, percent } from './quantity-text.ts';

const MOST_TOTALS = 40;
const MOST_FLAGS = 8;

/** Totals by the report's resolution. @returns where the next thing may stand */
export function drawTotals(pdf: Pdf, report: CarbonReport, top: number): number {
  const { totals, resolution, period } = report;
  const more =
    totals.length > MOST_TOTALS ? `, the first ${MOST_TOTALS} of ${totals.length}; the JSON holds all` : '';
  const y = heading(
    pdf,
    'Totals',
    room(pdf, top, 80),
    `by ${resolution}, local time of ${period.zone}${more}`,
  );
  return drawTable(
    pdf,
    [
      { title: 'From', share: 0.2 },
      { title: 'Scope', share: 0.08 },
      { title: 'Carrier', share: 0.16 },
      { title: 'Account', share: 0.18 },
      { title: 'Quantity', share: 0.18, align: 'right' },
      { title: 'kg CO2e', share: 0.2, align: 'right' },
    ],
    totals.slice(0, MOST_TOTALS).map((total) => totalRow(total, period.zone)),
    y,
  );
}

const totalRow = (
  { start, scope, carrier, account, quantity, unit, grams, ...of }: ReportTotal,
  zone: string,
) => [
  localTime(start, zone),
  of.scope3Category ? `${scope}, cat. ${of.scope3Category}` : String(scope),
  of.part === undefined ? carrier : `${carrier}, ${of.part}`,
  account === null ? '' : `${account}-based`,
  unit === 'Wh' ? `${kilowattHours(quantity)} kWh` : `${quantity} ${unit}`,
  kilograms(grams),
];

/** Every factor used. */
export function drawFactors(pdf: Pdf, { factors }: CarbonReport, top: number): number {
  const y = heading(pdf, 'Factors', room(pdf, top, 80), 'every one that was used');
  return drawTable(
    pdf,
    [
      { title: 'Factor', share: 0.24 },
      { title: 'Value', share: 0.2 },
      { title: 'Basis', share: 0.09 },
      { title: 'Valid', share: 0.13 },
      { title: 'Source', share: 0.34 },
    ],
    factors.map((factor) => [
      `${factor.subject}\n${factor.id}`,
      `${valueText(factor)}\n${factor.unit}`,
      factor.basis,
      validity(factor),
      `${factor.source}${factor.gwpSet === null ? '' : ` (${factor.gwpSet})`}`,
    ]),
    y,
  );
}

function valueText({ value, hours }: ReportFactor): string {
  if (value !== null) return value;
  const values = (hours ?? []).map((hour) => Number(hour.value));
  return values.length === 0
    ? 'no hours'
    : `${values.length} hours, ${Math.min(...values)} to ${Math.max(...values)}`;
}

const dayOf = (instant: string): string => instant.slice(0, 'YYYY-MM-DD'.length);

const validity = ({ validFrom, validTo, hours }: ReportFactor): string =>
  validFrom === null && validTo === null
    ? hours === null
      ? 'not stated'
      : 'its hours'
    : `${validFrom === null ? '' : dayOf(validFrom)} to ${validTo === null ? 'now' : dayOf(validTo)}`;

/** What was read and counted, and what the method leaves open. */
export function drawQuality(pdf: Pdf, report: CarbonReport, top: number): number {
  const { dataQuality, flags, disclosures, method, period } = report;
  const { countedRows, expectedRows, rows, completeness } = dataQuality;
  const y = heading(pdf, 'Data and method', room(pdf, top, 90), method);
  const read = `${rows} of ${expectedRows} rows were read and ${countedRows} counted (${percent(Number(completeness))} %).`;
  const left = flags
    .slice(0, MOST_FLAGS)
    .map(
      ({ flag, about, start }) =>
        `${flag} ${about}${start === null ? '' : ` ${localTime(start, period.zone)}`}`,
    );
  const more = flags.length > MOST_FLAGS ? ` and ${flags.length - MOST_FLAGS} more` : '';
  const flagged =
    flags.length === 0 ? 'Nothing was estimated or left out.' : `Flags: ${left.join(', ')}${more}.`;
  const lines = [`${read} ${flagged}`, ...disclosures];
  return lines.reduce((at, text) => bullet(pdf, text, at), y) + 10;
}

function bullet(pdf: Pdf, text: string, top: number): number {
  const y = room(pdf, top, 24);
  const height = writeWrapped(pdf, text, { x: MARGIN + 10, y, width: WIDTH - 10 });
  pdf.circle(MARGIN + 3, y + 4, 1.4).fill(MUTED);
  return y + height + 4;
}

/** What verification of the JSON found when this was made, and how to do it again. */
export function drawChecks(
  pdf: Pdf,
  { hash, signature }: CarbonReport,
  { checks }: ReportVerdict,
  top: number,
): number {
  const y = heading(
    pdf,
    'Checks',
    room(pdf, top, 140),
    'computed again from the input rows and the factors above',
  );
  const after = drawTable(
    pdf,
    [
      { title: 'Check', share: 0.16 },
      { title: 'Verdict', share: 0.12 },
      { title: 'Detail', share: 0.72 },
    ],
    checks.map(({ name, ok, detail }) => [
      name,
      { text: ok ? 'holds' : 'FAILED', color: ok ? MATCHED : FAILED },
      detail,
    ]),
    y,
  );
  const seal = [
    `hash       ${hash}`,
    ...(signature === null ? [] : [`signed by  ${signature.publicKey}`]),
    'verify     npx gridcommons carbon verify FILE.json',
  ];
  return (
    room(pdf, after, 50) +
    writeWrapped(
      pdf,
      seal.join('\n'),
      { x: MARGIN, y: room(pdf, after, 50), width: WIDTH },
      { font: MONO, size: 8 },
    )
  );
}
