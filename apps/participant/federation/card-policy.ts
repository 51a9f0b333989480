import { DomainError } from '#core';
import { thresholdParameters } from '#encryption';
import { networkTask, ridgeTerms, type TaskCard, usualThreshold, valueLimit } from '#federation';
import {
  CLEAR_SKY,
  featureCount,
  initialModelHash,
  requireDistinctColumns,
  requireEpochs,
  requireOneSeries,
  requireSoundConfig,
  requireSoundNetworkInputs,
  requireSoundShape,
  statisticBound,
  statisticLength,
} from '#forecasting';
import { weightCount } from '#learning';
import type { SiteNode } from '../node/node.ts';
import { partsOf, readingsBehind } from '../readings/derived-series.ts';
import { sitePlace } from '../forecasting/site-place.ts';
import { summedColumns } from './consent.ts';
import { pinOf, publicIdentity } from '../node/site-directory.ts';

/**
 * Whether this node takes part in a sound card: every other member pinned by its owner, the platform it enrolled with, the
 * encryption parameters its own library would choose, as many decryptors needed as the roster allows, the one model it knows.
 * @throws MEMBER_NOT_PINNED, PLATFORM_KEY_DIFFERS, CARD_PARAMETERS, CARD_MODEL, RIDGE_CONFIG_INVALID, EPOCH_TOO_SHORT, EPOCH_TOO_LONG, SERIES_SEVERAL, SERIES_KNOWN_AHEAD, COLUMNS_SAME_QUANTITY, CARD_THRESHOLD_LOW, SERIES_UNKNOWN, READINGS_TOO_COARSE
 */
export async function requireAcceptable(node: SiteNode, card: TaskCard): Promise<void> {
  if (card.platformKey !== node.enrolment.platformKey) {
    throw refuse(
      'PLATFORM_KEY_DIFFERS',
      'expected the platform key of the enrolment, got another in the card',
    );
  }
  // An owner pins the others; its own keys it has.
  const own = await publicIdentity(node.identity, node.enrolment.legalId);
  const named = card.roster.find(({ organisation }) => organisation === node.enrolment.organisationId);
  if (named && (await pinOf(named)).fingerprint !== own.fingerprint) {
    throw refuse('OWN_ENTRY_OTHER', "expected this node's own keys beside its organisation, got others");
  }
  const pins = new Set([own, ...node.directory.pins()].map((pin) => pin.fingerprint));
  for (const member of card.roster) {
    const { fingerprint } = await pinOf(member);
    if (!pins.has(fingerprint)) {
      throw refuse(
        'MEMBER_NOT_PINNED',
        `expected every other member pinned (participant trust add), got ${member.legalId} with fingerprint ${fingerprint.slice(0, 16)}…`,
        {
          organisation: member.organisation,
          legalId: member.legalId,
          fingerprint,
        },
      );
    }
  }
  await requireOwnModel(card);
  requireOwnParameters(card);
  requireOwnThreshold(card);
  await requireOwnReadings(node, card);
}

async function requireOwnReadings({ readings, directory }: SiteNode, card: TaskCard): Promise<void> {
  const computed = sitePlace(directory) ? [CLEAR_SKY] : [];
  const columns = new Set([...(await readings.columns()), ...computed]);
  // A column that a sum has of one site alone would be that site's.
  const missing = summedColumns(card).filter((column) => !columns.has(column));
  if (missing.length > 0) {
    throw refuse(
      'SERIES_UNKNOWN',
      `expected imported series (${[...columns].join(', ')}), got ${missing.join(', ')}`,
    );
  }
  const { stepMinutes } = card.model;
  const resolutions = await readings.resolutions();
  const stored = [...resolutions.keys()];
  for (const column of summedColumns(card).flatMap((each) => [
    ...readingsBehind(each),
    ...partsOf(each, stored),
  ])) {
    const resolutionMs = resolutions.get(column);
    if (resolutionMs === undefined || (stepMinutes * 60_000) % resolutionMs === 0) continue;
    throw refuse(
      'READINGS_TOO_COARSE',
      `expected readings that add up to ${stepMinutes} min, got readings every ${resolutionMs / 60_000} min`,
    );
  }
}

/** A shorter look back would make sums from which single readings can be solved for, a longer one exhausts memory. */
async function requireOwnModel(card: TaskCard): Promise<void> {
  requireSoundShape(card.model);
  requireEpochs(card);
  requireOneSeries(card);
  requireDistinctColumns(card);
  requireUnknownAhead(card);
  if (card.model.kind === 'network') return requireOwnNetwork(card);
  const model = ridgeTerms(card);
  requireSoundConfig(model);
  if (card.privacy && (model.statistic !== 'moments' || model.inputs))
    throw refuse('CARD_MODEL', `expected moments of the look-back alone under privacy terms, got others`);
  const penalties = model.lambdas.length * (model.inputs?.penalties.length ?? 1);
  const { horizon } = model;
  const features = featureCount(model);
  const ridges = card.data.series.length;
  const work = ridges * (penalties + 1) * (features ** 3 / 3 + 2 * features ** 2 * horizon);
  requireWithin(RIDGE_LIMITS, { ...model, penalties, work, values: statisticLength(card) });
}

/** Nor may what is known ahead be made of the series' own readings, as a net is. @throws SERIES_KNOWN_AHEAD */
function requireUnknownAhead({ model, data }: TaskCard): void {
  const ahead = model.inputs?.ahead ?? [];
  const behind = new Set(data.series.flatMap(readingsBehind));
  const known = ahead.find((column) => readingsBehind(column).some((reading) => behind.has(reading)));
  if (known === undefined) return;
  throw refuse(
    'SERIES_KNOWN_AHEAD',
    `expected nothing of ${data.series.join(', ')} to be known ahead, got ${known}`,
  );
}

type Limits = Readonly<Record<string, readonly [least: number, most: number]>>;

/** What a site is willing to compute for a card's ridges: seconds of work, and sums with room for many readings in each. */
const RIDGE_LIMITS: Limits = {
  lookback: [24, 1_008],
  horizon: [1, 1_008],
  penalties: [1, 60],
  /** Multiplications: some ten seconds. */
  work: [1, 6e9],
  values: [1, 1_000_000],
};

/** The same for a network: hours of work, not days. */
const NETWORK_LIMITS: Limits = {
  lookback: [24, 1_008],
  horizon: [1, 168],
  hidden: [0, 256],
  weights: [1, 200_000],
  steps: [1, 500],
  localEpochs: [1, 20],
};

async function requireOwnNetwork(card: TaskCard): Promise<void> {
  const { model, learning } = networkTask(card);
  requireSoundNetworkInputs(model);
  requireWithin(NETWORK_LIMITS, { ...model, ...learning, weights: weightCount(model) });
  const initial = await initialModelHash(card);
  if (model.initial !== initial)
    throw refuse('CARD_MODEL', `expected the initial model ${initial} of these terms, got ${model.initial}`);
}

function requireWithin(limits: Limits, sizes: Readonly<Record<string, unknown>>): void {
  for (const [field, [least, most]] of Object.entries(limits)) {
    const value = Number(sizes[field]);
    if (!(value >= least && value <= most))
      throw refuse('CARD_MODEL', `expected ${field} from ${least} to ${most}, got ${value}`);
  }
}

/** Whoever writes the card must not choose how few decryptors open everything. */
function requireOwnThreshold({ release }: TaskCard): void {
  const threshold = usualThreshold(release.decryptors.length);
  if (release.threshold < threshold) {
    throw refuse(
      'CARD_THRESHOLD_LOW',
      `expected t of at least ${threshold} for ${release.decryptors.length} decryptors, got ${release.threshold}`,
    );
  }
}

function requireOwnParameters(card: TaskCard): void {
  const { encryption } = card;
  const { lanes, fractionBits, maxSites } = encryption;
  const values = statisticLength(card);
  const own = thresholdParameters({ values, lanes, fractionBits, maxSites });
  if (JSON.stringify(own) !== JSON.stringify({ ...own, ...encryption }) || encryption.scheme !== own.scheme) {
    throw refuse(
      'CARD_PARAMETERS',
      'expected the encryption parameters this node derives itself, got others',
    );
  }
  // Else a refusal to encode would tell whether this site's values fit, bit by bit over many cards.
  const largest = statisticBound(card) * 2 ** fractionBits + (card.privacy?.noiseBound ?? 0);
  if (largest > valueLimit(own)) {
    throw refuse(
      'CARD_PARAMETERS',
      'expected lanes with room for the largest value any site can have, got narrower ones',
    );
  }
}

const refuse = (code: string, message: string, data: Record<string, string> = {}) =>
  new DomainError(code, message, 'forbidden', data);
