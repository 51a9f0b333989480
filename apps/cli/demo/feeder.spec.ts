import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import { checkTrades, readFeeder } from './feeder.ts';

let directory: string;
let solve: LpSolve;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-feeder-'));
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});
afterAll(() => rmSync(directory, { recursive: true }));

const trade = (quantityWh: number) => ({ startsAt: '2026-05-15T10:00:00Z', seller: 'school', buyer: 'bakery', quantityWh }); // prettier-ignore

/** Grid, then bakery at the near and school at the far bus, over a line of a limit. */
function smallFeeder(limit: number, load = 10): string {
  const path = join(directory, `${limit}-${load}.json`);
  const lines = [
    { from: 'grid', to: 'near', r: 0.1, x: 0.1 },
    { from: 'near', to: 'remote', r: 0.1, x: 0.1, limit },
  ];
  const buses = [{ id: 'grid' }, { id: 'near', p: load }, { id: 'remote', p: load, vmin: 0.9 }];
  writeFileSync(path, JSON.stringify({ base: { kv: 0.4, mva: 1 }, root: 'grid', buses, lines }));
  return path;
}

describe('the demo’s feeder', () => {
  it('is the published one, which loses 202.7 kW at a lowest voltage of 0.9131, and carries small trades', async () => {
    const feeder = await readFeeder('ieee33', 30);
    const report = checkTrades(feeder!, ['bakery', 'school'], [trade(4_000)], { gainPerKwh: 22, solve });
    expect(report.alone.lossKw).toBeCloseTo(202.677, 3);
    expect(report.alone.lowestVoltage).toBeCloseTo(0.91309, 5);
    expect(report.places).toEqual([
      { site: 'bakery', bus: '10' },
      { site: 'school', bus: '26' },
    ]);
    expect(report.hours).toMatchObject([{ trades: 1, broken: [] }]);
    expect(report.notAdmitted).toEqual([]);
  });

  it('names trades that it does not carry whole, and the limit they break', async () => {
    const feeder = await readFeeder(smallFeeder(30), 30);
    const report = checkTrades(feeder!, ['bakery', 'school'], [trade(100_000)], { gainPerKwh: 22, solve });
    expect(report.hours[0]!.broken).toEqual(['line near–remote']);
    const [refused] = report.notAdmitted;
    expect(refused!.limits).toEqual(['line near–remote']);
    // 10 kW of its own and 30 kW over the line, less what the line loses.
    expect(refused!.admittedWh).toBeGreaterThan(39_000);
    expect(refused!.admittedWh).toBeLessThan(41_000);
  });

  it('says of trades past what it can carry that there is no power flow, and admits none of them whole', async () => {
    const feeder = await readFeeder('ieee33', 30);
    const report = checkTrades(feeder!, ['bakery', 'school'], [trade(5e9)], { gainPerKwh: 22, solve });
    expect(report.hours).toMatchObject([{ lowestVoltage: null, lossKw: null, broken: ['power flow'] }]);
    expect(report.notAdmitted).toHaveLength(1);
  });

  it('is none where none is wanted, and refused where it is past its limits before any trade', async () => {
    expect(await readFeeder('none', 30)).toBeNull();
    await expect(readFeeder(smallFeeder(5), 30)).rejects.toMatchObject({ code: 'FEEDER_OVERLOADED' });
  });
});
