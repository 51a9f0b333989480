import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { exchangeCases } from '../../test/harness/published-cases.ts';
import { readGreenButton } from './green-button.ts';

// oxlint-disable-next-line node/no-process-env -- where test data lies is not configuration of the product
const DATA = join(process.env['DATA_DIR'] ?? join('..', 'shared', 'data'), 'green-button');
const withData = existsSync(DATA) ? describe : describe.skip;
const codes = (text: string) => readGreenButton(text).findings.map(({ code, count }) => [code, count]);
const document = (name: string) => readFileSync(join(DATA, name), 'utf8');

interface Case {
  readonly expected: {
    readonly readings: number;
    readonly interval_s: number;
    readonly sum_wh: number;
    readonly overallConsumptionLastPeriod_in_file: number;
    readonly sum_cost_1e5: number;
    readonly billLastPeriod_in_file_1e5: number;
    readonly first: string;
    readonly last_start: string;
  };
}

exchangeCases.published(
  '25a Green Button: nine days of hours, github.com/vladistan/greenbutton_objects',
  () => {
    it('come to the publisher’s own total', () => {
      const { expected } = JSON.parse(
        exchangeCases.readCase('25_green_button_hourly_nine_days.json'),
      ) as Case;
      const { series, summaries, findings } = readGreenButton(document('gb_hourly_nine_days.xml'));
      const [{ readings, intervalSeconds, energyWh, costE5 }] = series as [(typeof series)[number]];
      expect({
        readings: readings.length,
        interval_s: intervalSeconds,
        sum_wh: energyWh!.toNumber(),
        overallConsumptionLastPeriod_in_file: summaries[0]!.consumption!.value.toNumber(),
        sum_cost_1e5: costE5!.toNumber(),
        billLastPeriod_in_file_1e5: summaries[0]!.billE5!.toNumber(),
        first: isoInstant(readings[0]!.startMs),
        last_start: isoInstant(readings.at(-1)!.startMs),
      }).toEqual(expected);
      expect(findings).toEqual([]);
    });
  },
);

withData('published Green Button files (real data, needs DATA_DIR)', () => {
  it('of UtilityAPI, newest first', () => {
    const text = document('intervals_APUC_electric.xml');
    expect(readGreenButton(text).series[0]!.readings).toHaveLength(300);
    expect(codes(text)).toEqual([['OUT_OF_ORDER', 299]]);
  });

  it('of the Green Button Alliance: five days of a billing period of thirteen, two of its readings estimated', () => {
    const text = document('test_usage_data_1.xml');
    expect(readGreenButton(text).series).toMatchObject([
      { intervalSeconds: 900, rows: 480, currency: 'USD' },
    ]);
    expect(codes(text)).toEqual([['ESTIMATED', 2], ['TOTAL_DIFFERS', 480]]); // prettier-ignore
  });

  it('of PG&E: blocks that repeat each other, and no reading type', () => {
    const text = gunzipSync(readFileSync(join(DATA, 'PGEIntervalBlock.xml.gz'))).toString('utf8');
    expect(codes(text)).toEqual([['OUT_OF_ORDER', 253], ['DUPLICATE', 276], ['UNIT_SUSPECT', 2_556]]); // prettier-ignore
  });
});
