import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EMISSIONS_CONTEXT, emissionsStatement, verifyReport } from '#carbon';
import { HOUR_MS, isoInstant, signJson } from '#core';
import { gridCsv, gridInput, IMPORT, importGrid, refusalCode } from './harness/carbon-day.ts';
import { downloaded } from './harness/download.ts';
import { flatPublication, publishFromStore } from './harness/emissions-node.ts';
import { DAY, hour, MarketDay, meter, nodes, type Page } from './harness/market-day.ts';
import type { Sender } from './harness/platform.ts';

jest.setTimeout(30_000);

const GRID = `query ($from: DateTime!, $to: DateTime!, $seriesId: ID) {
  gridIntensity(from: $from, to: $to, seriesId: $seriesId) { series { id source } hours { start kgCo2ePerKwh } }
}`;
const PUBLISH = `mutation ($input: PublishEmissionsInput!) { publishEmissions(input: $input) { id version } }`;
const PUBLISHED = `query ($organisationIds: [ID!], $from: DateTime, $to: DateTime, $latest: Boolean! = false) {
  publishedEmissions(organisationIds: $organisationIds, from: $from, to: $to, latest: $latest) {
    edges { node { organisationId participantId start end version hours locationGrams marketGrams methodVersion
      basis factorIds signature } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const EMISSIONS = `query ($from: DateTime!, $to: DateTime!, $resolution: EmissionsResolution!, $by: EmissionsGrouping! = all,
    $zone: String! = "UTC", $organisationIds: [ID!], $participantIds: [ID!], $scope: Int, $carrier: String, $account: EmissionsAccount) {
  emissions(from: $from, to: $to, resolution: $resolution, by: $by, zone: $zone, organisationIds: $organisationIds,
    participantIds: $participantIds, scope: $scope, carrier: $carrier, account: $account) {
    sums { part participantId account grams participants hours expectedHours factorIds } csv
  }
}`;

let market: MarketDay;
let seriesId: string;

beforeAll(async () => {
  market = await MarketDay.start();
  ({ id: seriesId } = await importGrid(
    market,
    gridCsv((n) => (n === 0 ? 0.5 : 0.4)),
  ));
}, 60_000);

afterAll(() => market.stop());

describe('grid intensity', () => {
  const range = { from: isoInstant(DAY.startMs), to: isoInstant(DAY.startMs + 2 * HOUR_MS) };

  it('is read by everybody, with findings about its file', async () => {
    const [header, first, ...rest] = gridCsv(() => 0.3).split('\n');
    const { id, findings } = await importGrid(market, [header, first, first, ...rest.slice(2)].join('\n'));
    expect(findings).toEqual([
      { kind: 'duplicate', line: 3, start: isoInstant(hour(0)), hours: 1 },
      { kind: 'gap', line: 4, start: isoInstant(hour(1)), hours: 2 },
    ]);
    const { gridIntensity } = await market.platform.data<{ gridIntensity: object }>(
      GRID,
      range,
      market.firms.buyer.participant,
    );
    expect(gridIntensity).toEqual({
      series: { id, source: 'made up for this test' },
      hours: [{ start: isoInstant(hour(0)), kgCo2ePerKwh: '0.3' }],
    });
    const named = await market.platform.data<{ gridIntensity: { hours: object[] } }>(
      GRID,
      { ...range, seriesId },
      market.firms.buyer.apiKey,
    );
    const args = (to: string) => `from: "${range.from}", to: "${to}", seriesId: "${seriesId}"`;
    const file = (to: string) => downloaded(market.platform, 'gridIntensityDownload', args(to), market.firms.buyer.apiKey); // prettier-ignore
    expect(await file(range.to)).toEqual([
      { series_id: seriesId, starts_at: isoInstant(hour(0)), kgco2e_per_kwh: '0.5' },
      { series_id: seriesId, starts_at: isoInstant(hour(1)), kgco2e_per_kwh: '0.4' },
    ]);
    expect(await file(isoInstant(DAY.startMs + 367 * 24 * HOUR_MS))).toBe('413 INTERVAL_TOO_LONG');
    expect(named.gridIntensity.hours).toEqual([
      { start: isoInstant(hour(0)), kgCo2ePerKwh: '0.5' },
      { start: isoInstant(hour(1)), kgCo2ePerKwh: '0.4' },
    ]);
  });

  it('of an analyst is there for whoever names it and changes nobody’s figures', async () => {
    const { createApiKey } = await market.platform.data<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { memberName: "analyst", roles: [analyst] }) { secret } }',
      {},
      market.firms.buyer.apiKey,
    );
    const csv = gridCsv(() => 0.001);
    const imported = await importGrid(market, csv, {}, createApiKey.secret);
    expect(imported.communityDefault).toBe(false);
    const { gridIntensity } = await market.platform.data<{ gridIntensity: { series: { id: string } } }>(
      GRID,
      range,
      market.firms.seller.apiKey,
    );
    expect(gridIntensity.series.id).not.toBe(imported.id);
  });

  it('is refused with a code, and nothing of it is kept', async () => {
    const { operatorKey } = market.platform;
    const { buyer } = market.firms;
    expect(await refusalCode(market, IMPORT, gridInput(gridCsv(() => 0.4)), buyer.apiKey)).toBe(
      'ROLE_MISSING',
    );
    const answer = await market.platform.graphql(
      IMPORT,
      gridInput(`${gridCsv(() => 0.4)}\nyesterday,1`),
      operatorKey,
    );
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'INTENSITY_TIMESTAMP', data: { line: 25, column: 'timestamp' } } },
    ]);
    expect(
      await refusalCode(
        market,
        IMPORT,
        gridInput(
          gridCsv(() => 0.4),
          { source: ' ' },
        ),
        operatorKey,
      ),
    ).toBe('SERIES_TEXT');
    expect(
      await refusalCode(market, GRID, { from: '2020-01-01T00:00Z', to: '2020-01-02T00:00Z' }, buyer.apiKey),
    ).toBe('SERIES_UNKNOWN');
    expect(await refusalCode(market, GRID, { ...range, seriesId: 'grid/none' }, buyer.apiKey)).toBe(
      'SERIES_UNKNOWN',
    );
    expect(await refusalCode(market, GRID, { ...range, to: '2027-01-01T00:00Z' }, buyer.apiKey)).toBe(
      'INTERVAL_TOO_LONG',
    );
  });
});

const published = async (variables: object): Promise<object[]> =>
  nodes(
    (
      await market.platform.data<{ publishedEmissions: Page<object> }>(
        PUBLISHED,
        variables,
        market.firms.seller.apiKey,
      )
    ).publishedEmissions,
  );

const SHOW = `mutation ($blob: String!) { publishCarbonReport(blob: $blob) { version } }`;
const REPORTS = `query ($organisationIds: [ID!]) {
  publishedReports(organisationIds: $organisationIds) {
    edges { node { participantId version restates hash blob methodVersion } } pageInfo { hasNextPage endCursor }
  }
}`;

/** A report that the buyer has shown: once, to all; nobody else can show it as its own. */
async function expectShown(hash: string, shown: readonly object[]): Promise<void> {
  const { buyer, seller } = market.firms;
  expect(shown).toMatchObject([
    { version: 1, restates: null, hash },
    { version: 1, restates: null, hash },
    { version: 2, restates: hash },
  ]);
  const { blob } = shown[0] as { blob: string };
  const listed = async (organisationIds: string[]) =>
    nodes((await market.platform.data<{ publishedReports: Page<object> }>(REPORTS, { organisationIds }, seller.apiKey)).publishedReports); // prettier-ignore
  const method = { participantId: buyer.participant.id, methodVersion: 'gridcommons/scope2-hourly/1' };
  expect(await listed([buyer.organisationId])).toMatchObject([
    { ...method, version: 1, restates: null, hash, blob },
    { ...method, version: 2, restates: hash },
  ]);
  expect(await listed([seller.organisationId])).toEqual([]);
  const code = (name: string, sender: Sender) => refusalCode(market, SHOW, { blob: name }, sender);
  expect(await code(blob, seller.participant)).toBe('REPORT_SIGNER');
  expect(await code(blob, buyer.apiKey)).toBe('PARTICIPANT_REQUIRED');
  expect(await code('0'.repeat(64), buyer.participant)).toBe('BLOB_NOT_FOUND');
  await market.setClock(DAY.endMs - 1_000);
  expect(await code(blob, buyer.participant)).toBe('REPORT_TOO_EARLY');
  await market.setClock(DAY.endMs);
}

describe('published emissions', () => {
  it('come from a node that reads its own store, its account and the grid', async () => {
    const { buyer, seller } = market.firms;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 600)]);
    await market.reached(id, 'SETTLED');
    await importGrid(
      market,
      gridCsv(() => 0.4),
      { source: 'the newest' },
    );
    // (1.7 − 0.5) kWh in each hour; what is metered after the day does not count
    const rows = Array.from({ length: 30 }, (_, n) => `${isoInstant(hour(n))},1.7,0.5`);
    const csv = ['timestamp,load_kwh,pv_kwh', ...rows].join('\n');
    // 27 600 Wh · 0.4 g/Wh; 1 000 + 600 Wh of it from PV
    const totals = { hours: 23, locationGrams: 11_040, marketGrams: 10_400 };
    const { published: told, report, shown } = await publishFromStore(market.platform, buyer, id, csv);
    expect(told).toEqual([totals, totals]);
    expect(await verifyReport(report, { publicKey: buyer.participant.signingKey.publicKey })).toMatchObject({
      verified: true,
    });
    expect(report).toMatchObject({
      subject: { name: 'DE-HRB-7', participantId: buyer.participant.id },
      total: [
        { account: 'location', quantity: '27600', grams: 11_040 },
        { account: 'market', quantity: '27600', grams: 10_400 },
      ],
      dataQuality: { expectedRows: 23, countedRows: 23 },
    });
    await expectShown(report.hash, shown);
    expect(await published({ organisationIds: [buyer.organisationId] })).toMatchObject([
      { version: 1, ...totals },
    ]);
  });

  it('are totals the member signed; the community reads them, later ones are new versions', async () => {
    const { bystander: buyer } = market.firms;
    await market.setClock(DAY.endMs);
    const input = await flatPublication(buyer, 1_000, seriesId);
    // 23 h · 1 000 Wh · 0.4 g/Wh, 500 Wh of it from PV
    expect(input).toMatchObject({ hours: 23, locationGrams: 9_200, marketGrams: 9_000 });
    const first = await market.platform.data(PUBLISH, { input }, buyer.participant);
    expect(await market.platform.data(PUBLISH, { input }, buyer.participant)).toEqual(first);
    const corrected = await flatPublication(buyer, 1_100, seriesId);
    expect(await market.platform.data(PUBLISH, { input: corrected }, buyer.participant)).toMatchObject({
      publishEmissions: { version: 2 },
    });
    const owner = { organisationId: buyer.organisationId, participantId: buyer.participant.id };
    expect(await published({ organisationIds: [buyer.organisationId] })).toEqual([
      { ...input, ...owner, version: 1 },
      { ...corrected, ...owner, version: 2 },
    ]);
    expect(await published({ organisationIds: [buyer.organisationId], latest: true })).toMatchObject([
      { version: 2 },
    ]);
    expect(await published({ from: input.start, to: input.end })).toHaveLength(3);
    expect(await published({ from: input.end })).toEqual([]);
    const args = `from: "${input.start}", to: "${input.end}", organisationIds: ["${buyer.organisationId}"]`;
    expect(
      await downloaded(market.platform, 'publishedEmissionsDownload', args, market.firms.seller.apiKey),
    ).toMatchObject([
      // prettier-ignore
      { participant_id: buyer.participant.id, version: '1', location_grams: '9200', hours: '23' },
      { version: '2' },
    ]);
    expect(await published({ organisationIds: [market.firms.seller.organisationId] })).toEqual([]);
  });

  it('overlap no other day of the member: the difference would be the emissions of an hour', async () => {
    const { bystander } = market.firms;
    const { id, signingKey } = bystander.participant;
    const { start: _start, end: _end, signature: _signature, ...fields } = await flatPublication(bystander, 1_100, seriesId); // prettier-ignore
    const publishDay = async (startMs: number, endMs: number): Promise<string | undefined> => {
      const statement = emissionsStatement(id, { ...fields, startMs, endMs });
      const signature = await signJson(signingKey.privateKey, EMISSIONS_CONTEXT, statement);
      const input = { ...fields, start: isoInstant(startMs), end: isoInstant(endMs), signature };
      return refusalCode(market, PUBLISH, { input }, bystander.participant);
    };
    expect(await publishDay(DAY.startMs - HOUR_MS, DAY.endMs)).toBe('EMISSIONS_OVERLAP');
    expect(await publishDay(DAY.startMs - 22 * HOUR_MS, DAY.startMs + HOUR_MS)).toBe('EMISSIONS_OVERLAP');
  });

  it('are added up by member and month, the newest versions only, for whoever may read them', async () => {
    const { buyer, bystander } = market.firms;
    const month = { from: '2026-01-01T00:00Z', to: '2027-01-01T00:00Z', resolution: 'month' };
    const sums = async (change: object) =>
      (await market.platform.data<{ emissions: { sums: object[]; csv: string } }>(EMISSIONS, { ...month, ...change }, buyer.apiKey)).emissions; // prettier-ignore
    const own = { organisationIds: [bystander.organisationId] };
    // 23 h · 1 100 Wh · 0.4 g/Wh; the first version's 9 200 g is in no sum
    expect(await sums({ ...own, by: 'participant', account: 'location' })).toMatchObject({
      sums: [{ part: '2026-03', participantId: bystander.participant.id, grams: 10_120, hours: 23, expectedHours: 23 }],
    }); // prettier-ignore
    const all = await sums({});
    expect(all.sums).toMatchObject([
      { account: 'location', participants: 2, grams: 10_120 + 11_040 },
      { account: 'market', participants: 2 },
    ]);
    expect(all.csv.split('\r\n')).toHaveLength(4);
    expect((await sums({ scope: 1 })).sums).toEqual([]);
    expect((await sums({ carrier: 'gas' })).sums).toEqual([]);
    const code = (change: object) => refusalCode(market, EMISSIONS, { ...month, ...change }, buyer.apiKey);
    expect(await code({ zone: 'Mars/Olympus' })).toBe('ZONE_UNKNOWN');
    expect(await code({ participantIds: ['x'] })).toBe('PARTICIPANT_IDS');
    expect(await code({ organisationIds: ['x'] })).toBe('ORGANISATION_IDS');
    expect(await code({ to: '2026-01-01T00:00Z' })).toBe('INTERVAL_EMPTY');
  });

  it('are refused with a code', async () => {
    const { buyer, seller } = market.firms;
    const input = await flatPublication(seller, 700, seriesId);
    const codeFor = (change: object, sender: Sender = seller.participant) =>
      refusalCode(market, PUBLISH, { input: { ...input, ...change } }, sender);
    expect(await codeFor({}, seller.apiKey)).toBe('PARTICIPANT_REQUIRED');
    expect(await codeFor({}, buyer.participant)).toBe('SIGNATURE_INVALID');
    expect(await codeFor({ marketGrams: 1 })).toBe('SIGNATURE_INVALID');
    expect(await codeFor({ end: isoInstant(DAY.startMs + HOUR_MS), hours: 1 })).toBe('EMISSIONS_INTERVAL');
    expect(await codeFor({ hours: 24 })).toBe('EMISSIONS_HOURS');
    expect(await codeFor({ locationGrams: -1 })).toBe('EMISSIONS_TOTALS');
    expect(await codeFor({ methodVersion: 'mine/1' })).toBe('EMISSIONS_METHOD');
    expect(await codeFor({ basis: 'lifecycle' })).toBe('EMISSIONS_FACTORS');
    await market.setClock(DAY.endMs - 1_000);
    expect(await codeFor({})).toBe('EMISSIONS_TOO_EARLY');
    expect(await published({ organisationIds: [seller.organisationId] })).toEqual([]);
  });
});
