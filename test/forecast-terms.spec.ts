import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { HOUR_MS, isoInstant } from '#core';
import {
  AGREEMENTS,
  type Booked,
  type Charges,
  CHARGES,
  type Followed,
  LEDGER,
  LIST,
  type Listed,
  OFFER,
  PUBLISH,
  SUBSCRIBE,
} from './harness/forecast-terms.ts';
import { FederationRound } from './harness/federation-round.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';

jest.setTimeout(120_000);

/** Midnight in Berlin: delivery days 0, 1, 2 … begin here. */
const DAYS_MS = [12, 13, 14, 15].map((day) => Date.parse(`2026-05-${day}T00:00+02:00`));
const NOW_MS = DAYS_MS[0]! - 6 * HOUR_MS;
const PRICE_MINOR = 101;

const at = (day: number, hour = 0): number => DAYS_MS[day]! + hour * HOUR_MS;
const span = (from: number, to: number) => ({ from: isoInstant(at(from)), to: isoInstant(at(to)) });
const accountOf = (id: string): string => `organisation:${id}`;

describe('forecasts under terms', () => {
  let directory: string;
  let round: FederationRound;
  let cardHash: string;
  let buyer: TestOrganisation;
  let bystander: TestOrganisation;
  let termsId: string;

  const publisher = () => round.sites[0]!;
  const data = <T>(query: string, variables: object, sender: Sender): Promise<T> =>
    round.platform.data<T>(query, variables, sender);
  const refusal = async (query: string, variables: object, sender: Sender): Promise<string | undefined> =>
    (await round.platform.graphql(query, variables, sender)).errors?.[0]?.extensions.code;
  const list = async (sender: Sender, variables: object = {}): Promise<Listed['forecasts']> =>
    (await data<Listed>(LIST, { organisationIds: [publisher().organisationId], ...variables }, sender))
      .forecasts;
  const chargesOf = async (sender: Sender) =>
    (await data<Charges>(CHARGES, {}, sender)).forecastCharges.edges.map(({ node }) => node);
  const booked = async (sender: Sender): Promise<Booked[]> => {
    const { ledger } = await data<{
      ledger: { entries: { edges: { node: Booked }[] }; verify: { verified: boolean } };
    }>(LEDGER, {}, sender);
    expect(ledger.verify.verified).toBe(true);
    return ledger.entries.edges.map(({ node }) => node).filter(({ type }) => type.startsWith('forecast.'));
  };
  const publish = (...hours: number[]) =>
    data(
      PUBLISH,
      {
        input: {
          forecasts: hours.map((startMs) => ({
            series: 'load',
            intervalStart: isoInstant(startMs),
            p10Wh: 1,
            p50Wh: 2,
            p90Wh: 3,
            issuedAt: isoInstant(NOW_MS),
            modelHash: 'a'.repeat(64),
            taskCardHash: cardHash,
          })),
        },
      },
      publisher().participant,
    );
  const follow = (key: string) => {
    const client = createClient({
      url: `${round.platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const query = `subscription ($after: String) { forecastPublished(after: $after) {
      node { intervalStart } notices { code termsId from to } } }`;
    const after = Buffer.from('["0"]').toString('base64url');
    return { client, events: client.iterate<Followed>({ query, variables: { after } }) };
  };
  const offer = { series: 'load', zone: 'Europe/Berlin', from: '2026-05-13', to: '2026-05-15' };
  const price = { pricePerDayMinor: PRICE_MINOR, currency: 'EUR' };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    await writeFile(join(directory, 'clock'), isoInstant(NOW_MS));
    round = await FederationRound.start(4, {
      env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') },
    });
    buyer = await round.platform.createOrganisation('Buyer');
    bystander = await round.platform.createOrganisation('Bystander');
    const task = await round.createTask(round.sites, undefined, { ridge: { lookback: 72, horizon: 48 } });
    await round.run(task, 'released');
    cardHash = task.cardHash;
    await publish(at(0), at(1), at(1, 23), at(2), at(3));
  }, 120_000);

  afterAll(async () => {
    await round.stop();
    await rm(directory, { recursive: true });
  });

  it('are free until their publisher offers them at a price, for days that have not begun', async () => {
    expect(await list(bystander.apiKey)).toMatchObject({ edges: { length: 5 }, notices: [] });
    for (const [fields, code] of [
      [{ from: '2026-05-11' }, 'FORECAST_TERMS_PAST'],
      [{ pricePerDayMinor: 0 }, 'FORECAST_TERMS_PRICE'],
      [{ to: '2026-05-13' }, 'INTERVAL_EMPTY'],
      [{ zone: 'Nowhere' }, 'ZONE_UNKNOWN'],
    ] as const) {
      const input = { ...offer, ...price, ...fields };
      expect(await refusal(OFFER, { input }, publisher().apiKey)).toBe(code);
    }
    const input = { ...offer, ...price };
    const offered = await data<{ offerForecasts: { id: string } }>(OFFER, { input }, publisher().apiKey);
    termsId = offered.offerForecasts.id;
    expect(await refusal(OFFER, { input }, publisher().apiKey)).toBe('FORECAST_TERMS_OVERLAP');
    const { forecastTerms } = await data<{ forecastTerms: object }>(
      `query ($of: ID!) { forecastTerms(organisationId: $of, series: load) { edges { node { id pricePerDayMinor licence } } } }`,
      { of: publisher().organisationId },
      bystander.apiKey,
    );
    const node = { id: termsId, pricePerDayMinor: PRICE_MINOR, licence: 'TECHNICAL' };
    expect(forecastTerms).toEqual({ edges: [{ node }] });
  });

  it('are left out with a notice for everybody without an agreement, the operator too', async () => {
    const notice = {
      code: 'FORECAST_AGREEMENT_REQUIRED',
      termsId,
      organisationId: publisher().organisationId,
      series: 'load',
    };
    for (const sender of [bystander.apiKey, bystander.participant, round.platform.operatorKey]) {
      const page = await list(sender, { latest: true });
      expect(page.edges.map(({ node }) => node.intervalStart)).toEqual([at(0), at(3)].map(isoInstant));
      expect(page.notices).toEqual([{ ...notice, ...span(1, 3) }]);
      expect((await list(sender, span(2, 3))).notices).toEqual([{ ...notice, ...span(2, 3) }]);
      expect((await list(sender, span(3, 3))).notices).toEqual([]);
    }
    const AT = `query ($of: ID!, $hour: DateTime!, $asOf: DateTime!) {
      forecastAt(organisationId: $of, series: load, intervalStart: $hour, asOf: $asOf) { version } }`;
    const of = publisher().organisationId;
    const asked = { of, hour: isoInstant(at(1)), asOf: isoInstant(NOW_MS) };
    expect(await refusal(AT, asked, bystander.apiKey)).toBe('FORECAST_AGREEMENT_REQUIRED');
    // Nor does it tell whether there is one.
    expect(await refusal(AT, { ...asked, hour: isoInstant(at(1, 5)) }, bystander.apiKey)).toBe(
      'FORECAST_AGREEMENT_REQUIRED',
    );
    expect(await list(publisher().apiKey)).toMatchObject({ edges: { length: 5 }, notices: [] });
    expect(await chargesOf(publisher().apiKey)).toEqual([]);
  });

  it('are agreed to at their price by others, within their days, once', async () => {
    const days = { termsId, from: '2026-05-13', to: '2026-05-14' };
    expect(await refusal(SUBSCRIBE, days, publisher().apiKey)).toBe('FORECAST_TERMS_OWN');
    expect(await refusal(SUBSCRIBE, { ...days, termsId: 'x' }, buyer.apiKey)).toBe('FORECAST_TERMS_UNKNOWN');
    expect(await refusal(SUBSCRIBE, { ...days, to: '2026-05-16' }, buyer.apiKey)).toBe(
      'FORECAST_AGREEMENT_RANGE',
    );
    expect(
      (await data<{ subscribeForecasts: object }>(SUBSCRIBE, days, buyer.apiKey)).subscribeForecasts,
    ).toMatchObject({
      termsId,
      consumerId: buyer.organisationId,
      publisherId: publisher().organisationId,
      ...price,
    });
    expect(await refusal(SUBSCRIBE, days, buyer.apiKey)).toBe('FORECAST_AGREEMENT_OVERLAP');
    expect(await chargesOf(buyer.apiKey)).toEqual([]);
    for (const [sender, count] of [
      [buyer.apiKey, 1],
      [publisher().apiKey, 1],
      [bystander.apiKey, 0],
      [round.platform.operatorKey, 0],
    ] as const) {
      expect(await data(AGREEMENTS, {}, sender)).toMatchObject({
        forecastAgreements: { edges: { length: count } },
      });
    }
  });

  it('are charged once a day however often and by however many at once they are read, and shared with those whose data made the model', async () => {
    const pages = await Promise.all(
      [buyer.apiKey, buyer.participant, buyer.apiKey, buyer.participant].map((sender) => list(sender)),
    );
    for (const page of pages) {
      expect(page.edges.map(({ node }) => node.intervalStart)).toEqual(
        [at(0), at(1), at(1, 23), at(3)].map(isoInstant),
      );
      expect(page.notices).toMatchObject([span(2, 3)]);
    }
    await list(buyer.apiKey);
    const charge = {
      consumerId: buyer.organisationId,
      publisherId: publisher().organisationId,
      series: 'load',
      startsAt: isoInstant(at(1)),
      endsAt: isoInstant(at(2)),
      priceMinor: PRICE_MINOR,
      currency: 'EUR',
      taskCardHash: cardHash,
    };
    expect(await chargesOf(buyer.apiKey)).toEqual([charge]);
    expect(await chargesOf(publisher().apiKey)).toEqual([charge]);
    expect(await chargesOf(bystander.apiKey)).toEqual([]);

    const read = await booked(buyer.apiKey);
    expect(read).toEqual([
      {
        type: 'forecast.read',
        postings: [
          { account: accountOf(buyer.organisationId), amountMinor: -PRICE_MINOR },
          { account: 'forecasts:clearing', amountMinor: PRICE_MINOR },
        ],
      },
    ]);
    // 101 · 0.7 = 70.7 and 4 × 7.575: 71 to the publisher, 8 + 8 + 7 + 7 to the four sites it is one of.
    const income = await Promise.all(round.sites.map(({ apiKey }) => booked(apiKey)));
    expect(income[0]!.map(({ type }) => type)).toEqual(['forecast.sold', 'forecast.contribution']);
    expect(income[0]![0]!.postings[0]!.amountMinor).toBe(71);
    const shares = income.map((entries) => entries.at(-1)!.postings[0]!.amountMinor);
    expect(shares.toSorted((a, b) => a - b)).toEqual([7, 7, 8, 8]);
    for (const [i, entries] of income.entries()) {
      expect(entries.at(-1)!.postings[0]!.account).toBe(accountOf(round.sites[i]!.organisationId));
      expect(JSON.stringify(entries)).not.toContain(buyer.organisationId);
    }
    expect(await booked(bystander.apiKey)).toEqual([]);
  });

  it('cost nothing on the page after the one that was asked for, which says that there is more', async () => {
    await data(SUBSCRIBE, { termsId, from: '2026-05-14', to: '2026-05-15' }, buyer.apiKey);
    const PAGE = `query ($first: Int) { forecasts(first: $first) {
      edges { node { intervalStart } } pageInfo { hasNextPage } } }`;
    const read = (first: number) =>
      data<{ forecasts: { edges: readonly object[]; pageInfo: object } }>(PAGE, { first }, buyer.apiKey);
    // The fourth row is of another day.
    expect((await read(3)).forecasts).toMatchObject({
      edges: { length: 3 },
      pageInfo: { hasNextPage: true },
    });
    expect(await chargesOf(buyer.apiKey)).toHaveLength(1);
    expect((await read(5)).forecasts).toMatchObject({
      edges: { length: 5 },
      pageInfo: { hasNextPage: false },
    });
    expect(await chargesOf(buyer.apiKey)).toHaveLength(2);
  });

  it('come by subscription to whoever agreed, paid for as they come, and to nobody else', async () => {
    const notices = new Map<string, readonly object[]>();
    const starts = async (key: string, count: number): Promise<string[]> => {
      const { client, events } = follow(key);
      const seen: string[] = [];
      while (seen.length < count) {
        // In the order of publication.
        const { node, notices: told } = (await events.next()).value.data.forecastPublished;
        if (node === null) notices.set(key, told);
        else seen.push(node.intervalStart);
      }
      await client.dispose();
      return seen;
    };
    await publish(at(2, 5), at(3, 5));
    expect(await starts(bystander.apiKey, 3)).toEqual([at(0), at(3), at(3, 5)].map(isoInstant));
    expect(await starts(buyer.apiKey, 7)).toEqual(
      [at(0), at(1), at(1, 23), at(2), at(3), at(2, 5), at(3, 5)].map(isoInstant),
    );
    expect((await chargesOf(buyer.apiKey)).map(({ startsAt }) => startsAt).toSorted()).toEqual(
      [at(1), at(2)].map(isoInstant),
    );
    // Who has no agreement is told what is left out, who has one for all days nothing.
    const notice = { code: 'FORECAST_AGREEMENT_REQUIRED', termsId, ...span(1, 3) };
    expect([...notices]).toEqual([[bystander.apiKey, [notice]]]);
  });

  it('pass nobody by that reads on while others publish, and are charged no more for it', async () => {
    const before = (await chargesOf(buyer.apiKey)).length;
    const PAGE = `query ($after: String) { forecasts(first: 3, after: $after) {
      edges { cursor node { intervalStart } } } }`;
    interface ReadOn {
      readonly forecasts: { readonly edges: readonly { readonly cursor: string }[] };
    }
    const hours = Array.from({ length: 12 }, (_, i) => at(1 + (i % 3), 8 + i));
    const readOn = async (): Promise<string[]> => {
      const seen: string[] = [];
      while (seen.length < 7 + hours.length) {
        const { edges } = (await data<ReadOn>(PAGE, { after: seen.at(-1) ?? null }, buyer.apiKey)).forecasts;
        seen.push(...edges.map(({ cursor }) => cursor));
      }
      return seen;
    };
    const [one, other] = await Promise.all([readOn(), readOn(), ...hours.map((hour) => publish(hour))]);
    const all = await data<ReadOn>(PAGE.replace('first: 3', 'first: 100'), {}, buyer.apiKey);
    const cursors = all.forecasts.edges.map(({ cursor }) => cursor);
    expect(cursors).toHaveLength(7 + hours.length);
    expect([one, other]).toEqual([cursors, cursors]);
    expect(await chargesOf(buyer.apiKey)).toHaveLength(before);
  });

  it('balance: what the reader paid is what the others got', async () => {
    const parties = [buyer, ...round.sites];
    const amounts = (await Promise.all(parties.map(({ apiKey }) => booked(apiKey))))
      .flat()
      .flatMap(({ postings }) => postings);
    const total = (prefix: string): number =>
      amounts
        .filter(({ account }) => account.startsWith(prefix))
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(total('organisation:')).toBe(0);
    expect(total('forecasts:clearing')).toBe(0);
    expect(total(`organisation:${buyer.organisationId}`)).toBe(-2 * PRICE_MINOR);
  });
});
