import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type Interval, interval, isoInstant } from '#core';
import { type FederatedTask, FederationRound } from './federation-round.ts';
import type { Sender } from './platform.ts';
import { TRAIN } from './site-readings.ts';

const VERSION = `query ($hash: String!) {
  modelVersion(hash: $hash) {
    taskId cardHash modelHash transcriptRoot kind method series zone stepMinutes lookback horizon
    train { start end } validation { start end } cohort steps validationLoss validationMae
    privacy { epsilon delta } releasedAt
  }
}`;

export interface ModelVersion {
  readonly taskId: string;
  readonly cardHash: string;
  readonly modelHash: string;
  readonly transcriptRoot: string;
  readonly cohort: readonly string[];
  readonly validationLoss: number | null;
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

/** The `count` days from the `first` of the sites' readings on. */
export const daysOf = (first: number, count: number): Interval =>
  interval(TRAIN.startMs + first * DAY_MS, TRAIN.startMs + (first + count) * DAY_MS);

/** A platform on a business clock of the test's own, and four sites that train small models on ranges that follow each other. */
export class ForecastDesk {
  private constructor(
    readonly round: FederationRound,
    private readonly clockDir: string,
  ) {}

  static async start(nowMs: number): Promise<ForecastDesk> {
    const clockDir = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    const clockFile = join(clockDir, 'now');
    await writeFile(clockFile, isoInstant(nowMs));
    const round = await FederationRound.start(4, { env: { GRIDCOMMONS_REPLAY_CLOCK: clockFile } });
    return new ForecastDesk(round, clockDir);
  }

  async stop(): Promise<void> {
    await this.round.stop();
    await rm(this.clockDir, { recursive: true });
  }

  setClock(ms: number): Promise<void> {
    return writeFile(join(this.clockDir, 'now'), isoInstant(ms));
  }

  /** Opens a day-ahead task over four days of training and two of validation, and lets the sites bring it to its release. */
  async trained(firstDay: number): Promise<{ task: FederatedTask; version: ModelVersion }> {
    const task = await this.round.createTask(this.round.sites, undefined, {
      ridge: { lookback: 24, horizon: 24, cycle: 24 },
      train: epoch(daysOf(firstDay, 4)),
      validation: epoch(daysOf(firstDay + 4, 2)),
    });
    return { task, version: await this.release(task) };
  }

  /** Lets the sites bring an open task to its release. */
  async release(task: FederatedTask): Promise<ModelVersion> {
    await this.round.run(task, 'released');
    await this.round.settle();
    return this.recorded(task.cardHash);
  }

  /** Asks until the job has recorded the version; the test's own timeout bounds it. */
  async recorded(cardHash: string): Promise<ModelVersion> {
    const { data } = await this.round.platform.graphql(
      VERSION,
      { hash: cardHash },
      this.round.platform.operatorKey,
    );
    return (data as { modelVersion: ModelVersion } | null)?.modelVersion ?? this.recorded(cardHash);
  }

  version(hash: string, sender: Sender) {
    return this.round.platform.graphql(VERSION, { hash }, sender);
  }
}
