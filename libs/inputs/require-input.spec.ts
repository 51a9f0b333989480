import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { requireInput } from './require-input.ts';

const schema = z.strictObject({
  name: z.union([z.string(), z.int()]),
  players: z.array(
    z.union([
      z.strictObject({ id: z.string(), k: z.number() }),
      z.strictObject({ id: z.string(), a: z.number(), b: z.number() }),
    ]),
  ),
});

const refused = (input: unknown): unknown => {
  try {
    return requireInput(input, schema);
  } catch (error) {
    return (error as Error).message;
  }
};

describe('input that may have one of several forms', () => {
  it('is read in any of them', () => {
    const input = { name: 7, players: [{ id: 'x', k: 1 }, { id: 'y', a: 1, b: 2 }] }; // prettier-ignore
    expect(requireInput(input, schema)).toEqual(input);
  });

  it('is told what the nearest form lacks', () => {
    expect(refused({ name: 'n', players: [{ id: 'x', k: 1 }, { id: 'y', a: 1 }] })).toMatch(/got players\[1\]\.b: .*number/); // prettier-ignore
  });

  it('is told its unknown keys by name', () => {
    expect(refused({ name: 'n', players: [{ id: 'y', a: 1, b: 2, c: 3 }] })).toBe(
      'expected no unknown key, got players[0].c',
    );
  });

  it('is told all types where it has none of them', () => {
    expect(refused({ players: [] })).toMatch(/got name: expected string or number$/);
  });
});

describe('input with a member named __proto__', () => {
  const free = z.record(z.string(), z.unknown());

  it.each(['{"__proto__": {"grams": 0}}', '{"a": [{"b": {"__proto__": 1}}]}'])('is refused: %s', (text) => {
    expect(() => requireInput(JSON.parse(text), free)).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_UNKNOWN' }),
    );
  });

  it('is told from one with a member named constructor, which is a name like others', () => {
    const input: unknown = JSON.parse('{"constructor": {"prototype": 1}}');
    expect(requireInput(input, free)).toEqual(input);
    expect(() => requireInput(input, z.strictObject({}))).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_UNKNOWN' }),
    );
  });

  it('is looked for at any depth', () => {
    const deep: unknown = JSON.parse(`{"a": ${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`);
    expect(() => requireInput(deep, z.strictObject({}))).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_UNKNOWN' }),
    );
  });
});
