import { DomainError } from '#core';
import type { ReportMethod } from './report.ts';
import { scope2ReportMethod } from './report-scope2.ts';

/** Every version by which a report can still be checked; none is ever removed. */
const REPORT_METHODS: readonly ReportMethod[] = [scope2ReportMethod];

/**
 * `further` are methods that read the inputs of a study; no version is two methods.
 * @throws REPORT_METHOD_UNKNOWN: what cannot be computed again is not verified
 */
export function reportMethodNamed(version: string, further: readonly ReportMethod[] = []): ReportMethod {
  const methods = [...REPORT_METHODS, ...further];
  const method = methods.find((each) => each.version === version);
  if (method !== undefined) return method;
  const known = methods.map((each) => each.version).join(', ');
  throw new DomainError(
    'REPORT_METHOD_UNKNOWN',
    `expected one of ${known}, got ${JSON.stringify(version.slice(0, 100))}`,
    'not-found',
  );
}
