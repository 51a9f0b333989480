import { isoInstant } from '#core';
import { type Finding, printable } from '#metering';
import type { ImportReport, ImportedColumn } from './import-readings.ts';

const isNumber = (text: string) => /^[\d.]+ ?%?$/.test(text);

/** Columns padded to their widest cell; the first row is the heading. Columns of numbers are right-aligned. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const right = rows[0]!.map((_, column) => rows.slice(1).every((row) => isNumber(row[column]!)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ');
  return rows.map((row) => `  ${line(row).trimEnd()}`);
}

const minute = (ms: number) => isoInstant(ms).slice(0, 16).replace('T', ' ');

function columnRow({ column, coverage, added, corrected, unchanged }: ImportedColumn): string[] {
  const all = coverage.present + coverage.missing;
  // Rounded down: 100.0 % is said only of a column without a gap.
  const share = all === 0 ? 0 : Math.floor((1000 * coverage.present) / all) / 10;
  return [
    column,
    minute(coverage.fromMs),
    minute(coverage.toMs),
    String(coverage.present),
    `${share.toFixed(1)} %`,
    ...[added, corrected, unchanged].map(String),
  ];
}

function findingRow(finding: Finding): string[] {
  const { severity, code, column, count, fromMs, toMs, message } = finding;
  return [severity, code, column ?? 'all', String(count), minute(fromMs), minute(toMs), message];
}

/** An import report as plain text for people: the file, its columns, then what was noticed, the gravest first. */
export function renderImportReport(report: ImportReport): string {
  const { file, rows, resolutionMs, zone, columns, ignoredColumns, findings, outcome } = report;
  const gravity = ['severe', 'warning', 'info'];
  const ranked = findings.toSorted((a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity));
  const state = outcome === 'imported' ? 'imported' : 'already imported, nothing changed';
  return [
    `${file}: ${state}; ${rows} rows every ${resolutionMs / 60_000} min, zone ${zone ?? 'unknown'}, times below in UTC`,
    ...table([
      ['column', 'from', 'to', 'readings', 'coverage', 'new', 'corrected', 'unchanged'],
      ...columns.map(columnRow),
    ]),
    ...(ignoredColumns.length === 0 ? [] : [`not read: ${ignoredColumns.join(', ')}`]),
    ...(findings.length === 0
      ? ['findings: none']
      : [
          `findings: ${findings.length}`,
          ...table([
            ['severity', 'code', 'column', 'count', 'from', 'to', 'what'],
            ...ranked.map(findingRow),
          ]),
        ]),
  ]
    .map(printable)
    .join('\n');
}
