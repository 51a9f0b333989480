import { utf8 } from '#core';
import { CHUNK_BYTES, sealedShareBytes, thresholdParameters } from '#encryption';
import { chunkCount, MAX_DECRYPTORS, usualLanes } from '#federation';
import { DAY_AHEAD_MOMENTS, DAY_AHEAD_RIDGE, statisticLength } from '#forecasting';
import type { Consent } from '../federation/consent.ts';
import type { Enrolment } from '../node/site-directory.ts';

/** Something that goes to the platform. */
export interface Leaving {
  readonly what: string;
  readonly when: string;
  /** Whether the owner lets it, as things stand. */
  readonly allowed: boolean;
  /** Numbers in one of them, where it is made of numbers. */
  readonly numbers: number | null;
  /** Bytes of one of them. */
  readonly bytes: number | null;
  /** Who can read it. */
  readonly readers: string;
}

export interface Preview {
  readonly leaves: readonly Leaving[];
  readonly staysHere: readonly string[];
}

export interface PreviewOf {
  readonly publish: Enrolment['publish'];
  readonly consent: Consent;
  /** Columns of the readings that are there, or will be. */
  readonly columns: readonly string[];
  /** Organisations of a task, this one included. */
  readonly organisations: number;
}

/** Fewest organisations of a task. */
const LEAST_ORGANISATIONS = 4;

/** What leaves a site by the usual card, the day-ahead ridge over one series, and what never does. */
export function sitePreview({ publish, consent, columns, organisations }: PreviewOf): Preview {
  return {
    leaves: [JOINING, ...taskLeaves(consent, columns, organisations), ...dailyLeaves(publish)],
    staysHere: [
      `readings${columns.length === 0 ? '' : ` (${columns.join(', ')})`}, unless their owner publishes some: participant data, participant carbon`,
      'private keys and the secrets of tasks',
      'the consent itself, pins, place and devices: of a task that is declined the code and the reason are told',
      'what a model learns from own readings alone',
    ],
  };
}

/** Hex of an Ed25519 or X25519 public key, and of a signature. */
const KEY = '0'.repeat(64);
const SIGNATURE = '0'.repeat(128);

const sizeOf = (value: object): number => utf8(JSON.stringify(value)).length;

const JOINING: Leaving = {
  what: 'the two public keys of this node (signing, agreement), a proof that it has the private ones, the token',
  when: 'once, at the enrolment',
  allowed: true,
  numbers: null,
  bytes: sizeOf({ token: `gce_${KEY}`, signingKey: KEY, agreementKey: KEY, proof: SIGNATURE }),
  readers: 'the platform; public keys: every member',
};

function taskLeaves(consent: Consent, columns: readonly string[], organisations: number): Leaving[] {
  const allowed =
    consent.taskKinds.includes('one-shot-ridge') &&
    (consent.series === '*' || columns.some((column) => consent.series.includes(column)));
  const isPrivate = !consent.allowWithoutPrivacy;
  const model = { kind: 'one-shot-ridge', ...(isPrivate ? DAY_AHEAD_MOMENTS : DAY_AHEAD_RIDGE) } as const;
  const values = statisticLength({ model, learning: null, data: { series: ['load_kwh'] } });
  const lanes = usualLanes({ learning: null }, isPrivate);
  const decryptors = Math.min(MAX_DECRYPTORS, Math.max(LEAST_ORGANISATIONS, organisations));
  const params = thresholdParameters({ values, lanes, fractionBits: 1, maxSites: decryptors });
  const ciphertext = chunkCount(params) * CHUNK_BYTES;
  const task = { when: 'each task, for one series', allowed, numbers: null };
  return [
    {
      ...task,
      what: `${model.statistic} of own readings${isPrivate ? ' with noise' : ''}, encrypted: a look back of ${model.lookback} steps, a horizon of ${model.horizon}`,
      numbers: values,
      bytes: ciphertext,
      readers: 'nobody alone; of all sites together the sum is opened',
    },
    {
      ...task,
      what: `shares of the secret that it is encrypted under, sealed, one for each of ${decryptors} decryptors`,
      bytes: decryptors * sealedShareBytes(),
      readers: 'each decryptor its own, which opens nothing alone; in clear everybody one that is disputed',
    },
    {
      ...task,
      what: 'an answer as a decryptor, masked, that opens the sum together with the others',
      bytes: ciphertext,
      readers: 'only together with all other answers',
    },
    {
      ...task,
      what: 'signed statements of the protocol',
      bytes: null,
      readers: 'every member that has the transcript',
    },
  ];
}

function dailyLeaves({ forecasts, orders, emissions, scores }: Enrolment['publish']): Leaving[] {
  const daily = { when: 'each day', bytes: null };
  const members = 'every member';
  return [
    {
      ...daily,
      what: 'forecasts of the next day: p10, p50 and p90 of each hour',
      allowed: forecasts,
      numbers: 3 * DAY_AHEAD_RIDGE.horizon,
      readers: members,
    },
    {
      ...daily,
      what: 'signed orders, and of each hour that was traded net import and export',
      allowed: orders,
      numbers: null,
      readers: 'the platform; what was cleared, its parties',
    },
    {
      ...daily,
      what: "a signature over the day's record of the ledger",
      allowed: true,
      numbers: null,
      readers: members,
    },
    { ...daily, what: 'totals of own emissions', allowed: emissions, numbers: null, readers: members },
    {
      ...daily,
      what: 'errors of own forecasts without unit, of each model',
      allowed: scores,
      numbers: 3,
      readers: 'means of four organisations or more: every member',
    },
  ];
}

function sizeText({ numbers, bytes }: Leaving): string {
  const size = bytes === null ? [] : [bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(2)} MB`];
  return [...(numbers === null ? [] : [`${numbers} numbers`]), ...size].join(', ');
}

function leavingText(leaving: Leaving): string {
  const facts = [leaving.when, sizeText(leaving), `read by: ${leaving.readers}`].filter(
    (fact) => fact !== '',
  );
  return `  ${leaving.what}\n    ${facts.join('; ')}`;
}

/** In plain words, for people. */
export function previewText({ leaves, staysHere }: Preview): string {
  const not = leaves.filter(({ allowed }) => !allowed);
  return [
    'What leaves this site',
    ...leaves.filter(({ allowed }) => allowed).map(leavingText),
    ...(not.length === 0
      ? []
      : ['What does not, as its owner has chosen', ...not.map(({ what }) => `  ${what}`)]),
    'What stays here',
    ...staysHere.map((what) => `  ${what}`),
  ].join('\n');
}
