import { DomainError } from '#core';
import type { TaskCard } from './card.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length <= 1_000;
const within =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
const whole = within(0, Number.MAX_SAFE_INTEGER);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= 10_000 && value.every((item) => check(item));
/** At least these fields: a later card may carry more. */
const fields =
  (checks: Record<string, Check>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const present = new Map<string, unknown>(Object.entries(value));
    return Object.entries(checks).every(([key, check]) => check(present.get(key)));
  };

const epoch = fields({ start: text, end: text });
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const nothingOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

const windowed = {
  stepMinutes: within(1, 1_440),
  lookback: within(1, 100_000),
  horizon: within(1, 100_000),
  cycle: within(1, 100_000),
};
const seen = {
  calendar: (value: unknown) => typeof value === 'boolean',
  holidays: nothingOr(text),
  ahead: listOf(text),
  past: listOf(text),
  issues: (name: unknown) => name === 'every-step' || name === 'midnights',
};
const ridge = fields({
  kind: (kind) => kind === 'one-shot-ridge',
  statistic: (name) => name === 'moments' || name === 'autocovariances',
  ...windowed,
  lambdas: listOf(number),
  inputs: nothingOr(fields({ ...seen, penalties: listOf(number) })),
});
const network = fields({
  kind: (kind) => kind === 'network',
  ...windowed,
  architecture: text,
  hidden: whole,
  seed: whole,
  covariates: orAbsent(whole),
  inputs: orAbsent(fields(seen)),
  stride: within(1, 10_000),
  initial: text,
});
const learning = fields({
  optimiser: fields({ kind: text, serverLearningRate: number }),
  steps: within(1, 10_000),
  patience: nothingOr(within(1, 10_000)),
  localEpochs: whole,
  batchSize: whole,
  learningRate: number,
  clip: number,
  rowsScale: number,
  combine: (how) => how === 'mean' || how === 'median' || how === 'trimmed-mean',
  vote: nothingOr(fields({ quorum: within(1, 10_000) })),
});
const privacy = fields({
  unit: (unit) => unit === 'organisation',
  mechanism: (name) => name === 'discrete-gaussian' || name === 'skellam',
  epsilon: number,
  delta: number,
  clip: number,
  honest: within(1, 10_000),
  rhoPerStep: number,
  sigmaSquared: within(1, Number.MAX_SAFE_INTEGER),
  noiseBound: within(1, Number.MAX_SAFE_INTEGER),
});

const SHAPE: Readonly<Record<string, Check>> = {
  format: text,
  issuedAt: text,
  windows: fields({ keys: whole, upload: whole, answer: whole }),
  taskId: text,
  platformKey: text,
  model: either(ridge, network),
  learning: nothingOr(learning),
  privacy: nothingOr(privacy),
  data: fields({ series: listOf(text), zone: text, train: epoch, validation: epoch }),
  encryption: fields({
    scheme: text,
    ringDegree: whole,
    primes: listOf(text),
    plainModulus: text,
    lanes: within(1, 3),
    fractionBits: within(0, 64),
    maxSites: whole,
    values: within(1, 100_000_000),
  }),
  release: fields({
    decryptors: listOf(text),
    sums: text,
    threshold: whole,
    quorum: whole,
    minimumOrganisations: whole,
    blocks: listOf(listOf(text)),
  }),
  roster: listOf(fields({ organisation: text, legalId: text, signingKey: text, agreementKey: text })),
};

/** @throws CARD_MALFORMED naming the first part of the card that a node or verifier could not even read. */
export function requireCardShape(card: unknown): asserts card is TaskCard {
  if (typeof card !== 'object' || card === null) throw unreadable('card');
  for (const [part, check] of Object.entries(SHAPE)) {
    if (!fields({ [part]: check })(card)) throw unreadable(part);
  }
}

const unreadable = (part: string): DomainError =>
  new DomainError('CARD_MALFORMED', `expected a card with a readable ${part}, got another shape`, 'invalid', {
    part,
  });
