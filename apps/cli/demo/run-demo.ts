import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Interval, isoInstant } from '#core';
import { type SiteBacktest, summariseBacktest } from '#forecasting';
import { publishedBy, reporterOf, writeDayReport } from './carbon-report.ts';
import { exportTranscript } from '../transcript/export-transcript.ts';
import { type DemoOutcome, integrityChecks } from './outcome.ts';
import { type DemoFeeder, readFeeder } from './feeder.ts';
import { judgeMembers } from './judge-members.ts';
import { largest, median, roundBytes } from './measures.ts';
import { placeMembers } from './place-members.ts';
import { PlatformApi } from './platform-api.ts';
import {
  type DemoData,
  type DemoPeriod,
  type DataOptions,
  importAll,
  prepareData,
  writeSyntheticIntensity,
} from './sites.ts';
import {
  awaitModel,
  drawIdentities,
  enrolAll,
  eventOfAll,
  openTask,
  type MarketTerms,
  type Member,
  requirePrices,
  type RunningSite,
  settle,
  type SessionResult,
  type Task,
  trade,
} from './steps.ts';
import { type ProcessEvent, runCommand, WatchedProcess } from './watched-process.ts';

export interface DemoOptions extends DataOptions, MarketTerms {
  /** ieee33, none, or a file. */
  readonly feeder: string;
  readonly progress: (step: string) => void;
  /** Aborts when the user asks to stop; its reason is what is thrown then. */
  readonly interrupted: AbortSignal;
}

/** The demo's world: its directory, clock and processes. */
interface World {
  readonly options: DemoOptions;
  readonly clock: string;
  readonly data: DemoData;
  readonly feeder: DemoFeeder | null;
  readonly processes: WatchedProcess[];
}

const STARTUP_MS = 60_000;

/**
 * The main job, end to end, with real processes: readings stay home → one encrypted round → forecasts → market → ledger →
 * carbon. No process outlives it.
 * @throws what prepareData, importAll and the platform refuse; INTERRUPTED; PROCESS_…, STEP_SKIPPED, TASK_FAILED
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  requirePrices(options);
  const { interrupted } = options;
  const progress = (step: string): void => {
    interrupted.throwIfAborted();
    options.progress(step);
  };
  progress('preparing data');
  const data = await prepareData(options);
  const feeder = await readFeeder(options.feeder);
  const clock = join(options.workspace, 'clock');
  const world: World = { options: { ...options, progress }, clock, data, feeder, processes: [] };
  const path = runPath(world);
  try {
    return await Promise.race([path, rejectionOf(interrupted)]);
  } catch (error) {
    throw interrupted.aborted ? interrupted.reason : error;
  } finally {
    await stopAll(world);
    // Interrupted, the path ends at its next step; what it had begun by then is stopped as well.
    await Promise.allSettled([path]);
    await stopAll(world);
  }
}

const rejectionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

async function stopAll({ processes }: World): Promise<void> {
  // The nodes first: none shall wait for a platform that has gone.
  const [platform, ...nodes] = processes;
  await Promise.all(nodes.map((node) => node.stop()));
  await platform?.stop();
}

async function runPath(world: World): Promise<DemoOutcome> {
  const started = performance.now();
  const { options, data } = world;
  const { workspace, progress } = options;
  progress(`drawing the keys of ${data.sites.length} firms`);
  await drawIdentities(data.sites, join(workspace, 'trust.json'));
  const period = await importAll(data, (name) => progress(`imported ${name}`));
  if (data.intensitySynthetic)
    await writeSyntheticIntensity(data.intensityFile, options.seed, period.zone, period.delivery);
  await setClock(world, period.delivery.startMs);
  const api = await startPlatform(world);
  progress('enrolling');
  const members = await enrolAll(api, data.sites);
  const sites = await startSites(world);
  const feederId = world.feeder && (await placeMembers(api, world.feeder, members));
  const day = await runDay(world, period, { api, feederId }, sites);
  const outcome = await judgeDay(world, period, api, { ...day, members });
  return { ...outcome, seconds: (performance.now() - started) / 1_000 };
}

const setClock = (world: World, ms: number) => writeFile(world.clock, isoInstant(ms));

async function startPlatform(world: World): Promise<PlatformApi> {
  const dataDir = join(world.options.workspace, 'platform');
  world.options.progress('starting the platform');
  const platform = WatchedProcess.platform(
    { dataDir, port: 0, replayClock: world.clock },
    join(world.options.workspace, 'platform.log'),
  );
  world.processes.push(platform);
  const listening = await platform.event(({ event }) => event === 'listening', 'its address', STARTUP_MS);
  const key = await readFile(join(dataDir, 'operator.key'), 'utf8');
  return new PlatformApi(String(listening['url']), key.trim());
}

async function startSites(world: World): Promise<RunningSite[]> {
  world.options.progress(`starting ${world.data.sites.length} nodes`);
  const sites = world.data.sites.map((site) => ({
    ...site,
    process: WatchedProcess.participant(site.name, site.directory, world.clock, `${site.directory}.log`),
  }));
  world.processes.push(...sites.map(({ process }) => process));
  await Promise.all(
    sites.map(({ process }) => process.event(({ event }) => event === 'started', 'its start', STARTUP_MS)),
  );
  return sites;
}

const INTENSITY = `mutation ($input: ImportGridIntensityInput!) { importGridIntensity(input: $input) { id } }`;

/** What happened, before it is judged. */
interface Day {
  readonly sites: readonly RunningSite[];
  readonly task: Task;
  readonly sitesModel: string;
  readonly sessionId: string;
  readonly session: SessionResult;
}

async function runDay(
  world: World,
  period: DemoPeriod,
  { api, feederId }: { readonly api: PlatformApi; readonly feederId: string | null },
  sites: readonly RunningSite[],
): Promise<Day> {
  const { progress } = world.options;
  await importIntensity(world, period, api);
  progress('federated round: keys, share test, encrypted uploads, threshold decryption');
  const task = await openTask(api, period);
  const sitesModel = await awaitModel(api, task.id, sites);
  progress(`forecasts and orders for ${period.deliveryDate}, issued ${isoInstant(period.delivery.startMs)}`);
  const sessionId = await trade(api, period, { ...world.options, feederId }, sites);
  progress('delivery, settlement, emissions');
  await setClock(world, period.delivery.endMs);
  const session = await settle(api, sessionId, sites);
  return { sites, task, sitesModel, sessionId, session };
}

async function judgeDay(
  world: World,
  period: DemoPeriod,
  api: PlatformApi,
  day: Day & { readonly members: readonly Member[] },
): Promise<DemoOutcome> {
  const { sites, task, sessionId, session } = day;
  world.options.progress('verifying transcript and ledger');
  const verdict = await verifyExport(world, api, task.id);
  const facts = await readFacts(api, sessionId);
  const { conservationFaults, sharingFaults, ...judged } = await judgeMembers({
    api,
    members: day.members,
    session: { id: sessionId, ...session },
    feeder: world.feeder,
  });
  const emissions = await eventOfAll(sites, 'emissions', sessionId);
  world.options.progress('one member writes its carbon report');
  const reporter = reporterOf(sites, emissions, world.data.joined);
  const report = await writeDayReport(world.options.workspace, period, reporter);
  const published = publishedBy(emissions, period);
  const checks = integrityChecks({
    ...facts,
    transcript: verdict,
    session,
    conservationFaults,
    sharingFaults,
    releasedModel: verdict.modelHash,
    sitesModel: day.sitesModel,
    hoursPublished: published.hours,
    deliveryHours: published.deliveryHours,
    report,
  });
  return {
    ok: checks.every(({ ok }) => ok),
    synthetic: world.data.synthetic,
    joined: world.data.joined,
    participants: sites.length,
    threshold: task.threshold,
    ...(await roundFigures(sites)),
    forecast: forecastSummary((await eventOfAll(sites, 'backtest', sessionId)) as unknown as SiteBacktest[]),
    market: marketSummary(session, world.options),
    ...judged,
    ledger: facts.ledger,
    carbon: { ...published, hours: Math.min(...published.hours), report },
    transcriptVerified: verdict.verified,
    checks,
    seconds: 0,
  };
}

async function roundFigures(
  sites: readonly RunningSite[],
): Promise<Pick<DemoOutcome, 'uploadBytesPerSite' | 'bytesLeftPerSite' | 'encryptMs'>> {
  const encrypted = await said(sites, 'encrypted');
  const traffic = (await said(sites, 'traffic')).map(roundBytes);
  return {
    uploadBytesPerSite: Math.max(...traffic.map(({ total }) => total)),
    bytesLeftPerSite: largest(traffic.map(({ byPurpose }) => byPurpose)),
    encryptMs: median(encrypted.map((event) => Number(event['ms']))),
  };
}

/** What every node has said already. */
const said = (sites: readonly RunningSite[], name: string): Promise<ProcessEvent[]> =>
  Promise.all(sites.map(({ process }) => process.event(({ event }) => event === name, name, 1)));

/** The header and the delivery day's rows: years of hours would not fit into one request, and none of them is used. */
function rowsWithin(csv: string, { startMs, endMs }: Interval): string {
  const [header = '', ...rows] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const column = header.split(',').findIndex((name) => name.trim() === 'timestamp');
  const within = rows.filter((row) => {
    const atMs = Date.parse(row.split(',')[column] ?? '');
    return atMs >= startMs && atMs < endMs;
  });
  return `${[header, ...within].join('\n')}\n`;
}

async function importIntensity(
  { data, options }: World,
  period: DemoPeriod,
  api: PlatformApi,
): Promise<void> {
  const csv = rowsWithin(await readFile(data.intensityFile, 'utf8'), period.delivery);
  const source = data.intensitySynthetic ? 'SYNTHETIC: generated by the demo' : `file ${options.intensity}`;
  await api.request(INTENSITY, { input: { csv, basis: 'direct', region: period.zone, source } });
}

function forecastSummary(scores: readonly SiteBacktest[]): DemoOutcome['forecast'] {
  const { sites: _sites, ...summary } = summariseBacktest(scores);
  return { ...summary, days: Math.max(...scores.map(({ days }) => days)) };
}

const marketSummary = (
  session: SessionResult,
  { currency, mechanism }: DemoOptions,
): DemoOutcome['market'] => ({
  mechanism,
  trades: session.tradeCount,
  energyWh: session.tradedWh,
  welfareMinor: session.welfareMinor,
  savingsMinor: session.savingsMinor,
  marketMinor: session.marketMinor,
  currency,
});

interface ExportVerdict {
  readonly verified: boolean;
  readonly failed: string;
  readonly modelHash: string;
}

interface Verdict {
  readonly verified: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly modelHash?: string;
}

async function verifyExport({ options }: World, api: PlatformApi, taskId: string): Promise<ExportVerdict> {
  const file = join(options.workspace, `${taskId}.transcript`);
  await writeFile(file, await exportTranscript(api, taskId));
  const verdict = await runCommand<Verdict>(['verify-transcript', file], [0, 1]);
  const failed = verdict.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return {
    verified: verdict.verified,
    failed: failed.join('; '),
    modelHash: await releasedModel(api, taskId),
  };
}

async function releasedModel(api: PlatformApi, taskId: string): Promise<string> {
  const { task } = await api.request<{ task: { headIndex: number } }>(
    'query ($id: ID!) { task(id: $id) { headIndex } }',
    { id: taskId },
  );
  const { transcript } = await api.request<{ transcript: { message: { payload: { modelHash: string } } }[] }>(
    'query ($taskId: ID!, $after: Int!) { transcript(taskId: $taskId, after: $after) { message } }',
    { taskId, after: task.headIndex - 1 },
  );
  return transcript[0]!.message.payload.modelHash;
}

const FACTS = `query ($id: ID!) { ledger { verify { verified entries } } carbonReport(sessionId: $id) { attributedWh } }`;

async function readFacts(
  api: PlatformApi,
  id: string,
): Promise<{ ledger: DemoOutcome['ledger']; attributedWh: number | null }> {
  const { ledger, carbonReport } = await api.request<{
    ledger: { verify: { verified: boolean; entries: number } };
    carbonReport: { attributedWh: number | null } | null;
  }>(FACTS, { id });
  return {
    ledger: { entries: ledger.verify.entries, verified: ledger.verify.verified },
    attributedWh: carbonReport?.attributedWh ?? null,
  };
}
