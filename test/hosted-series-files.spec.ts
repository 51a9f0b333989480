import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant, utf8 } from '#core';
import { ASK, startSeriesDesk, type SeriesDesk, type Ingested } from './harness/series-desk.ts';

jest.setTimeout(60_000);

let desk: SeriesDesk['desk'];
let ask: SeriesDesk['ask'];
let refusal: SeriesDesk['refusal'];
let newSeries: SeriesDesk['newSeries'];
let readings: SeriesDesk['readings'];

beforeAll(async () => {
  ({ desk, ask, refusal, newSeries, readings } = await startSeriesDesk());
}, 60_000);

afterAll(() => desk.stop());

const put = async (text: string): Promise<string> => {
  const body = utf8(text);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const { status } = await desk.platform.request('PUT', `/blobs/${sha256}`, {
    sender: desk.provider.apiKey,
    body,
  });
  expect(status).toBe(200);
  return sha256;
};

describe('a file of a series', () => {
  it('is taken whole, with declared columns, unit and zone', async () => {
    const seriesId = await newSeries();
    const rows = Array.from({ length: 25_000 }, (_, i) => `m1,${isoInstant(i * 900_000)},${i}`);
    const input = { seriesId, startColumn: 'when', valueColumn: 'kwh', unit: 'kWh' };
    const sha256 = await put(`meter,when,kwh\r\n${rows.join('\r\n')}\r\n`);
    const taken = await ask<Ingested>('upload', { input: { ...input, sha256 } });
    expect(taken.ingest).toMatchObject({ accepted: 25_000, corrected: 0, rejected: 0, findings: [] });
    const again = await ask<Ingested>('upload', { input: { ...input, sha256 } });
    expect(again.ingest).toMatchObject({ accepted: 0, corrected: 0, unchanged: 25_000 });
    const from = isoInstant(24_999 * 900_000);
    const until = isoInstant(25_001 * 900_000);
    expect(await readings({ id: seriesId, from, until })).toMatchObject([{ value: '24999000' }]);
    const local = await put('when,kwh\n"2026-01-01 00:00",1\n');
    await ask('upload', { input: { ...input, sha256: local, zone: 'America/New_York' } });
    const there = { id: seriesId, from: '2026-01-01T05:00:00Z', until: '2026-01-02T00:00Z' };
    expect(await readings(there)).toMatchObject([{ start: there.from, value: '1000' }]);
  });

  it('leaves nothing where a row is refused, unless those are to be skipped', async () => {
    const seriesId = await newSeries();
    const rows = Array.from({ length: 25_000 }, (_, i) => `${isoInstant(i * 900_000)},${i}`);
    const sha256 = await put(
      ['start,value', ...rows, '2026-10-25T02:30,1', 'x', '2026-01-01T00:00Z,NaN'].join('\n'),
    );
    const { errors } = await desk.platform.graphql(
      ASK.upload,
      { input: { seriesId, sha256 } },
      desk.provider.apiKey,
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'SERIES_ROWS_REFUSED',
      data: { count: 3, rows: ['25001 START_AMBIGUOUS', '25002 FIELDS_MISSING', '25003 VALUE_MALFORMED'] },
    });
    expect(errors?.[0]?.message).toBe(
      'expected readings alone, got 3 rows that are none (the first after the header is row 1): row 25001 START_AMBIGUOUS: expected an offset, got a local time that occurs twice where clocks go back: "2026-10-25T02:30"; row 25002 FIELDS_MISSING: expected the fields of the header, got more or fewer; row 25003 VALUE_MALFORMED: expected a decimal number, got another text: "NaN"',
    );
    const all = { id: seriesId, from: '1970-01-01T00:00Z', until: '1971-01-01T00:00Z' };
    expect(await readings(all)).toEqual([]);
    const taken = await ask<Ingested>('upload', { input: { seriesId, sha256, skipRefused: true } });
    expect(taken.ingest).toMatchObject({ accepted: 25_000, rejected: 3 });
  });

  it('that was cut short on its way is not there to be taken', async () => {
    const body = utf8('start,value\n2026-01-01T00:00Z,1\n');
    const sha256 = createHash('sha256').update(body).digest('hex');
    const sent = { sender: desk.provider.apiKey, body: body.subarray(0, 30) };
    const cut = await desk.platform.request('PUT', `/blobs/${sha256}`, sent);
    expect(await cut.json()).toMatchObject({ errors: [{ extensions: { code: 'DIGEST_MISMATCH' } }] });
    const seriesId = await newSeries();
    expect(await refusal('upload', { input: { seriesId, sha256 } })).toBe('BLOB_NOT_FOUND');
  });

  it.each([
    ['CSV_TOO_LARGE', `start,value\n${'9'.repeat(3_000_000)}`],
    ['CSV_HEADER', 'start,kwh\n2026-01-01T00:00Z,1\n'],
    ['CSV_EMPTY', 'start,value\n'],
    ['CSV_QUOTE', 'start,value\n"2026-01-01T00:00Z,1\n'],
  ])('is refused with %s', async (code, text) => {
    const input = { seriesId: await newSeries(), sha256: await put(text) };
    expect(await refusal('upload', { input })).toBe(code);
  });
});
