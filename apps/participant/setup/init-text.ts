import { renderImportReport } from '../readings/import-report.ts';
import { checksText } from './check.ts';
import type { Initialised } from './init-site.ts';
import { previewText } from './preview.ts';

/** What an initialisation did, for people. */
export const initText = ({
  checks,
  legalId,
  participantId,
  imported,
  preview,
  written,
  next,
}: Initialised): string =>
  [
    checksText(checks),
    '',
    `enrolled as ${legalId}, participant ${participantId}`,
    ...(imported ? [renderImportReport(imported)] : []),
    ...written.map((file) => `written: ${file}`),
    '',
    previewText(preview),
    '',
    'Next',
    ...next.map((command) => `  ${command}`),
  ].join('\n');
