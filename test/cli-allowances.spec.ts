import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const plant = (id: string, outputMwh: number, verifiedTonnes: number | string) => ({
  id,
  units: [
    { id: '1', class: 'coal-up-to-300-mw', outputMwh, coolingMethod: 'air', loadFactor: 1, verifiedTonnes },
  ],
});

const input = {
  year: 2022,
  members: [plant('lean', 1_000, 900), plant('heavy', 1_000, '1000.4')],
  orders: [
    { id: 's', member: 'lean', side: 'sell', tonnes: 16, pricePerTonne: '80.10' },
    { id: 'b', member: 'heavy', side: 'buy', tonnes: 90, pricePerTonne: 85 },
  ],
};

const allowances = (parameters: readonly string[], document: unknown = input) =>
  run(['carbon', 'allowances', ...parameters], { stdin: JSON.stringify(document) });

describe('carbon allowances', () => {
  it('allocates, docks and tells what stays unmet, as one document', async () => {
    const { exitCode, stdout } = await allowances(['--input', '-', '--json']);
    expect(exitCode).toBe(0);
    // 872.9 · 1.05 = 916.545
    expect(JSON.parse(stdout)).toMatchObject({
      ruleSet: { id: 'china-ets-power/2022' },
      members: [
        { allocatedTonnes: 917, gapTonnes: -17, surplusTonnes: 17, afterTrades: { paid: -1_281.6 } },
        { allocatedTonnes: 917, gapTonnes: 83.4, deficitTonnes: 83, afterTrades: { paid: 1_281.6 } },
      ],
      trades: [{ tonnes: 16, pricePerTonne: 80.1, amount: 1_281.6 }],
      afterTrades: { deficitTonnes: 67, surplusTonnes: 1, unmetTonnes: 66 },
    });
  });

  it('says the same in words, prints its schema, and refuses with codes', async () => {
    const { stdout } = await allowances(['--input', '-']);
    expect(stdout).toMatch(/China national ETS, power sector, 2022/);
    expect(stdout).toMatch(/after trades: deficits 67 t, surpluses 1 t, unmet 66 t/);
    expect(stdout).toMatch(/source: MEE 国环规气候〔2023〕1号/);
    const schema = await allowances(['--schema', '--json']);
    expect(JSON.parse(schema.stdout)).toMatchObject({ properties: { members: { type: 'array' } } });
    const refused = await allowances(['--input', '-', '--json'], { ...input, year: 2018 });
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'RULE_SET_MISSING' } });
  });
});
