/* Sums as a community gets them: a platform and a node for each site, every one a process, through the command line and GraphQL. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoInstant } from '#core';
import { type AnyMessage, groupsIn, type Message, type TaskCard } from '#federation';
import type { Epochs, RidgeModelConfig } from '#forecasting';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import type { DemoSite } from '../../apps/cli/demo/sites.ts';
import { awaitModel, drawIdentities, enrolAll, type RunningSite } from '../../apps/cli/demo/steps.ts';
import { runCommand, WatchedProcess } from '../../apps/cli/demo/watched-process.ts';

const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { id card } }`;
const TRANSCRIPT = `query ($id: ID!, $after: Int!) { transcript(taskId: $id, after: $after, first: 100) { message } }`;
/** Largest difference, relative, of a score from encrypted sums to the same from sums in clear. */
export const AGREEMENT = 1e-3;
const STARTUP_MS = 60_000;

/** A site and its file: `timestamp` and columns of readings. */
export interface SiteFile {
  readonly name: string;
  readonly csv: string;
}

export interface EncryptedRound {
  /** Σ of what the sites sent. */
  readonly sum: Float64Array;
  /** From the card to the model at every site. */
  readonly seconds: number;
}

export class EncryptedCommunity {
  private constructor(
    private readonly api: PlatformApi,
    private readonly sites: readonly RunningSite[],
    private readonly platform: WatchedProcess,
    private readonly zone: string,
  ) {}

  /** Readings are imported up to `nowMs`. */
  static async open(
    workspace: string,
    files: readonly SiteFile[],
    zone: string,
    nowMs: number,
  ): Promise<EncryptedCommunity> {
    const sites = await Promise.all(files.map((file) => written(workspace, file)));
    await drawIdentities(sites, join(workspace, 'trust.json'));
    for (const { file, directory } of sites)
      await runCommand(['participant', 'import', file, '--dir', directory, '--zone', zone]);
    const clock = join(workspace, 'clock');
    await writeFile(clock, isoInstant(nowMs));
    const dataDir = join(workspace, 'platform');
    const platform = WatchedProcess.platform(
      { dataDir, port: 0, replayClock: clock },
      join(workspace, 'platform.log'),
    );
    const listening = await platform.event(({ event }) => event === 'listening', 'its address', STARTUP_MS);
    const key = await readFile(join(dataDir, 'operator.key'), 'utf8');
    const api = new PlatformApi(String(listening['url']), key.trim());
    await enrolAll(api, sites);
    const running = sites.map((site) => ({
      ...site,
      process: WatchedProcess.participant(
        site.name,
        site.directory,
        clock,
        join(workspace, `${site.name}.log`),
      ),
    }));
    for (const { process } of running)
      await process.event(({ event }) => event === 'started', 'its start', STARTUP_MS);
    return new EncryptedCommunity(api, running, platform, zone);
  }

  /** One task over all sites. */
  async round(
    series: string,
    { statistic, stepMinutes, lookback, horizon, cycle, inputs }: RidgeModelConfig,
    { train, validation }: Epochs,
  ): Promise<EncryptedRound> {
    const started = performance.now();
    const seen = inputs && {
      calendar: inputs.calendar,
      ahead: inputs.ahead,
      past: inputs.past,
      issues: inputs.issues,
    };
    const ridge = { statistic, stepMinutes, lookback, horizon, cycle, ...(seen && { inputs: seen }) };
    const input = {
      series: [series],
      zone: this.zone,
      train: epoch(train),
      validation: epoch(validation),
      ridge,
    };
    const { createTask } = await this.api.request<{ createTask: { id: string; card: TaskCard } }>(CREATE, {
      input,
    });
    await awaitModel(this.api, createTask.id, this.sites);
    const seconds = (performance.now() - started) / 1_000;
    const { release } = await this.released(createTask.id);
    const [sum] = groupsIn(await this.api.blob(release.aggregate.blob), createTask.card);
    return { sum: sum!, seconds };
  }

  private async released(id: string): Promise<{ release: Message<'release'>['payload'] }> {
    for (let after = -1; ; after += 100) {
      const { transcript } = await this.api.request<{ transcript: { message: AnyMessage }[] }>(TRANSCRIPT, {
        id,
        after,
      });
      const found = transcript.find(({ message }) => message.kind === 'release');
      if (found) return { release: (found.message as Message<'release'>).payload };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.sites.map(({ process }) => process.stop()));
    await this.platform.stop();
  }
}

const epoch = ({ startMs, endMs }: Epochs['train']) => ({
  start: isoInstant(startMs),
  end: isoInstant(endMs),
});

async function written(workspace: string, { name, csv }: SiteFile): Promise<DemoSite> {
  await mkdir(join(workspace, 'data'), { recursive: true });
  const file = join(workspace, 'data', `${name}.csv`);
  await writeFile(file, csv);
  return { name, legalId: `bench:${name}`, file, directory: join(workspace, 'sites', name) };
}
