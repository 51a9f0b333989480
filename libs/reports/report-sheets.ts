import { type CarbonReport, inputColumns, reportRows } from '#carbon';

export interface Sheet {
  readonly sheet: 'summary' | 'lines' | 'inputs' | 'factors';
  /** In characters. */
  readonly widths: readonly number[];
  /** The first is the header. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** The tables of a workbook. */
export const reportSheets = (report: CarbonReport): Sheet[] => [
  summary(report),
  lines(report),
  inputs(report),
  factors(report),
];

function summary(report: CarbonReport): Sheet {
  const { subject, period, method, resolution, indicators, dataQuality, hash, signature } = report;
  const ofInventory = linesKeys(report).length > 0;
  return {
    sheet: 'summary',
    widths: [34, 24, 8, 14, 12, 16, 8, 24, 14, ...(ofInventory ? [12, 14] : [])],
    rows: [
      ['Carbon report', subject.name],
      ['period', period.start, '', period.end, '', period.zone],
      ['method', method],
      ...Object.entries(indicators),
      ...Object.entries(dataQuality),
      ['flags', report.flags.length],
      ['hash', hash],
      ['signed by', signature?.publicKey ?? null],
      [],
      [
        `totals by ${resolution}`,
        'end',
        'scope',
        'carrier',
        'account',
        'quantity',
        'unit',
        'gramsCo2e',
        'grams',
        ...(ofInventory ? ['part', 'scope3Category'] : []),
      ],
      ...[...report.totals, ...report.total].map((total) => [
        total.start,
        total.end,
        total.scope,
        total.carrier,
        total.account,
        total.quantity,
        total.unit,
        total.gramsCo2e,
        total.grams,
        ...(ofInventory ? [total.part ?? null, total.scope3Category ?? null] : []),
      ]),
      [],
      ...report.disclosures.map((text) => [text]),
    ],
  };
}

const lines = (report: CarbonReport): Sheet => ({
  sheet: 'lines',
  widths: [22, 8, 14, 12, 42, 16, 8, 24, ...linesKeys(report).map(() => 18)],
  rows: [
    [
      'start',
      'scope',
      'carrier',
      'account',
      'factorId',
      'quantity',
      'unit',
      'gramsCo2e',
      ...linesKeys(report),
    ],
    ...report.lines.map((line) => [
      line.start,
      line.scope,
      line.carrier,
      line.account,
      line.factorId,
      line.quantity,
      line.unit,
      line.gramsCo2e,
      ...linesKeys(report).map((key) => line[key] ?? null),
    ]),
  ],
});

const OF_INVENTORY = ['activity', 'kind', 'part', 'scope3Category', 'matching', 'tier', 'instrument', 'method', 'biogenicGramsCo2'] as const; // prettier-ignore

const linesKeys = ({ lines: all }: CarbonReport): readonly (typeof OF_INVENTORY)[number][] =>
  all.some(({ activity }) => activity !== undefined) ? OF_INVENTORY : [];

function inputs(report: CarbonReport): Sheet {
  const columns = inputColumns(report);
  return {
    sheet: 'inputs',
    widths: [...columns.map(() => 22), 24, 24],
    rows: [
      [...columns, 'locationGramsCo2e', 'marketGramsCo2e'],
      ...reportRows(report).map(({ input, locationGrams, marketGrams }) => [
        ...columns.map((column) => input[column] ?? null),
        locationGrams,
        marketGrams,
      ]),
    ],
  };
}

const FACTOR_KEYS = ['id', 'subject', 'basis', 'averaging', 'zone', 'validFrom', 'validTo', 'gwpSet', 'unit', 'source'] as const; // prettier-ignore

/** A series has a row an hour. */
const factors = (report: CarbonReport): Sheet => ({
  sheet: 'factors',
  widths: [42, 22, 12, 12, 14, 22, 22, 12, 14, 60, 22, 18],
  rows: [
    [...FACTOR_KEYS, 'hour', 'value'],
    ...report.factors.flatMap((factor) => {
      const about = FACTOR_KEYS.map((key) => factor[key]);
      if (factor.hours === null) return [[...about, null, factor.value]];
      return factor.hours.map(({ start, value }) => [...about, start, value]);
    }),
  ],
});
