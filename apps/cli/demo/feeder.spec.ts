import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { feederOf, networkFromJson } from '#network';
import { checkTrades, readFeeder } from './feeder.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-feeder-'));
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

const slot = (withdrawnWh: number, binding: readonly string[] = []) => ({ startsAt: '2026-05-15T10:00:00Z', withdrawnWh, binding }); // prettier-ignore

describe('the demo’s feeder', () => {
  it('is the published one, which loses 202.7 kW at a lowest voltage of 0.9131, and carries small trades', async () => {
    const feeder = await readFeeder('ieee33');
    const report = checkTrades(feeder!, ['bakery', 'school'], [trade(4_000)], [slot(0)]);
    expect(report.alone.lossKw).toBeCloseTo(202.677, 3);
    expect(report.alone.lowestVoltage).toBeCloseTo(0.91309, 5);
    expect(report.places).toEqual([
      { site: 'bakery', bus: '10' },
      { site: 'school', bus: '26' },
    ]);
    expect(report.hours).toMatchObject([{ trades: 1, broken: [] }]);
    expect(report.withdrawnWh).toBe(0);
  });

  it('is stored by the platform as it was read', async () => {
    const feeder = await readFeeder(smallFeeder(30));
    expect(feederOf(networkFromJson(feeder!.network))).toEqual(feeder!.feeder);
  });

  it('says what was withdrawn, and whether what is left keeps the limits', async () => {
    const feeder = await readFeeder(smallFeeder(30));
    const line = ['line near–remote'];
    const check = (wh: number) =>
      checkTrades(feeder!, ['bakery', 'school'], [trade(wh)], [slot(60_000, line)]);
    // 10 kW of its own and 30 kW over the line.
    expect(check(39_000)).toMatchObject({ withdrawnWh: 60_000, hours: [{ binding: line, broken: [] }] });
    expect(check(100_000)).toMatchObject({ hours: [{ broken: line }] });
  });

  it('keeps hours of which nothing is left, and leaves out those without trades', async () => {
    const feeder = await readFeeder('ieee33');
    const hours = (withdrawnWh: number) => checkTrades(feeder!, [], [], [slot(withdrawnWh)]).hours;
    expect(hours(0)).toEqual([]);
    expect(hours(5)).toMatchObject([{ trades: 0, withdrawnWh: 5 }]);
  });

  it('says of trades past what it can carry that there is no power flow', async () => {
    const feeder = await readFeeder('ieee33');
    const report = checkTrades(feeder!, ['bakery', 'school'], [trade(5e9)], [slot(0)]);
    expect(report.hours).toMatchObject([{ lowestVoltage: null, lossKw: null, broken: ['power flow'] }]);
  });

  it('is none where none is wanted, and refused where it is past its limits before any trade', async () => {
    expect(await readFeeder('none')).toBeNull();
    await expect(readFeeder(smallFeeder(5))).rejects.toMatchObject({ code: 'FEEDER_OVERLOADED' });
  });
});
