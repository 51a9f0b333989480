/* Firms that publish: a platform in a process of its own, and what each firm sends it through the API. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import { normal, randomSource, uniform } from '#learning';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import { WatchedProcess } from '../../apps/cli/demo/watched-process.ts';
import { enrol } from '../../apps/participant/node/enrol.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import { SiteDirectory } from '../../apps/participant/node/site-directory.ts';

export const SERIES = ['load', 'pv', 'net'] as const;
/** A firm publishes as many each day: four versions of nearly every hour. */
const HOURS_AHEAD = 96;
/** Local midnight of the first day of delivery. */
export const START_MS = Date.UTC(2026, 0, 2);
const STARTUP_MS = 60_000;
/** As `npm start` has it. */
const FLAGS = ['--disable-warning=ExperimentalWarning'];

const CREATE = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { organisation { id } } }`;
const TOKEN = `mutation ($input: CreateEnrolmentTokenInput!) { createEnrolmentToken(input: $input) { token } }`;
const GATE = `mutation ($input: SetForecastGateInput!) { setForecastGate(input: $input) { name } }`;
const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;

export interface Firm {
  readonly number: number;
  readonly organisationId: string;
  /** Signs each request. */
  readonly client: PlatformClient;
}

export interface Published {
  readonly rows: number;
  readonly seconds: number;
  /** Of each request of up to 288 rows. */
  readonly ms: readonly number[];
}

/** Issue time of the forecasts from the midnight after it on. */
export const issueMs = (day: number): number => START_MS + day * DAY_MS - 14 * HOUR_MS;

export class LoadedPlatform {
  private constructor(
    private readonly platform: WatchedProcess,
    private readonly clock: string,
    readonly firms: readonly Firm[],
  ) {}

  /** An empty platform with a day-ahead gate and enrolled firms. */
  static async open(workspace: string, count: number): Promise<LoadedPlatform> {
    const clock = join(workspace, 'clock');
    await writeFile(clock, isoInstant(START_MS - 7 * DAY_MS));
    const dataDir = join(workspace, 'platform');
    const log = join(workspace, 'platform.log');
    const platform = WatchedProcess.platform({ dataDir, port: 0, replayClock: clock }, log, FLAGS);
    const { url } = await platform.event(({ event }) => event === 'listening', 'its address', STARTUP_MS);
    const key = await readFile(join(dataDir, 'operator.key'), 'utf8');
    const operator = new PlatformApi(String(url), key.trim());
    const validFrom = isoInstant(START_MS).slice(0, 10);
    await operator.request(GATE, { input: { zone: 'UTC', validFrom } });
    const firms: Firm[] = [];
    for (let number = 0; number < count; number += 1)
      firms.push(await enrolled(operator, number, join(workspace, `firm-${number}`)));
    return new LoadedPlatform(platform, clock, firms);
  }

  /** Every firm, every day: the next four days of each series. The clock moves on with the days. */
  async publish(days: number): Promise<Published> {
    const ms: number[] = [];
    const started = performance.now();
    let rows = 0;
    for (let day = 0; day < days; day += 1) {
      await writeFile(this.clock, isoInstant(issueMs(day)));
      const sent = this.firms.map(async ({ client, number }) => {
        const forecasts = generated(number, day);
        const before = performance.now();
        await client.request(PUBLISH, { input: { forecasts } });
        ms.push(performance.now() - before);
        rows += forecasts.length;
      });
      await Promise.all(sent);
    }
    return { rows, seconds: (performance.now() - started) / 1_000, ms };
  }

  /** Of the platform so far, all threads; null where the system does not tell. What else the machine does is not in it. */
  processorMs(): number | null {
    const file = `/proc/${this.platform.pid}/stat`;
    if (!existsSync(file)) return null;
    // After the name, which may hold spaces: user and system time are the 12th and 13th, in hundredths of a second.
    const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  }

  close(): Promise<void> {
    return this.platform.stop();
  }
}

/** As a node enrols itself, with its own keys. */
async function enrolled(operator: PlatformApi, number: number, path: string): Promise<Firm> {
  const name = `Firm ${number + 1}`;
  const { createOrganisation } = await operator.request<{
    createOrganisation: { organisation: { id: string } };
  }>(CREATE, { input: { name, legalId: `bench:${randomUUID()}` } });
  const organisationId = createOrganisation.organisation.id;
  const { createEnrolmentToken } = await operator.request<{ createEnrolmentToken: { token: string } }>(
    TOKEN,
    { input: { organisationId } },
  );
  const directory = new SiteDirectory(path);
  const publish = { forecasts: true, orders: false, emissions: false, scores: false };
  const { token } = createEnrolmentToken;
  const { participantId } = await enrol(directory, { platformUrl: operator.url, token, publish });
  const { signing } = await directory.identity();
  const client = new PlatformClient(operator.url, { participantId, privateKey: signing.privateKey });
  return { number, organisationId, client };
}

const HASH = 'a'.repeat(64);

/** Load and sun of a day with noise, from the numbers of firm and day alone. */
function generated(firm: number, day: number): object[] {
  const next = randomSource(1_000 * firm + day);
  const size = 2_000 + 8_000 * uniform(next);
  const common = { issuedAt: isoInstant(issueMs(day)), modelHash: HASH, taskCardHash: HASH };
  return Array.from({ length: HOURS_AHEAD }, (_, hour) => {
    const angle = (2 * Math.PI * hour) / 24;
    const load = Math.max(0, Math.round(size * (1 - 0.4 * Math.cos(angle) + 0.1 * normal(next))));
    const pv = Math.round(size * Math.max(0, -Math.cos(angle)) * uniform(next));
    const middle = { load, pv, net: load - pv };
    return SERIES.map((series) => ({
      series,
      intervalStart: isoInstant(START_MS + day * DAY_MS + hour * HOUR_MS),
      p10Wh: series === 'net' ? middle.net - 500 : Math.max(0, middle[series] - 500),
      p50Wh: middle[series],
      p90Wh: middle[series] + 500,
      ...common,
    }));
  }).flat();
}
