import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';

// oxlint-disable-next-line node/no-process-env -- whether the copy was named: then it must be there
const casesDir = process.env['CASES_DIR'];

/** The published cases of one folder, which are not part of this repository. */
function casesIn(folder: string) {
  const directory = join(casesDir ?? '../shared/cases', folder);
  const available = casesDir !== undefined || existsSync(directory);
  return {
    directory,
    /** `describe` where the cases are; named and absent they fail, absent they are skipped and say so. */
    published: (name: string, tests: () => void): void => {
      const skipped = available ? '' : ` (skipped: no published cases in ${directory})`;
      (available ? describe : describe.skip)(`${name}${skipped}`, tests);
    },
    readCase: (name: string): string => readFileSync(join(directory, name), 'utf8'),
  };
}

/** Published market cases. */
export const { directory: marketCases, published, readCase } = casesIn('market');

/** Published cases of carbon accounting. */
export const carbonCases = casesIn('carbon');

/** Published cases of data exchange. */
export const exchangeCases = casesIn('exchange');
