import { type DesignResult, designStudy } from '#studies';
import { alignedRows } from './aligned-rows.ts';
import { studyVerb } from '../file-verb.ts';

export const designVerb = studyVerb(designStudy, render);

function render({ schemes, best, competition }: DesignResult, { unit }: { readonly unit: string }): string {
  const lines = alignedRows([
    [
      'scheme',
      'welfare',
      'least gain',
      'most gain',
      'gini',
      'own supply',
      `peak ${unit}`,
      'emissions',
      'settled',
    ],
    ...schemes.map((outcome) => [
      outcome.scheme,
      outcome.welfare.toFixed(3),
      outcome.leastGain.toFixed(3),
      outcome.mostGain.toFixed(3),
      outcome.gini?.toFixed(3) ?? '–',
      `${(100 * outcome.selfSufficiency).toFixed(1)} %`,
      outcome.peak.toFixed(3),
      outcome.emissions.toFixed(1),
      outcome.convergence.converged ? 'yes' : 'no',
    ]),
  ]);
  const winners = Object.entries(best).map(([criterion, scheme]) => `${criterion} ${scheme ?? '–'}`);
  lines.push(`best: ${winners.join(', ')}`);
  if (competition === undefined) return lines.join('\n');
  const { platforms, convergence, switches } = competition;
  return [
    ...lines,
    ...alignedRows([
      ['platform', 'members', 'revenue', 'shared'],
      ...platforms.map(({ id, members, revenue, shared }) => [
        id,
        String(members),
        revenue.toFixed(3),
        shared.toFixed(3),
      ]),
    ]),
    convergence.converged
      ? `settled after ${switches} switches`
      : `not settled: ${switches} switches, and choices come again`,
  ].join('\n');
}
