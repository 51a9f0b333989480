import { existsSync } from 'node:fs';
import { isoInstant } from '#core';
import { writeDurably } from '../node/durable-log.ts';
import { readJson, type SiteDirectory } from '../node/site-directory.ts';

/** A model that could not answer, and why: its owner's affair. */
export interface PassedOver {
  readonly modelHash: string;
  readonly taskId: string;
  readonly code: string;
  readonly reason: string;
}

/** Which model made the latest forecast for the market, no value of it. */
export interface NotedForecast {
  /** ISO 8601. */
  readonly issuedAt: string;
  /** Null where none of the models could answer. */
  readonly modelHash: string | null;
  readonly taskId: string | null;
  /** Newer models that could not, the newest first. */
  readonly passedOver: readonly PassedOver[];
}

const fileOf = (directory: SiteDirectory): string => directory.file('forecast.json');

/** For `participant status`, which another process reads. */
export function noteForecast(
  directory: SiteDirectory,
  { issueMs, ...forecast }: Omit<NotedForecast, 'issuedAt'> & { readonly issueMs: number },
): void {
  const note: NotedForecast = { issuedAt: isoInstant(issueMs), ...forecast };
  writeDurably(fileOf(directory), JSON.stringify(note, null, 2));
}

/** Null before the first forecast. */
export function notedForecast(directory: SiteDirectory): NotedForecast | null {
  const file = fileOf(directory);
  return existsSync(file) ? (readJson(file) as NotedForecast) : null;
}
