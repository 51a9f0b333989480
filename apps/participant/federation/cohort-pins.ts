import {
  DomainError,
  hashJson,
  interval,
  type Interval,
  type Json,
  overlaps,
  parseInstant,
  sha256Hex,
} from '#core';
import { rosterMember, seriesParts, type TaskCard } from '#federation';
import { isWeather } from '#metering';
import { DurableLog } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import { readingsBehind } from '../readings/derived-series.ts';

interface Pin {
  readonly epoch: Interval;
  readonly series: string;
  /** Hash of partition and decryptors. */
  readonly cohort: string;
  readonly cardHash: string;
  /** SHA-256 of the series' part of the vector that was summed; null where noise of its own protects each sum, or steps follow one another. */
  readonly input: string | null;
}

const epochOf = ({ data }: TaskCard): Interval =>
  interval(parseInstant(data.train.start), parseInstant(data.validation.end));

/** By legal identity and keys: the names of a roster are the platform's, and could change hands between two cards. */
const whoIs = (card: TaskCard, organisation: string): Json => {
  const { legalId, signingKey, agreementKey } = rosterMember(card, organisation);
  return { legalId, signingKey, agreementKey };
};

const cohortOf = (card: TaskCard): Promise<string> =>
  hashJson({
    blocks: card.release.blocks.map((block) => block.map((organisation) => whoIs(card, organisation))),
    decryptors: card.release.decryptors.map((organisation) => whoIs(card, organisation)),
  });

/** What is metered, whatever the unit: a column of kW holds the readings of that of kWh. */
const meterOf = (series: string): string => series.replace(/_[km]?wh?$/, '');

/** A net without PV is the load itself: another cohort could isolate one by the other. */
const shareReadings = (one: string, other: string): boolean => {
  const behind = readingsBehind(other).map(meterOf);
  return readingsBehind(one).some((series) => behind.includes(meterOf(series)));
};

const isPinnedInput = ({ learning, privacy }: TaskCard): boolean => learning === null && privacy === null;

/**
 * Columns that a card's model sees beside its series, each with what is summed of it: the whole vector. Weather known ahead, which
 * is nobody's secret, may be summed again with other series, if in the same cohort.
 */
function inputsOf({ model }: TaskCard, values: Float64Array): (readonly [string, Float64Array | null])[] {
  if (!model.inputs) return [];
  const { past, ahead } = model.inputs;
  const known = ahead.filter((column) => !past.includes(column));
  return [
    ...past.map((column) => [column, values] as const),
    ...known.map((column) => [column, isWeather(column) ? null : values] as const),
  ];
}

const hashOf = (part: Float64Array): Promise<string> =>
  sha256Hex(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));

/**
 * The site's half of the cohort rule, for each series by itself: the first card it uploads to for a range of readings fixes, for good, with whom that
 * range may be summed, and what this site adds to the sum; overlapping ranges count as one. Another partition could isolate
 * fewer than k_min organisations, and so could another input: two sums of one cohort differ by what changed at one site.
 */
export class CohortPins {
  private readonly log: DurableLog<Pin>;

  constructor(directory: SiteDirectory) {
    this.log = DurableLog.open<Pin>(directory.file('cohorts.jsonl'));
  }

  /**
   * Pins every series of a card, and the site's own columns that its model sees beside them, or none, before its vector is
   * encrypted for the first time.
   * @throws COHORT_PINNED for another partition or committee on readings already summed, INPUT_PINNED for another vector.
   */
  async pin(card: TaskCard, cardHash: string, values: Float64Array): Promise<void> {
    const epoch = epochOf(card);
    const cohort = await cohortOf(card);
    const pins: Pin[] = [];
    for (const [series, part] of [...seriesParts(card, values), ...inputsOf(card, values)]) {
      const input = part && isPinnedInput(card) ? await hashOf(part) : null;
      const pin = { epoch, series, cohort, cardHash, input };
      if (!this.requireAsBefore(pin)) pins.push(pin);
    }
    for (const pin of pins) this.log.append(pin);
  }

  /** @returns whether the same card has pinned it before */
  private requireAsBefore({ epoch, series, cohort, cardHash, input }: Pin): boolean {
    const summed = this.log.entries.filter(
      (pin) => shareReadings(pin.series, series) && overlaps(pin.epoch, epoch),
    );
    for (const pin of summed) {
      if (pin.cohort !== cohort) throw pinned('COHORT_PINNED', 'cohort', [pin.cardHash, cardHash]);
      if (pin.series === series && pin.input !== null && input !== null && pin.input !== input)
        throw pinned('INPUT_PINNED', 'statistic', [pin.cardHash, cardHash]);
    }
    return summed.some((pin) => pin.series === series && pin.cardHash === cardHash);
  }
}

const pinned = (code: string, what: string, [firstCard, card]: readonly [string, string]) =>
  new DomainError(
    code,
    `expected the ${what} that these readings were first summed with, got another`,
    'forbidden',
    { firstCard, card },
  );
