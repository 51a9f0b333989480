import { existsSync } from 'node:fs';
import { z } from 'zod';
import { DomainError } from '#core';
import type { TaskState } from '#federation';
import { writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import { readJson, type SiteDirectory } from '../node/site-directory.ts';
import { PrivacyCharges } from './privacy-charges.ts';

const TASK_KINDS = ['one-shot-ridge', 'network'] as const;

/** Total privacy loss: (ε, δ) of differential privacy. */
const LOSS = z.strictObject({
  epsilon: z.number().positive().max(1_000),
  delta: z.number().gt(0).lt(1),
});

const name = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text !== '*', 'expected a name; "*" alone, not in a list, stands for all');
const listOrAll = z.union([z.literal('*'), z.array(name).max(1_000)]);

const CONSENT = z
  .strictObject({
    format: z.literal('gridcommons/consent/1'),
    /** Columns of the site's files that may be summed. */
    series: listOrAll.default('*'),
    taskKinds: z.array(z.enum(TASK_KINDS)).default([...TASK_KINDS]),
    /** Legal ids of the other organisations a roster may name; who they are is pinned apart from this (trust.json). */
    organisations: listOrAll.default('*'),
    /** Least t: decryptors that must come together to open a sum. Above what the node demands of any card. */
    minimumThreshold: z.int().min(2).max(1_000).nullable().default(null),
    /** Most that the readings of one series and epoch may lose, over all tasks; null: as much as a card says. */
    budget: LOSS.nullable().default(null),
    /** Whether exact sums, without differential privacy, may be computed from this site's readings. */
    allowWithoutPrivacy: z.boolean().default(true),
  })
  .refine(({ allowWithoutPrivacy, budget }) => allowWithoutPrivacy || budget !== null, {
    path: ['budget'],
    message: 'expected a budget where tasks without differential privacy are declined',
  });

/** What a participant's owner lets its node take part in; everything else is declined. */
export type Consent = z.infer<typeof CONSENT>;

export type PrivacyLoss = z.infer<typeof LOSS>;

/** What consent is asked for: the part of a card it depends on. */
export interface ConsentTerms {
  readonly model: {
    readonly kind: string;
    readonly inputs?: { readonly ahead: readonly string[]; readonly past: readonly string[] } | null;
  };
  readonly data: { readonly series: readonly string[] };
  readonly release: { readonly threshold: number };
  readonly privacy: PrivacyLoss | null;
  readonly roster: readonly { readonly legalId: string }[];
}

/** Without a file: every pinned organisation, every imported series, with or without differential privacy. */
export const OPEN_CONSENT: Consent = CONSENT.parse({ format: 'gridcommons/consent/1' });

const fileOf = (directory: SiteDirectory): string => directory.file('consent.json');

/** Read anew each time, so that a change by the owner counts at once. @throws FILE_NOT_JSON, CONSENT_KEY_UNKNOWN, CONSENT_INVALID */
export function readConsent(directory: SiteDirectory): Consent {
  const file = fileOf(directory);
  return existsSync(file) ? requireConsent(readJson(file)) : OPEN_CONSENT;
}

/** @throws CONSENT_INVALID */
export function writeConsent(directory: SiteDirectory, consent: Consent): void {
  writeDurably(fileOf(directory), JSON.stringify(requireConsent(consent), null, 2));
}

/** @throws CONSENT_KEY_UNKNOWN naming unknown keys, CONSENT_INVALID naming every problem */
export function requireConsent(value: unknown): Consent {
  const parsed = CONSENT.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const keys = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => z.core.toDotPath([...issue.path, key])) : [],
  );
  if (keys.length > 0) {
    const message = `expected no unknown key in the consent, got ${keys.join(', ')}`;
    throw new DomainError('CONSENT_KEY_UNKNOWN', message, 'invalid', { keys });
  }
  const problems = issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'consent'}: ${message}`);
  throw new DomainError(
    'CONSENT_INVALID',
    `expected a consent of format gridcommons/consent/1, got ${problems.join('; ')}`,
    'invalid',
    { problems },
  );
}

/**
 * Whether the owner lets the node take part. `lossAfter` is what the series and epoch would have lost after the task, by
 * whoever accounts for all tasks; without it, what the task alone takes. The messages may be told to others: they name the
 * task's side, and of the owner's only what the task can be changed to.
 * @throws CONSENT_KIND, CONSENT_SERIES, CONSENT_ORGANISATION, CONSENT_THRESHOLD, CONSENT_PRIVACY, CONSENT_BUDGET
 */
export function requireConsented(
  consent: Consent,
  terms: ConsentTerms,
  own: { readonly legalId: string },
  lossAfter: PrivacyLoss | null = terms.privacy,
): void {
  const { kind } = terms.model;
  if (!consent.taskKinds.some((accepted) => accepted === kind)) {
    throw decline('CONSENT_KIND', `a task of kind ${consent.taskKinds.join(' or ') || '(none)'}`, kind);
  }
  const unaccepted = summedColumns(terms).find((column) => !accepts(consent.series, column));
  if (unaccepted !== undefined) throw decline('CONSENT_SERIES', 'a series this owner accepts', unaccepted);
  const other = terms.roster.find(
    ({ legalId }) => legalId !== own.legalId && !accepts(consent.organisations, legalId),
  );
  if (other !== undefined) {
    throw decline('CONSENT_ORGANISATION', 'organisations this owner accepts', other.legalId);
  }
  const { threshold } = terms.release;
  if (consent.minimumThreshold !== null && threshold < consent.minimumThreshold) {
    throw decline('CONSENT_THRESHOLD', `t of at least ${consent.minimumThreshold}`, String(threshold));
  }
  requireBudget(consent, lossAfter);
}

/** What is forecast, and what the model sees beside it. */
export const summedColumns = ({ model: { inputs }, data }: ConsentTerms): string[] => [
  ...data.series,
  ...(inputs?.ahead ?? []),
  ...(inputs?.past ?? []),
];

/** Asked of a new card, and again before each statement in its task: consent can be withdrawn. @throws CONSENT_… */
export function requireOwnersConsent(
  { directory, enrolment }: SiteNode,
  { card, cardHash }: Pick<TaskState, 'card' | 'cardHash'>,
): void {
  const consent = readConsent(directory);
  const loss = card.privacy && new PrivacyCharges(directory).lossAfter(card, cardHash, consent.budget);
  requireConsented(consent, card, enrolment, loss);
}

function requireBudget({ budget, allowWithoutPrivacy }: Consent, loss: PrivacyLoss | null): void {
  if (loss === null) {
    if (allowWithoutPrivacy) return;
    throw decline('CONSENT_PRIVACY', 'a task with differential privacy', 'one without');
  }
  if (budget !== null && !(loss.epsilon <= budget.epsilon && loss.delta <= budget.delta)) {
    throw decline('CONSENT_BUDGET', `at most ${lossText(budget)} in all`, lossText(loss));
  }
}

/** For people. */
export function consentText(consent: Consent): string {
  const { minimumThreshold, budget, allowWithoutPrivacy } = consent;
  return [
    `series           ${namesText(consent.series, 'all that are imported')}`,
    `kinds of task    ${namesText(consent.taskKinds, '')}`,
    `organisations    ${namesText(consent.organisations, 'all that are pinned')}`,
    `threshold        ${minimumThreshold === null ? 'as the roster demands' : `at least ${minimumThreshold}`}`,
    `privacy budget   ${budget === null ? 'none' : `${lossText(budget)} for each series and epoch`}`,
    `without privacy  ${allowWithoutPrivacy ? 'allowed' : 'declined'}`,
  ].join('\n');
}

const namesText = (accepted: readonly string[] | '*', all: string): string =>
  accepted === '*' ? all : accepted.join(', ') || 'none';

export const lossText = ({ epsilon, delta }: PrivacyLoss): string => `ε = ${epsilon}, δ = ${delta}`;

const accepts = (accepted: readonly string[] | '*', value: string): boolean =>
  accepted === '*' || accepted.includes(value);

const decline = (code: string, expected: string, got: string) =>
  new DomainError(code, `expected ${expected}, got ${got}`, 'forbidden');
