import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { gridCsv, importGrid, refusalCode } from './harness/carbon-day.ts';
import { DAY, MarketDay, meter, nodes, type Page } from './harness/market-day.ts';
import type { Sender } from './harness/platform.ts';

jest.setTimeout(30_000);

const IMPORT = `mutation ($input: ImportFactorSetInput!) {
  importFactorSet(input: $input) { id title rank organisationId rows findings { kind line from to } since }
}`;
const SETS = '{ factorSets { id rank rows } }';
const RESOLVED = `query ($zone: String, $basis: FactorBasis!, $subject: String!, $at: DateTime!) {
  resolvedFactor(subject: $subject, zone: $zone, basis: $basis, at: $at) {
    factor { id gramsCo2ePerKwh averaging } setId via estimated
  }
}`;
const FUEL = `query ($fuel: String!, $sector: String!, $zone: String, $at: DateTime!) {
  resolvedCombustionFactor(fuel: $fuel, sector: $sector, zone: $zone, at: $at) {
    factor { id calorific kgCo2PerTj kgCh4PerTj } via estimated
  }
}`;
const FACTORS = `query ($filter: FactorFilter, $at: DateTime, $first: Int, $after: String) {
  factors(filter: $filter, at: $at, first: $first, after: $after) {
    edges { node { id gramsCo2ePerKwh } } pageInfo { hasNextPage endCursor }
  }
}`;
const FUELS = `query ($filter: CombustionFactorFilter) {
  combustionFactors(filter: $filter) { edges { node { id } } pageInfo { hasNextPage endCursor } }
}`;
const FACTOR = 'query ($id: ID!) { factor(id: $id) { id gramsCo2ePerKwh source } }';
const REPORT = `query ($sessionId: ID!) {
  carbonReport(sessionId: $sessionId) { series { id } factor { id gramsCo2ePerKwh source } locationGrams marketGrams accountedAt }
}`;

interface Imported {
  readonly id: string;
  readonly rank: string;
  readonly findings: readonly object[];
}
interface Resolved {
  readonly factor: { readonly id: string; readonly gramsCo2ePerKwh: string };
  readonly via: string;
  readonly estimated: boolean;
}

const kwh = (...rows: readonly string[]): string =>
  ['subject,zone,basis,value,unit,valid_from,valid_to,source', ...rows].join('\n');
const AT = '2026-01-01T00:00:00Z';

describe('factor sets', () => {
  let market: MarketDay;
  let analyst: string;

  beforeAll(async () => {
    market = await MarketDay.start();
    const { createApiKey } = await market.platform.data<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { memberName: "analyst", roles: [analyst] }) { secret } }',
      {},
      market.firms.buyer.apiKey,
    );
    analyst = createApiKey.secret;
  }, 60_000);

  afterAll(() => market.stop());

  const importSet = async (csv: string, change: object = {}, sender: Sender = analyst): Promise<Imported> => {
    const { importFactorSet } = await market.platform.data<{ importFactorSet: Imported }>(
      IMPORT,
      { input: { csv, title: 'made up for this test', ...change } },
      sender,
    );
    return importFactorSet;
  };
  const resolve = async (change: object = {}, sender: Sender = analyst): Promise<Resolved> => {
    const asked = { subject: 'grid', zone: 'DK-DK1', basis: 'direct', at: AT, ...change };
    return (await market.platform.data<{ resolvedFactor: Resolved }>(RESOLVED, asked, sender)).resolvedFactor;
  };

  it('of an organisation answer it alone, zone before parent before default, and say what is estimated', async () => {
    const { id, rank, findings } = await importSet(
      kwh(
        'grid,DK,direct,0.12,kgCO2e/kWh,2020-01-01,2024-01-01,made up',
        'grid,DK,direct,0.1,kgCO2e/kWh,2025-01-01,,made up',
        'grid,,direct,0.4,kgCO2e/kWh,2020-01-01,,made up',
      ),
    );
    expect(id).toMatch(/^factors\/[0-9a-f]{32}$/);
    expect([rank, findings]).toEqual([
      'own',
      [{ kind: 'gap', line: 3, from: '2024-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' }],
    ]);
    expect(await resolve()).toEqual({
      factor: { id: `${id}/3`, gramsCo2ePerKwh: '100', averaging: 'average' },
      setId: id,
      via: 'parent',
      estimated: true,
    });
    expect(await resolve({ zone: 'DK' })).toMatchObject({ via: 'zone', estimated: false });
    expect(await resolve({ at: '2024-06-01T00:00:00Z' })).toMatchObject({
      factor: { id: `${id}/4` },
      via: 'default',
      estimated: true,
    });
    const { seller } = market.firms;
    const asked = { subject: 'grid', zone: 'DK-DK1', basis: 'direct', at: AT };
    expect(await refusalCode(market, RESOLVED, asked, seller.apiKey)).toBe('FACTOR_MISSING');
    expect(await refusalCode(market, RESOLVED, { ...asked, basis: 'lifecycle' }, analyst)).toBe(
      'FACTOR_MISSING',
    );
    expect(await refusalCode(market, FACTOR, { id: `${id}/3` }, seller.apiKey)).toBe('FACTOR_MISSING');
    const listed = await market.platform.data<{ factors: Page<{ id: string }> }>(
      FACTORS,
      { filter: { subject: 'grid' }, at: AT },
      analyst,
    );
    expect(nodes(listed.factors).map((row) => row.id)).toEqual([`${id}/3`, `${id}/4`]);
    const theirs = await market.platform.data<{ factors: Page<object> }>(
      FACTORS,
      { filter: { setId: id } },
      seller.apiKey,
    );
    expect(nodes(theirs.factors)).toEqual([]);
    const { factorSets } = await market.platform.data<{ factorSets: { id: string }[] }>(
      SETS,
      {},
      seller.apiKey,
    );
    expect(factorSets.map((set) => set.id)).not.toContain(id);
  });

  it('are imported once: the same text again is the same set, another is another', async () => {
    const csv = kwh('heat,,direct,100,kgCO2e/GJ,2024-01-01,,made up');
    const [first, second] = [await importSet(csv), await importSet(csv)];
    expect(second).toEqual(first);
    expect((await importSet(`${csv}\n`)).id).not.toBe(first.id);
  });

  it('of the operator are everybody’s, behind each one’s own', async () => {
    const csv = kwh('residual-mix,DE,direct,700,gCO2e/kWh,2024-01-01,,made up');
    const community = await importSet(csv, { communityDefault: true }, market.platform.operatorKey);
    const asked = { subject: 'residual-mix', zone: 'DE' };
    expect(await resolve(asked, market.firms.seller.apiKey)).toMatchObject({
      factor: { id: `${community.id}/2` },
    });
    const own = await importSet(kwh('residual-mix,,direct,650,gCO2e/kWh,2024-01-01,,made up'));
    expect(await resolve(asked)).toMatchObject({ factor: { id: `${own.id}/2` }, via: 'default' });
    const { factorSets } = await market.platform.data<{ factorSets: { id: string; rank: string }[] }>(
      SETS,
      {},
      analyst,
    );
    expect([...new Set(factorSets.map(({ rank }) => rank))]).toEqual(['published', 'community', 'own']);
  });

  it('give fuels of the own zone and sector before what ships', async () => {
    const gas = { fuel: 'natural-gas', sector: 'residential-agriculture', zone: 'DE', at: AT };
    const resolved = async () =>
      (await market.platform.data<{ resolvedCombustionFactor: object }>(FUEL, gas, analyst))
        .resolvedCombustionFactor;
    expect(await resolved()).toMatchObject({
      factor: { id: 'natural-gas/residential-agriculture/ipcc-2006', kgCh4PerTj: '5' },
      via: 'default',
      estimated: true,
    });
    const { id } = await importSet(
      'fuel,zone,calorific,co2,ch4,n2o,unit,biogenic,valid_from,source\nnatural-gas,DE,gcv,50.3,0.001,0.0001,kg/GJ,false,2024-01-01,made up',
    );
    expect(await resolved()).toEqual({
      factor: { id: `${id}/2`, calorific: 'gcv', kgCo2PerTj: '50300', kgCh4PerTj: '1' },
      via: 'zone',
      estimated: false,
    });
    const { combustionFactors } = await market.platform.data<{ combustionFactors: Page<{ id: string }> }>(
      FUELS,
      { filter: { fuel: 'natural-gas' } },
      analyst,
    );
    expect(nodes(combustionFactors)).toHaveLength(5);
    expect(await refusalCode(market, FUEL, { ...gas, sector: 'kitchens' }, analyst)).toBe(
      'COMBUSTION_SECTOR',
    );
  });

  it('are listed page by page with what ships, each factor once', async () => {
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const { factors }: { factors: Page<{ id: string }> } = await market.platform.data(
        FACTORS,
        { first: 7, after },
        analyst,
      );
      ids.push(...nodes(factors).map(({ id }) => id));
      if (!factors.pageInfo.hasNextPage) break;
      after = factors.pageInfo.endCursor;
    }
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)));
    expect(ids).toContain('pv-rooftop/direct/ipcc-ar5');
    expect(ids.some((id) => id.startsWith('factors/'))).toBe(true);
  });

  it('are refused by line and column, to firms and participants, and as the community’s to analysts', async () => {
    const { buyer } = market.firms;
    const csv = kwh('grid,DE,direct,380,kgCO2e/kWh,2024-01-01,,made up');
    const input = { csv: kwh('grid,DE,direct,380,gCO2e/kWh,2024-01-01,,x'), title: 'x' };
    const code = (change: object, sender: Sender) =>
      refusalCode(market, IMPORT, { input: { ...input, ...change } }, sender);
    expect(await code({ csv }, analyst)).toBe('FACTOR_CSV_VALUE');
    expect(await code({ title: ' ' }, analyst)).toBe('FACTOR_SET_TITLE');
    expect(await code({ communityDefault: true }, analyst)).toBe('ROLE_MISSING');
    expect(await code({}, buyer.apiKey)).toBe('ROLE_MISSING');
    expect(await code({}, buyer.participant)).toBe('ROLE_MISSING');
    expect(await code({}, undefined)).toBe('UNAUTHENTICATED');
  });

  it('alter no report that is there: it keeps the factor it was made with, whose row stays', async () => {
    const { buyer, seller } = market.firms;
    const series = await importGrid(
      market,
      gridCsv(() => 0.4),
    );
    const sessionId = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(sessionId, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(sessionId, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 600)]);
    await market.reached(sessionId, 'SETTLED');
    const report = async (): Promise<object> => {
      const { carbonReport } = await market.platform.data<{
        carbonReport: { series: { id: string }; factor: object } | null;
      }>(REPORT, { sessionId }, buyer.apiKey);
      return carbonReport?.series.id === series.id ? carbonReport : report();
    };
    const before = await report();
    expect(before).toMatchObject({ factor: { id: 'pv-rooftop/direct/ipcc-ar5', gramsCo2ePerKwh: '0' } });
    const pv = kwh('pv-rooftop,,direct,99,gCO2e/kWh,2014-01-01,,made up');
    const set = await importSet(pv, { communityDefault: true }, market.platform.operatorKey);
    const asked = { subject: 'pv-rooftop', zone: null };
    expect(await resolve(asked)).toMatchObject({ factor: { id: `${set.id}/2`, gramsCo2ePerKwh: '99' } });
    const { factor: first } = await market.platform.data<{ factor: object }>(
      FACTOR,
      { id: `${set.id}/2` },
      analyst,
    );
    const corrected = await importSet(
      pv.replace('99', '98'),
      { communityDefault: true },
      market.platform.operatorKey,
    );
    expect(await resolve(asked)).toMatchObject({
      factor: { id: `${corrected.id}/2`, gramsCo2ePerKwh: '98' },
    });
    const { factor: still } = await market.platform.data<{ factor: object }>(
      FACTOR,
      { id: `${set.id}/2` },
      analyst,
    );
    expect(still).toEqual(first);
    expect(await report()).toEqual(before);
  });
});
