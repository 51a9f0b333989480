import type { CarbonReport } from '#carbon';
import { DomainError, systemClock } from '#core';
import { footprintOfReport, footprintTerms, reportDocument } from '#studies';
import type { FileVerb } from '../file-verb.ts';
import { readInput } from '../input.ts';
import { requireVerified } from './report.ts';

export interface FootprintOptions {
  readonly terms?: string;
  readonly replaces?: readonly string[];
}

/** A report that verifies as a product footprint of the PACT data model. @throws FOOTPRINT_TERMS without terms */
export const footprintVerb: FileVerb<CarbonReport, FootprintOptions> = {
  schema: reportDocument,
  async run(report, output, { terms: file, replaces }) {
    if (file === undefined)
      throw new DomainError(
        'FOOTPRINT_TERMS',
        'expected --terms FILE, what the report does not say, got none',
      );
    const terms = await readInput(file, footprintTerms);
    const making = { createdMs: systemClock.nowMs(), precedingPfIds: replaces };
    const footprint = footprintOfReport(await requireVerified(report), terms, making);
    output.result(footprint, JSON.stringify(footprint, null, 2));
  },
};
