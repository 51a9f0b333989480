import { isoInstant } from '#core';
import { type Finding, type NumericTable, printable } from '#metering';

/** What is doubtful in one of the files; none of it has changed a value. */
export interface FileFinding extends Finding {
  readonly file: string;
}

const TOLD = 20;
const GRAVITY: readonly Finding['severity'][] = ['severe', 'warning', 'info'];

/** Of all files, the gravest first. */
export const findingsOf = (
  tables: readonly { readonly name: string; readonly table: NumericTable }[],
): FileFinding[] =>
  tables
    .flatMap(({ name, table }) => table.findings.map((finding) => ({ file: name, ...finding })))
    .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));

const minute = (ms: number): string => isoInstant(ms).slice(0, 16);

/** For people: a line a finding, the gravest twenty. */
export function findingLines(findings: readonly FileFinding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings
    .slice(0, TOLD)
    .map(
      ({ file, severity, code, column, fromMs, toMs, message }) =>
        `  ${severity.padEnd(7)} ${code} ${file}${column === null ? '' : `:${column}`} ${minute(fromMs)} to ${minute(toMs)}: ${message}`,
    );
  const more = findings.length - lines.length;
  return [
    `findings: ${findings.length}, of the data as they were used`,
    ...lines.map(printable),
    ...(more > 0 ? [`  and ${more} more (--json)`] : []),
  ];
}
