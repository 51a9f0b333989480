import { DomainError, hashJson, interval, type Interval, overlaps, parseInstant } from '#core';
import type { TaskCard } from '#federation';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';

interface Pin {
  readonly epoch: Interval;
  readonly series: string;
  /** Hash of partition and decryptors. */
  readonly cohort: string;
  readonly cardHash: string;
}

const epochOf = ({ data }: TaskCard): Interval =>
  interval(parseInstant(data.train.start), parseInstant(data.validation.end));

const cohortOf = ({ roster, release }: TaskCard): Promise<string> =>
  hashJson({
    blocks: release.blocks,
    decryptors: roster.map(({ organisation, agreementKey }) => [organisation, agreementKey]),
  });

/**
 * The site's half of the cohort rule: the first card it uploads to for a range of readings fixes, for good, with whom that
 * range may be summed; overlapping ranges count as one. Another partition could isolate fewer than k_min organisations.
 */
export class CohortPins {
  private readonly log: DurableLog<Pin>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Pin>(directory.file('cohorts.jsonl'));
  }

  /** Pins before the first upload of a card. @throws COHORT_PINNED for another partition or committee on readings already summed. */
  async pin(card: TaskCard, cardHash: string): Promise<void> {
    const epoch = epochOf(card);
    const cohort = await cohortOf(card);
    const other = this.log.entries.find(
      (pin) => pin.series === card.data.series && overlaps(pin.epoch, epoch) && pin.cohort !== cohort,
    );
    if (other) {
      throw new DomainError(
        'COHORT_PINNED',
        'expected the cohort that these readings were first summed with, got another',
        'forbidden',
        {
          firstCard: other.cardHash,
          card: cardHash,
        },
      );
    }
    if (!this.log.entries.some((pin) => pin.cardHash === cardHash)) {
      this.log.append({ epoch, series: card.data.series, cohort, cardHash });
    }
  }
}
