import { type TraceResult, traceStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const traceVerb = studyVerb(traceStudy, traceText);

function traceText({ zones, checks, pollutants, corrections = [], hours }: TraceResult): string {
  const name = pollutants[0] ?? 'no pollutant';
  const over = hours === undefined ? '' : `, ${hours.length} hours`;
  return [
    tableText(
      ['zone', 'demand MWh', `kg ${name}/MWh`, `kg ${name}`, 'notes'],
      zones.map((zone) => [
        zone.id,
        zone.demandMwh,
        zone.intensity ?? '–',
        zone.emissions ?? '–',
        zone.flags.join(', '),
      ]),
    ),
    `produced ${checks.producedKg.toFixed(3)} kg, consumed ${checks.consumedKg.toFixed(3)} kg${over}`,
    ...(checks.cleaned ? [correctionText(corrections, checks.imbalances)] : []),
  ].join('\n\n');
}

const LISTED = 10;

function correctionText(corrections: NonNullable<TraceResult['corrections']>, imbalances: number): string {
  const title = `${imbalances} imbalances, cleaned`;
  if (corrections.length === 0) return title;
  const rows = corrections
    .slice(0, LISTED)
    .map(({ zone, what, fuel, to, statedMwh, cleanedMwh }) => [
      [zone, what, fuel ?? to ?? ''].join(' ').trim(),
      statedMwh ?? '–',
      cleanedMwh,
    ]);
  return `${title}; the largest corrections:\n${tableText(['datum', 'stated MWh', 'cleaned MWh'], rows)}`;
}
