import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-policy-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const until = { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00Z' };
const POLICY = { permission: { action: 'use', constraint: until } };

async function policyFile(policy: unknown): Promise<string> {
  const path = join(directory, 'policy.json');
  await writeFile(path, JSON.stringify(policy));
  return path;
}

async function evaluate(policy: unknown, request: unknown) {
  const parameters = ['policy', 'evaluate', '--policy', await policyFile(policy), '--request', '-', '--json'];
  const { exitCode, stdout, stderr } = await run(parameters, { stdin: JSON.stringify(request) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as { decision: string; reasons: { code: string }[] };
}

describe('policy evaluate', () => {
  it('tells both decisions with exit code 0, to the millisecond', async () => {
    const last = await evaluate(POLICY, { action: 'train', at: '2026-12-31T23:59:59.999Z' });
    expect(last).toMatchObject({ decision: 'PERMIT', reasons: [{ code: 'PERMITTED' }] });
    const late = await evaluate(POLICY, { action: 'train', at: '2027-01-01T00:00:00Z' });
    expect(late).toMatchObject({ decision: 'DENY', reasons: [{ code: 'CONSTRAINT_NOT_MET' }] });
  });

  it('denies what it does not understand, in policy or request', async () => {
    const request = { action: 'use', at: 0 };
    const odd = { permission: { action: 'use', constraint: { ...until, leftOperand: 'weather' } } };
    expect(await evaluate(odd, request)).toMatchObject({
      decision: 'DENY',
      reasons: [{ code: 'POLICY_OPERAND_UNKNOWN' }],
    });
    expect(await evaluate(POLICY, { ...request, mood: 'good' })).toMatchObject({
      decision: 'DENY',
      reasons: [{ code: 'REQUEST_KEY_UNKNOWN', message: expect.stringContaining('"mood"') }],
    });
    expect(await evaluate(POLICY, null)).toMatchObject({
      decision: 'DENY',
      reasons: [{ code: 'REQUEST_INVALID' }],
    });
  });

  it('is used wrongly without a request, and prints its schema', async () => {
    const missing = await run(['policy', 'evaluate', '--policy', await policyFile(POLICY)]);
    expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
    const { stdout, exitCode } = await run(['policy', 'evaluate', '--schema', '--json']);
    expect(exitCode).toBe(0);
    expect(Object.keys((JSON.parse(stdout) as { properties: object }).properties)).toEqual([
      'action', 'at', 'purpose', 'count', 'recipient', 'spatial', 'resolution', 'agreedAt', 'fulfilled', 'target', 'assignee',
    ]); // prettier-ignore
  });
});

const purpose = (rightOperand: string) => ({ leftOperand: 'purpose', operator: 'eq', rightOperand });

describe('policy check', () => {
  it('tells the canonical policy, its hash and labels', async () => {
    const { exitCode, stdout } = await run([
      'policy',
      'check',
      '--policy',
      await policyFile(POLICY),
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      satisfiable: true,
      problem: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      policy: { '@type': 'Set', permission: [{ action: ['use'] }] },
      labels: [
        { label: 'TECHNICAL' },
        { label: 'TECHNICAL', text: expect.stringContaining('before 2027-01-01') },
      ],
    });
  });

  it('fails for terms that never hold, and for words it does not know', async () => {
    const never = { permission: { action: 'use', constraint: [purpose('gold'), purpose('silver')] } };
    const checked = await run(['policy', 'check', '--policy', await policyFile(never), '--json']);
    expect(checked.exitCode).toBe(1);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      satisfiable: false,
      problem: { code: 'POLICY_UNSATISFIABLE' },
    });
    const unknown = await run([
      'policy',
      'check',
      '--policy',
      await policyFile({ permission: { action: 'sell' } }),
    ]);
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^POLICY_ACTION_UNKNOWN: /) });
  });
});

describe('eic check', () => {
  it('tells validity, check character and kind; one bad code is exit code 1', async () => {
    const good = await run(['eic', 'check', '10YBE----------2', '--json']);
    expect(good.exitCode).toBe(0);
    expect(JSON.parse(good.stdout)).toEqual({
      codes: [
        { code: '10YBE----------2', valid: true, expectedCheckCharacter: '2', type: 'area', problem: null },
      ],
    });
    const bad = await run(['eic', 'check', '10YBE----------2', '10YBE----------3']);
    expect(bad.exitCode).toBe(1);
    expect(bad.stdout).toContain('not valid: CHECK_CHARACTER');
  });
});
