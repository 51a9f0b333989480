import { DAY_MS, DomainError, HOUR_MS, type Interval, interval, isoInstant, startOfLocalDay } from '#core';
import type { DayScore } from '#forecasting';
import type { FederationLoop } from '../federation/federation-loop.ts';
import type { SiteNode } from '../node/node.ts';
import { type HomeModel, isForecastColumn, LOAD_COLUMN } from './home-model.ts';
import { type Product, readProducts, serves } from './products.ts';
import { publishProduct } from './publish-forecasts.ts';
import { reportScores } from './report-scores.ts';

/** Between two looks at the community's products, by the business clock. */
const ASK_MS = 60_000;

/** Answers with what was said of a day under a key before, if anything; else with what it makes. */
type Remembered = (
  day: Interval,
  key: string,
  make: () => Promise<DayScore | null>,
) => Promise<DayScore | null>;

/**
 * The site's part in products of intensities and prices, which no market session asks for: once a local day, from its midnight
 * on, the forecast by the product's champion, and the errors of yesterday's. A restart repeats both safely.
 */
export class ProductLoop {
  private readonly done = new Set<string>();
  private askedMs = Number.NEGATIVE_INFINITY;
  private scoredMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly node: SiteNode,
    private readonly federation: Pick<FederationLoop, 'models'>,
    private readonly remembered: Remembered,
  ) {}

  /** One pass. @returns whether anything happened */
  async step(): Promise<boolean> {
    const { clock, enrolment } = this.node;
    const nowMs = clock.nowMs();
    const models = [...this.federation.models.values()].filter(({ series }) =>
      [...series.keys()].some(isShared),
    );
    const { forecasts, scores } = enrolment.publish;
    if (models.length === 0 || !(forecasts || scores) || nowMs - this.askedMs < ASK_MS) return false;
    const products = (await readProducts(this.node)).filter(({ series }) => isShared(series));
    this.askedMs = nowMs;
    const published = forecasts && (await this.publishDue(products, nowMs));
    const reported = scores && (await this.reportDue(models, nowMs));
    return published || reported;
  }

  /** A series is published once a day, for the newest of its products whose champion this site has. */
  private async publishDue(products: readonly Product[], nowMs: number): Promise<boolean> {
    let busy = false;
    for (const product of products) {
      const model = product.champion && this.federation.models.get(product.champion.modelHash);
      if (!model || !serves(model, product)) continue;
      const issueMs = startOfLocalDay(product.zone, nowMs);
      busy =
        (await this.once(`${product.series} ${issueMs}`, () => this.publish(model, product, issueMs))) ||
        busy;
    }
    return busy;
  }

  private async publish(model: HomeModel, product: Product, issueMs: number): Promise<void> {
    const hours = await publishProduct(this.node, model, product, issueMs);
    this.node.report('product', { product: product.id, issued: isoInstant(issueMs), hours });
  }

  /** What this node's data or the platform refuses is said once and left for that day. */
  private async once(step: string, work: () => Promise<void>): Promise<boolean> {
    if (this.done.has(step)) return false;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      this.node.report('skipped', { step, code: error.code, reason: error.message });
    }
    this.done.add(step);
    return true;
  }

  /** Of yesterday, whose last readings may come during today: tried again by the hour until a product takes them. */
  private async reportDue(models: readonly HomeModel[], nowMs: number): Promise<boolean> {
    if (nowMs - this.scoredMs < HOUR_MS) return false;
    this.scoredMs = nowMs;
    let busy = false;
    for (const zone of new Set(models.map(({ card }) => card.data.zone))) {
      const endMs = startOfLocalDay(zone, nowMs);
      const day = interval(startOfLocalDay(zone, endMs - DAY_MS / 2), endMs);
      if (this.done.has(`scores ${zone} ${endMs}`)) continue;
      const own = new Map(
        models.filter(({ card }) => card.data.zone === zone).map((each) => [each.modelHash, each]),
      );
      const products = await reportScores(this.node, own, day, (key, make) =>
        this.remembered(day, key, make),
      );
      if (products === 0) continue;
      this.done.add(`scores ${zone} ${endMs}`);
      this.node.report('scores', { zone, products });
      busy = true;
    }
    return busy;
  }
}

/** What the market's sessions do not have published. */
const isShared = (column: string): boolean => isForecastColumn(column) && column !== LOAD_COLUMN;
