import { DomainError, HOUR_MS, interval, isoInstant, parseInstant } from '#core';
import {
  type DefaultOrder,
  type KeptLots,
  requireSlot,
  requireSlotMinutes,
  slotLengthMs,
  slotQuantiles,
  slotsOf,
} from '#market';
import type { SiteDevices } from '#studies';
import { publishDayEmissions } from '../carbon/publish-day.ts';
import type { FederationLoop } from '../federation/federation-loop.ts';
import { backtestAtHome } from '../forecasting/home-forecast.ts';
import { meteredSlots, requireFineReadings } from '../readings/metered-slots.ts';
import { marketModel, type MarketModel } from '../forecasting/home-model.ts';
import { newestAnswer } from '../forecasting/newest-answer.ts';
import { hourQuantiles, publishForecasts } from '../forecasting/publish-forecasts.ts';
import { reportScores } from '../forecasting/report-scores.ts';
import type { SiteNode } from '../node/node.ts';
import { type BidDay, type CurveOf, deviceCurves } from './device-curves.ts';
import { auditLots, commitToLot, revealOwnLot } from './committed-lots.ts';
import { ownTrades, signedDeliveries, submitDeliveries, tradedSlots } from './signed-deliveries.ts';
import {
  dueCorrections,
  missingSlots,
  signedCorrections,
  submitCorrections,
} from './delivery-corrections.ts';
import { DeliveryJournal } from './delivery-journal.ts';
import { declareDefaults } from './default-orders.ts';
import { DefaultsJournal } from './defaults-journal.ts';
import { SessionJournal } from './session-journal.ts';
import { energySessions, type Session } from './market-sessions.ts';
import { defaultsAfter, ownDefaults } from './site-defaults.ts';
import { signedOrders, submitOrders, takesFewOrders } from './signed-orders.ts';
import type { Signer } from './signer.ts';

/**
 * The site's part in the local market: forecasts and bids when a session opens, delivery statements after delivery,
 * emissions and forecast errors when it is settled, corrections where readings change afterwards. A restart repeats steps
 * safely: the same forecasts, orders and statements are the same to the platform.
 */
export class MarketLoop {
  private readonly done = new Set<string>();
  readonly journal: SessionJournal;
  private readonly deliveries: DeliveryJournal;
  private readonly defaults: DefaultsJournal;

  /** @param defaultDays for so many days the orders of a session stand as default orders of the next; 0: they do not */
  constructor(
    private readonly node: SiteNode,
    private readonly federation: FederationLoop,
    private readonly devices: SiteDevices | null = null,
    private readonly defaultDays = 0,
  ) {
    this.journal = new SessionJournal(node.directory);
    this.deliveries = new DeliveryJournal(node.directory);
    this.defaults = new DefaultsJournal(node.directory);
  }

  /** One pass over the sessions. @returns whether anything happened */
  async step(): Promise<boolean> {
    const { model } = this.federation;
    if (!model) return false;
    let busy = false;
    for (const session of await energySessions(this.node.client)) {
      const drawn = await this.attendLots(session);
      busy = (await this.attend(session, model)) || drawn || busy;
    }
    return busy;
  }

  /** Commitments before bids, the nonce after the gate, and once cleared all of it again. */
  private async attendLots(session: Session): Promise<boolean> {
    const { id, phase, state } = session;
    const { enrolment, clock } = this.node;
    if (phase === 'COMMIT' && enrolment.publish.orders && clock.nowMs() < session.endMs) {
      return this.once(`${id} commit`, () => this.commit(session));
    }
    if (phase === 'REVEAL' && this.journal.hasLot(id)) {
      return this.once(`${id} reveal`, () => this.reveal(session));
    }
    if (state !== 'CLEARED' && state !== 'SETTLED') return false;
    const kept = this.journal.keptLots(id, enrolment.participantId);
    return kept ? this.once(`${id} audit`, () => this.audit(session, kept)) : false;
  }

  private async commit(session: Session): Promise<boolean> {
    this.journal.take(session);
    await commitToLot(this.node.client, this.signer, session.id, this.journal);
    this.node.report('committed', { session: session.id });
    return true;
  }

  private async reveal({ id }: Session): Promise<boolean> {
    await revealOwnLot(this.node.client, id, this.journal);
    this.node.report('revealed', { session: id });
    return true;
  }

  private async audit(session: Session, kept: KeptLots): Promise<boolean> {
    const { id, startMs, endMs, resolutionMinutes } = session;
    const day = interval(startMs, endMs);
    const slots = slotsOf(day, requireSlotMinutes(day, resolutionMinutes));
    const { faults, ...counts } = await auditLots(this.node.client, kept, slots);
    this.node.report(faults.length === 0 ? 'lots' : 'lots-differ', {
      session: id,
      ...counts,
      faults: faults.join(', '),
    });
    return true;
  }

  private async attend(session: Session, model: MarketModel): Promise<boolean> {
    const now = this.node.clock.nowMs();
    if (session.phase === 'BID' && now >= session.startMs && now < session.endMs) {
      return this.bidAndDeclare(session);
    }
    if (session.state === 'CLEARED' && now >= session.endMs) {
      return this.once(`${session.id} deliver`, () => this.deliver(session));
    }
    if (session.state === 'SETTLED' && now >= session.endMs) {
      const corrected = await this.correct(session, now);
      return (await this.once(`${session.id} account`, () => this.account(session, model))) || corrected;
    }
    if (session.state === 'CANCELLED') {
      return this.once(`${session.id} cancelled`, async () => this.cancelled(session));
    }
    return false;
  }

  private async bidAndDeclare(session: Session): Promise<boolean> {
    const bid = await this.once(`${session.id} bid`, () => this.bid(session));
    return (await this.once(`${session.id} defaults`, () => this.declare(session))) || bid;
  }

  /** A step that this node's data or the platform refuses is said once and left; one that answers false is tried again. */
  private async once(step: string, work: () => Promise<boolean>): Promise<boolean> {
    if (this.done.has(step)) return false;
    try {
      if (!(await work())) return false;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      this.node.report('skipped', { step, code: error.code, reason: error.message });
    }
    this.done.add(step);
    return true;
  }

  /** Issue time is the start of the delivery day: all that is read lies before it. */
  private async bid(session: Session): Promise<boolean> {
    const { node, journal, federation } = this;
    const day = interval(session.startMs, session.endMs);
    const minutes = requireSlotMinutes(day, session.resolutionMinutes);
    await requireFineReadings(node, slotLengthMs(day, minutes));
    journal.take(session);
    const models = [...federation.models.values()].flatMap((each) => marketModel(each) ?? []);
    const { model, forecast } = await newestAnswer(node, models, session.startMs);
    const { forecasts, orders } = node.enrolment.publish;
    if (forecasts) {
      const hours = await publishForecasts(node, model, forecast, day);
      const issued = isoInstant(forecast.issueMs);
      node.report('forecasts', { session: session.id, issued, hours, modelHash: model.modelHash });
    }
    const slots = slotsOf(day, minutes).filter(({ startMs }) => startMs >= node.clock.nowMs());
    const hours = hourQuantiles(forecast, forecast.net, day);
    const { zone } = model.card.data;
    const make = async () => {
      const curveOf = await this.curveOf(session, { ...session, day, minutes, zone, hours, slots });
      return signedOrders(this.signer, session, slotQuantiles(hours, slots), curveOf);
    };
    const signed = orders ? await journal.orders(session.id, make) : [];
    await submitOrders(node.client, session.id, signed);
    node.report('orders', { session: session.id, orders: signed.length });
    return true;
  }

  /** What it bid stands for the days after, should it not be heard then. */
  private async declare(session: Session): Promise<boolean> {
    const draft = defaultsAfter(session, this.journal.madeOrders(session.id), this.defaultDays);
    if (draft === null) return false;
    const { client, report } = this.node;
    await declareDefaults({ client, signer: this.signer, journal: this.defaults }, draft);
    const { declaration, lastDay, orders } = draft;
    report('defaults', { session: session.id, declaration, orders: orders.length, lastDay });
    return true;
  }

  /** How devices bid; undefined where the forecast alone does. Few orders could not say what they want. */
  private async curveOf(session: Session, day: BidDay): Promise<CurveOf | undefined> {
    if (this.devices === null || takesFewOrders(session)) return undefined;
    return (await deviceCurves(this.node, this.devices, day)) ?? undefined;
  }

  private async deliver(session: Session): Promise<boolean> {
    const { client, report } = this.node;
    const defaults = this.standing(session);
    if (defaults.length === 0 && !this.journal.took(session)) return false;
    const { slots, meter } = await this.tradedMeter(session, defaults);
    const { statements, slotsWithoutReading } = await signedDeliveries(this.signer, session.id, slots, meter);
    await submitDeliveries(client, session.id, this.deliveries.first(session.id, statements));
    report('deliveries', {
      session: session.id,
      statements: statements.length,
      missing: slotsWithoutReading.length,
    });
    return true;
  }

  /** What the market may have placed for this site, where it was not heard in time. */
  private standing(session: Session): readonly DefaultOrder[] {
    return ownDefaults(this.defaults, this.node.enrolment.participantId, session);
  }

  /**
   * The slots this site traded by its own orders, or by those it declared, and its meter of that day. A day that it traded by
   * default is taken now, unless it is.
   */
  private async tradedMeter(session: Session, defaults: readonly DefaultOrder[]) {
    const { client, enrolment, report } = this.node;
    const { participantId } = enrolment;
    const claimed = await ownTrades(client, session.id);
    const trades = this.journal.allowed(session.id, participantId, claimed, defaults);
    const starts = tradedSlots(trades, participantId);
    if (starts.length > 0 && !this.journal.took(session)) {
      this.journal.take(session);
      report('traded-by-default', { session: session.id, slots: starts.length });
    }
    const foreign = tradedSlots(claimed, participantId).length - starts.length;
    if (foreign > 0) report('trades-not-ordered', { session: session.id, slots: foreign });
    const day = interval(session.startMs, session.endMs);
    const minutes = requireSlotMinutes(day, session.resolutionMinutes);
    const slots = starts.map((startMs) => requireSlot(day, minutes, startMs));
    return { slots, meter: await meteredSlots(this.node, day, slotLengthMs(day, minutes)) };
  }

  /** Looks at a settled session's statements again each time readings have changed, while they may be corrected. */
  private async correct(session: Session, nowMs: number): Promise<boolean> {
    const { correctionsUntil: until } = session;
    if (until === null || nowMs >= parseInstant(until)) return false;
    const revision = await this.node.readings.revision();
    return this.once(`${session.id} correct ${revision}`, () => this.sendCorrections(session));
  }

  private async sendCorrections(session: Session): Promise<boolean> {
    const { client, enrolment, report } = this.node;
    const defaults = this.standing(session);
    if (defaults.length === 0 && !this.journal.took(session)) return true;
    // What a process before this one may not have got through; what it did is the same to the platform.
    await submitCorrections(client, session.id, this.deliveries.corrections(session.id));
    const { slots, meter } = await this.tradedMeter(session, defaults);
    const missing = await missingSlots(client, session.id, enrolment.participantId);
    // Said already, and not settled yet.
    for (const { startsAt } of this.deliveries.corrections(session.id))
      missing.delete(parseInstant(startsAt));
    const due = dueCorrections(slots, this.deliveries.stated(session.id), missing, meter);
    if (due.length === 0) return true;
    const corrections = await signedCorrections(this.signer, session.id, due);
    this.deliveries.correct(session.id, corrections);
    await submitCorrections(client, session.id, corrections);
    report('corrections', { session: session.id, statements: corrections.length });
    return true;
  }

  /** Nothing was traded, so nothing is stated; what was only committed to lots leaves the day free. */
  private cancelled(session: Session): boolean {
    if (!this.journal.took(session)) return false;
    const freed = this.journal.release(session.id);
    this.node.report('cancelled', { session: session.id, day: freed ? 'free' : 'taken' });
    return true;
  }

  private get signer(): Signer {
    const { identity, enrolment } = this.node;
    return { participantId: enrolment.participantId, privateKey: identity.signing.privateKey };
  }

  private async account(session: Session, model: MarketModel): Promise<boolean> {
    const { node, journal } = this;
    if (!journal.took(session)) return false;
    const day = interval(session.startMs, session.endMs);
    if (node.enrolment.publish.emissions) {
      const totals = await publishDayEmissions(node, session.id, day, (make) =>
        journal.emissions(session.id, make),
      );
      node.report('emissions', { session: session.id, ...totals });
    }
    if (node.enrolment.publish.scores) {
      const products = await reportScores(node, this.federation.models, day, (modelHash, make) =>
        journal.score(day, modelHash, make),
      );
      node.report('scores', { session: session.id, products });
    }
    const scores = await backtestAtHome(node, model, session.endMs);
    if (scores) node.report('backtest', { session: session.id, ...scores });
    node.report('settled', { session: session.id, hours: (session.endMs - session.startMs) / HOUR_MS });
    return true;
  }
}
