import { type ResidualMixResult, residualMixStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

const shown = (value: number | null): string =>
  value === null ? 'none' : Number(value.toPrecision(7)).toString();

function render({ market, value, unit, flags, markets, pool }: ResidualMixResult): string {
  if (pool === null) return [`${market ?? 'residual mix'}: ${shown(value)} ${unit}`, ...flags].join('\n');
  const rows = markets.map((each) => [
    each.market,
    shown(each.value),
    shown(each.domesticValue),
    each.untrackedKwh,
    each.surplusKwh,
  ]);
  return [
    tableText(['market', unit, 'domestic', 'untracked kWh', 'surplus kWh'], rows),
    [
      `common pool: ${shown(pool.value)} ${unit}, ${pool.surplusKwh} kWh for ${pool.wantedKwh} kWh`,
      ...pool.flags,
      ...flags,
    ].join('\n'),
  ].join('\n\n');
}

export const residualMixVerb = studyVerb(residualMixStudy, render);
