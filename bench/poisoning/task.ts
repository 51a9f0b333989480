import { thresholdParameters } from '#encryption';
import {
  decodeSums,
  defaultPolicy,
  type EncryptionParameters,
  encodeValues,
  type LearningPlan,
  type NetworkModel,
  plainAggregator,
  requireSoundCard,
  type RosterMember,
  type TaskCard,
} from '#federation';
import { initialModelHash, statisticLength } from '#forecasting';
import { randomSource } from '#learning';

const SITES = 12;
const DECRYPTORS = 4;
/** As fine as a lane of three is for entries within ± 1 of up to 16 sites. */
const LANES = { lanes: 3, fractionBits: 13, maxSites: 16 } as const;

/** Twelve organisations, a committee of the first four: t = 2, k_min = 3, four blocks of three. */
const ROSTER: readonly RosterMember[] = Array.from({ length: SITES }, (_, i) => ({
  organisation: `home-${String(i + 1).padStart(2, '0')}`,
  legalId: `LEI-${i}`,
  signingKey: `signing ${i}`,
  agreementKey: `agreement ${i}`,
}));
const SERIES = ['load_kwh'];
const decryptors = ROSTER.slice(0, DECRYPTORS).map(({ organisation }) => organisation);

/** The card of a learnt task. @throws CARD_… */
export async function taskCard(
  model: Omit<NetworkModel, 'initial'>,
  learning: LearningPlan,
): Promise<TaskCard> {
  const sums = learning.combine === 'mean' ? 'cohort' : 'blocks';
  const draft = { model: { ...model, initial: '' }, learning };
  const card: TaskCard = {
    format: 'gridcommons/card/3',
    taskId: 'poisoning',
    issuedAt: '2017-01-01T00:00:00Z',
    platformKey: 'platform',
    model: { ...model, initial: await initialModelHash(draft) },
    learning,
    data: {
      series: SERIES,
      zone: '-08:00',
      train: { start: '2016-08-01T00:00:00Z', end: '2016-11-01T00:00:00Z' },
      validation: { start: '2016-11-01T00:00:00Z', end: '2017-01-01T00:00:00Z' },
    },
    encryption: thresholdParameters({
      ...LANES,
      values: statisticLength({ ...draft, data: { series: SERIES } }),
    }),
    release: defaultPolicy(ROSTER, { decryptors, sums }),
    windows: { keys: 60, upload: 60, answer: 60 },
    privacy: null,
    roster: ROSTER,
  };
  requireSoundCard(card);
  return card;
}

/** The sum of vectors as the protocol computes it, lanes and rounding included, without its encryption. */
export function summed(
  vectors: readonly Float64Array[],
  encryption: EncryptionParameters,
  seed: number,
): Float64Array {
  const aggregator = plainAggregator(encryption);
  const component = { cardHash: '', round: 0, chunk: 0 };
  const next = randomSource(seed);
  const dither = (_: number, count: number) => Uint32Array.from({ length: count }, () => next());
  const uploads = vectors.map((vector) =>
    encodeValues(vector, encryption, dither).map((slots) =>
      aggregator.encrypt(new Uint8Array(0), slots, component),
    ),
  );
  const chunks = uploads[0]!.map((_, i) => aggregator.add(uploads.map((upload) => upload[i]!)));
  return decodeSums(
    chunks.map((chunk) => aggregator.combine(chunk, [])),
    encryption,
  );
}
