import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { policyTruthTable } from './index.ts';

it('docs/policy-truth-table.md is what the evaluator does; `npm run policy:table` writes it', () => {
  expect(readFileSync('docs/policy-truth-table.md', 'utf8')).toBe(policyTruthTable());
});
