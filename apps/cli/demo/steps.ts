import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type Interval, isoInstant } from '#core';
import { mechanismNamed, sessionNeeds } from '#market';
import { PlatformApi } from './platform-api.ts';
import type { DemoPeriod, DemoSite } from './sites.ts';
import { runCommand, type ProcessEvent, type WatchedProcess } from './watched-process.ts';

const PATIENCE_MS = 120_000;

/** One enrolled firm and its running node. */
export interface RunningSite extends DemoSite {
  readonly process: WatchedProcess;
}

/** Draws every firm's keys and writes the file of fingerprints that all of them pin: before there is a platform. */
export async function drawIdentities(sites: readonly DemoSite[], trustFile: string): Promise<void> {
  const identities: unknown[] = [];
  for (const { directory, legalId } of sites) {
    identities.push(await runCommand(['participant', 'identity', '--dir', directory, '--legal-id', legalId]));
  }
  await writeFile(trustFile, JSON.stringify({ format: 'gridcommons/trust/1', identities }, null, 2));
  for (const { directory } of sites)
    await runCommand(['participant', 'trust', 'add', trustFile, '--dir', directory]);
}

const CREATE_ORGANISATION = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { apiKey organisation { id } } }`;
const CREATE_TOKEN = `mutation ($input: CreateEnrolmentTokenInput!) { createEnrolmentToken(input: $input) { token } }`;

/** An enrolled firm as the platform knows it, with the API its own key opens. */
export interface Member {
  readonly name: string;
  readonly participantId: string;
  readonly api: PlatformApi;
}

/** Registers every firm and enrols its node with a token of its own. */
export async function enrolAll(api: PlatformApi, sites: readonly DemoSite[]): Promise<Member[]> {
  const members: Member[] = [];
  for (const { name, legalId, directory } of sites) {
    const { createOrganisation } = await api.request<{
      createOrganisation: { apiKey: string; organisation: { id: string } };
    }>(CREATE_ORGANISATION, {
      input: { name, legalId },
    });
    const { createEnrolmentToken } = await api.request<{ createEnrolmentToken: { token: string } }>(
      CREATE_TOKEN,
      {
        input: { organisationId: createOrganisation.organisation.id },
      },
    );
    const { participantId } = await runCommand<{ participantId: string }>([
      'participant',
      'init',
      '--platform',
      api.url,
      '--token',
      createEnrolmentToken.token,
      '--dir',
      directory,
    ]);
    // For who looks at a kept world as this firm.
    await writeFile(join(directory, 'admin.key'), `${createOrganisation.apiKey}\n`, { mode: 0o600 });
    members.push({ name, participantId, api: new PlatformApi(api.url, createOrganisation.apiKey) });
  }
  return members;
}

const CREATE_TASK = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { id card } }`;
const TASK = `query ($id: ID!) { task(id: $id) { phase round headHash } }`;

export interface Task {
  readonly id: string;
  readonly threshold: number;
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

/** Opens the federated round over the first 80 % of days; the rest stays unseen until it is forecast. */
export async function openTask(api: PlatformApi, { zone, days }: DemoPeriod): Promise<Task> {
  const { createTask } = await api.request<{
    createTask: { id: string; card: { release: { threshold: number } } };
  }>(CREATE_TASK, {
    input: { zone, train: epoch(days.train), validation: epoch(days.validation) },
  });
  return { id: createTask.id, threshold: createTask.card.release.threshold };
}

/** Waits until every node has the released model. @throws TASK_FAILED, SITES_DISAGREE */
export async function awaitModel(
  api: PlatformApi,
  taskId: string,
  sites: readonly RunningSite[],
): Promise<string> {
  const about = (event: ProcessEvent) =>
    event['task'] === taskId && ['model', 'failed', 'refused'].includes(event.event);
  const ends = await Promise.all(
    sites.map(async ({ name, process }) => {
      const end = await process.event(about, 'the released model', PATIENCE_MS);
      // At once: the others may wait for this site as long as a window of the protocol is open.
      if (end.event !== 'model') throw await taskFailure(api, taskId, name, end);
      return end;
    }),
  );
  const hashes = new Set(ends.map((event) => String(event['modelHash'])));
  if (hashes.size !== 1)
    throw new DomainError(
      'SITES_DISAGREE',
      `expected one model at all sites, got ${hashes.size}`,
      'conflict',
    );
  return [...hashes][0]!;
}

async function taskFailure(api: PlatformApi, taskId: string, site: string, end: ProcessEvent) {
  const { task } = await api.request<{ task: { phase: string } }>(TASK, { id: taskId });
  const { code, reason } = end;
  const why = [code, reason].filter(Boolean).map(String).join(': ');
  return new DomainError(
    'TASK_FAILED',
    `expected a released model at every site, got ${end.event} from ${site} while ${task.phase}: ${why}`,
    'conflict',
    { site, phase: task.phase },
  );
}

const OPEN_SESSION = `mutation ($input: OpenMarketSessionInput!) { openMarketSession(input: $input) { id } }`;
const OPEN_BIDS = `mutation ($id: ID!) { openBids(id: $id) { id } }`;
const CLOSE_SESSION = `mutation ($id: ID!) { closeMarketSession(id: $id) { id } }`;
const CLOSE_DELIVERY = `mutation ($id: ID!) { closeDelivery(id: $id) { id } }`;
const SESSION = `query ($id: ID!) { marketSession(id: $id) { state tradeCount tradedWh welfareMinor savingsMinor marketMinor missingDeliveries } }`;

export interface SessionResult {
  readonly state: string;
  readonly tradeCount: number;
  readonly tradedWh: number;
  readonly welfareMinor: number | null;
  readonly savingsMinor: number;
  readonly marketMinor: number;
  readonly missingDeliveries: number;
}

/** What a session of the demo says where its mechanism needs it: 100 EUR a slot at most from its organiser, orders of 1 kWh. */
const DEFICIT_CAP_MINOR = 10_000;
const UNIT_WH = 1_000;

export interface MarketTerms extends Prices {
  /** Clears every hour; one of libs/market. */
  readonly mechanism: string;
}

export interface Prices {
  /** Minor units per kWh. */
  readonly retail: number;
  readonly feedIn: number;
  readonly currency: string;
}

/** @throws PRICES_UNORDERED: where the retailer pays what it charges, or more, nobody gains by trading locally */
export function requirePrices({ retail, feedIn }: Prices): void {
  if (feedIn < retail) return;
  throw new DomainError(
    'PRICES_UNORDERED',
    `expected --feed-in below --retail (cents per kWh), got ${feedIn} and ${retail}`,
  );
}

/** Opens the delivery day's market, waits for every node's lot, where lots are drawn, and orders, and clears it. @returns the session's id */
export async function trade(
  api: PlatformApi,
  period: DemoPeriod,
  terms: MarketTerms & { readonly feederId: string | null },
  sites: readonly RunningSite[],
): Promise<string> {
  const needs = sessionNeeds(mechanismNamed(terms.mechanism));
  const { openMarketSession } = await api.request<{ openMarketSession: { id: string } }>(OPEN_SESSION, {
    input: {
      zone: period.zone,
      deliveryDate: period.deliveryDate,
      retailPerMwh: Math.round(terms.retail * 1_000),
      feedInPerMwh: Math.round(terms.feedIn * 1_000),
      currency: terms.currency,
      mechanism: terms.mechanism,
      ...(needs.includes('deficitCap') && { deficitCapMinor: DEFICIT_CAP_MINOR }),
      ...(needs.includes('unit') && { unitWh: UNIT_WH }),
      feederId: terms.feederId,
    },
  });
  const { id } = openMarketSession;
  if (needs.includes('lots')) {
    await eventOfAll(sites, 'committed', id);
    await api.request(OPEN_BIDS, { id });
  }
  await eventOfAll(sites, 'orders', id);
  await api.request(CLOSE_SESSION, { id });
  await sessionState(api, id, 'CLEARED');
  return id;
}

/** After delivery: every node states its traded hours, the session is settled, every node accounts for its day. */
export async function settle(
  api: PlatformApi,
  id: string,
  sites: readonly RunningSite[],
): Promise<SessionResult> {
  await eventOfAll(sites, 'deliveries', id);
  const { state } = await session(api, id);
  if (state === 'CLEARED') await api.request(CLOSE_DELIVERY, { id });
  const result = await sessionState(api, id, 'SETTLED');
  await eventOfAll(sites, 'settled', id);
  return result;
}

/** Every node's event of a session. @throws STEP_SKIPPED where a node could not do its step */
export async function eventOfAll(
  sites: readonly RunningSite[],
  name: string,
  sessionId: string,
): Promise<ProcessEvent[]> {
  const about = (event: ProcessEvent) =>
    (event.event === name && event['session'] === sessionId) ||
    (event.event === 'skipped' && String(event['step']).startsWith(sessionId));
  const events = await Promise.all(sites.map(({ process }) => process.event(about, name, PATIENCE_MS)));
  const skipped = events.findIndex(({ event }) => event === 'skipped');
  if (skipped >= 0) {
    const { code, reason } = events[skipped]!;
    throw new DomainError(
      'STEP_SKIPPED',
      `expected ${name} from ${sites[skipped]!.name}, got ${String(code)}: ${String(reason)}`,
      'conflict',
    );
  }
  return events;
}

async function session(api: PlatformApi, id: string): Promise<SessionResult> {
  const { marketSession } = await api.request<{ marketSession: SessionResult }>(SESSION, { id });
  return marketSession;
}

async function sessionState(api: PlatformApi, id: string, state: string): Promise<SessionResult> {
  return api.until(
    () => session(api, id),
    (result) => result.state === state,
    `market session ${state}`,
    PATIENCE_MS,
  );
}
