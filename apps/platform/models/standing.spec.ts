import { describe, expect, it } from '@jest/globals';
import { type Decided, type DecisionKind, contenders, requireChallenger, standingOf } from './standing.ts';

const model = (name: string) => ({ taskId: `task ${name}`, modelHash: `hash ${name}` });
const decided = (kind: DecisionKind, name: string): Decided => ({
  kind,
  modelTaskId: model(name).taskId,
  modelHash: model(name).modelHash,
});

describe('the standing of a product', () => {
  it('follows from its log', () => {
    const log = [
      decided('CHAMPION_NAMED', 'a'),
      decided('CHALLENGER_ADDED', 'b'),
      decided('CHALLENGER_ADDED', 'c'),
      decided('CHALLENGER_ADDED', 'd'),
      decided('CHALLENGER_DROPPED', 'd'),
      decided('CHAMPION_KEPT', 'b'),
      decided('DRIFT_DETECTED', 'a'),
      { kind: 'RETRAINING_OPENED', modelTaskId: 'task e', modelHash: null } as const,
    ];
    expect(standingOf([])).toEqual({ champion: null, challengers: [] });
    expect(standingOf(log)).toEqual({ champion: model('a'), challengers: [model('b'), model('c')] });
    expect(contenders(standingOf(log))).toEqual(['a', 'b', 'c'].map(model));
  });

  it('after a replacement keeps the other challengers and drops the former champion', () => {
    const log = [
      decided('CHAMPION_NAMED', 'a'),
      decided('CHALLENGER_ADDED', 'b'),
      decided('CHALLENGER_ADDED', 'c'),
      decided('CHAMPION_REPLACED', 'c'),
    ];
    expect(standingOf(log)).toEqual({ champion: model('c'), challengers: [model('b')] });
  });

  it('has each model once, and no more challengers than sites can judge', () => {
    const standing = standingOf([
      decided('CHAMPION_NAMED', 'a'),
      ...['b', 'c', 'd', 'e'].map((name) => decided('CHALLENGER_ADDED', name)),
    ]);
    const codeOf = (contender: ReturnType<typeof model>) => {
      try {
        return requireChallenger(standing, contender);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(codeOf(model('a'))).toBe('CHALLENGER_IS_CHAMPION');
    expect(codeOf({ ...model('a'), taskId: 'another' })).toBe('MODEL_SAME');
    expect(codeOf({ ...model('b'), taskId: 'another' })).toBe('MODEL_SAME');
    expect(codeOf(model('f'))).toBe('CHALLENGERS_TOO_MANY');
  });
});
