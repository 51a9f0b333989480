import { interval, isoInstant, parseInstant } from '#core';
import {
  type PrivacyTerms,
  stepCount,
  type TaskCard,
  type TaskState,
  truncationProbability,
} from '#federation';
import { type Charge, epsilonOf, type PrivacyBudget, requireWithinBudget, spent } from '#privacy';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import { readingsBehind } from '../readings/derived-series.ts';

const epochOf = ({ data }: TaskCard) =>
  interval(parseInstant(data.train.start), parseInstant(data.validation.end));

/** A sum over a net takes of the load and of the PV it is made of. */
const chargedSeries = ({ data }: TaskCard): string[] => [...new Set(data.series.flatMap(readingsBehind))];

const FILE = 'charges.jsonl';

/** What this site's readings have lost so far, over all tasks: one entry for each attempt it encrypted something for. */
export class PrivacyCharges {
  private readonly log: DurableLog<Charge>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Charge>(directory.file(FILE));
  }

  /**
   * Charges an attempt before anything is encrypted for it; a repeat of the same attempt sums the same integers and costs
   * nothing. Every series is charged, or none. Without a budget of its owner the card's own limit stands, which the protocol
   * enforces.
   * @throws PRIVACY_BUDGET_EXCEEDED
   */
  charge(state: TaskState, privacy: PrivacyTerms, budget: PrivacyBudget | null): void {
    const { card, cardHash, step, attempt } = state;
    const charges = chargedSeries(card).map((series): Charge => ({
      epoch: epochOf(card),
      series,
      rho: privacy.rhoPerStep,
      cardHash,
      step,
      attempt,
      failureProbability: truncationProbability(privacy, stepCount(card)),
    }));
    if (budget) for (const next of charges) requireWithinBudget(this.log.entries, next, budget);
    const charged = this.log.entries
      .filter((charge) => charge.cardHash === cardHash && charge.step === step && charge.attempt === attempt)
      .map(({ series }) => series);
    for (const next of charges) if (!charged.includes(next.series)) this.log.append(next);
  }

  /** What the series of a card that loses most will have lost of its epoch when all steps are done, at the budget's δ or the card's. */
  lossAfter(card: TaskCard, cardHash: string, budget: PrivacyBudget | null): PrivacyBudget | null {
    const { privacy } = card;
    if (!privacy) return null;
    const others = this.log.entries.filter((charge) => charge.cardHash !== cardHash);
    const before = chargedSeries(card).map((series) => spent(others, epochOf(card), series));
    const rho = Math.max(...before) + stepCount(card) * privacy.rhoPerStep;
    const delta = budget?.delta ?? privacy.delta;
    return { epsilon: epsilonOf(rho, delta), delta };
  }
}

/** What differentially private sums have cost a range of readings. */
export interface SeriesLoss {
  readonly series: string;
  readonly start: string;
  readonly end: string;
  readonly epsilon: number;
  readonly delta: number;
}

/** δ at which losses are told where the owner has set none. */
const TOLD_DELTA = 1e-6;

/** For the owner to see: read without changing anything. */
export function privacyLosses(directory: SiteDirectory): SeriesLoss[] {
  const charges = DurableLog.peek(directory.file(FILE)) as readonly Charge[];
  const ranges = new Map(
    charges.map(({ series, epoch }) => [`${series} ${epoch.startMs} ${epoch.endMs}`, { series, epoch }]),
  );
  return [...ranges.values()].map(({ series, epoch }) => ({
    series,
    start: isoInstant(epoch.startMs),
    end: isoInstant(epoch.endMs),
    epsilon: epsilonOf(spent(charges, epoch, series), TOLD_DELTA),
    delta: TOLD_DELTA,
  }));
}
