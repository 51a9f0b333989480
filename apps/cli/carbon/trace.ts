import { type TraceResult, traceStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';
import { flagLines } from './flag-lines.ts';

export const traceVerb = studyVerb(traceStudy, traceText);

function traceText(result: TraceResult): string {
  const { checks, corrections = [], hours, provenance } = result;
  const [name] = result.pollutants;
  const over = hours === undefined ? '' : `, ${hours.length} hours`;
  return [
    name === undefined ? mixText(result) : emissionsText(result, name),
    ...(name === undefined
      ? []
      : [`produced ${checks.producedKg.toFixed(3)} kg, consumed ${checks.consumedKg.toFixed(3)} kg${over}`]),
    ...(provenance === undefined ? [] : [provenanceText(provenance)]),
    ...(hours?.some((hour) => hour.provenance !== undefined) === true
      ? ['provenance is told by hour: --json']
      : []),
    ...(checks.cleaned ? [correctionText(corrections, checks.imbalances)] : []),
    ...flagLines(result.flags),
  ].join('\n\n');
}

const emissionsText = ({ zones }: TraceResult, pollutant: string): string =>
  tableText(
    ['zone', 'demand MWh', `kg ${pollutant}/MWh`, `kg ${pollutant}`, 'notes'],
    zones.map((zone) => [
      zone.id,
      zone.demandMwh,
      zone.intensity ?? '–',
      zone.emissions ?? '–',
      zone.flags.join(', '),
    ]),
  );

/** Without a pollutant: what is used is made of. */
const mixText = ({ zones }: TraceResult): string =>
  tableText(
    ['zone', 'demand MWh', 'fuel', 'share', 'notes'],
    zones.flatMap((zone) =>
      (zone.mix === null ? [['–', '–'] as const] : Object.entries(zone.mix)).map(([fuel, share]) => [
        zone.id,
        zone.demandMwh,
        fuel,
        share,
        zone.flags.join(', '),
      ]),
    ),
  );

const provenanceText = ({ demands }: NonNullable<TraceResult['provenance']>): string =>
  tableText(
    ['used in', 'from', 'fuel', 'MWh'],
    demands.flatMap(({ zone, from }) => from.map((source) => [zone, source.zone, source.fuel, source.mwh])),
  );

const LISTED = 10;

function correctionText(corrections: NonNullable<TraceResult['corrections']>, imbalances: number): string {
  const title = `${imbalances} ${imbalances === 1 ? 'imbalance' : 'imbalances'}, cleaned`;
  if (corrections.length === 0) return title;
  const rows = corrections
    .slice(0, LISTED)
    .map(({ zone, what, fuel, to, statedMwh, cleanedMwh }) => [
      [zone, what, ...(fuel === undefined ? [] : [fuel]), ...(to === undefined ? [] : ['to', to])].join(' '),
      statedMwh ?? '–',
      cleanedMwh,
    ]);
  return `${title}; the largest corrections:\n${tableText(['datum', 'stated MWh', 'cleaned MWh'], rows)}`;
}
