/**
 * Sums jest's reports `tests-*.json` of a directory, one a profile, and prints `N passed, N failed, N skipped`. A test
 * counts as skipped when no profile ran it. Ends with 1 after a failure or, told `no-skips`, after a skipped test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Report {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const [directory = '.', policy] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const ran = new Set<string>();
const notRun = new Set<string>();
for (const file of readdirSync(directory).filter((name) => /^tests-.*\.json$/.test(name))) {
  const report = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Report;
  failed += report.numRuntimeErrorTestSuites;
  for (const suite of report.testResults) {
    for (const { fullName, status } of suite.assertionResults) {
      if (status === 'passed') passed++;
      else if (status === 'failed') failed++;
      (status === 'passed' || status === 'failed' ? ran : notRun).add(`${suite.name}: ${fullName}`);
    }
  }
}
const skipped = [...notRun].filter((test) => !ran.has(test));
for (const test of skipped) process.stdout.write(`skipped ${test}\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
if (failed > 0 || (policy === 'no-skips' && skipped.length > 0)) process.exitCode = 1;
