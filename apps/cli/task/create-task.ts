import { DomainError, type Interval, interval, isoInstant, localDay, parseInstant } from '#core';
import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { mutate } from '../platform/graphql-client.ts';
import { CARD, rosterText } from './task-answer.ts';

export interface CreateTaskOptions {
  readonly zone: string;
  readonly series?: string;
  /** START/END: local dates or instants. */
  readonly train: string;
  readonly validation: string;
  readonly organisation?: readonly string[];
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
    ...(windows.length === 0 ? {} : { windows: Object.fromEntries(windows) }),
  };
}

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
