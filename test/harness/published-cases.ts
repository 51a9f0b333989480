import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';

// oxlint-disable-next-line node/no-process-env -- whether the copy was named: then it must be there
const casesDir = process.env['CASES_DIR'];

/** Published market cases, which are not part of this repository. */
export const marketCases = join(casesDir ?? '../shared/cases', 'market');
const available = casesDir !== undefined || existsSync(marketCases);

/** `describe` where the cases are; named and absent they fail, absent they are skipped and say so. */
export function published(name: string, tests: () => void): void {
  const skipped = available ? '' : ` (skipped: no published cases in ${marketCases})`;
  (available ? describe : describe.skip)(`${name}${skipped}`, tests);
}

export const readCase = (name: string): string => readFileSync(join(marketCases, name), 'utf8');
