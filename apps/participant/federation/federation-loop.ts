import { DomainError } from '#core';
import { thresholdAggregator } from '#encryption';
import type { Aggregator, TaskCard, TaskState } from '#federation';
import {
  type HomeModel,
  homeModel,
  isDayAhead,
  type MarketModel,
  marketModel,
} from '../forecasting/home-model.ts';
import { leastNeeded } from '../forecasting/newest-answer.ts';
import { networkStatistic, personalNetwork } from '../forecasting/network-site.ts';
import { ridgeStatistic } from '../forecasting/site-statistic.ts';
import type { SiteNode } from '../node/node.ts';
import { malformedAnswer } from '../node/platform-client.ts';
import { CohortPins } from './cohort-pins.ts';
import { PrivacyCharges } from './privacy-charges.ts';
import { Refusals } from './refusals.ts';
import { releasedSums } from './released-sums.ts';
import { TaskRunner } from './task-runner.ts';

const TASKS = `query Tasks { tasks(first: 100) { edges { node { id cardHash phase } } } }`;

/** Each holds the site's moments: a megabyte for a week's look-back. */
const KEPT_MODELS = 8;

/**
 * Refusals that end as soon as the owner pins a member, imports a series or consents, or the platform hands out what it
 * holds: the task may still wait for this node.
 */
const MENDABLE =
  /^(?:MEMBER_NOT_PINNED|SERIES_(?:UNKNOWN|SCALE_SUSPECT|CONSTANT|MOSTLY_MISSING|TOO_SHORT)|FILE_NOT_JSON|SHARE_WITHHELD|CONSENT_\w+)$/;

interface Tasks {
  readonly tasks: {
    readonly edges: readonly { readonly node: ListedTask }[];
  };
}

interface ListedTask {
  readonly id: string;
  readonly cardHash: string;
  readonly phase: string;
}

/** @throws ANSWER_MALFORMED */
function requireTasks(listed: Partial<Tasks> | undefined): ListedTask[] {
  const edges: unknown = listed?.tasks?.edges;
  if (!Array.isArray(edges)) throw malformedAnswer('a list of tasks');
  return edges.map((edge: { node?: Partial<ListedTask> } | null) => {
    const { id, cardHash, phase } = edge?.node ?? {};
    if (typeof id !== 'string' || typeof cardHash !== 'string')
      throw malformedAnswer('tasks with id and card hash');
    return { id, cardHash, phase: typeof phase === 'string' ? phase : '' };
  });
}

const hasEnded = (phase: string): boolean => phase === 'released' || phase === 'failed';

/** Takes part in every task the owner's pins allow, and keeps the newest released model. */
export class FederationLoop {
  private readonly runners = new Map<string, TaskRunner>();
  private readonly finished = new Set<string>();
  /** Tasks refused for what can still be put right, by what they were refused for. */
  private readonly held = new Map<string, string>();
  private readonly pins: CohortPins;
  private readonly charges: PrivacyCharges;
  private readonly refusals: Refusals;
  private aggregator: (Aggregator & Disposable) | null = null;
  private parameters = '';
  /** The newest that the market's forecasts can be made by. */
  model: MarketModel | null = null;
  /** The newest by hash: a product judges a few beside each other. */
  readonly models = new Map<string, HomeModel>();

  constructor(private readonly node: SiteNode) {
    this.pins = new CohortPins(node.directory);
    this.charges = new PrivacyCharges(node.directory);
    this.refusals = new Refusals(node);
  }

  /** One pass over the tasks. @returns whether anything happened */
  async step(): Promise<boolean> {
    const listed = await this.node.client.request<Partial<Tasks> | undefined>(TASKS);
    const tasks = requireTasks(listed);
    await this.refusals.tellRest();
    let busy = false;
    // Oldest first, so that the newest release is the model in use.
    for (const task of tasks.toReversed()) {
      if (this.finished.has(task.id)) continue;
      busy = (await this.attend(task)) || busy;
    }
    return busy;
  }

  close(): void {
    this.aggregator?.[Symbol.dispose]();
    this.aggregator = null;
  }

  /** A task this node refuses, or that breaks the protocol, must not keep it from its other work: said once, then left or held. */
  private async attend(task: ListedTask): Promise<boolean> {
    try {
      const runner = this.runners.get(task.id) ?? this.open(task.id, task.cardHash);
      const opened = runner.state !== null;
      const busy = await runner.step();
      if (!opened && this.held.delete(task.id)) this.refusals.forget(task.id);
      await this.conclude(runner);
      return busy;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      return this.refuse(task, error);
    }
  }

  private async refuse({ id, phase }: ListedTask, error: DomainError): Promise<boolean> {
    const { code, message } = error;
    const news = this.held.get(id) !== message;
    if (news) this.node.report('refused', { task: id, code, reason: message });
    if (MENDABLE.test(code) && !hasEnded(phase)) this.held.set(id, message);
    else this.finished.add(id);
    await this.refusals.tell(id, error);
    return news;
  }

  private open(taskId: string, cardHash: string): TaskRunner {
    const runner = new TaskRunner(this.node, taskId, cardHash, {
      pins: this.pins,
      charges: this.charges,
      aggregator: (card) => this.aggregatorFor(card),
      statistic: (state) => this.statisticOf(state),
    });
    this.runners.set(taskId, runner);
    return runner;
  }

  private async conclude(runner: TaskRunner): Promise<void> {
    const { state } = runner;
    if (state === null || !hasEnded(state.phase)) return;
    if (state.phase === 'released') {
      await this.take(state);
    } else {
      const { code, series } = state.failure!;
      this.node.report('failed', { task: runner.taskId, code, ...(series && { series }) });
    }
    this.finished.add(runner.taskId);
    this.runners.delete(runner.taskId);
    this.close();
  }

  private async statisticOf(state: TaskState): Promise<Float64Array> {
    const { card } = state;
    if (card.model.kind === 'one-shot-ridge') return ridgeStatistic(this.node, card);
    const sums = await releasedSums(this.node, state, await this.aggregatorFor(card));
    return networkStatistic(this.node, state, sums);
  }

  /** The released model; the market's forecasts are made by the newest ridge of hourly load, refined at home. */
  private async take(state: TaskState): Promise<void> {
    const { node } = this;
    const { taskId: task, model } = state.card;
    const sums = await releasedSums(node, state);
    node.report('traffic', node.client.traffic);
    const { modelHash } = state.releases.at(-1)!.release;
    if (model.kind === 'one-shot-ridge') {
      if (isDayAhead(state.card)) this.keep(await homeModel(node, state, sums.at(-1)!));
      node.report('model', { task, modelHash });
    } else {
      const { method, validationLoss } = await personalNetwork(node, state, sums);
      node.report('model', { task, modelHash, steps: sums.length, personal: method, validationLoss });
    }
  }

  private keep(model: HomeModel): void {
    this.model = marketModel(model) ?? this.model;
    // Deleted first: the newest comes last, so that the oldest goes first.
    this.models.delete(model.modelHash);
    this.models.set(model.modelHash, model);
    if (this.models.size > KEPT_MODELS) this.models.delete(leastNeeded([...this.models.values()]).modelHash);
  }

  private async aggregatorFor(card: TaskCard): Promise<Aggregator> {
    const parameters = JSON.stringify(card.encryption);
    if (this.aggregator && parameters === this.parameters) return this.aggregator;
    this.close();
    this.parameters = parameters;
    return (this.aggregator = await thresholdAggregator(card.encryption));
  }
}
