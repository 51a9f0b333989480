import { DomainError, type Interval, interval, isoInstant, localDay, parseInstant } from '#core';
import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { mutate } from '../platform/graphql-client.ts';
import { type InputOptions, saidInputs } from './input-options.ts';
import { CARD, rosterText } from './task-answer.ts';

export interface CreateTaskOptions extends InputOptions {
  readonly zone: string;
  readonly series?: readonly string[];
  /** START/END: local dates or instants. */
  readonly train: string;
  readonly validation: string;
  readonly organisation?: readonly string[];
  readonly stepMinutes?: string;
  readonly lookback?: number;
  readonly horizon?: number;
  readonly cycle?: number;
  readonly statistic?: string;
  readonly network?: string;
  readonly hidden?: number;
  readonly steps?: number;
  readonly optimiser?: string;
  readonly combine?: string;
  readonly patience?: number;
  readonly epsilon?: number;
  readonly delta?: number;
  readonly clip?: number;
  readonly mechanism?: string;
  readonly decryptor?: readonly string[];
  /** Seconds. */
  readonly keysWindow?: number;
  readonly uploadWindow?: number;
  readonly answerWindow?: number;
}

const CREATE = `mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) { id cardHash phase card windowEndsAt }
}`;
const CREATED = z.object({
  createTask: z.object({
    id: z.string(),
    cardHash: z.string(),
    phase: z.string(),
    card: CARD,
    windowEndsAt: z.string(),
  }),
});

/** Opens a task. @throws RANGE_MALFORMED, ZONE_UNKNOWN, and what the platform refuses */
export async function createTask(options: AdminOptions & CreateTaskOptions, output: Output): Promise<void> {
  const input = taskInput(options);
  const { createTask: task } = await mutate(await accessOf(options), CREATE, { input }, CREATED);
  output.result(
    task,
    `task ${task.id}\n  roster ${rosterText(task.card)}\n  npx gridcommons task watch ${task.id}`,
  );
}

/** The platform's CreateTaskInput; what is not said is left to its defaults. */
export function taskInput(options: CreateTaskOptions): Readonly<Record<string, unknown>> {
  const { zone, series, organisation, decryptor } = options;
  const windows = Object.entries({
    keys: options.keysWindow,
    upload: options.uploadWindow,
    answer: options.answerWindow,
  }).filter(([, seconds]) => seconds !== undefined);
  return {
    zone,
    train: epoch(range(options.train, zone)),
    validation: epoch(range(options.validation, zone)),
    ...(series === undefined ? {} : { series }),
    ...(organisation === undefined ? {} : { organisationIds: organisation }),
    ...(decryptor === undefined ? {} : { decryptorIds: decryptor }),
    ...modelInput(options),
    ...privacyInput(options),
    ...(windows.length === 0 ? {} : { windows: Object.fromEntries(windows) }),
  };
}

/** Parameters that an optimiser cannot do without, as they are usual. */
const OPTIMISERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  fedavg: { serverLearningRate: 1 },
  fedprox: { serverLearningRate: 1, proximal: 0.01 },
  fedadam: { serverLearningRate: 0.03, beta1: 0.5, beta2: 0.99, tau: 0.03 },
  fedyogi: { serverLearningRate: 0.02, beta1: 0.5, beta2: 0.99, tau: 0.03 },
  scaffold: { serverLearningRate: 1, controlClip: 0.5 },
};

/** @throws OPTION_ALONE for what only a network has, or only a ridge */
function modelInput(options: CreateTaskOptions): object {
  const { network, hidden, optimiser, steps, combine, patience, statistic } = options;
  const { lookback, horizon, cycle } = options;
  const stepMinutes = options.stepMinutes === undefined ? undefined : Number(options.stepMinutes);
  const shape = defined({ stepMinutes, lookback, horizon, cycle });
  const learning = defined({ steps, combine, patience });
  const inputs = saidInputs(options);
  if (!network) {
    const [alone] = Object.keys(defined({ hidden, optimiser, ...learning }));
    if (alone !== undefined)
      throw new DomainError('OPTION_ALONE', `expected --network with --${alone}, got it alone`);
    const ridge = { ...shape, ...defined({ statistic, inputs }) };
    return Object.keys(ridge).length > 0 ? { ridge } : {};
  }
  if (statistic !== undefined)
    throw new DomainError('OPTION_ALONE', 'expected --statistic without --network, got both');
  const rule = optimiser === undefined ? {} : { optimiser: { kind: optimiser, ...OPTIMISERS[optimiser] } };
  const plan = { ...learning, ...rule };
  return {
    network: { architecture: network, ...shape, ...defined({ hidden, inputs }) },
    ...(Object.keys(plan).length > 0 && { learning: plan }),
  };
}

/** @throws OPTION_ALONE for a part of the privacy terms without --epsilon and --clip */
function privacyInput({ epsilon, delta, clip, mechanism }: CreateTaskOptions): object {
  if (epsilon !== undefined && clip !== undefined)
    return { privacy: { epsilon, clip, ...defined({ delta, mechanism }) } };
  const [alone] = Object.keys(defined({ epsilon, delta, clip, mechanism }));
  if (alone === undefined) return {};
  throw new DomainError('OPTION_ALONE', `expected --epsilon and --clip with --${alone}, got it alone`);
}

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

/** @throws RANGE_MALFORMED, INTERVAL_…, ZONE_UNKNOWN */
function range(text: string, zone: string): Interval {
  const [start, end, ...rest] = text.split('/');
  if (!start || !end || rest.length > 0) {
    throw new DomainError('RANGE_MALFORMED', `expected START/END, got ${JSON.stringify(text.slice(0, 80))}`);
  }
  return interval(instant(start, zone), instant(end, zone));
}

const instant = (text: string, zone: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? localDay(zone, text).startMs : parseInstant(text);
