import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { DATE, DAY, hour, MarketDay, meter, order, ZONE } from './harness/market-day.ts';
import { passOf } from './harness/silent-site.ts';

describe('participant order defaults', () => {
  let market: MarketDay;
  let directory: string;

  beforeAll(async () => {
    market = await MarketDay.start();
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-defaults-'));
    const { createEnrolmentToken } = await market.platform.data<{ createEnrolmentToken: { token: string } }>(
      'mutation { createEnrolmentToken(input: {}) { token } }',
      {},
      market.firms.buyer.apiKey,
    );
    const { token } = createEnrolmentToken;
    await run(['participant', 'identity', '--legal-id', 'test:cli', '--dir', directory]);
    await run([
      'participant',
      'init',
      '--platform',
      market.platform.url,
      '--token',
      token,
      '--dir',
      directory,
    ]);
    await market.setClock(DAY.startMs - HOUR_MS);
  }, 120_000);

  afterAll(async () => {
    await market.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const verb = async (...parameters: string[]) => {
    const all = ['participant', 'order', 'defaults', ...parameters, '--dir', directory, '--json'];
    const { exitCode, stdout, stderr } = await run(all);
    return { exitCode, answer: JSON.parse(stdout || stderr) as Record<string, unknown> };
  };
  const LINE = { from: '03:00', until: '05:00', side: 'buy', quantityWh: '1500', pricePerMwh: 25_000 };
  const SPRING = { declaration: 'spring', zone: ZONE, firstDay: DATE, lastDay: DATE, orders: [LINE] };
  const declare = async (input: object) => {
    const file = join(directory, 'input.json');
    await writeFile(file, JSON.stringify(input));
    return verb('declare', '--input', file);
  };
  const journal = () => readFile(join(directory, 'defaults.jsonl'), 'utf8').catch(() => '');

  it('refuses what is no declaration before it signs anything', async () => {
    const refusals: [string, object][] = [
      ['INPUT_KEY_UNKNOWN', { ...SPRING, orders: [{ ...LINE, limit: 1 }] }],
      ['INPUT_INVALID', { ...SPRING, orders: [{ ...LINE, side: 'hold' }] }],
      ['INPUT_INVALID', { ...SPRING, firstDay: 'tomorrow' }],
      ['DEFAULTS_LINES', { ...SPRING, orders: [{ ...LINE, until: '02:00' }] }],
      ['ORDER_SELF_CROSSED', { ...SPRING, orders: [LINE, { ...LINE, side: 'sell', pricePerMwh: 1 }] }],
    ];
    for (const [code, input] of refusals) {
      expect(await declare(input)).toMatchObject({ exitCode: 1, answer: { error: { code } } });
    }
    expect(await verb('declare', '--input', 'nowhere.json')).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'FILE_NOT_FOUND' } },
    });
    expect((await verb('declare')).exitCode).toBe(2);
    expect(await journal()).toBe('');
    expect((await verb('declare', '--schema')).answer).toMatchObject({ properties: { orders: {} } });
  });

  it('declares, lists, withdraws and revokes', async () => {
    expect(await declare(SPRING)).toMatchObject({
      exitCode: 0,
      answer: { declarationId: 'spring', revokedAt: null },
    });
    expect((await declare(SPRING)).exitCode).toBe(0);
    expect(await declare({ ...SPRING, currency: 'CHF' })).toMatchObject({
      answer: { error: { code: 'DEFAULTS_CONFLICT' } },
    });
    expect((await journal()).trim().split('\n')).toHaveLength(1);
    const session = await market.openSession();
    const standing = { state: 'STANDING', orders: [{ quantityWh: 1_500, tradedWh: null }, {}] };
    expect((await verb('show', '--session', session)).answer).toMatchObject({ defaults: standing });
    expect((await verb('withdraw', '--session', session)).answer).toMatchObject({
      defaults: { state: 'WITHDRAWN' },
    });
    await declare({ ...SPRING, declaration: 'other' });
    expect((await verb('revoke', '--id', 'other')).answer).toMatchObject({
      declarationId: 'other',
      revokedAt: isoInstant(DAY.startMs - HOUR_MS),
    });
    const { declarations } = (await verb('list')).answer as { declarations: { declarationId: string }[] };
    expect(declarations.map(({ declarationId }) => declarationId).toSorted()).toEqual(['other', 'spring']);
    await market.platform.data(
      'mutation ($id: ID!) { cancelMarketSession(id: $id) { state } }',
      { id: session },
      market.platform.operatorKey,
    );
  }, 60_000);

  it('trade for a node that is away; back again it states what its meter says, and no session beside', async () => {
    const { seller } = market.firms;
    const sessions = [await market.openSession(), await market.openSession()];
    const [first, second] = sessions;
    for (const id of sessions)
      await market.submit(id, seller.participant, [order('s', 3, 'sell', 1_000, 20_000)]);
    await market.setClock(DAY.startMs);
    await market.close(first!);
    await market.reached(first!, 'CLEARED');
    await market.close(second!);
    expect((await verb('show', '--session', first!)).answer).toMatchObject({
      defaults: {
        state: 'PLACED',
        orders: [{ tradedWh: 0 }, { startsAt: isoInstant(hour(3)), tradedWh: 1_000 }],
      },
    });
    expect((await verb('show', '--session', second!)).answer).toEqual({ defaults: null });

    await market.setClock(DAY.endMs);
    await market.deliver(first!, seller.participant, [meter(3, 0, 1_000)]);
    expect(await passOf(directory, DAY.endMs, 1.2)).toEqual(['traded-by-default', 'deliveries']);
    expect(await market.reached(first!, 'SETTLED')).toMatchObject({ missingDeliveries: 0, tradeCount: 1 });
    expect(await market.settlements(first!, market.firms.buyer.apiKey)).toMatchObject([
      { boughtWh: 1_000, shortfallWh: 200 },
    ]);
  }, 60_000);
});
