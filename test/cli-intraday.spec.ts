import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { DAY, hour, MarketDay, order } from './harness/market-day.ts';
import { IntradayMarket } from './harness/intraday-market.ts';

describe('participant order', () => {
  let market: MarketDay;
  let directory: string;
  let sessionId: string;

  beforeAll(async () => {
    market = await MarketDay.start();
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-intraday-'));
    const { createEnrolmentToken } = await market.platform.data<{ createEnrolmentToken: { token: string } }>(
      'mutation { createEnrolmentToken(input: {}) { token } }',
      {},
      market.firms.buyer.apiKey,
    );
    const { token } = createEnrolmentToken;
    await run(['participant', 'identity', '--legal-id', 'test:cli', '--dir', directory]);
    const to = ['--platform', market.platform.url, '--token', token, '--dir', directory];
    await run(['participant', 'init', ...to]);
    sessionId = await market.tradedSession({ intraday: true });
  }, 120_000);

  afterAll(async () => {
    await market.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const verb = async (...parameters: string[]) => {
    const all = ['participant', 'order', ...parameters, '--dir', directory, '--json'];
    const { exitCode, stdout, stderr } = await run(all);
    return { exitCode, answer: JSON.parse(stdout || stderr) as Record<string, unknown> };
  };
  const bid = (session: string, id: string, price = '25000') =>
    verb('intraday', '--session', session, '--id', id, '--side', 'buy', '--starts-at', isoInstant(hour(2)), '--quantity-wh', '400', '--price', price); // prettier-ignore
  const journal = () => readFile(join(directory, 'intraday.jsonl'), 'utf8');

  it('signs, writes down and submits an order, tells what became of it and withdraws the rest', async () => {
    const waiting = { id: 'o', state: 'OPEN', filledWh: 0, remainingWh: 400 };
    expect(await bid(sessionId, 'o')).toEqual({ exitCode: 0, answer: waiting });
    expect((await journal()).trim().split('\n')).toHaveLength(1);
    const intraday = new IntradayMarket(market, sessionId);
    await intraday.submit(market.firms.seller.participant, [order('s', 2, 'sell', 150, 20_000)]);
    expect((await bid(sessionId, 'o')).answer).toEqual({ ...waiting, filledWh: 150, remainingWh: 250 });
    expect(await verb('cancel', '--session', sessionId, '--id', 'o')).toEqual({
      exitCode: 0,
      answer: { id: 'o', state: 'CANCELLED', filledWh: 150, remainingWh: 0 },
    });
    expect((await journal()).trim().split('\n')).toHaveLength(1);
  });

  it('does not sign other terms under an id that it has used, nor a second session of the day', async () => {
    expect((await bid(sessionId, 'o', '1')).answer).toMatchObject({ error: { code: 'ORDER_CONFLICT' } });
    const second = await market.tradedSession({ intraday: true });
    expect((await bid(second, 'p')).answer).toMatchObject({ error: { code: 'DAY_TAKEN' } });
    expect((await journal()).trim().split('\n')).toHaveLength(1);
    expect((await verb('cancel', '--session', sessionId, '--id', 'x')).answer).toMatchObject({
      error: { code: 'ORDER_UNKNOWN' },
    });
    await market.setClock(DAY.endMs);
    expect((await bid(sessionId, 'late')).answer).toMatchObject({ error: { code: 'INTRADAY_CLOSED' } });
  });
});
