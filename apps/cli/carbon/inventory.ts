import { type InventoryResult, inventoryStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

const shown = (value: number | null): string =>
  value === null ? '–' : Number(value.toPrecision(9)).toString();

const percent = (value: number | null): string => (value === null ? '–' : `± ${value.toFixed(1)} %`);

/** The two accounts beside each other: nobody adds columns. */
function scopesText({ location, market, scope2 }: InventoryResult): string {
  const rows: (readonly [string, number | null, number | null])[] = [
    ['scope 1', location.scope1.emissionsKg, market.scope1.emissionsKg],
    ['scope 2, annual', scope2.annual.locationKg, scope2.annual.marketKg],
    ...(scope2.hourly === null
      ? []
      : [['scope 2, hourly', scope2.hourly.locationKg, scope2.hourly.marketKg] as const]),
    ['scope 3', location.scope3.emissionsKg, market.scope3.emissionsKg],
    ['all', location.emissionsKg, market.emissionsKg],
    ...location.isoCategories.map(
      ({ category, emissionsKg }) =>
        [
          `ISO 14064-1 category ${category}`,
          emissionsKg,
          market.isoCategories.find((each) => each.category === category)?.emissionsKg ?? null,
        ] as const,
    ),
  ];
  return tableText(
    ['kgCO2e', 'location-based', 'market-based'],
    [
      ...rows.map(([name, ...values]) => [name, ...values.map(shown)]),
      ['uncertainty of all', percent(location.uncertaintyPercent), percent(market.uncertaintyPercent)],
    ],
  );
}

const linesText = ({ lines }: InventoryResult): string =>
  tableText(
    [
      'activity',
      'part',
      'scope',
      'account',
      'told by',
      'quantity',
      'unit',
      'kgCO2e a unit',
      'kgCO2e',
      'factor',
    ],
    lines.map((line) => [
      line.activity,
      line.part,
      line.scope3Category === null ? String(line.scope) : `3, category ${line.scope3Category}`,
      [line.account, line.matching].filter((word) => word !== null).join(', '),
      line.instrument ?? line.tier ?? '',
      shown(line.quantity),
      line.unit,
      shown(line.factorKgPerUnit),
      shown(line.emissionsKg),
      line.factorId ?? '',
    ]),
  );

export function inventoryText(result: InventoryResult): string {
  const { matching, flags, baseYear, disclosures } = result;
  return [
    scopesText(result),
    `totals take the ${matching} matching of scope 2`,
    linesText(result),
    ...(baseYear === null
      ? []
      : [
          `base year ${baseYear.year}: ${shown(baseYear.emissionsKg)} kgCO2e${baseYear.restated ? `, restated by ${shown(baseYear.effectKg)}` : ''}`,
        ]),
    ...(flags.length === 0
      ? []
      : [flags.map(({ code, of, detail }) => `${code}: ${of} (${detail})`).join('\n')]),
    disclosures.join('\n'),
  ].join('\n\n');
}

export const inventoryVerb = studyVerb(inventoryStudy, inventoryText);
