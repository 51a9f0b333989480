import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS } from '#core';
import { downloaded } from './harness/download.ts';
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
      expect(await refusal('download', { id: missing, ...interval }, stranger)).toBe('SERIES_NOT_FOUND');
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
    const file = await downloaded(desk.platform, 'seriesReadingsDownload', `seriesId: "${id}", agreementId: "${agreementId}", from: "${interval.from}", until: "${interval.until}", resolution: "PT1H"`, consumer.apiKey); // prettier-ignore
    expect(file).toMatchObject([{ value: '8', known: '4', quality: '' }, { value: '8' }]);
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
      { operation: 'seriesReadingsDownload', rows: 2, decision: 'PERMIT', code: null },
    ]);
    await desk.setClock(NOW_MS + HOUR_MS);
    await desk.ask('revoke', { id: agreementId, code: 'CONSENT_WITHDRAWN' }, desk.provider);
    expect(await refusal('readings', read, consumer)).toBe('AGREEMENT_REVOKED');
    expect(await refusal('block', read, consumer)).toBe('AGREEMENT_REVOKED');
  });

  it('is read at a coarser step by whole steps alone, which say nothing of what is finer', async () => {
    const { agreementId } = await desk.concluded();
    const { dataSetId } = await ask<{ dataSetId: string }>('agreement', { id: agreementId });
    const id = await newSeries({ dataSetId });
    await ingest(id, steps(Date.parse('2025-12-31T23:00Z'), 2 * 96, 900_000, '2'));
    const { consumer } = desk;
    const days = { id, agreementId, resolution: 'P1D' };
    const whole = { from: '2025-12-31T23:00Z', until: '2026-01-02T23:00Z' };
    const cursor = Buffer.from(JSON.stringify([String(Date.parse('2026-01-01T10:15Z'))])).toString(
      'base64url',
    );
    for (const cut of [
      { from: '2026-01-01T10:00Z', until: '2026-01-01T10:15Z' },
      { ...whole, from: '2025-12-31T23:15Z' },
      { ...whole, until: '2026-01-02T22:45Z' },
      { ...whole, until: '2026-11-27T23:00Z' },
      { ...whole, asOf: '2026-01-01T12:00Z' },
      { ...whole, resolution: 'PT1H', after: cursor },
    ]) {
      expect(await refusal('readings', { ...days, ...cut }, consumer)).toBe('SERIES_INTERVAL');
    }
    expect(await readings({ ...days, ...whole }, consumer)).toMatchObject([
      { value: '192' },
      { value: '192' },
    ]);
    // The owner looks at its own as it likes.
    const own = { id, resolution: 'P1D', from: '2026-01-01T10:00Z', until: '2026-01-01T10:15Z' };
    expect(await readings(own)).toMatchObject([{ value: '2' }]);
  });

  it('is metered by the values handed out, not by the one that tells of a next page', async () => {
    const { agreementId } = await desk.concluded();
    const { dataSetId } = await ask<{ dataSetId: string }>('agreement', { id: agreementId });
    const id = await newSeries({ dataSetId });
    await ingest(id, steps(Date.parse(interval.from), 8, 900_000, '2'));
    expect(await readings({ id, agreementId, ...interval, first: 3 }, desk.consumer)).toHaveLength(3);
    const usage = 'query ($id: ID!) { agreementUsage(agreementId: $id) { edges { node { readings } } } }';
    expect(await desk.platform.data(usage, { id: agreementId }, desk.consumer.apiKey)).toEqual({
      agreementUsage: { edges: [{ node: { readings: 3 } }] },
    });
  });
});
