import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

interface Answer {
  readonly method: string;
  readonly values: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number>> | null;
  readonly classes?: readonly (readonly string[])[];
  readonly groupValues?: Readonly<Record<string, number>>;
  readonly feeMinor?: number;
  readonly shares?: Readonly<Record<string, number>>;
}

const value = (input: object) =>
  run(['exchange', 'value', '--input', '-', '--json'], { stdin: JSON.stringify(input) });

async function valued(input: object): Promise<Answer> {
  const { stdout, stderr, exitCode } = await value(input);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as Answer;
}

/** y = 2a + 3b, of which the sellers see different rows. */
const rows = (x: readonly (readonly [number, number])[]) => ({ x, y: x.map(([a, b]) => 2 * a + 3 * b) });
const first = rows([[1, 0], [2, 0], [1, 0]]); // prettier-ignore
const second = rows([[0, 1], [0, 3]]); // prettier-ignore
const validation = rows([[1, 1], [2, 1], [1, 2]]); // prettier-ignore

describe('exchange value', () => {
  it('values players by a table of utilities and divides a payment after the fee', async () => {
    const table = { players: ['A', 'B'], values: { A: 1, B: 2, 'B,A': 4 } };
    expect(await valued({ ...table, amountMinor: 1001, feeBasisPoints: 1000 })).toEqual({
      method: 'exact',
      values: { A: 1.5, B: 2.5 },
      standardErrors: null,
      feeMinor: 100,
      shares: { A: 338, B: 563 },
    });
  });

  it('values groups, and members by the rule of the card alone', async () => {
    const groups = [
      { id: 'north', members: ['a', 'b', 'c', 'd'] },
      { id: 'south', members: ['e', 'f', 'g', 'h'], weights: [1, 1, 2, 0] },
    ];
    const values = { north: 2, south: 4, 'north,south': 8 };
    const answer = await valued({ groups, least: 4, values });
    expect(answer.groupValues).toEqual({ north: 3, south: 5 });
    expect(answer.values).toMatchObject({ a: 0.75, d: 0.75, g: 2.5, h: 0 });
    const { exitCode, stderr } = await value({ groups, least: 5, values });
    expect({ exitCode, ...JSON.parse(stderr) }).toMatchObject({
      exitCode: 1,
      error: { code: 'VALUATION_GROUP_TOO_SMALL' },
    });
  });

  it('values data by what they teach; the same data under two names bring no more', async () => {
    const honest = await valued({
      sellers: [{ id: 'a', ...first }, { id: 'b', ...second }],
      validation,
    }); // prettier-ignore
    expect(honest.values['a']).toBeGreaterThan(0);
    expect(honest.values['b']).toBeGreaterThan(0);
    const twice = await valued({
      sellers: [{ id: 'a', ...first }, { id: 'b', ...second }, { id: 'b too', owner: 'b', ...second }],
      validation,
    }); // prettier-ignore
    expect(twice.classes).toEqual([['a'], ['b', 'b too']]);
    expect(twice.values['a']).toBeCloseTo(honest.values['a']!, 12);
    expect(twice.values['b']! + twice.values['b too']!).toBeCloseTo(honest.values['b']!, 12);
  });

  it('refuses rows that do not fit and keys it does not know', async () => {
    const short = { ...second, y: [1] };
    const { exitCode, stderr } = await value({ sellers: [{ id: 'a', ...short }], validation });
    expect({ exitCode, ...JSON.parse(stderr) }).toMatchObject({
      exitCode: 1,
      error: { code: 'INPUT_INVALID' },
    });
    const odd = await value({ players: ['A'], values: { A: 1 }, colour: 'red' });
    expect(odd.exitCode).toBe(1);
    expect(odd.stderr).toContain('INPUT_KEY_UNKNOWN');
  });
});
