const DRAFT = `mutation ($input: CreateDataSetInput!) { createDataSet(input: $input) { id } }`;
const OFFER = `mutation ($input: OfferDataSetInput!) { offerDataSet(input: $input) { id } }`;
const SERIES = `mutation ($input: CreateSeriesInput!) { createSeries(input: $input) { id } }`;
const INGEST = `mutation ($input: IngestReadingsInput!) { ingestReadings(input: $input) { ingest { accepted } } }`;
const LIST = `mutation ($id: ID!) { listDataSet(id: $id) { id } }`;
const TITLE = 'Feeder 7 by hour';
const DAY_MS = 86_400_000;

/** As the seller. */
type Ask = <T>(query: string, variables: object) => Promise<T>;

/** A data set for 50 euros, ten uses and research, with a hosted series of yesterday's hours; its title. */
export async function offerFeeder(ask: Ask): Promise<string> {
  const { createDataSet } = await ask<{ createDataSet: { id: string } }>(DRAFT, {
    input: {
      key: 'feeder-7',
      title: TITLE,
      description: 'Load of a feeder',
      keywords: [],
      carrier: 'ELECTRICITY',
      kind: 'READINGS',
      licence: 'CC-BY-4.0',
      resolution: 'PT1H',
      zone: 'Europe/Berlin',
    },
  });
  const constraint = [
    { leftOperand: 'count', operator: 'lteq', rightOperand: '10' },
    { leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['research'] },
  ];
  const price = { kind: 'flat', currency: 'EUR', amountMinor: 5_000 };
  await ask(OFFER, {
    input: {
      dataSetId: createDataSet.id,
      policy: { permission: [{ action: 'use', constraint }] },
      price,
      validFrom: '2026-01-01T00:00:00.000Z',
    },
  });
  await ask(LIST, { id: createDataSet.id });
  const series = {
    key: 'feeder-7-load',
    unit: 'Wh',
    zone: 'Etc/UTC',
    resolution: 'PT1H',
    declaredOpen: true,
  };
  const { createSeries } = await ask<{ createSeries: { id: string } }>(SERIES, {
    input: { ...series, dataSetId: createDataSet.id },
  });
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const readings = Array.from({ length: 24 }, (_, hour) => ({
    start: `${yesterday}T${String(hour).padStart(2, '0')}:00:00Z`,
    value: String(1_000 + 50 * hour),
  }));
  await ask(INGEST, { input: { seriesId: createSeries.id, readings } });
  return TITLE;
}
