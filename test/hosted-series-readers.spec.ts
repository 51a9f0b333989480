import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS } from '#core';
import { NOW_MS, steps, startSeriesDesk, type Page, type SeriesDesk } from './harness/series-desk.ts';

jest.setTimeout(60_000);

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

describe('a series of another', () => {
  const interval = { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };

  it('is not there, at any door', async () => {
    const id = await newSeries();
    await ingest(id, [{ start: interval.from, value: '1' }]);
    const { stranger } = desk;
    const input = { seriesId: id, readings: [{ start: interval.from, value: '9' }] };
    for (const missing of [id, randomUUID()]) {
      expect(await refusal('series', { id: missing }, stranger)).toBe('SERIES_NOT_FOUND');
      expect(await refusal('readings', { id: missing, ...interval }, stranger)).toBe('SERIES_NOT_FOUND');
      expect(await refusal('block', { id: missing, ...interval }, stranger)).toBe('SERIES_NOT_FOUND');
      expect(await refusal('ingests', { id: missing }, stranger)).toBe('SERIES_NOT_FOUND');
      expect(await refusal('ingest', { input: { ...input, seriesId: missing } }, stranger)).toBe(
        'SERIES_NOT_FOUND',
      );
    }
    expect(await ask('all', {}, stranger)).toEqual({ edges: [] });
    expect(await readings({ id, ...interval })).toMatchObject([{ value: '1' }]);
  });

  it('is read under an agreement about its data set until that ends, by its consumer alone', async () => {
    const agreement = await desk.concluded();
    const { agreementId } = agreement;
    const { dataSetId } = await ask<{ dataSetId: string }>('agreement', { id: agreementId });
    const id = await newSeries({ dataSetId });
    const other = await newSeries();
    await ingest(id, steps(Date.parse(interval.from), 8, 900_000, '2'));
    const { consumer, stranger } = desk;
    const read = { id, agreementId, ...interval };
    expect(await ask('all', { dataSetId }, consumer)).toEqual({ edges: [{ node: { id } }] });
    expect((await readings(read, consumer)).map(({ value }) => value)).toEqual(Array(8).fill('2'));
    const hours = await ask('block', { ...read, resolution: 'PT1H' }, consumer);
    expect(hours).toMatchObject({ value: ['8', '8'], known: [4, 4] });
    expect(await refusal('readings', { ...read, agreementId: null }, consumer)).toBe(
      'SERIES_AGREEMENT_REQUIRED',
    );
    expect(await refusal('readings', { ...read, agreementId: randomUUID() }, consumer)).toBe(
      'AGREEMENT_NOT_FOUND',
    );
    expect(await refusal('readings', { ...read, id: other }, consumer)).toBe('SERIES_NOT_FOUND');
    expect(await refusal('readings', read, stranger)).toBe('SERIES_NOT_FOUND');
    expect(await refusal('ingests', { id }, consumer)).toBe('SERIES_AGREEMENT_REQUIRED');
    const write = { input: { seriesId: id, readings: [{ start: interval.from, value: '9' }] } };
    expect(await refusal('ingest', write, consumer)).toBe('SERIES_NOT_FOUND');
    const { edges } = await ask<Page<object>>('audit', { id: agreementId });
    expect(edges.map(({ node }) => node)).toEqual([
      { operation: 'seriesReadings', rows: 8, decision: 'PERMIT', code: null },
      { operation: 'seriesReadingsBlock', rows: 2, decision: 'PERMIT', code: null },
    ]);
    await desk.setClock(NOW_MS + HOUR_MS);
    await desk.ask('revoke', { id: agreementId, code: 'CONSENT_WITHDRAWN' }, desk.provider);
    expect(await refusal('readings', read, consumer)).toBe('AGREEMENT_REVOKED');
    expect(await refusal('block', read, consumer)).toBe('AGREEMENT_REVOKED');
  });
});
