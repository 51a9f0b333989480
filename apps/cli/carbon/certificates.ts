import {
  type CertificatesResult,
  certificatesStudy,
  lineageSchema,
  type VerifiedLineage,
  verifyLineageFile,
} from '#studies';
import { studyVerb } from '../file-verb.ts';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { tableText } from '../table-text.ts';

const SHOWN = 50;

function certificatesText({
  certificates,
  totals,
  coverage,
  refused,
  ...result
}: CertificatesResult): string {
  const rows = certificates
    .slice(0, SHOWN)
    .map((of) => [of.id, of.kind, of.owner, of.state, of.quantityWh, of.start]);
  const wh = Object.entries(totals).map(([kind, of]) => [kind, ...Object.values(of)]);
  return [
    tableText(['certificate', 'kind', 'owner', 'state', 'Wh', 'from'], rows),
    ...(certificates.length > SHOWN ? [`… ${certificates.length - SHOWN} more; --json has all`] : []),
    tableText(['Wh', 'issued', 'live', 'claimed', 'stored', 'expired', 'withdrawn'], wh),
    ...(coverage === null ? [] : [coverageText(coverage)]),
    ...refused.map(({ event, code, message }) => `event ${event} refused: ${code} ${message}`),
    ...(result.flags.length === 0 ? [] : [`flags: ${result.flags.join(', ')}`]),
    result.method,
  ].join('\n\n');
}

const coverageText = (of: NonNullable<CertificatesResult['coverage']>): string =>
  tableText(
    ['coverage within', '%'],
    [
      ['an hour', of.hourlyPercent],
      ['a day', of.dailyPercent],
      ['a week', of.weeklyPercent],
      ['a month', of.monthlyPercent ?? 'period too short'],
      ['a year', of.yearlyPercent ?? 'period too short'],
    ],
  );

export const certificatesVerb = studyVerb(certificatesStudy, certificatesText);

/** @throws FILE_UNREADABLE, INPUT_*, LINEAGE_* and the codes of broken rules */
export async function verifyCertificates(path: string, output: Output): Promise<void> {
  const verified = verifyLineageFile(await readInput(path, lineageSchema));
  output.result(verified, verifiedText(verified));
}

const verifiedText = ({ events, issues, certificates }: VerifiedLineage): string =>
  [
    `verified: ${events} events, each follows from those before`,
    tableText(
      ['issue', 'kind', 'technology', 'area', 'from', 'Wh'],
      issues.map((of) => [of.id, of.kind, of.technology ?? '', of.area, of.start, of.quantityWh]),
    ),
    tableText(
      ['certificate', 'owner', 'state', 'Wh'],
      certificates.slice(0, SHOWN).map((of) => [of.id, of.owner, of.state, of.quantityWh]),
    ),
  ].join('\n\n');
