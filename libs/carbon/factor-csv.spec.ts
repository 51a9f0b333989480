import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { factorSetOf, parseFactorCsv, resolveCombustionFactor, resolveFactor } from './index.ts';

const HEADER = 'subject,zone,basis,averaging,value,unit,gwp_set,valid_from,valid_to,source';
const FUELS = 'fuel,sector,calorific,co2,ch4,n2o,unit,biogenic,zone,valid_from,source';
const csv = (...rows: readonly string[]): string => [HEADER, ...rows].join('\n');
const refused = (code: string, line: number, column: number) =>
  expect.objectContaining({ code, data: expect.objectContaining({ line, column }) });

describe('parseFactorCsv', () => {
  it('reads factors by the kWh, in grams, with absent cells as what they mean', () => {
    const { factors, fuels, findings } = parseFactorCsv(
      csv(
        'grid,DE,direct,,0.38,kgCO2e/kWh,AR5,2024-01-01,2025-01-01,"UBA, 2025"',
        'residual-mix,,lifecycle,average,700,gCO2e/kWh,,2024-01-01T00:00:00+01:00,,AIB',
      ),
    );
    expect(factors[0]).toEqual({
      line: 2,
      subject: 'grid',
      gramsCo2ePerKwh: '380',
      basis: 'direct',
      averaging: 'average',
      zone: 'DE',
      gwpSet: 'AR5',
      source: 'UBA, 2025',
      validFromMs: Date.UTC(2024, 0, 1),
      validToMs: Date.UTC(2025, 0, 1),
    });
    expect(factors[1]).toMatchObject({
      averaging: 'average',
      zone: null,
      gwpSet: null,
      validFromMs: Date.UTC(2023, 11, 31, 23),
      validToMs: null,
    });
    expect([fuels, findings]).toEqual([[], []]);
  });

  it.each([
    ['380', 'gCO2e/kWh', '380'],
    ['380', 'kgCO2e/MWh', '380'],
    ['0.38', 'tCO2e/MWh', '380'],
    ['1000', 'lbCO2e/MWh', '453.59237'],
    ['100', 'kgCO2e/GJ', '360'],
    ['100', 'gCO2e/MJ', '360'],
  ])('converts %s %s to %s g/kWh exactly', (value, unit, grams) => {
    const [row] = parseFactorCsv(csv(`heat,,direct,,${value},${unit},,2024-01-01,,x`)).factors;
    expect(row!.gramsCo2ePerKwh).toBe(grams);
  });

  it('reads factors by the fuel, in kg per TJ', () => {
    const { fuels } = parseFactorCsv(
      [
        FUELS,
        'natural-gas,,gcv,50.3,0.001,0.0001,kg/GJ,false,DE,2024-01-01,made up',
        'pellets,residential-agriculture,ncv,112000,300,4,kg/TJ,true,,2024-01-01,made up',
      ].join('\r\n'),
    );
    expect(fuels[0]).toMatchObject({
      sector: null,
      calorific: 'gcv',
      kgCo2PerTj: '50300',
      kgCh4PerTj: '1',
      kgN2oPerTj: '0.1',
      biogenic: false,
      zone: 'DE',
    });
    expect(fuels[1]).toMatchObject({ line: 3, sector: 'residential-agriculture', biogenic: true });
  });

  it('tells where between two rows of one thing none holds', () => {
    const { findings } = parseFactorCsv(
      csv(
        'grid,DE,direct,,2,gCO2e/kWh,,2025-01-01,,x',
        'grid,DE,direct,,1,gCO2e/kWh,,2022-01-01,2024-01-01,x',
        'grid,FR,direct,,1,gCO2e/kWh,,2022-01-01,2024-01-01,x',
      ),
    );
    expect(findings).toEqual([
      { kind: 'gap', line: 2, fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2025, 0, 1) },
    ]);
  });

  it.each([
    ['FACTOR_CSV_HEADER', 1, 1, ''],
    ['FACTOR_CSV_HEADER', 1, 3, 'subject,basis,factor\n'],
    ['FACTOR_CSV_HEADER', 1, 2, 'subject,subject\n'],
    ['FACTOR_CSV_HEADER', 1, 2, 'fuel,subject\n'],
    ['FACTOR_CSV_EMPTY', 2, 1, csv()],
    ['FACTOR_CSV_VALUE', 2, 9, csv('grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,x')],
    ['FACTOR_CSV_VALUE', 2, 1, csv('a grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 2, csv('grid,D E,direct,,1,gCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 3, csv('grid,DE,scope 2,,1,gCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 4, csv('grid,DE,direct,mean,1,gCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 5, csv('grid,DE,direct,,-1,gCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 5, csv('grid,DE,direct,,380,kgCO2e/kWh,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 6, csv('grid,DE,direct,,1,constructor,,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 7, csv('grid,DE,direct,,1,gCO2e/kWh,AR7,2024-01-01,,x')],
    ['FACTOR_CSV_VALUE', 2, 8, csv('grid,DE,direct,,1,gCO2e/kWh,,2024-02-30,,x')],
    ['FACTOR_CSV_VALUE', 2, 9, csv('grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,2024-01-01,x')],
    ['FACTOR_CSV_VALUE', 2, 10, csv('grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,,')],
    [
      'FACTOR_CSV_CONFLICT',
      3,
      1,
      csv('grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,,x', 'grid,DE,direct,,1,gCO2e/kWh,,2025-01-01,,x'),
    ],
    ['CSV_QUOTE', 2, 10, csv('grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,,"x')],
  ])('refuses %s at line %i, column %i', (code, line, column, text) => {
    expect(() => parseFactorCsv(text)).toThrow(refused(code, line, column));
  });

  it('refuses a file beyond its limits', () => {
    const line = 'grid,DE,direct,,1,gCO2e/kWh,,2024-01-01,,x';
    expect(() => parseFactorCsv(csv(...Array.from({ length: 5_001 }, () => line)))).toThrow(
      expect.objectContaining({ code: 'CSV_TOO_LARGE', kind: 'limit' }),
    );
  });

  it('never throws anything but a coded refusal, whatever the text', () => {
    const cell = fc.oneof(fc.constantFrom(...HEADER.split(','), 'grid', 'direct', '1', '"', ''), fc.string());
    const line = fc.array(cell, { maxLength: 12 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), fc.boolean(), (lines, withHeader) => {
        const text = (withHeader ? [HEADER, ...lines] : lines).join('\n');
        const read = () => parseFactorCsv(text).factors.length > 0;
        expect(outcome(read)).toMatch(/^(?:true|FACTOR_CSV_[A-Z]+|CSV_[A-Z_]+)$/);
      }),
    );
  });
});

function outcome(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const row = (grams: number): string => csv(`grid,DE,direct,,${grams},gCO2e/kWh,,2024-01-01,,x`);

describe('factorSetOf', () => {
  const atMs = Date.UTC(2026, 0, 1);
  const of = { title: 'mine', rank: 'own', sinceMs: 0 } as const;

  it('names rows by their set and line, so that a later set has other ids and the earlier row stays as it was', () => {
    const first = factorSetOf(parseFactorCsv(row(380)), { ...of, id: 'factors/a' });
    const second = factorSetOf(parseFactorCsv(row(370)), { ...of, id: 'factors/b', sinceMs: 1 });
    const request = { subject: 'grid', zone: 'DE', basis: 'direct', atMs } as const;
    const before = resolveFactor([first], request);
    expect(before.factor).toMatchObject({ id: 'factors/a/2', gramsCo2ePerKwh: '380' });
    expect(resolveFactor([first, second], request).factor).toMatchObject({ id: 'factors/b/2' });
    expect(resolveFactor([first], request)).toEqual(before);
    expect(first.factors.find(({ id }) => id === before.factor.id)).toBe(before.factor);
  });

  it('makes fuels resolvable too', () => {
    const text = [FUELS, 'hydrogen,,ncv,0,0,0,kg/TJ,false,,2024-01-01,made up'].join('\n');
    const set = factorSetOf(parseFactorCsv(text), { ...of, id: 'factors/h' });
    expect(resolveCombustionFactor([set], { fuel: 'hydrogen', atMs }).factor.id).toBe('factors/h/2');
  });
});
