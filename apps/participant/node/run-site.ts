import { setTimeout as wait } from 'node:timers/promises';
import { replayClock } from '#config';
import { DomainError, systemClock } from '#core';
import { FederationLoop } from '../federation/federation-loop.ts';
import { ProductLoop } from '../forecasting/product-loop.ts';
import { LedgerLoop } from '../ledger/ledger-loop.ts';
import { readSiteDevices } from '../market/device-curves.ts';
import { MarketLoop } from '../market/market-loop.ts';
import { ReadingStore } from '../readings/reading-store.ts';
import { noteSeries } from '../readings/series-note.ts';
import type { SiteNode } from './node.ts';
import { PlatformClient } from './platform-client.ts';
import { SiteDirectory } from './site-directory.ts';

const IDLE_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;

const forPeople = (value: string | number): string =>
  typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);

/** Event lines for the owner: JSON for programs, `time event key=value` for people. */
function reporter(json: boolean): SiteNode['report'] {
  return (event, facts = {}) => {
    const at = new Date().toISOString();
    const text = Object.entries(facts).map(([key, value]) => `${key}=${forPeople(value)}`);
    process.stdout.write(
      `${json ? JSON.stringify({ at, event, ...facts }) : [at, event, ...text].join(' ')}\n`,
    );
  };
}

/**
 * The participant process: owns its directory, polls the platform and does what is due until it is asked to stop. An
 * unreachable platform is waited for; everything said so far is on disk. @throws NOT_ENROLLED, DATA_DIR_IN_USE, the codes of readSiteDevices
 */
export async function runSite(
  path: string,
  options: { readonly json: boolean; readonly replayClock?: string; readonly defaultDays?: number },
): Promise<void> {
  const directory = new SiteDirectory(path);
  const enrolment = directory.enrolment();
  const identity = await directory.identity();
  const devices = readSiteDevices(directory);
  const client = new PlatformClient(enrolment.platformUrl, {
    participantId: enrolment.participantId,
    privateKey: identity.signing.privateKey,
  });
  const clock = options.replayClock ? replayClock(options.replayClock) : systemClock;
  const readings = await ReadingStore.open(path);
  await noteSeries(path, readings);
  const report = reporter(options.json);
  const stopping = stopSignal();
  const node: SiteNode = { directory, identity, enrolment, client, readings, clock, stopping, report };
  const federation = new FederationLoop(node);
  const market = new MarketLoop(node, federation, devices, options.defaultDays);
  const products = new ProductLoop(node, federation, (...said) => market.journal.score(...said));
  const ledger = new LedgerLoop(node);
  report('started', { participant: enrolment.participantId });
  try {
    const pass = async () => [
      await federation.step(),
      await market.step(),
      await products.step(),
      await ledger.step(),
    ];
    await loop(node, stopping, async () => (await pass()).includes(true));
  } finally {
    federation.close();
    await readings.close();
  }
  report('stopped', { sentBytes: Object.values(client.traffic).reduce((sum, bytes) => sum + bytes, 0) });
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function loop(node: SiteNode, stopping: AbortSignal, step: () => Promise<boolean>): Promise<void> {
  let backoffMs = IDLE_MS;
  let lastError = '';
  while (!stopping.aborted) {
    try {
      const busy = await step();
      backoffMs = IDLE_MS;
      lastError = '';
      if (!busy) await pause(IDLE_MS, stopping);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code !== lastError) node.report('waiting', { code: error.code, reason: error.message });
      lastError = error.code;
      await pause(backoffMs, stopping);
      backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS);
    }
  }
}

/** Ends early, and without complaint, when the process is asked to stop. */
async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: stopping }).catch((error: unknown) => {
    if (!stopping.aborted) throw error;
  });
}
