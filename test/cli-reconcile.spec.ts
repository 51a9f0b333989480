import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const NODES = [{ id: 'both' }, { id: 'a', parent: 'both' }, { id: 'constructor', parent: 'both' }];
/** In the second hour they add up already. */
const BASE = { both: [10, 7], a: [4, 4], constructor: [3, 3] };
/** Mean squares 4, 1 and 3. */
const RESIDUALS = { both: [2, -2, 2, -2], a: [1, 1, -1, -1], constructor: [3, 0, 1, Math.sqrt(2)] };
const OLS = { nodes: NODES, base: BASE, method: 'ols' };

const reconcile = (input: unknown, ...args: string[]) =>
  run(['forecast', 'reconcile', '--input', '-', ...args], { stdin: JSON.stringify(input) });

async function reconciled(input: unknown): Promise<{
  readonly method: string;
  readonly shrinkage?: number;
  readonly forecasts: Record<string, number[]>;
  readonly weights: Record<string, Record<string, number>>;
}> {
  const { exitCode, stdout, stderr } = await reconcile(input, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function refusal(input: unknown): Promise<{ code: string; data: object }> {
  const { exitCode, stdout, stderr } = await reconcile(input, '--json');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return JSON.parse(stderr).error;
}

const near = (value: number) => expect.closeTo(value, 9);

describe('forecast reconcile', () => {
  it('makes forecasts add up, and says by which method and weights', async () => {
    // 10 is 3 more than 4 + 3: a third for each of three.
    expect(await reconciled(OLS)).toEqual({
      method: 'ols',
      forecasts: {
        both: [near(9), near(7)],
        a: [near(5), near(4)],
        constructor: [near(4), near(3)],
      },
      weights: {
        a: { both: near(1 / 3), a: near(2 / 3), constructor: near(-1 / 3) },
        constructor: { both: near(1 / 3), a: near(-1 / 3), constructor: near(2 / 3) },
      },
    });
  });

  it('weighs nodes by their past errors, and tells how far mint shrinks', async () => {
    // The members take 1/8 and 3/8 of the difference of 3.
    const wls = await reconciled({ ...OLS, residuals: RESIDUALS, method: 'wls' });
    expect(wls.forecasts).toMatchObject({
      a: [near(4 + 3 / 8), near(4)],
      constructor: [near(3 + 9 / 8), near(3)],
    });
    const { shrinkage, forecasts } = await reconciled({ ...OLS, residuals: RESIDUALS, method: 'mint' });
    expect(shrinkage).toBeGreaterThan(0);
    expect(shrinkage).toBeLessThanOrEqual(1);
    expect(forecasts['both']![0]).toBeCloseTo(forecasts['a']![0]! + forecasts['constructor']![0]!, 9);
  });

  it('tells people the same in lines', async () => {
    const { stdout } = await reconcile({ ...OLS, method: 'bottom-up' });
    expect(stdout).toBe(
      'bottom-up\n  both  7 7\n  a  4 4\n  constructor  3 3\nweights\n  a  1·a\n  constructor  1·constructor\n',
    );
  });

  it('prints the schema of its input', async () => {
    const { exitCode, stdout } = await run(['forecast', 'reconcile', '--schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      additionalProperties: false,
      required: ['nodes', 'base', 'method'],
      properties: { method: { enum: ['bottom-up', 'ols', 'wls', 'mint'] } },
    });
  });

  it('refuses by name what it does not know or cannot add up', async () => {
    expect(await refusal({ ...OLS, weights: [], nodes: [{ id: 'a', father: 'b' }] })).toMatchObject({
      code: 'INPUT_KEY_UNKNOWN',
      data: { keys: expect.arrayContaining(['weights', 'nodes[0].father']) },
    });
    expect(await refusal({ ...OLS, base: { ...BASE, c: [1, 2] } })).toMatchObject({
      code: 'INPUT_KEY_UNKNOWN',
      data: { keys: ['base.c'] },
    });
    const { constructor: _left, ...short } = BASE;
    expect(await refusal({ ...OLS, base: short })).toMatchObject({
      code: 'INPUT_INVALID',
      data: { problems: ['base.constructor: expected as many numbers as of both'] },
    });
    expect(await refusal({ ...OLS, base: { ...BASE, a: [4] } })).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal({ ...OLS, method: 'top-down' })).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal({ ...OLS, method: 'mint' })).toMatchObject({ code: 'RESIDUALS_NEEDED' });
    const twice = { both: [1, 2], a: [1, 2], constructor: [1, 2] };
    expect(await refusal({ ...OLS, method: 'mint', residuals: twice })).toMatchObject({
      code: 'RESIDUALS_TOO_FEW',
    });
    expect(await refusal({ ...OLS, nodes: [...NODES, { id: 'a', parent: 'both' }] })).toMatchObject({
      code: 'HIERARCHY_INVALID',
    });
    const { exitCode, stderr } = await run(['forecast', 'reconcile']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--input <file>') });
  });
});
