import { DAY_MS, DomainError, interval, parseInstant } from '#core';
import type { SplitDays } from '#forecasting';
import type { MeterSeries } from '#metering';

/** Months of 30 days. */
const ETT_DAYS = [12 * 30, 16 * 30, 20 * 30];

/**
 * Training, validation and test part of a series.
 * @throws SPLIT_MALFORMED, SPLIT_OUTSIDE where a part is empty or the series ends before it
 */
export function splitOf(text: string, { startMs, resolutionMs, values }: MeterSeries): SplitDays {
  const endMs = startMs + values.length * resolutionMs;
  const [from, validation, test, to] = boundariesOf(text, startMs, resolutionMs, values.length);
  const ascending = from! < validation! && validation! < test! && test! < to!;
  if (!ascending || from! < startMs || to! > endMs) {
    const named = [from, validation, test, to, startMs, endMs].map((ms) => new Date(ms!).toISOString());
    throw new DomainError(
      'SPLIT_OUTSIDE',
      `expected parts that follow each other within ${named[4]} and ${named[5]}, got ${named.slice(0, 4).join(', ')}`,
    );
  }
  return {
    train: interval(from!, validation!),
    validation: interval(validation!, test!),
    test: interval(test!, to!),
  };
}

function boundariesOf(text: string, startMs: number, resolutionMs: number, rows: number): number[] {
  if (text === 'ett') return [startMs, ...ETT_DAYS.map((days) => startMs + days * DAY_MS)];
  const shares = /^(\d{1,6}):(\d{1,6}):(\d{1,6})$/.exec(text)?.slice(1).map(Number);
  const total = shares?.reduce((a, b) => a + b, 0) ?? 0;
  if (shares && total > 0) {
    // As published splits round: training and test down, the rest validates.
    const [train, test] = [shares[0]!, shares[2]!].map((share) => Math.floor((rows * share) / total));
    return [0, train!, rows - test!, rows].map((row) => startMs + row * resolutionMs);
  }
  const dates = text.split(',').map((part) => part.trim());
  if (dates.length === 4) return dates.map(instantOf);
  throw malformed(text);
}

function instantOf(text: string): number {
  return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
}

const malformed = (text: string) =>
  new DomainError(
    'SPLIT_MALFORMED',
    `expected ett, shares such as 7:1:2, or four dates, got ${JSON.stringify(text.slice(0, 80))}`,
  );
