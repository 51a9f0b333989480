import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import type { TestParticipant } from './harness/participant.ts';
import { enrol, startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

const ISSUE_MS = Date.UTC(2026, 4, 12);
const at = (hour: number) => isoInstant(ISSUE_MS + hour * HOUR_MS);

const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;
const ASK = `query ($from: DateTime!, $to: DateTime!, $series: ForecastSeries! = load, $organisationIds: [ID!], $correlation: Float! = 1) {
  communityForecast(from: $from, to: $to, series: $series, organisationIds: $organisationIds, correlation: $correlation) {
    series correlation hours { intervalStart method
      community { organisations meanWh p10Wh p50Wh p90Wh } group { organisations meanWh p10Wh p50Wh p90Wh } }
  }
}`;

const forecast = (hour: number, [p10Wh, p50Wh, p90Wh]: readonly number[], fields: object = {}) => ({
  series: 'load',
  intervalStart: at(hour),
  p10Wh,
  p50Wh,
  p90Wh,
  issuedAt: at(0),
  modelHash: 'a'.repeat(64),
  ...fields,
});

const sum = (organisations: number, p10Wh: number, p50Wh: number, p90Wh: number) => ({
  organisations,
  meanWh: 0.3 * p10Wh + 0.4 * p50Wh + 0.3 * p90Wh,
  p10Wh,
  p50Wh,
  p90Wh,
});

describe('community forecast', () => {
  let directory: string;
  let platform: TestPlatform;
  let firms: TestOrganisation[];
  let operator: TestParticipant;

  const publish = async (by: TestParticipant, ...forecasts: object[]): Promise<void> => {
    await platform.data(PUBLISH, { input: { forecasts } }, by);
  };
  const ask = async (variables: object, sender?: string) => {
    const range = { from: at(1), to: at(2), ...variables };
    return platform.graphql(ASK, range, sender ?? (await keyOf('analyst')));
  };
  const keys = new Map<string, string>();
  async function keyOf(role: string): Promise<string> {
    const known = keys.get(role);
    if (known !== undefined) return known;
    const { createApiKey } = await platform.data<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { memberName: role, roles: [role] } },
      firms[0]!.apiKey,
    );
    keys.set(role, createApiKey.secret);
    return createApiKey.secret;
  }
  const codes = async (variables: object, sender?: string) =>
    (await ask(variables, sender)).errors?.map(({ extensions }) => extensions.code);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    const clock = join(directory, 'clock');
    await writeFile(clock, at(0));
    platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: clock } });
    firms = [];
    for (const name of ['A', 'B', 'C', 'D', 'E']) firms.push(await platform.createOrganisation(name));
    operator = await enrol(platform, platform.operatorKey);
    const everyHour = [1, 3].map((hour) => forecast(hour, [900, 1_000, 1_100]));
    for (const { participant } of firms) await publish(participant, ...everyHour);
    for (const { participant } of firms.slice(1, 4))
      await publish(participant, forecast(5, [900, 1_000, 1_100]));
    await writeFile(clock, at(0.5));
    // A later version, and another series: neither is added twice.
    await publish(
      firms[0]!.participant,
      forecast(1, [1_900, 2_000, 2_100], { issuedAt: at(0.5) }),
      forecast(1, [-500, 0, 500], { series: 'net' }),
    );
    await publish(operator, forecast(3, [5_580, 5_600, 5_620]), forecast(4, [1, 2, 3]));
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  it('adds up the latest versions of all members and of a group', async () => {
    const organisationIds = firms.map(({ organisationId }) => organisationId);
    expect((await ask({ organisationIds })).data).toEqual({
      communityForecast: {
        series: 'load',
        correlation: 1,
        hours: [
          {
            intervalStart: at(1),
            method: 'bottomUp',
            community: sum(5, 5_500, 6_000, 6_500),
            group: sum(5, 5_500, 6_000, 6_500),
          },
        ],
      },
    });
    // √(5·100²) = 224.
    expect((await ask({ correlation: 0 })).data).toMatchObject({
      communityForecast: { hours: [{ community: sum(5, 5_776, 6_000, 6_224), group: null }] },
    });
  });

  it("is reconciled with the operator's own forecast, which is no member's, and says so", async () => {
    // 500² of the members against 20²: 250000/250400 of the 600 Wh more.
    expect((await ask({ from: at(3), to: at(5) }, await keyOf('firm'))).data).toMatchObject({
      communityForecast: {
        hours: [{ intervalStart: at(3), method: 'wls', community: { organisations: 5, meanWh: 5_599 } }],
      },
    });
  });

  it('tells nothing where fewer than four organisations have published, or are left out', async () => {
    const told = { organisations: 3, meanWh: null, p10Wh: null, p50Wh: null, p90Wh: null };
    expect((await ask({ from: at(5), to: at(6) })).data).toMatchObject({
      communityForecast: { hours: [{ intervalStart: at(5), community: told }] },
    });
    const organisationIds = firms.slice(0, 4).map(({ organisationId }) => organisationId);
    expect((await ask({ organisationIds })).data).toMatchObject({
      communityForecast: {
        hours: [{ community: { meanWh: 6_000 }, group: { organisations: 4, meanWh: null } }],
      },
    });
  });

  it('is of what the asker may read: a priced forecast is in no sum of those who have not paid', async () => {
    const day = {
      from: '2026-05-13',
      to: '2026-05-14',
      zone: '+00:00',
      currency: 'EUR',
      pricePerDayMinor: 10,
    };
    const publisher = firms[1]!;
    await platform.data(
      'mutation ($input: OfferForecastsInput!) { offerForecasts(input: $input) { id } }',
      { input: { ...day, series: 'load' } },
      publisher.apiKey,
    );
    for (const { participant } of firms) await publish(participant, forecast(30, [900, 1_000, 1_100]));
    await publish(operator, forecast(30, [5_580, 5_600, 5_620]));
    expect((await ask({ from: at(30), to: at(31) })).data).toMatchObject({
      communityForecast: { hours: [{ method: 'bottomUp', community: sum(4, 3_600, 4_000, 4_400) }] },
    });
  });

  it('is refused by name to whom, and of what, it is not', async () => {
    const ids = firms.map(({ organisationId }) => organisationId);
    expect(await codes({}, await keyOf('admin'))).toEqual(['ROLE_MISSING']);
    expect(await codes({ organisationIds: ids.slice(0, 3) })).toEqual(['GROUP_TOO_SMALL']);
    expect(await codes({ organisationIds: Array.from({ length: 5 }, () => ids[0]) })).toEqual([
      'GROUP_TOO_SMALL',
    ]);
    expect(await codes({ organisationIds: ['x', ...ids] })).toEqual(['ORGANISATION_IDS']);
    expect(await codes({ to: at(98) })).toEqual(['INTERVAL_TOO_LONG']);
    expect(await codes({ to: at(1) })).toEqual(['INTERVAL_EMPTY']);
    expect(await codes({ correlation: 1.1 })).toEqual(['CORRELATION_OUTSIDE']);
    expect((await platform.graphql(ASK, { from: at(1), to: at(2) })).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });
});
