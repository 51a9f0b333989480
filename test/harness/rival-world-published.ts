import { randomUUID } from 'node:crypto';
import { isoInstant } from '#core';
import { AllowanceDesk, allowanceOrder } from './allowance-desk.ts';
import { gridCsv, importGrid } from './carbon-day.ts';
import { FootprintDesk } from './footprints.ts';
import { OFFER, PUBLISH, SUBSCRIBE } from './forecast-terms.ts';
import { hour, type MarketDay, ZONE } from './market-day.ts';
import { dayTotals, portraitOf } from './sector-members.ts';

/** A request of the victim that must succeed: its answer, under the alias `answer`. */
export type Ask = <T = { id: string }>(query: string, variables?: object, sender?: string) => Promise<T>;

/** Allowances, a footprint, totals, a portrait, a grid series and factors. */
export async function carbonOf(market: MarketDay, ask: Ask): Promise<void> {
  const { platform, firms } = market;
  const { buyer, seller } = firms;
  const allowances = new AllowanceDesk(platform);
  await allowances.issue(seller.organisationId, 81_237);
  await allowances.submit(seller.participant, allowanceOrder('victims-ask', 'sell', 12_347, 8_011));
  await allowances.submit(buyer.participant, allowanceOrder('victims-bid', 'buy', 11_213, 9_013));
  const [owner, recipient] = [new FootprintDesk(platform, buyer), new FootprintDesk(platform, seller)];
  await owner.access((await owner.publish()).id, recipient);
  const grid = await importGrid(
    market,
    gridCsv(() => 0.4),
  );
  const input = await dayTotals(buyer.participant, grid.id, 0, 918_274);
  await platform.data(
    'mutation ($input: PublishEmissionsInput!) { publishEmissions(input: $input) { version } }',
    { input },
    buyer.participant,
  );
  await platform.data(
    'mutation ($input: PublishPortraitInput!) { publishPortrait(input: $input) { version } }',
    { input: await portraitOf(buyer.participant, [{ label: 'flat', percentOfDays: 100 }]) },
    buyer.participant,
  );
  await ask('mutation { answer: stateSector(sector: C) }');
  const rows = ['subject,zone,basis,value,unit,valid_from,valid_to,source', 'grid,DK,direct,0.123457,kgCO2e/kWh,2020-01-01,,victims own source']; // prettier-ignore
  await ask('mutation ($input: ImportFactorSetInput!) { answer: importFactorSet(input: $input) { id } }', {
    input: { csv: rows.join('\n'), title: 'victims own factors' },
  });
}

/** Forecasts under a price that another organisation pays, and a model product. */
export async function forecastsOf({ platform, firms }: MarketDay, ask: Ask): Promise<void> {
  const { buyer, seller } = firms;
  const forecasts = [0, 1].map((n) => ({
    series: 'load',
    intervalStart: isoInstant(hour(n + 48)),
    p10Wh: 700_001 + n,
    p50Wh: 800_003 + n,
    p90Wh: 900_005 + n,
    issuedAt: isoInstant(hour(23)),
    modelHash: 'a1'.repeat(32),
    taskCardHash: null,
  }));
  const terms = { series: 'load', zone: ZONE, from: '2026-03-31', to: '2026-04-02', pricePerDayMinor: 1_237, currency: 'EUR' }; // prettier-ignore
  const { offerForecasts } = await platform.data<{ offerForecasts: { id: string } }>(
    OFFER,
    { input: terms },
    buyer.apiKey,
  );
  await platform.data(PUBLISH, { input: { forecasts } }, buyer.participant);
  const period = { termsId: offerForecasts.id, from: '2026-03-31', to: '2026-04-02' };
  await platform.data(SUBSCRIBE, period, seller.apiKey);
  await platform.data(
    `{ forecasts(organisationIds: ["${buyer.organisationId}"], first: 10) { edges { node { p50Wh } } } }`,
    {},
    seller.apiKey,
  );
  await ask(
    'mutation ($input: CreateForecastProductInput!) { answer: createForecastProduct(input: $input) { id } }',
    { input: { name: 'Day-ahead load', zone: ZONE } },
    platform.operatorKey,
  );
  const gate = { name: 'victims-gate', zone: ZONE, validFrom: '2026-04-05' };
  await ask('mutation ($input: SetForecastGateInput!) { answer: setForecastGate(input: $input) { id: name } }', { input: gate }, platform.operatorKey); // prettier-ignore
}

/** A study, a feeder with places and a federated task among the victims. */
export async function computationsOf({ platform, firms }: MarketDay, ask: Ask): Promise<void> {
  const { buyer, seller, bystander } = firms;
  const study = {
    verb: 'share',
    method: 'shapley',
    input: {
      players: ['victims-A', 'victims-B'],
      values: { 'victims-A': 271_828, 'victims-B': 314_159, 'victims-A,victims-B': 666_013 },
    },
    timeLimitSeconds: 47,
    idempotencyKey: randomUUID(),
  };
  const { id } = await ask('mutation ($input: SubmitMarketStudyInput!) { answer: submitMarketStudy(input: $input) { id } }', { input: study }); // prettier-ignore
  const network = {
    base: { kv: 12.66, mva: 10 },
    root: 'grid',
    buses: [{ id: 'grid' }, { id: 'victims-bus', vmin: 0.95, vmax: 1.05 }],
    lines: [{ from: 'grid', to: 'victims-bus', r: 1.2, x: 0.8, limit: 2000 }],
  };
  const connections = [{ participantId: buyer.participant.id, bus: 'victims-bus' }];
  await ask(
    'mutation ($input: AddFeederInput!) { answer: addFeeder(input: $input) { id } }',
    { input: { name: 'Victims street', network, connections } },
    platform.operatorKey,
  );
  const fourth = await platform.createOrganisation('Fourth of the roster');
  const task = {
    zone: ZONE,
    train: { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' },
    validation: { start: '2026-02-01T00:00:00Z', end: '2026-03-01T00:00:00Z' },
    organisationIds: [buyer, seller, bystander, fourth].map(({ organisationId }) => organisationId),
  };
  await ask('mutation ($input: CreateTaskInput!) { answer: createTask(input: $input) { id } }', { input: task }, platform.operatorKey); // prettier-ignore
  await done(ask, id);
}

/** Asks until a study has ended; the test's own timeout bounds it. */
async function done(ask: Ask, id: string): Promise<void> {
  const study = 'query ($id: ID!) { answer: marketStudy(id: $id) { state } }';
  const { state } = await ask<{ state: string }>(study, { id });
  if (state === 'QUEUED' || state === 'RUNNING') await done(ask, id);
}
