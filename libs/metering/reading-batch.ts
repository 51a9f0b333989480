import {
  type ReadingGrid,
  type RowRefusal,
  intervalsWithin,
  readStart,
  refusalText,
  stepEndMs,
  VALUE_LIMITS,
  valueRefusal,
} from './reading-rows.ts';

export const READING_QUALITIES = ['MEASURED', 'ESTIMATED', 'SUBSTITUTED'] as const;
export type ReadingQuality = (typeof READING_QUALITIES)[number];

/** A reading as it was sent. */
export interface SentReading {
  readonly start: string;
  readonly value: string;
  readonly quality?: string | null | undefined;
}

export interface RefusedRow {
  /** From 0. */
  readonly index: number;
  readonly code: RowRefusal;
  readonly message: string;
}

/** Readings whose every part can be stored, in columns. */
export interface CheckedReadings {
  /** Milliseconds of UTC. */
  readonly starts: readonly number[];
  /** Decimals as they were sent. */
  readonly values: readonly string[];
  /** Index into READING_QUALITIES. */
  readonly qualities: readonly (number | null)[];
}

export interface ReadingFinding {
  readonly code: 'GAP' | 'OUT_OF_ORDER' | 'NEGATIVE' | 'FUTURE' | 'ESTIMATED' | 'ROUNDED';
  readonly severity: 'info' | 'warning';
  readonly count: number;
  readonly message: string;
}

const FINDINGS: Readonly<Record<ReadingFinding['code'], readonly [ReadingFinding['severity'], string]>> = {
  GAP: ['warning', 'intervals between the first and the last for which no reading came'],
  OUT_OF_ORDER: ['info', 'readings that begin before the one in front of them'],
  NEGATIVE: ['info', 'readings below zero'],
  FUTURE: ['warning', 'readings of intervals that have not ended'],
  ESTIMATED: ['info', 'readings that were not simply measured'],
  ROUNDED: ['info', `readings rounded to ${VALUE_LIMITS.decimals} decimals`],
};

const MOST_REFUSED = 10_000;
const FINE = new RegExp(String.raw`\.\d{${VALUE_LIMITS.decimals + 1}}|e`, 'i');

/** Readings of one batch as they come: what cannot be stored is refused by row, what is doubtful is counted. */
export class ReadingBatch {
  rows = 0;
  refusedCount = 0;
  /** The first of them. */
  readonly refused: RefusedRow[] = [];
  readonly #seen = new Set<number>();
  readonly #counts = { OUT_OF_ORDER: 0, NEGATIVE: 0, FUTURE: 0, ESTIMATED: 0, ROUNDED: 0 };
  #columns: { starts: number[]; values: string[]; qualities: (number | null)[] } = emptied();
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  #beforeMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly grid: ReadingGrid,
    private readonly nowMs: number,
  ) {}

  get waiting(): number {
    return this.#columns.starts.length;
  }

  add({ start, value, quality }: SentReading): void {
    const at = readStart(this.grid, start);
    if (typeof at === 'string') return this.refuse(at, start);
    const refusal = valueRefusal(value);
    if (refusal !== undefined) return this.refuse(refusal, value);
    const code =
      quality == null || quality === '' ? null : READING_QUALITIES.indexOf(quality as ReadingQuality);
    if (code === -1) return this.refuse('QUALITY_UNKNOWN', quality!);
    if (this.#seen.has(at)) return this.refuse('START_REPEATED', start);
    this.#seen.add(at);
    this.#keep(at, value, code);
  }

  /** With what of the row it is refused for. */
  refuse(code: RowRefusal, got?: string): void {
    this.refusedCount += 1;
    if (this.refused.length < MOST_REFUSED) {
      this.refused.push({ index: this.rows, code, message: refusalText(code, got) });
    }
    this.rows += 1;
  }

  /** What was checked since the last time. */
  take(): CheckedReadings {
    const columns = this.#columns;
    this.#columns = emptied();
    return columns;
  }

  findings(): ReadingFinding[] {
    const counts = { GAP: this.#gaps(), ...this.#counts };
    return (Object.keys(FINDINGS) as ReadingFinding['code'][])
      .filter((code) => counts[code] > 0)
      .map((code) => {
        const [severity, text] = FINDINGS[code];
        return { code, severity, count: counts[code], message: `${counts[code]} ${text}` };
      });
  }

  #keep(at: number, value: string, quality: number | null): void {
    const counts = this.#counts;
    if (at < this.#beforeMs) counts.OUT_OF_ORDER += 1;
    if (value.startsWith('-')) counts.NEGATIVE += 1;
    if (stepEndMs(this.grid.zone, this.grid.resolution, at) > this.nowMs) counts.FUTURE += 1;
    if (quality !== null && quality > 0) counts.ESTIMATED += 1;
    if (FINE.test(value)) counts.ROUNDED += 1;
    this.#beforeMs = at;
    this.#firstMs = Math.min(this.#firstMs, at);
    this.#lastMs = Math.max(this.#lastMs, at);
    const { starts, values, qualities } = this.#columns;
    starts.push(at);
    values.push(value);
    qualities.push(quality);
    this.rows += 1;
  }

  #gaps(): number {
    if (this.#seen.size === 0) return 0;
    const spanned = intervalsWithin(this.grid.resolution, this.#firstMs, this.#lastMs) + 1;
    return Math.max(0, spanned - this.#seen.size);
  }
}

const emptied = () => ({ starts: [], values: [], qualities: [] });
