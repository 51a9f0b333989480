import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { type Sender, startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published unchanged } }`;
const SET = `mutation ($input: SetForecastGateInput!) {
  setForecastGate(input: $input) { name zone daysBefore closesAt afterGate validFrom validTo }
}`;
const LIST = `query ($latest: Boolean! = false, $version: Int, $asOf: DateTime, $frozen: Boolean! = false, $gate: String,
    $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  forecasts(latest: $latest, version: $version, asOf: $asOf, frozen: $frozen, gate: $gate, from: $from, to: $to,
      first: $first, after: $after) {
    edges { node { intervalStart version p50Wh lateFor } } pageInfo { hasNextPage endCursor }
  }
}`;
const AT = `query ($organisationId: ID!, $series: ForecastSeries!, $intervalStart: DateTime!, $asOf: DateTime!) {
  forecastAt(organisationId: $organisationId, series: $series, intervalStart: $intervalStart, asOf: $asOf) { version p50Wh }
}`;

interface Node {
  readonly intervalStart: string;
  readonly version: number;
  readonly p50Wh: number;
  readonly lateFor: readonly string[];
}
interface Page {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Delivery on 12 May 2026 in Berlin; the gate of day-ahead closes at noon the day before. */
const DELIVERY_MS = Date.parse('2026-05-12T00:00+02:00');
const GATE_MS = Date.parse('2026-05-11T12:00+02:00');
const hourAt = (hour: number): string => isoInstant(DELIVERY_MS + hour * HOUR_MS);

const forecast = (hour: number, issuedMs: number, p50Wh: number) => ({
  series: 'net',
  intervalStart: hourAt(hour),
  p10Wh: -1_000,
  p50Wh,
  p90Wh: 1_000,
  issuedAt: isoInstant(issuedMs),
  modelHash: 'a'.repeat(64),
});

describe('the gate of a delivery day', () => {
  let directory: string;
  let platform: TestPlatform;
  let solar: TestOrganisation;

  const setClock = (ms: number): Promise<void> => writeFile(join(directory, 'clock'), isoInstant(ms));
  const publish = (...forecasts: object[]) =>
    platform.graphql(PUBLISH, { input: { forecasts } }, solar.participant);
  const setGate = (input: object, sender: Sender = platform.operatorKey) =>
    platform.graphql(SET, { input: { zone: 'Europe/Berlin', validFrom: '2026-05-12', ...input } }, sender);
  const list = async (variables: object): Promise<Node[]> => {
    const { forecasts } = await platform.data<{ forecasts: Page }>(
      LIST,
      { first: 100, ...variables },
      solar.apiKey,
    );
    return forecasts.edges.map(({ node }) => node);
  };
  const refusal = async (query: string, variables: object): Promise<string | undefined> =>
    (await platform.graphql(query, variables, solar.apiKey)).errors?.[0]?.extensions.code;
  const at = (hour: number, asOf: string) => ({
    organisationId: solar.organisationId,
    series: 'net',
    intervalStart: hourAt(hour),
    asOf,
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    await setClock(GATE_MS - 3 * HOUR_MS);
    platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') } });
    solar = await platform.createOrganisation('Solar');
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  it('is set by the operator only, for intervals whose gate is open, and read by all', async () => {
    expect((await setGate({}, solar.apiKey)).errors).toMatchObject([
      { extensions: { code: 'ROLE_MISSING' } },
    ]);
    for (const [input, code] of [
      [{ validFrom: '2026-05-11' }, 'FORECAST_GATE_PASSED'],
      [{ closesAt: '25:00' }, 'FORECAST_GATE_RULE'],
      [{ zone: 'Mars/Olympus' }, 'ZONE_UNKNOWN'],
      [{ validFrom: '12.5.2026' }, 'DATE_MALFORMED'],
      [{ validTo: '2026-05-12' }, 'INTERVAL_EMPTY'],
    ] as const) {
      expect((await setGate(input)).errors).toMatchObject([{ extensions: { code } }]);
    }
    const day = {
      name: 'day-ahead',
      zone: 'Europe/Berlin',
      daysBefore: 1,
      closesAt: '12:00',
      afterGate: 'KEEP',
      validFrom: isoInstant(DELIVERY_MS),
      validTo: null,
    };
    expect((await setGate({})).data).toEqual({ setForecastGate: day });
    expect((await setGate({})).errors).toMatchObject([{ extensions: { code: 'FORECAST_GATE_EXISTS' } }]);
    const { forecastGates } = await platform.data<{ forecastGates: object[] }>(
      '{ forecastGates { name zone daysBefore closesAt afterGate validFrom validTo } }',
      {},
      solar.apiKey,
    );
    expect(forecastGates).toEqual([day]);
  });

  it('freezes what had arrived; what comes after is kept, late, and changes nothing', async () => {
    await publish(forecast(0, GATE_MS - 3 * HOUR_MS, 10), forecast(1, GATE_MS - 3 * HOUR_MS, 11));
    await setClock(GATE_MS - 1);
    expect(await list({ frozen: true })).toEqual([]);
    await publish(forecast(0, GATE_MS - HOUR_MS, 20));
    await setClock(GATE_MS);
    const frozen = await list({ frozen: true });
    expect(frozen.map(({ version, p50Wh }) => [version, p50Wh])).toEqual([
      [1, 11],
      [2, 20],
    ]);

    for (let late = 1; late <= 3; late++) {
      await setClock(GATE_MS + late * HOUR_MS);
      // Issued before the gate but arrived after it is late all the same.
      const issuedMs = late === 1 ? GATE_MS - 1_000 : GATE_MS + late * HOUR_MS;
      const issues = [0, 1, 2].map((hour) => forecast(hour, issuedMs, 100 * late + hour));
      expect((await publish(...issues)).data).toEqual({ publishForecasts: { published: 3, unchanged: 0 } });
      expect(await list({ frozen: true, gate: 'day-ahead' })).toEqual(frozen);
    }
    const ofHour = await list({ from: hourAt(0), to: hourAt(1) });
    expect(ofHour.map(({ version, lateFor }) => [version, lateFor])).toEqual([
      [1, []],
      [2, []],
      [3, ['day-ahead']],
      [4, ['day-ahead']],
      [5, ['day-ahead']],
    ]);
    // An hour that nobody forecast in time has no frozen version.
    expect(frozen.map(({ intervalStart }) => intervalStart)).not.toContain(hourAt(2));
  });

  it('shows the versions of a number and what was known at any instant', async () => {
    expect((await list({ version: 2 })).map(({ p50Wh }) => p50Wh)).toEqual([20, 101, 202]);
    const believed = await list({ asOf: isoInstant(GATE_MS + 2 * HOUR_MS - 1) });
    expect(believed.map(({ p50Wh }) => p50Wh)).toEqual([100, 101, 102]);
    const asked = await platform.data(AT, at(0, isoInstant(GATE_MS)), solar.apiKey);
    expect(asked).toEqual({ forecastAt: [{ version: 2, p50Wh: 20 }] });
  });

  it('refuses to answer for an instant before the issue, or for one that has not come', async () => {
    expect(await refusal(AT, at(2, isoInstant(GATE_MS)))).toBe('FORECAST_NOT_ISSUED');
    // Issued a second before the gate, known an hour later.
    expect(await refusal(AT, at(2, isoInstant(GATE_MS + HOUR_MS - 1)))).toBe('FORECAST_NOT_ISSUED');
    expect(await refusal(AT, at(2, isoInstant(GATE_MS + 4 * HOUR_MS)))).toBe('FORECAST_AS_OF_LATER');
    expect(await refusal(AT, { ...at(2, isoInstant(GATE_MS)), organisationId: 'x' })).toBe(
      'ORGANISATION_IDS',
    );
  });

  it.each([
    [{ latest: true, frozen: true }, 'FORECAST_SELECTION'],
    [{ version: 1, asOf: isoInstant(GATE_MS) }, 'FORECAST_SELECTION'],
    [{ gate: 'day-ahead' }, 'FORECAST_SELECTION'],
    [{ version: 0 }, 'FORECAST_VERSION'],
    [{ frozen: true, gate: 'no-such' }, 'FORECAST_GATE_UNKNOWN'],
  ])('refuses the choice %j with %s', async (variables, code) => {
    expect(await refusal(LIST, variables)).toBe(code);
  });

  it('is paged like the rest', async () => {
    const all = await list({ frozen: true });
    const first = await platform.data<{ forecasts: Page }>(LIST, { frozen: true, first: 1 }, solar.apiKey);
    expect(first.forecasts.pageInfo.hasNextPage).toBe(true);
    const rest = await list({ frozen: true, after: first.forecasts.pageInfo.endCursor });
    expect([...first.forecasts.edges.map(({ node }) => node), ...rest]).toEqual(all);
  });

  it('that refuses what is late takes a repetition of what it has, and nothing of a batch with one late', async () => {
    await setGate({ name: 'settlement', validFrom: '2026-05-13', afterGate: 'REFUSE', closesAt: '18:00' });
    const early = forecast(24, GATE_MS + 3 * HOUR_MS, 7);
    await publish(early);
    await setClock(Date.parse('2026-05-12T18:00+02:00'));
    expect((await publish(early)).data).toEqual({ publishForecasts: { published: 0, unchanged: 1 } });
    const issuedMs = Date.parse('2026-05-12T18:00+02:00');
    const refused = await publish(forecast(48, issuedMs, 8), forecast(24, issuedMs, 9));
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORECAST_GATE_CLOSED' } }]);
    expect(await list({ from: hourAt(48) })).toEqual([]);
    expect((await list({ frozen: true, gate: 'settlement' })).map(({ p50Wh }) => p50Wh)).toEqual([7]);
  });
});
