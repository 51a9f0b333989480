import type { CarbonReport } from './report.ts';
import { Decimal } from 'decimal.js';

/** One input row with what it came to in each account; grams are exact, null where no factor was known. */
export interface ReportRowResult {
  readonly input: CarbonReport['inputs'][number];
  readonly locationGrams: string | null;
  readonly marketGrams: string | null;
}

const Exact = Decimal.clone({ precision: 120 });

/** Every input row beside its emissions. */
export function reportRows(report: CarbonReport): ReportRowResult[] {
  const gramsAt = new Map<string, Decimal>();
  for (const { start, account, gramsCo2e } of report.lines) {
    const key = `${start} ${account}`;
    gramsAt.set(key, (gramsAt.get(key) ?? new Exact(0)).add(gramsCo2e));
  }
  const grams = (input: ReportRowResult['input'], account: string): string | null =>
    gramsAt.get(`${input['start']} ${account}`)?.toFixed() ?? null;
  return report.inputs.map((input) => ({
    input,
    locationGrams: grams(input, 'location'),
    marketGrams: grams(input, 'market'),
  }));
}

/** Keys of the input rows, `start` first. */
export function inputColumns({ inputs }: Pick<CarbonReport, 'inputs'>): string[] {
  const keys = new Set(inputs.flatMap((row) => Object.keys(row)));
  keys.delete('start');
  return ['start', ...keys];
}
