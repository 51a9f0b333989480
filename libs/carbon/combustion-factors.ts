import { COMBUSTION_SECTORS, type CombustionFactor, type FactorSet } from './factor.ts';

const SOURCE =
  'IPCC 2006 Guidelines, vol. 2 Energy, ch. 2 Stationary Combustion, Table $, https://www.ipcc-nggip.iges.or.jp/public/2006gl/vol2.html';
/** One table a sector, in the order of COMBUSTION_SECTORS. */
const TABLES = ['2.2', '2.3', '2.4', '2.5'] as const;
const SINCE_MS = Date.UTC(2006, 0, 1);

/** kg of CH4 and N2O per TJ in each sector: what the tables print for every fuel of a kind. */
type BySector = readonly [string, string, string, string];
const KINDS = {
  liquid: { ch4: ['3', '3', '10', '10'], n2o: ['0.6', '0.6', '0.6', '0.6'] },
  gas: { ch4: ['1', '1', '5', '5'], n2o: ['0.1', '0.1', '0.1', '0.1'] },
  coal: { ch4: ['1', '10', '10', '300'], n2o: ['1.5', '1.5', '1.5', '1.5'] },
  peat: { ch4: ['1', '2', '10', '300'], n2o: ['1.5', '1.5', '1.4', '1.4'] },
  solid: { ch4: ['30', '30', '300', '300'], n2o: ['4', '4', '4', '4'] },
  lyes: { ch4: ['3', '3', '3', '3'], n2o: ['2', '2', '2', '2'] },
  charcoal: { ch4: ['200', '200', '200', '200'], n2o: ['4', '4', '1', '1'] },
} as const satisfies Record<string, { readonly ch4: BySector; readonly n2o: BySector }>;

/** Fuel, kg of CO2 per TJ, kind. All on a net calorific basis; CO2 is the same in every sector. */
type Row = readonly [fuel: string, co2: string, kind: keyof typeof KINDS];
const FOSSIL: readonly Row[] = [
  ['crude-oil', '73300', 'liquid'],
  ['orimulsion', '77000', 'liquid'],
  ['natural-gas-liquids', '64200', 'liquid'],
  ['motor-gasoline', '69300', 'liquid'],
  ['aviation-gasoline', '70000', 'liquid'],
  ['jet-gasoline', '70000', 'liquid'],
  ['jet-kerosene', '71500', 'liquid'],
  ['other-kerosene', '71900', 'liquid'],
  ['shale-oil', '73300', 'liquid'],
  ['gas-diesel-oil', '74100', 'liquid'],
  ['residual-fuel-oil', '77400', 'liquid'],
  ['lpg', '63100', 'gas'],
  ['ethane', '61600', 'gas'],
  ['naphtha', '73300', 'liquid'],
  ['bitumen', '80700', 'liquid'],
  ['lubricants', '73300', 'liquid'],
  ['petroleum-coke', '97500', 'liquid'],
  ['refinery-feedstocks', '73300', 'liquid'],
  ['refinery-gas', '57600', 'gas'],
  ['paraffin-waxes', '73300', 'liquid'],
  ['white-spirit', '73300', 'liquid'],
  ['other-petroleum-products', '73300', 'liquid'],
  ['anthracite', '98300', 'coal'],
  ['coking-coal', '94600', 'coal'],
  ['other-bituminous-coal', '94600', 'coal'],
  ['sub-bituminous-coal', '96100', 'coal'],
  ['lignite', '101000', 'coal'],
  ['oil-shale', '107000', 'coal'],
  ['brown-coal-briquettes', '97500', 'coal'],
  ['patent-fuel', '97500', 'coal'],
  ['coke-oven-coke', '107000', 'coal'],
  ['gas-coke', '107000', 'gas'],
  ['coal-tar', '80700', 'coal'],
  ['gas-works-gas', '44400', 'gas'],
  ['coke-oven-gas', '44400', 'gas'],
  ['blast-furnace-gas', '260000', 'gas'],
  ['oxygen-steel-furnace-gas', '182000', 'gas'],
  ['natural-gas', '56100', 'gas'],
  ['municipal-waste-non-biomass', '91700', 'solid'],
  ['industrial-waste', '143000', 'solid'],
  ['waste-oil', '73300', 'solid'],
  ['peat', '106000', 'peat'],
];
const BIOGENIC: readonly Row[] = [
  ['wood-waste', '112000', 'solid'],
  ['sulphite-lyes', '95300', 'lyes'],
  ['other-primary-solid-biomass', '100000', 'solid'],
  ['charcoal', '112000', 'charcoal'],
  ['biogasoline', '70800', 'liquid'],
  ['biodiesel', '70800', 'liquid'],
  ['other-liquid-biofuels', '79600', 'liquid'],
  ['landfill-gas', '54600', 'gas'],
  ['sludge-gas', '54600', 'gas'],
  ['other-biogas', '54600', 'gas'],
  ['municipal-waste-biomass', '100000', 'solid'],
];

const rowsOf =
  (biogenic: boolean) =>
  ([fuel, kgCo2PerTj, kind]: Row): CombustionFactor[] =>
    COMBUSTION_SECTORS.map((sector, i) => ({
      id: `${fuel}/${sector}/ipcc-2006`,
      fuel,
      sector,
      calorific: 'ncv',
      kgCo2PerTj,
      kgCh4PerTj: KINDS[kind].ch4[i]!,
      kgN2oPerTj: KINDS[kind].n2o[i]!,
      biogenic,
      zone: null,
      source: SOURCE.replace('$', TABLES[i]!),
      validFromMs: SINCE_MS,
      validToMs: null,
    }));

export const IPCC_2006_COMBUSTION: FactorSet = {
  id: 'ipcc-2006-combustion',
  title: 'IPCC 2006 Guidelines vol. 2, Tables 2.2 to 2.5: stationary combustion by fuel and sector',
  rank: 'published',
  sinceMs: SINCE_MS,
  factors: [],
  fuels: [...FOSSIL.flatMap(rowsOf(false)), ...BIOGENIC.flatMap(rowsOf(true))],
};
