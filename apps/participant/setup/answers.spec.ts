import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { columnOf, completeAnswers, OptionMissing, type Surroundings, terminalAsk } from './answers.ts';

const TOKEN = `gce_${'0'.repeat(64)}`;

/** An owner who gives these answers, one a question, then takes what is proposed. */
function owner(...answers: readonly string[]) {
  const asked: string[] = [];
  const ask = async (question: string, fallback = '') => {
    asked.push(question);
    return answers[asked.length - 1] ?? fallback;
  };
  return { asked, ask };
}

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  takesDefaults: false,
  ask: null,
  defaults: { platform: 'http://127.0.0.1:3000', dir: 'here', zone: 'Europe/Berlin' },
  enrolledIn: () => null,
  isUnnamed: async () => false,
  ...more,
});

describe('the answers', () => {
  it('are asked for, each once, but those that options gave', async () => {
    const { ask, asked } = owner('north', 'https://p', TOKEN, 'r.csv', '', 'no');
    const answers = await completeAnswers({ publish: { scores: true } }, around({ ask }));
    expect(answers).toEqual({
      dir: 'north',
      platform: 'https://p',
      token: TOKEN,
      data: 'r.csv',
      publish: { forecasts: false, orders: true, emissions: true, scores: true },
    });
    expect(asked).toHaveLength(8);
  });

  it('take a file for the token, and ask for name and unit where the header tells none', async () => {
    const { ask } = owner('', '', 'north.key', 'r.csv', 'UTC', 'pv', 'kW');
    const answers = await completeAnswers({ publish: {} }, around({ ask, isUnnamed: async () => true }));
    expect(answers).toMatchObject({ keyFile: 'north.key', zone: 'UTC', series: 'pv', unit: 'kW' });
    expect(columnOf(answers)).toBe('pv_kw');
    expect(columnOf({})).toBeUndefined();
  });

  it('of nobody who could be asked are options or, if told so, defaults; a credential has none', async () => {
    const given = { token: TOKEN, publish: {} };
    await expect(completeAnswers(given, around())).rejects.toThrow('--platform <url>');
    expect(await completeAnswers(given, around({ takesDefaults: true }))).toMatchObject({
      platform: 'http://127.0.0.1:3000',
      dir: 'here',
      publish: { forecasts: true, scores: false },
    });
    await expect(completeAnswers({ publish: {} }, around({ takesDefaults: true }))).rejects.toThrow(
      OptionMissing,
    );
  });

  it('do not change what the owner of an enrolled directory has chosen before', async () => {
    const publish = { forecasts: false, orders: false, emissions: false, scores: true };
    const enrolledIn = () => ({ platformUrl: 'https://p', publish });
    expect(await completeAnswers({ publish: { orders: true } }, around({ enrolledIn }))).toEqual({
      dir: 'here',
      platform: 'https://p',
      publish: { ...publish, orders: true },
    });
  });

  it('are yes or no where that is the question', async () => {
    const { ask } = owner('', '', TOKEN, '', 'perhaps');
    await expect(completeAnswers({ publish: {} }, around({ ask }))).rejects.toMatchObject({
      code: 'ANSWER_INVALID',
    });
  });
});

describe('a terminal', () => {
  it('gives the line, or what is proposed for an empty one, and ends with its input', async () => {
    const input = new PassThrough();
    const { ask } = terminalAsk(input, new PassThrough());
    const first = ask('Unit', 'kwh');
    input.write(' kw \n');
    expect(await first).toBe('kw');
    const second = ask('Unit', 'kwh');
    input.write('\n');
    expect(await second).toBe('kwh');
    const third = ask('Unit');
    input.end();
    await expect(third).rejects.toMatchObject({ code: 'SETUP_CANCELLED' });
  });
});
