import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import {
  type Booked,
  type Charges,
  CHARGES,
  END,
  LEDGER,
  LIST,
  type Listed,
  OFFER,
  PUBLISH,
  SUBSCRIBE,
} from './harness/forecast-terms.ts';
import { type Sender, startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(120_000);

const PRICE_MINOR = 101;
const NOW_MS = Date.parse('2026-05-11T18:00+02:00');
/** Midnight in Berlin, from 15 May on. */
const day = (n: number): number => Date.parse('2026-05-15T00:00+02:00') + n * 24 * HOUR_MS;
const ofDays = (from: number, to: number) => ({ from: isoInstant(day(from)), to: isoInstant(day(to)) });

let directory: string;
let platform: TestPlatform;
let publisher: TestOrganisation;
let buyer: TestOrganisation;
let bystander: TestOrganisation;

const data = <T>(query: string, variables: object, sender: Sender): Promise<T> =>
  platform.data<T>(query, variables, sender);
const list = async (variables: object): Promise<Listed['forecasts']> =>
  (await data<Listed>(LIST, variables, buyer.apiKey)).forecasts;
const chargesOf = async (sender: Sender) => (await data<Charges>(CHARGES, {}, sender)).forecastCharges.edges;
const publish = (...hours: number[]) => {
  const forecasts = hours.map((startMs) => ({
    series: 'load',
    intervalStart: isoInstant(startMs),
    p10Wh: 1,
    p50Wh: 2,
    p90Wh: 3,
    issuedAt: isoInstant(NOW_MS),
    modelHash: 'a'.repeat(64),
  }));
  return data(PUBLISH, { input: { forecasts } }, publisher.participant);
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
  await writeFile(join(directory, 'clock'), isoInstant(NOW_MS));
  platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') } });
  publisher = await platform.createOrganisation('Publisher');
  buyer = await platform.createOrganisation('Buyer');
  bystander = await platform.createOrganisation('Bystander');
}, 120_000);

afterAll(async () => {
  await platform.stop();
  await rm(directory, { recursive: true });
});

describe('agreements about forecasts', () => {
  it('end early by the word of either side, from a day that has not begun: what was paid stays paid and readable', async () => {
    const input = {
      series: 'load',
      zone: 'Europe/Berlin',
      from: '2026-05-15',
      to: '2026-05-19',
      pricePerDayMinor: PRICE_MINOR,
      currency: 'EUR',
    };
    const { offerForecasts } = await data<{ offerForecasts: { id: string } }>(
      OFFER,
      { input },
      publisher.apiKey,
    );
    const terms = { termsId: offerForecasts.id, from: '2026-05-15', to: '2026-05-19' };
    const { subscribeForecasts } = await data<{ subscribeForecasts: { id: string } }>(
      SUBSCRIBE,
      terms,
      buyer.apiKey,
    );
    const { id: agreementId } = subscribeForecasts;
    await publish(...[0, 1, 2, 3].map((n) => day(n) + HOUR_MS));
    const paid = async (): Promise<number> => (await chargesOf(buyer.apiKey)).length;
    expect(await paid()).toBe(0);
    // The third day is read ahead and paid for.
    expect((await list(ofDays(2, 3))).edges).toHaveLength(1);
    expect(await paid()).toBe(1);

    const end = (from: string, sender: Sender) => platform.graphql(END, { agreementId, from }, sender);
    for (const [from, sender, code] of [
      ['2026-05-17', bystander.apiKey, 'FORECAST_AGREEMENT_UNKNOWN'],
      ['2026-05-19', buyer.apiKey, 'FORECAST_AGREEMENT_RANGE'],
      ['2026-05-14', buyer.apiKey, 'FORECAST_AGREEMENT_RANGE'],
      ['17.5.2026', buyer.apiKey, 'DATE_MALFORMED'],
    ] as const) {
      expect((await end(from, sender)).errors).toMatchObject([{ extensions: { code } }]);
    }
    const ended = (n: number) => ({
      endForecastAgreement: { endsAt: isoInstant(day(n)), endedEarly: true },
    });
    expect((await end('2026-05-18', buyer.apiKey)).data).toEqual(ended(3));
    expect((await end('2026-05-16', publisher.apiKey)).data).toEqual(ended(1));
    expect((await end('2026-05-16', buyer.apiKey)).data).toEqual(ended(1));
    expect((await end('2026-05-17', buyer.apiKey)).errors).toMatchObject([
      { extensions: { code: 'FORECAST_AGREEMENT_RANGE' } },
    ]);

    const page = await list(ofDays(0, 4));
    expect(page.edges.map(({ node }) => Date.parse(node.intervalStart))).toEqual(
      expect.arrayContaining([day(0) + HOUR_MS, day(2) + HOUR_MS]),
    );
    expect(page.edges.some(({ node }) => Date.parse(node.intervalStart) === day(1) + HOUR_MS)).toBe(false);
    expect(page.notices).toMatchObject([ofDays(1, 2), ofDays(3, 4)]);
    // Of the first day alone something new was due.
    expect(await paid()).toBe(2);

    await data(SUBSCRIBE, { ...terms, from: '2026-05-16' }, buyer.apiKey);
    expect((await list(ofDays(0, 4))).notices).toEqual([]);
    expect(await paid()).toBe(4);
    await writeFile(join(directory, 'clock'), isoInstant(day(0) + HOUR_MS));
    const late = await platform.graphql(END, { agreementId, from: '2026-05-15' }, buyer.apiKey);
    expect(late.errors).toMatchObject([{ extensions: { code: 'FORECAST_AGREEMENT_PAST' } }]);
    const { ledger } = await data<{ ledger: { entries: { edges: { node: Booked }[] } } }>(
      LEDGER,
      {},
      publisher.apiKey,
    );
    // No task made the model: all of each day is the publisher's.
    expect(ledger.entries.edges.map(({ node }) => [node.type, node.postings[0]!.amountMinor])).toEqual(
      Array.from({ length: 4 }, () => ['forecast.sold', PRICE_MINOR]),
    );
  });
});
