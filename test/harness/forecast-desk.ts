import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DAY_MS,
  fixedClock,
  HOUR_MS,
  type Interval,
  interval,
  isoInstant,
  localDate,
  startOfLocalDay,
} from '#core';
import { ProductLoop } from '../../apps/participant/forecasting/product-loop.ts';
import { reportScores } from '../../apps/participant/forecasting/report-scores.ts';
import { SessionJournal } from '../../apps/participant/market/session-journal.ts';
import { JobHandlers } from '../../apps/platform/jobs/job-handlers.ts';
import { ZONE } from './demo-world.ts';
import { type FederatedTask, FederationRound, type FederationSite } from './federation-round.ts';
import type { GraphqlAnswer, Sender } from './platform.ts';
import { TRAIN } from './site-readings.ts';

const VERSION = `query ($hash: String!) {
  modelVersion(hash: $hash) {
    taskId cardHash modelHash transcriptRoot kind method series zone stepMinutes lookback horizon
    train { start end } validation { start end } cohort steps validationLoss validationMae
    privacy { epsilon delta } latestScore { day organisations mase coverage pinball } releasedAt
  }
}`;
const PRODUCT = `id name series zone resolution stepMinutes horizon organisationId
  promotion { level minimumDays } drift { tolerance threshold minimumDays }
  champion { cardHash } challengers { cardHash }
  retraining { everyDays onDrift leastGapDays trainDays validationDays lagDays nextAt }`;
export const CREATE_PRODUCT = `mutation ($input: CreateForecastProductInput!) {
  createForecastProduct(input: $input) { ${PRODUCT} }
}`;
export const SET_RETRAINING = `mutation ($id: ID!, $input: SetRetrainingInput) {
  setRetraining(productId: $id, input: $input) { ${PRODUCT} }
}`;
const FIND_PRODUCT = `query ($id: ID!) { forecastProduct(id: $id) { ${PRODUCT} } }`;
const LOG = `query ($id: ID!, $first: Int, $after: String) {
  modelDecisions(productId: $id, first: $first, after: $after) {
    edges { node { kind modelTaskId modelHash otherTaskId day statistics decidedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const FIGURES = `query ($id: ID!, $modelHash: String, $first: Int, $after: String) {
  modelDayScores(productId: $id, modelHash: $modelHash, first: $first, after: $after) {
    edges { node { day modelHash organisations mase typicalMase coverage pinball againstHash lossDifference } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const REPORT = `mutation ($input: ReportForecastScoresInput!) {
  reportForecastScores(input: $input) { accepted unchanged }
}`;

export interface ModelVersion {
  readonly taskId: string;
  readonly cardHash: string;
  readonly modelHash: string;
  readonly transcriptRoot: string;
  readonly cohort: readonly string[];
  readonly validationLoss: number | null;
  readonly latestScore: { readonly day: string; readonly pinball: number | null } | null;
}

export interface Product {
  readonly id: string;
  readonly champion: { readonly cardHash: string } | null;
  readonly challengers: readonly { readonly cardHash: string }[];
  readonly retraining: object | null;
}

export interface Decision {
  readonly kind: string;
  readonly modelTaskId: string | null;
  readonly modelHash: string | null;
  readonly day: string | null;
  readonly statistics: Record<string, unknown>;
}

export interface Score {
  readonly modelHash: string;
  readonly mase: number;
  readonly coverage: number;
  readonly pinball?: number;
}

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });
const nodes = <T>({ edges }: Page<T>): T[] => edges.map(({ node }) => node);

/** Local midnight of the n-th day of the sites' readings; no clock changes among them. */
export const dayStart = (n: number): number => startOfLocalDay(ZONE, TRAIN.startMs) + n * DAY_MS;
export const daysOf = (first: number, count: number): Interval =>
  interval(dayStart(first), dayStart(first + count));
export const dateOf = (n: number): string => localDate(ZONE, dayStart(n));
/** Of a model trained from the day on: three days of training and two of validation, unless told. */
export const epochsOf = (first: number, [train, validation]: readonly [number, number] = [3, 2]) => ({
  train: epoch(daysOf(first, train)),
  validation: epoch(daysOf(first + train, validation)),
});

/** A platform on a business clock of the test's own, and four sites that train small models on ranges that follow each other. */
export class ForecastDesk {
  private constructor(
    readonly round: FederationRound,
    private readonly clockDir: string,
  ) {}

  static async start(nowMs: number, readings?: (site: number) => string): Promise<ForecastDesk> {
    const clockDir = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    const clockFile = join(clockDir, 'now');
    await writeFile(clockFile, isoInstant(nowMs));
    const round = await FederationRound.start(4, { env: { GRIDCOMMONS_REPLAY_CLOCK: clockFile } }, readings);
    return new ForecastDesk(round, clockDir);
  }

  async stop(): Promise<void> {
    await this.round.stop();
    await rm(this.clockDir, { recursive: true });
  }

  get operatorKey(): string {
    return this.round.platform.operatorKey;
  }

  setClock(ms: number): Promise<void> {
    return writeFile(join(this.clockDir, 'now'), isoInstant(ms));
  }

  /** Opens a day-ahead task and lets the sites bring it to its release. */
  async trained(
    firstDay: number,
    series?: readonly string[],
  ): Promise<{ task: FederatedTask; version: ModelVersion }> {
    const ridge = { lookback: 24, horizon: 24, cycle: 24 };
    const task = await this.round.createTask(this.round.sites, series, { ridge, ...epochsOf(firstDay) });
    return { task, version: await this.release(task) };
  }

  async release(task: FederatedTask): Promise<ModelVersion> {
    await this.round.run(task, 'released');
    await this.round.settle();
    return this.recorded(task.cardHash);
  }

  /** Asks until the job has recorded the version; the test's own timeout bounds it. */
  async recorded(cardHash: string): Promise<ModelVersion> {
    const { data } = await this.version(cardHash, this.operatorKey);
    return (data as { modelVersion: ModelVersion } | null)?.modelVersion ?? this.recorded(cardHash);
  }

  version(hash: string, sender: Sender): Promise<GraphqlAnswer> {
    return this.round.platform.graphql(VERSION, { hash }, sender);
  }

  async createProduct(change: object = {}): Promise<Product> {
    const input = { name: 'Day-ahead load', zone: ZONE, ...change };
    return (
      await this.round.platform.data<{ createForecastProduct: Product }>(
        CREATE_PRODUCT,
        { input },
        this.operatorKey,
      )
    ).createForecastProduct;
  }

  /** nameChampion, addChallenger or dropChallenger. */
  place(
    mutation: string,
    { id }: Pick<Product, 'id'>,
    hash: string,
    sender: Sender = this.operatorKey,
  ): Promise<GraphqlAnswer> {
    const query = `mutation ($id: ID!, $hash: String!) {
      placed: ${mutation}(productId: $id, modelHash: $hash) { ${PRODUCT} }
    }`;
    return this.round.platform.graphql(query, { id, hash }, sender);
  }

  async product({ id }: Pick<Product, 'id'>, sender: Sender = this.operatorKey): Promise<Product> {
    const found = await this.round.platform.data<{ forecastProduct: Product }>(FIND_PRODUCT, { id }, sender);
    return found.forecastProduct;
  }

  /** Oldest first. */
  async log({ id }: Pick<Product, 'id'>, sender: Sender = this.operatorKey): Promise<Decision[]> {
    const variables = { id, first: 100 };
    const found = await this.round.platform.data<{ modelDecisions: Page<Decision> }>(LOG, variables, sender);
    return nodes(found.modelDecisions).toReversed();
  }

  /** Asks until the log holds a decision of the kind; the test's own timeout bounds it. */
  async decided(product: Pick<Product, 'id'>, kind: string): Promise<Decision> {
    const found = (await this.log(product)).find((decision) => decision.kind === kind);
    return found ?? this.decided(product, kind);
  }

  async figures({ id }: Pick<Product, 'id'>, sender: Sender = this.operatorKey): Promise<object[]> {
    const variables = { id, first: 100 };
    const found = await this.round.platform.data<{ modelDayScores: Page<object> }>(
      FIGURES,
      variables,
      sender,
    );
    return nodes(found.modelDayScores);
  }

  async figurePage(id: string, first: number, after: string | null): Promise<Page<object>> {
    const variables = { id, first, after };
    const found = await this.round.platform.data<{ modelDayScores: Page<object> }>(
      FIGURES,
      variables,
      this.operatorKey,
    );
    return found.modelDayScores;
  }

  /** What a site says of a day. */
  async report(
    sender: Sender,
    { id }: Pick<Product, 'id'>,
    day: number,
    scores: readonly Score[],
  ): Promise<GraphqlAnswer> {
    const input = { productId: id, day: dateOf(day), scores };
    return this.round.platform.graphql(REPORT, { input }, sender);
  }

  /** A site computes and reports a day's scores by itself. @returns products that took them */
  reportAtHome({ node, loop }: FederationSite, day: number): Promise<number> {
    const journal = new SessionJournal(node.directory);
    const whole = daysOf(day, 1);
    return reportScores(node, loop.models, whole, (hash, make) => journal.score(whole, hash, make));
  }

  /** One pass of a node over the products of intensities and prices, an hour into a day. @returns whether it did anything */
  attendProducts({ node, loop }: FederationSite, day: number): Promise<boolean> {
    const journal = new SessionJournal(node.directory);
    const then = { ...node, clock: fixedClock(dayStart(day) + HOUR_MS) };
    return new ProductLoop(then, loop, (...said) => journal.score(...said)).step();
  }

  /** The clock stands an hour after the end of a day. */
  async after(day: number): Promise<void> {
    await this.setClock(dayStart(day + 1) + HOUR_MS);
  }

  /** What the reconciler does every half a minute. */
  wake(): Promise<void> {
    return this.round.platform.app.get(JobHandlers).reconcile();
  }
}
