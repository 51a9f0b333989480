import { beforeAll, describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import {
  builtInFactor,
  type CarbonReport,
  factorById,
  gridFactor,
  makeReport,
  REPORT_FORMAT,
  reportMethodNamed,
  SCOPE2_METHOD,
} from '#carbon';
import { HOUR_MS, isoInstant } from '#core';
import { renderReport, reportText } from '#reports';
import { niceMost } from './pdf-chart.ts';
import { reportSeries } from './report-series.ts';
import { reportSheets } from './report-sheets.ts';

const START = Date.UTC(2026, 4, 11, 22);
const pv = factorById('pv-rooftop/lifecycle/ipcc-ar5');

/** 1 000 Wh an hour at 0.4 kg/kWh, 400 Wh of it local from the second hour on. */
function reportOf(hours: number, { share = null as string | null, name = 'North works' } = {}) {
  const starts = Array.from({ length: hours }, (_, n) => START + n * HOUR_MS);
  const kgCo2ePerKwhByHour = new Map(starts.map((startMs) => [startMs, '0.4']));
  const grid = { id: 'grid/test', basis: 'lifecycle', zone: 'DE', source: 'made up' } as const;
  return makeReport(
    {
      format: REPORT_FORMAT,
      subject: { name, participantId: null },
      period: { start: isoInstant(START), end: isoInstant(START + hours * HOUR_MS), zone: 'Europe/Berlin' },
      resolution: 'day',
      method: SCOPE2_METHOD,
      parameters: { grid: grid.id, local: pv.id },
      factors: [gridFactor(grid, { kgCo2ePerKwhByHour }, starts), builtInFactor(pv)],
      inputs: starts.map((startMs, n) => ({
        start: isoInstant(startMs),
        importWh: 1_000,
        attributedWh: n === 0 ? 0 : 400,
        gridCarbonFreeShare: share,
      })),
    },
    reportMethodNamed(SCOPE2_METHOD),
  );
}

/** All text of a PDF in the order in which it was drawn: its streams inflated, its hexadecimal strings read. */
function textOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf);
  const texts: string[] = [];
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 1)) {
    if (bytes.subarray(at - 3, at).toString() === 'end') continue;
    const end = bytes.indexOf('\nendstream', at);
    const content = inflateSync(bytes.subarray(at + 'stream\n'.length, end)).toString('latin1');
    for (const [, array = ''] of content.matchAll(/\[([^\]]*)\] TJ/g)) {
      const parts = [...array.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex'));
      texts.push(Buffer.concat(parts).toString('latin1'));
    }
  }
  return texts.join('\n');
}

describe('files of a report', () => {
  let day: CarbonReport;
  beforeAll(async () => {
    day = await reportOf(24);
  });

  it.each(['pdf', 'xlsx', 'csv', 'json'] as const)('are the same bytes each time: %s', async (format) => {
    const first = await renderReport(day, format);
    expect(Buffer.from(await renderReport(day, format)).equals(first)).toBe(true);
  });

  it('tell no time of writing in a workbook', async () => {
    const bytes = Buffer.from(await renderReport(day, 'xlsx'));
    const times = new Set<string>();
    for (const [mark, offset] of [
      ['PK\u0003\u0004', 10],
      ['PK\u0001\u0002', 12],
    ] as const) {
      let at = bytes.indexOf(mark, 0, 'latin1');
      for (; at >= 0; at = bytes.indexOf(mark, at + 1, 'latin1'))
        times.add(bytes.subarray(at + offset, at + offset + 4).toString('hex'));
    }
    // Midnight, 1 January 1980.
    expect([...times]).toEqual(['00002100']);
  });

  it('say in a PDF, as text, what the report says', async () => {
    const text = textOf(await renderReport(day, 'pdf'));
    // 24 kWh × 0.4; 23 × 0.4 kWh of it at 0.041
    for (const expected of [
      'North works',
      '2026-05-12 00:00 to 2026-05-13 00:00, Europe/Berlin',
      '9.600',
      '6.297',
      '38.3',
      'Emissions by hour',
      'pv-rooftop/lifecycle/ipcc-ar5',
      '24 hours, 0.4 to 0.4',
      day.hash,
      'Nothing was estimated or left out.',
    ])
      expect(text).toContain(expected);
    expect(text).not.toContain('FAILED');
  });

  it('show the carbon-free share of the grid where it is known, and names outside Latin as far as the font goes', async () => {
    const text = textOf(await renderReport(await reportOf(24, { share: '0.5', name: '北 Nord' }), 'pdf'));
    expect(text).toContain('? Nord');
    expect(text).toContain('Carbon-free, by the hour');
    expect(text).toContain('69.2');
  });

  it('go on over pages where a report is long', async () => {
    const text = textOf(await renderReport(await reportOf(24 * 60), 'pdf'));
    expect(text).toContain('Emissions by day');
    expect(text).toContain('by day, local time of Europe/Berlin, the first 40 of 120; the JSON holds all');
    expect(text).toMatch(/3 \/ \d/);
  });

  it('hold every row in CSV; what would be a formula stays text', async () => {
    const csv = Buffer.from(await renderReport(await reportOf(24, { share: null }), 'csv')).toString();
    expect(csv.split('\r\n')).toHaveLength(26);
    expect(csv.split('\r\n')[2]).toMatch(/^2026-05-11T23:00:00Z,400,,1000,400,256\.4,/);
  });

  it('hold every line, row and factor in sheets', () => {
    const [summary, lines, inputs, factors] = reportSheets(day);
    expect(summary!.rows).toContainEqual(['hash', day.hash]);
    expect(lines!.rows).toHaveLength(1 + day.lines.length);
    expect(inputs!.rows).toHaveLength(25);
    expect(factors!.rows).toHaveLength(1 + 24 + 1);
  });

  it('say the totals on a terminal', () => {
    expect(reportText(day)).toContain('scope 2 electricity, market-based: 6.297 kg CO2e of 24000 Wh');
  });
});

describe('reportSeries', () => {
  it.each([
    [24, 'hour', 24],
    [24 * 30, 'day', 30],
    [24 * 300, 'week', 43],
    [24 * 731, 'month', 25],
  ] as const)('draws %i hours by %s', async (hours, unit, bins) => {
    const series = reportSeries(await reportOf(hours))!;
    expect({ unit: series.unit, bins: series.bins.length }).toEqual({ unit, bins });
    expect(series.locationKg.reduce((sum, kg) => sum + kg, 0)).toBeCloseTo(hours * 0.4, 6);
    expect(series.marketKg.map(({ factorId }) => factorId).toSorted()).toEqual(['grid/test', pv.id]);
    expect(series.matched[1]).toBeCloseTo(0.4, 2);
    expect(series.gridCarbonFree.every((share) => share === null)).toBe(true);
  });

  it('labels hours as the clock shows them', async () => {
    const { bins } = reportSeries(await reportOf(3))!;
    expect(bins.map(({ label }) => label)).toEqual(['00', '01', '02']);
  });
});

describe('niceMost', () => {
  it.each([
    [0.42, 0.48],
    [1, 1],
    [0, 1],
    [97, 100],
    [101, 120],
  ])('rounds %d up to %d', (most, top) => {
    expect(niceMost(most)).toBeCloseTo(top, 9);
  });
});
