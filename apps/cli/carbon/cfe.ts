import { type CfeResult, cfeStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

const percent = (value: number | null): string => (value === null ? 'none' : `${value.toFixed(2)} %`);

function cfeText(result: CfeResult): string {
  const figures: [string, string | number][] = [
    ['24/7 CFE score', percent(result.cfeScorePercent)],
    ['  without the grid', percent(result.matchedPercent)],
    ['  mean of hourly scores', percent(result.meanHourlyScorePercent)],
    ['volumetric match', percent(result.annualVolumetricPercent)],
    ['load, kWh', result.loadKwh],
    ['carbon-free and used at once, kWh', result.matchedKwh],
    ['carbon-free beyond the load, kWh', result.excessKwh],
    ['drawn from the grid, kWh', result.gridImportKwh],
  ];
  const years = result.years.map((year): [string, ...number[]] => [
    `${year.year}`,
    year.avoidedEmissionsKg,
    year.inducedEmissionsKg,
    year.netAvoidedEmissionsKg,
    year.residualLoadEmissionsKg,
    year.gridImportEmissionsKg,
  ]);
  return [
    tableText(['figure', 'value'], figures),
    ...(years.length === 0
      ? []
      : [tableText(['year, kg CO2e', 'avoided', 'induced', 'net avoided', 'load', 'grid import'], years)]),
    ...(result.flags.length === 0 ? [] : [`flags: ${result.flags.join(', ')}`]),
    result.method,
  ].join('\n\n');
}

export const cfeVerb = studyVerb(cfeStudy, cfeText);
