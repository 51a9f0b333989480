import type { CarbonReport } from './report.ts';
import { Decimal } from 'decimal.js';

/** One input row with what it came to in each account; grams are exact, null where no factor was known. */
export interface ReportRowResult {
  readonly input: CarbonReport['inputs'][number];
  readonly locationGrams: string | null;
  readonly marketGrams: string | null;
}

const Exact = Decimal.clone({ precision: 120 });

/** Every input row beside its emissions: of its hour, or of the activity that it begins. */
export function reportRows(report: CarbonReport): ReportRowResult[] {
  return report.lines.some(({ activity }) => activity !== undefined)
    ? activityRows(report)
    : hourRows(report);
}

/** What is in no account of its own is in both. */
function activityRows({ lines, inputs, parameters }: CarbonReport): ReportRowResult[] {
  const counted = new Map<string, CarbonReport['lines'][number][]>();
  for (const line of lines) {
    if (line.matching && line.matching !== parameters['matching']) continue;
    const key = JSON.stringify([line.activity, line.kind]);
    counted.set(key, [...(counted.get(key) ?? []), line]);
  }
  return inputs.map((input) => {
    const own = isActivity(input) ? counted.get(JSON.stringify([input['id'], input['kind']])) : undefined;
    const grams = (other: 'location' | 'market'): string | null => {
      const of = own?.filter(({ account }) => account !== other) ?? [];
      return of.length === 0
        ? null
        : of.reduce((sum, { gramsCo2e }) => sum.add(gramsCo2e), new Exact(0)).toFixed();
    };
    return { input, locationGrams: grams('market'), marketGrams: grams('location') };
  });
}

const isActivity = ({ at }: ReportRowResult['input']): boolean => /^activities\[\d+\]$/.test(String(at));

function hourRows(report: CarbonReport): ReportRowResult[] {
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

/** Keys of the input rows, `at` and `start` first. */
export function inputColumns({ inputs }: Pick<CarbonReport, 'inputs'>): string[] {
  const keys = new Set(inputs.flatMap((row) => Object.keys(row)));
  const first = keys.has('at') ? ['at', 'start'] : ['start'];
  return [...first, ...[...keys].filter((key) => !first.includes(key))];
}
