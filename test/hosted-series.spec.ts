import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { downloaded } from './harness/download.ts';
import {
  ASK,
  NOW_MS,
  seriesDraft,
  steps,
  startSeriesDesk,
  type SeriesDesk,
  type Page,
  type Reading,
} from './harness/series-desk.ts';

jest.setTimeout(60_000);

const python = (args: string[]) => promisify(execFile)('python3', args, { encoding: 'utf8' });

let desk: SeriesDesk['desk'];
let ask: SeriesDesk['ask'];
let refusal: SeriesDesk['refusal'];
let newSeries: SeriesDesk['newSeries'];
let ingest: SeriesDesk['ingest'];
let readings: SeriesDesk['readings'];

beforeAll(async () => {
  ({ desk, ask, refusal, newSeries, ingest, readings } = await startSeriesDesk());
}, 60_000);

afterAll(() => desk.stop());

describe('a hosted series', () => {
  it('is hosted only where its owner declares it open, in a unit, zone and step that are known', async () => {
    expect(await refusal('create', seriesDraft({ declaredOpen: false }))).toBe('SERIES_NOT_OPEN');
    expect(await refusal('create', seriesDraft({ unit: 'furlong' }))).toBe('UNIT_UNKNOWN');
    expect(await refusal('create', seriesDraft({ zone: 'Mars/Base' }))).toBe('ZONE_UNKNOWN');
    // Known to Node alone.
    expect(await refusal('create', seriesDraft({ zone: 'US/Pacific-New' }))).toBe('ZONE_UNKNOWN');
    expect(await refusal('create', seriesDraft({ resolution: 'PT7M' }))).toBe('RESOLUTION_UNKNOWN');
    expect(await refusal('create', seriesDraft({ dataSetId: randomUUID() }))).toBe('DATA_SET_NOT_FOUND');
    const key = 'load';
    await newSeries({ key });
    expect(await refusal('create', seriesDraft({ key }))).toBe('SERIES_KEY_TAKEN');
  });

  it('takes the rows that are readings and tells the others by index and code', async () => {
    const id = await newSeries();
    const sent = [
      { start: '2026-01-01T00:00Z', value: '1.5' },
      { start: '2026-01-01T00:15Z', value: 'NaN' },
      { start: '2026-01-01T00:15Z', value: '1e308' },
      { start: '2026-01-01T00:20Z', value: '1' },
      { start: '2026-01-01T01:00+01:00', value: '2' },
      { start: '2026-03-29T02:30', value: '1' },
      { start: '2026-10-25T02:30', value: '1' },
      { start: 'yesterday', value: '1' },
      { start: '2026-01-01T00:30Z', value: '-2', quality: 'ESTIMATED' },
    ];
    const { ingest: taken, rejected } = await ingest(id, sent);
    expect(taken).toMatchObject({ accepted: 2, corrected: 0, unchanged: 0, rejected: 7 });
    expect(rejected).toEqual([
      { index: 1, code: 'VALUE_MALFORMED' },
      { index: 2, code: 'VALUE_OUT_OF_RANGE' },
      { index: 3, code: 'START_OFF_GRID' },
      { index: 4, code: 'START_REPEATED' },
      { index: 5, code: 'START_ABSENT' },
      { index: 6, code: 'START_AMBIGUOUS' },
      { index: 7, code: 'START_MALFORMED' },
    ]);
    expect(taken).toMatchObject({
      findings: [
        { code: 'GAP', count: 1 },
        { code: 'NEGATIVE', count: 1 },
        { code: 'ESTIMATED', count: 1 },
      ],
    });
    expect(await refusal('ingest', { input: { seriesId: id, readings: [] } })).toBe('READINGS_LIMIT');
    const many = steps(0, 10_001, 900_000, '1');
    expect(await refusal('ingest', { input: { seriesId: id, readings: many } })).toBe('READINGS_LIMIT');
  });

  it('answers a repeated batch as the first time, and refuses another under its key', async () => {
    const seriesId = await newSeries();
    const headers = { 'idempotency-key': randomUUID() };
    const send = (value: string) =>
      desk.platform.graphql(
        ASK.ingest,
        { input: { seriesId, readings: [{ start: '2026-01-01T00:00Z', value }] } },
        desk.provider.apiKey,
        headers,
      );
    const first = await send('1');
    expect(await send('1')).toEqual(first);
    expect((await send('2')).errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
    // Without a key it is the same readings, which stand already.
    expect((await ingest(seriesId, [{ start: '2026-01-01T00:00Z', value: '1.0' }])).ingest).toMatchObject({
      unchanged: 1,
    });
  });

  it('keeps what a correction replaces, and shows it as of then', async () => {
    const id = await newSeries();
    const start = '2026-01-01T00:00:00Z';
    const first = await ingest(id, [{ start, value: '1' }]);
    const second = await ingest(id, [{ start, value: '2' }]);
    expect(second.ingest).toMatchObject({ accepted: 0, corrected: 1 });
    const day = { id, from: start, until: '2026-01-02T00:00Z' };
    expect(await readings(day)).toMatchObject([{ value: '2', revision: 2 }]);
    expect(await readings({ ...day, asOf: first.ingest.recordedAt })).toMatchObject([
      { value: '1', revision: 1 },
    ]);
    const batches = await ask<Page<object>>('ingests', { id });
    expect(batches.edges).toEqual([{ node: { source: 'MUTATION', accepted: 0, corrected: 1 } }]);
    const { endCursor: after } = batches.pageInfo;
    expect((await ask<Page<object>>('ingests', { id, after })).edges).toMatchObject([
      { node: { accepted: 1 } },
    ]);
  });

  it('takes batches of one interval that come at once one after another', async () => {
    const id = await newSeries();
    const start = '2026-01-01T00:00:00Z';
    const taken = await Promise.all(['1', '2', '3', '4'].map((value) => ingest(id, [{ start, value }])));
    expect(new Set(taken.map(({ ingest: { recordedAt } }) => recordedAt)).size).toBe(4);
    const interval = { id, from: start, until: '2026-01-02T00:00Z' };
    expect(await readings(interval)).toMatchObject([{ revision: 4 }]);
  });

  it('converts units exactly and refuses those of another quantity', async () => {
    const id = await newSeries();
    await ingest(id, [{ start: '2026-01-01T00:00Z', value: '0.1' }], { unit: 'kWh' });
    await ingest(id, [{ start: '2026-01-01T00:15Z', value: '1' }], { unit: 'J' });
    const found = await readings({ id, from: '2026-01-01T00:00Z', until: '2026-01-02T00:00Z' });
    expect(found.map(({ value }) => value)).toEqual(['100', '0.000277778']);
    const power = {
      input: { seriesId: id, unit: 'kW', readings: [{ start: '2026-01-01T00:00Z', value: '1' }] },
    };
    expect(await refusal('ingest', power)).toBe('UNIT_UNFIT');
  });

  it('adds energy up over days of 92, 96 and 100 quarter-hours, and tells where some are missing', async () => {
    const id = await newSeries();
    const beginMs = Date.parse('2026-03-28T23:00Z');
    await ingest(id, steps(beginMs, 92 + 95, 900_000, '1'));
    await ingest(id, steps(Date.parse('2026-10-24T22:00Z'), 100, 900_000, '1'));
    const days = await readings({
      id,
      from: '2026-03-01T00:00Z',
      until: '2026-12-01T00:00Z',
      resolution: 'P1D',
    });
    expect(
      days.map(({ start, end, value, known, expected }) => [start, end, value, known, expected]),
    ).toEqual([
      ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', '92', 92, 92],
      ['2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z', '95', 95, 96],
      ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '100', 100, 100],
    ]);
    const year = { id, from: '2026-01-01T00:00Z', until: '2027-01-01T00:00Z' };
    expect(await readings({ ...year, resolution: 'P1M' })).toMatchObject([
      { start: '2026-02-28T23:00:00Z', value: '187', known: 187 },
      { start: '2026-09-30T22:00:00Z', value: '100' },
    ]);
    expect(await refusal('readings', { ...year, resolution: 'PT5M' })).toBe('RESOLUTION_FINER');
  });

  it('averages power', async () => {
    const id = await newSeries({ unit: 'kW', zone: 'Asia/Kolkata' });
    const sent = ['1', '2', '3', '6'].map((value, i) => ({
      start: `2026-01-01T00:${['00', 15, 30, 45][i]}`,
      value,
    }));
    await ingest(id, sent);
    const hours = await readings({
      id,
      from: '2025-12-31T00:00Z',
      until: '2026-01-02T00:00Z',
      resolution: 'PT1H',
    });
    expect(hours).toMatchObject([{ start: '2025-12-31T18:30:00Z', value: '3', known: 4, expected: 4 }]);
  });

  it('pages at any step and refuses cursors it has not given', async () => {
    const id = await newSeries();
    await ingest(id, steps(Date.parse('2026-01-01T00:00Z'), 30, 900_000, '1'));
    for (const [resolution, count] of [
      ['PT15M', 30],
      ['PT1H', 8],
      ['P1D', 1],
    ] as const) {
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const interval = {
          id,
          from: '2026-01-01T00:00Z',
          until: '2026-01-02T00:00Z',
          resolution,
          first: 7,
          after,
        };
        const page: Page<Reading> = await ask('readings', interval);
        seen.push(...page.edges.map(({ node }) => node.start));
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor;
      }
      expect([resolution, new Set(seen).size, seen.length]).toEqual([resolution, count, count]);
    }
    const forged = [['x'], ['1e3'], ['9'.repeat(14)], [`${NOW_MS}`, 'x'], 'no'];
    for (const cursor of forged) {
      const after = Buffer.from(JSON.stringify(cursor)).toString('base64url');
      const asked = { id, from: '2026-01-01T00:00Z', until: '2026-01-02T00:00Z', after };
      expect(await refusal('readings', asked)).toBe('CURSOR_MALFORMED');
      expect(await refusal('ingests', { id, after })).toBe('CURSOR_MALFORMED');
    }
    const backwards = { id, from: '2026-01-02T00:00Z', until: '2026-01-01T00:00Z' };
    expect(await refusal('readings', backwards)).toBe('SERIES_INTERVAL');
  });

  it('is set beside its owner’s forecasts by the notebook example, which needs pandas', async () => {
    const { provider, platform } = desk;
    const hasPandas = await python(['-c', 'import pandas, pyarrow']).then(
      () => true,
      () => false,
    );
    if (!hasPandas) {
      process.stderr.write('skipped: no pandas\n');
      return;
    }
    const seriesId = await newSeries();
    const [fromMs, hours] = [NOW_MS + 12 * HOUR_MS, 4];
    const [from, to] = [isoInstant(fromMs), isoInstant(fromMs + hours * HOUR_MS)];
    await ingest(seriesId, steps(fromMs, hours * 4, HOUR_MS / 4, '250'));
    const forecasts = [900, 1_000, 1_100, 1_250].map((p50Wh, n) => ({
      series: 'load',
      intervalStart: isoInstant(fromMs + n * HOUR_MS),
      p10Wh: p50Wh - 150,
      p50Wh,
      p90Wh: p50Wh + 150,
      issuedAt: isoInstant(NOW_MS),
      modelHash: 'a'.repeat(64),
      taskCardHash: null,
    }));
    await platform.data(
      'mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }',
      { input: { forecasts } },
      provider.participant,
    );
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-notebook-'));
    await writeFile(join(directory, 'member.key'), `${provider.apiKey}\n`);
    const { stdout } = await python(['clients/notebook/load_against_forecast.py', platform.url, join(directory, 'member.key'), seriesId, from, to, '25000']); // prettier-ignore
    // |900 − 1000|, 0, |1100 − 1000|, |1250 − 1000| of 1000 Wh; 4 kWh at 250 a MWh.
    expect(JSON.parse(stdout)).toEqual({ hours: 4, mape: 11.25, covered: 75, costMinor: 100 });
    await rm(directory, { recursive: true });
  });

  it('gives up to 10 000 values in columns, and any number as a file', async () => {
    const id = await newSeries();
    const from = '2026-01-01T00:00:00Z';
    await ingest(id, steps(Date.parse(from), 10_000, 900_000, '0.5'));
    const whole = { id, from, until: '2026-12-31T00:00Z' };
    const block = await ask<{ start: string[]; value: string[] }>('block', whole);
    expect([block.start.length, block.start[0], block.value[9_999]]).toEqual([10_000, from, '0.5']);
    await ingest(id, [{ start: '2026-12-01T00:00Z', value: '1' }]);
    expect(await refusal('block', whole)).toBe('SERIES_BLOCK_LIMIT');
    const args = `seriesId: "${id}", from: "${from}", until: "${whole.until}"`;
    const file = await downloaded(desk.platform, 'seriesReadingsDownload', args, desk.provider.apiKey);
    expect(new Set(Array.from<unknown, string>(file, (row) => JSON.stringify(row))).size).toBe(10_001);
    expect(file).toHaveLength(10_001);
  });
});
