import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isoInstant } from '#core';
import {
  greenButtonFeed,
  summaryEntry,
  type TypeCodes,
  type WrittenReading,
} from '../../test/harness/green-button.ts';
import { greenButtonCsv } from './green-button-csv.ts';
import { readGreenButton } from './green-button.ts';
import { readingsFromCsv } from './csv-readings.ts';

const START = Date.UTC(2026, 0, 5) / 1_000;
const HOUR = 3_600;
const WH: TypeCodes = { uom: 72, flowDirection: 1, currency: 840, intervalLength: HOUR };
const hours = (values: readonly number[]): WrittenReading[] =>
  values.map((value, i) => ({ start: START + i * HOUR, duration: HOUR, value }));
const read = (readings: readonly WrittenReading[], type: TypeCodes = WH) =>
  readGreenButton(greenButtonFeed([{ type, readings }]));
const only = (document: ReturnType<typeof readGreenButton>) => document.series[0]!;
const findings = (readings: readonly WrittenReading[], type?: TypeCodes) =>
  read(readings, type).findings.map(({ code, severity, count }) => [code, severity, count]);
const refused = (code: string) => expect.objectContaining({ code });

describe('readings of a Green Button document', () => {
  it('are scaled by powerOfTenMultiplier, their costs are not', () => {
    const readings = [{ start: START, duration: HOUR, value: 5, cost: 819 }];
    const { series } = read(readings, { ...WH, powerOfTenMultiplier: 3 });
    expect(series[0]!.energyWh!.toNumber()).toBe(5_000);
    expect(series[0]!.costE5!.toNumber()).toBe(819);
    expect(series[0]).toMatchObject({ service: 'electricity', flow: 'delivered', currency: 'USD', rows: 1 });
  });

  it.each([
    ['therm of gas', 169, '12', null],
    ['m3 of gas', 42, '12', null],
    ['joule', 31, '12', 0.003333],
  ])('add up in %s', (_, uom, total, wh) => {
    const series = only(read(hours([5, 7]), { uom }));
    expect(series.total!.toFixed()).toBe(total);
    expect(series.energyWh?.toNumber() ?? null).toBe(wh);
  });

  it('of power, and levels of a register, do not add up', () => {
    expect(only(read(hours([5, 7]), { uom: 38 })).total).toBeNull();
    const register = read(hours([5, 7]), { ...WH, accumulationBehaviour: 3 });
    expect(only(register).total).toBeNull();
    expect(register.findings.map(({ code }) => code)).toEqual(['REGISTER']);
  });

  it('without times of their own follow each other in their block', () => {
    const document = readGreenButton(
      greenButtonFeed([{ type: WH, blockStart: START, readings: [{ value: 1 }, { value: 2 }] }]),
    );
    expect(only(document).readings.map(({ startMs }) => startMs)).toEqual([
      START * 1e3,
      (START + HOUR) * 1e3,
    ]);
  });

  it('are of the meter, type and usage point that their links name', () => {
    const document = readGreenButton(
      greenButtonFeed([
        { type: WH, readings: hours([5, 7]) },
        { type: { ...WH, flowDirection: 19 }, readings: hours([0, 2]) },
      ]),
    );
    expect(document.series.map(({ flow, total, usagePoint }) => [flow, total!.toNumber(), usagePoint])).toEqual([
      ['delivered', 12, 'UsagePoint/1'],
      ['received', 2, 'UsagePoint/1'],
    ]); // prettier-ignore
    const { csv } = greenButtonCsv(document);
    expect(csv).toBe(
      `timestamp,import_kwh,export_kwh\n${isoInstant(START * 1e3)},0.005,0\n${isoInstant((START + HOUR) * 1e3)},0.007,0.002\n`,
    );
  });

  it('are found in a batch without a feed, under any prefix', () => {
    const document = readGreenButton(
      `<e:IntervalBlock xmlns:e="http://naesb.org/espi"><e:IntervalReading><e:timePeriod><e:duration>900</e:duration><e:start>${START}</e:start></e:timePeriod><e:value>3</e:value></e:IntervalReading></e:IntervalBlock>`,
    );
    expect(only(document).readings).toHaveLength(1);
    expect(document.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['UNIT_SUSPECT', 'severe'],
    ]);
    expect(() => greenButtonCsv(document)).toThrow(refused('GREEN_BUTTON_NO_ENERGY'));
  });

  it('come to the sum of what is written, in any order, whatever the multiplier', () => {
    const value = fc.integer({ min: -(10 ** 9), max: 10 ** 9 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.integer({ min: -3, max: 3 }), (values, power) => {
        const written = hours(values);
        const type = { ...WH, powerOfTenMultiplier: power };
        const total = only(read(written, type)).total!;
        expect(total.times(10 ** 3).toNumber()).toBe(values.reduce((sum, each) => sum + each, 0) * 10 ** (power + 3));
        expect(only(read(written.toReversed(), type)).total!.eq(total)).toBe(true);
      }),
      { numRuns: 50 },
    ); // prettier-ignore
  });
});

describe('findings', () => {
  const day = hours(Array.from({ length: 24 }, (_, hour) => 300 + hour));

  it('are none of a clean day, which reads as CSV', () => {
    expect(findings(day)).toEqual([]);
    const readings = readingsFromCsv(greenButtonCsv(read(day)).csv);
    expect(readings).toMatchObject({ rows: 24, columns: [{ name: 'load_kwh' }] });
    expect(readings.columns[0]!.values[5]).toBe(0.305);
  });

  it.each<[string, readonly WrittenReading[], readonly unknown[]]>([
    ['gaps', day.filter((_, hour) => hour < 3 || hour > 4), ['GAP', 'warning', 2]],
    ['readings again', [...day, day[23]!], ['DUPLICATE', 'info', 1]],
    ['other readings of an interval', [...day, { ...day[23]!, value: 1 }], ['DUPLICATE', 'warning', 1]],
    ['readings that overlap', [...day, { start: START + 24 * HOUR - 900, duration: HOUR, value: 5 }], ['OVERLAP', 'severe', 1]], // prettier-ignore
    ['starts between seconds', day.with(0, { ...day[0]!, start: `${START}.5` }), ['FRACTIONAL_START', 'warning', 1]], // prettier-ignore
    ['readings without a value', day.with(23, { start: START + 23 * HOUR, duration: HOUR }), ['BLANK', 'warning', 1]], // prettier-ignore
    ['readings below zero', day.with(0, { ...day[0]!, value: -1 }), ['NEGATIVE', 'warning', 1]],
    ['estimates', day.with(0, { ...day[0]!, quality: 8 }), ['ESTIMATED', 'info', 1]],
  ])('tell %s', (_, readings, finding) => {
    expect(findings(readings)).toContainEqual(finding);
  });

  it('tell order, other lengths and kWh that were written as Wh', () => {
    expect(findings(day.toReversed())).toEqual([['OUT_OF_ORDER', 'info', 23]]);
    expect(findings([...day.slice(0, 23), { start: START + 23 * HOUR, duration: 900, value: 9 }])).toEqual([
      ['RESOLUTION_MIXED', 'warning', 1],
    ]);
    expect(findings(hours(day.map(() => 0.4)))).toEqual([['UNIT_SUSPECT', 'warning', 24]]);
  });

  it('tell breaks where the clock changes', () => {
    const local = `<entry><content><LocalTimeParameters><dstEndRule>B40E2000</dstEndRule><dstOffset>3600</dstOffset>
      <dstStartRule>360E2000</dstStartRule><tzOffset>-18000</tzOffset></LocalTimeParameters></content></entry>`;
    // Second Sunday of March 2026, 02:00 in New York, written as if it were UTC.
    const spring = Date.UTC(2026, 2, 8, 2) / 1_000;
    const readings = [-2, -1, 1, 2].map((hour) => ({
      start: spring + hour * HOUR,
      duration: HOUR,
      value: 300,
    }));
    const codes = readGreenButton(greenButtonFeed([{ type: WH, readings }], local)).findings.map(({ code }) => code); // prettier-ignore
    expect(codes).toEqual(['GAP', 'DST_CLOCK_TIME']);
  });

  it('tell a total of the publisher that the readings do not come to', () => {
    const sum = day.reduce((total, { value }) => total + Number(value), 0);
    const told = (wh: number, duration = 86_400) =>
      readGreenButton(greenButtonFeed([{ type: WH, readings: day }], summaryEntry(START, duration, wh))).findings.map(({ code, severity }) => [code, severity]); // prettier-ignore
    expect(told(sum)).toEqual([]);
    expect(told(sum * 2)).toEqual([['TOTAL_DIFFERS', 'warning']]);
    expect(told(sum * 2, 2 * 86_400)).toEqual([['TOTAL_DIFFERS', 'info']]);
  });
});

describe('what is no Green Button document', () => {
  const feed = greenButtonFeed([{ type: WH, readings: hours([1]) }]);
  const bomb = `<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${feed.slice(feed.indexOf('?>') + 2)}`;
  const external = `<!DOCTYPE feed SYSTEM "file:///etc/passwd">${feed.slice(feed.indexOf('?>') + 2)}`;

  it.each<[string, string, string]>([
    ['XML_DOCTYPE', 'an entity bomb', bomb],
    ['XML_DOCTYPE', 'an external document type', external],
    ['XML_MALFORMED', 'an unknown entity', feed.replace('<value>1', '<value>&xxe;')],
    ['XML_MALFORMED', 'an end too early', feed.slice(0, -20)],
    ['XML_MALFORMED', 'no XML', 'timestamp,load_kwh'],
    ['XML_TOO_LARGE', 'elements in each other', '<a>'.repeat(100)],
    ['XML_TOO_LARGE', 'a value without end', feed.replace('<value>1', `<value>${'1'.repeat(100_000)}`)],
    ['ESPI_EMPTY', 'another feed', '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content/></entry></feed>'],
    ['ESPI_NUMBER', 'NaN', feed.replace('<value>1', '<value>NaN')],
    ['ESPI_NUMBER', '1e308', feed.replace('<value>1', '<value>1e308')],
    ['ESPI_TIME', 'milliseconds', feed.replaceAll(`<start>${START}`, `<start>${START}000`)],
    ['ESPI_TIME', 'no duration', feed.replaceAll(/<(?:duration|intervalLength)>3600<\/\w+>/g, '')],
    ['ESPI_MULTIPLIER', 'a multiplier of a hundred zeros', feed.replace('<uom>', '<powerOfTenMultiplier>100</powerOfTenMultiplier><uom>')],
  ])('is refused with %s: %s', (code, _, document) => {
    expect(() => readGreenButton(document)).toThrow(refused(code));
  }); // prettier-ignore

  it('two meters of one direction are no one column', () => {
    const meter = { type: WH, readings: hours([1]) };
    expect(() => greenButtonCsv(readGreenButton(greenButtonFeed([meter, meter])))).toThrow(refused('GREEN_BUTTON_AMBIGUOUS')); // prettier-ignore
  });
});
