/** Writes docs/policy-truth-table.md from the evaluator: `npm run policy:table`. A test of libs/exchange finds it out of date. */
import { writeFile } from 'node:fs/promises';
import { policyTruthTable } from '#exchange';

await writeFile(new URL('policy-truth-table.md', import.meta.url), policyTruthTable());
