import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { market } from './harness/market-verb.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-community-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const COMMUNITY = {
  members: [
    { id: 'roof', generation: '1.5' },
    { id: 'home', load: 3 },
  ],
  retail: 0.3,
  feedIn: '0.08',
};

const price = (rule: string, input: unknown) => market(['price', '--rule', rule], input);

describe('market price', () => {
  it('tells prices and bills in the order and units of the input', async () => {
    expect(await price('mmr', COMMUNITY)).toEqual({
      exitCode: 0,
      answer: {
        rule: 'mmr',
        buyPrice: 0.245,
        sellPrice: 0.19,
        poolPrice: 0.19,
        shared: 1.5,
        shareable: 1.5,
        bills: [
          { id: 'roof', amount: -0.285, alone: -0.12, bought: 0, sold: 1.5 },
          { id: 'home', amount: 0.735, alone: 0.9, bought: 1.5, sold: 0 },
        ],
        utility: 0.45,
        operator: 0,
      },
    });
  });

  it.each([
    ['bill-sharing', {}, 0.15, 0],
    ['sdr-compensated', { compensation: 0 }, 0.2131578947368421, 0.12631578947368421],
    ['curve', { curve: [[0, 0.3], { ratio: 1, price: '0.1' }] }, 0.2, 0.2],
    ['keys', { keys: 'dynamic', localPrice: 0.2 }, 0.25, 0.2],
    ['keys', { keys: [0, '0.5'] }, 0.225, 0.04],
    ['keys', { keys: { priority: ['home'] }, localPrice: 0 }, 0.15, 0],
  ])('%s with %j', async (rule, terms, buyPrice, sellPrice) => {
    const { answer } = await price(rule, { ...COMMUNITY, ...terms });
    expect(answer).toMatchObject({
      buyPrice: expect.closeTo(buyPrice, 12),
      sellPrice: expect.closeTo(sellPrice, 12),
    });
  });

  it('adds grid fees between zones', async () => {
    const [roof, home] = COMMUNITY.members;
    const members = [
      { ...roof, zone: 'south' },
      { ...home, zone: 'north' },
    ];
    const fees = { kind: 'constant', matrix: { south: { north: '0.02' } } };
    const { answer } = await price('mmr', { ...COMMUNITY, members, fees });
    expect(answer).toMatchObject({ bills: [{ fee: 0 }, { fee: 0.03 }] });
  });

  it.each([
    ['INPUT_KEY_UNKNOWN', { ...COMMUNITY, tarif: 1 }],
    ['INPUT_INVALID', { ...COMMUNITY, members: [{ id: 'a', load: -1 }] }],
    ['MEMBER_DUPLICATE', { ...COMMUNITY, curve: [[0, 1]], members: [{ id: 'a' }, { id: 'a' }] }],
    ['TARIFF_MISSING', { members: COMMUNITY.members, curve: [[0, 1]], feedIn: 1 }],
    ['PRICE_RULE_TERMS', COMMUNITY],
  ])('%s', async (code, input) => {
    expect(await price('curve', input)).toMatchObject({ exitCode: 1, answer: { error: { code } } });
  });

  it('prints its schema', async () => {
    const { exitCode, stdout } = await run(['market', 'price', '--rule', 'keys', '--schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      properties: { keys: expect.anything(), members: { type: 'array' } },
    });
  });
});

const cents = (amount: number): number => Math.round(amount * 100);

describe('market settle', () => {
  const HEADER = 'start,member,load_kwh,generation_kwh\n';

  /** 31 days of quarters of an hour: a home that draws evenly, another by night, a roof by day. */
  const month = (): string => {
    const slots = Array.from({ length: 31 * 96 }, (_, n) => {
      const start = new Date(Date.UTC(2026, 2, 1) + n * 900_000).toISOString();
      const day = n % 96 >= 32 && n % 96 < 64;
      return `${start},even,0.1,0\n${start},night,${day ? 0 : 0.201},0\n${start},roof,0,${day ? 0.333 : 0}\n`;
    });
    return HEADER + slots.join('');
  };

  it('bills a month of quarters of an hour; members pay what retailers get', async () => {
    const readings = join(directory, 'march.csv');
    await writeFile(readings, month());
    const { exitCode, answer } = await market(['settle', '--rule', 'mmr', '--readings', readings], {
      retail: '0.30',
      feedIn: '0.08',
      members: [{ id: 'night', retail: '0.25' }],
    });
    expect(exitCode).toBe(0);
    const { bills, retailer, ...rest } = answer as {
      bills: { id: string; amount: number; alone: number; saving: number }[];
      retailer: number;
    };
    expect(rest).toMatchObject({
      rule: 'mmr',
      from: '2026-03-01T00:00:00Z',
      to: '2026-04-01T00:00:00Z',
      slots: 2_976,
      resolutionMinutes: 15,
      shared: 99.2,
      shareable: 99.2,
      operator: 0,
    });
    // even: 198.4 kWh at night at 0.30, 99.2 by day at 0.19
    expect(bills.map(({ id, amount }) => [id, amount])).toEqual([
      ['even', 78.37],
      ['night', 99.7],
      ['roof', -37.34],
    ]);
    expect(bills.reduce((total, { amount }) => total + cents(amount), 0)).toBe(cents(retailer));
  });

  it('finds fixed keys in hindsight, and prints a table for people', async () => {
    const readings = join(directory, 'turns.csv');
    const turns = ['a', 'b', 'c'].map((drawing, n) =>
      ['a', 'b', 'c', 'pv']
        .map(
          (member) =>
            `2026-03-01T0${n}:00:00Z,${member},${member === drawing ? 1 : 0},${member === 'pv' ? 1 : 0}\n`,
        )
        .join(''),
    );
    await writeFile(readings, HEADER + turns.join(''));
    const terms = join(directory, 'terms.json');
    await writeFile(terms, JSON.stringify({ retail: 0.3, feedIn: 0.1, keys: 'best-fixed' }));
    const { exitCode, stdout } = await run([
      'market',
      'settle',
      '--rule',
      'keys',
      '--readings',
      readings,
      '--input',
      terms,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 of 3 kWh shared (66.7 % not)');
    expect(stdout).toMatch(/^member {2,}load kWh/m);
  });

  it('refuses a month with a reading missing', async () => {
    const readings = join(directory, 'gap.csv');
    await writeFile(readings, `${HEADER}2026-03-01T00:00:00Z,a,1,0\n2026-03-01T01:00:00Z,b,1,0\n`);
    expect(
      await market(['settle', '--rule', 'mmr', '--readings', readings], { retail: 0.3, feedIn: 0.1 }),
    ).toMatchObject({
      exitCode: 1,
      answer: {
        error: {
          code: 'READING_MISSING',
          message: 'expected a reading of every member in every slot, got none of a at 2026-03-01T01:00:00Z',
        },
      },
    });
    expect(
      await market(['settle', '--rule', 'mmr', '--readings', readings], { retail: '0.3000001', feedIn: 0.1 }),
    ).toMatchObject({ exitCode: 1, answer: { error: { code: 'TARIFF_TOO_FINE' } } });
  });
});

describe('market fees', () => {
  const tree = [
    { market: 'grid', fee: 0.1 },
    { market: 'north', fee: 0.05, parent: 'grid' },
    { market: 'south', fee: 0.05, parent: 'grid' },
  ];

  it('splits what the buyer pays between seller and markets', async () => {
    const trade = {
      kind: 'percentage',
      tree,
      seller: 'south',
      buyer: 'north',
      offer: 0.1,
      bid: '0.3',
      matchedIn: 'grid',
    };
    expect(await market(['fees'], { ...trade, quantity: 2 })).toMatchObject({
      exitCode: 0,
      answer: {
        clearing: 0.285,
        buyerPays: 0.6,
        sellerGets: 0.5,
        fees: { south: 0.025, grid: 0.05, north: 0.025 },
      },
    });
  });

  it('FEE_PATH where it is not told how a trade goes', async () => {
    expect(await market(['fees'], { kind: 'constant', offer: 1 })).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'FEE_PATH' } },
    });
  });
});
