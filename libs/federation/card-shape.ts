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

const SHAPE: Readonly<Record<string, Check>> = {
  format: text,
  issuedAt: text,
  windows: fields({ keys: whole, upload: whole, answer: whole }),
  taskId: text,
  platformKey: text,
  model: fields({
    kind: text,
    lookback: within(1, 100_000),
    horizon: within(1, 100_000),
    cycle: within(1, 100_000),
    lambdas: listOf((value) => typeof value === 'number'),
  }),
  data: fields({ series: text, zone: text, train: epoch, validation: epoch }),
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
