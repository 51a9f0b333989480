import { gunzipSync } from 'node:zlib';
import { DomainError, isoInstant } from '#core';
import {
  type GreenButton,
  GREEN_BUTTON_LIMITS,
  greenButtonCsv,
  type GreenButtonSeries,
  readGreenButton,
} from '#metering';
import { readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { tableText } from '../table-text.ts';

/** Reads a Green Button file and tells what is in it. @throws FILE_*, GZIP_INVALID, XML_ENCODING, as readGreenButton and greenButtonCsv */
export async function convertGreenButton(
  file: string,
  { csv = false }: { readonly csv?: boolean },
  output: Output,
): Promise<void> {
  const document = readGreenButton(textOf(await readInputFile(file, GREEN_BUTTON_LIMITS.characters)));
  requireContent(document);
  if (csv) {
    const { csv: table } = greenButtonCsv(document);
    output.result({ csv: table }, table.trimEnd());
    return;
  }
  const told = documentOf(document);
  output.result(told, toText(told));
}

/** @throws ESPI_EMPTY where nothing is measured in it: neither readings nor the publisher's own summary */
function requireContent({ series, summaries }: GreenButton): void {
  if (summaries.length > 0 || series.some(({ rows }) => rows > 0)) return;
  throw new DomainError('ESPI_EMPTY', 'expected readings (IntervalReading) or a UsageSummary, got a document of neither'); // prettier-ignore
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function textOf(bytes: Uint8Array): string {
  const plain = isGzip(bytes) ? unzipped(bytes) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    throw new DomainError('XML_ENCODING', 'expected UTF-8, got other bytes');
  }
}

function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: GREEN_BUTTON_LIMITS.characters });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'other bytes';
    throw new DomainError('GZIP_INVALID', `expected gzip of at most ${GREEN_BUTTON_LIMITS.characters} bytes, got ${reason}`); // prettier-ignore
  }
}

const numberOf = (exact: GreenButtonSeries['total']): number | null => exact?.toNumber() ?? null;

const seriesOf = ({ readings, unit, total, energyWh, costE5, ...series }: GreenButtonSeries) => ({
  ...series,
  unit: unit?.unit ?? null,
  readings: readings.length,
  total: numberOf(total),
  energyWh: numberOf(energyWh),
  costE5: numberOf(costE5),
  first: instantOf(readings[0]?.startMs),
  lastStart: instantOf(readings.at(-1)?.startMs),
});

const instantOf = (ms: number | undefined | null): string | null =>
  ms === undefined || ms === null ? null : isoInstant(ms);

/** The shape of `--json`: of one series in the file `totals` is all of it. */
function documentOf({ series, summaries, localTime, findings }: GreenButton) {
  const readings = series.flatMap(({ id, unit, flow, readings: own }) =>
    own.map(({ startMs, durationSeconds, value, costE5, qualities }) => ({
      series: id,
      start: isoInstant(startMs),
      durationSeconds,
      value: value.toNumber(),
      unit: unit?.unit ?? null,
      flow,
      ...(costE5 === null ? {} : { costE5: costE5.toNumber() }),
      ...(qualities.length === 0 ? {} : { qualities }),
    })),
  );
  const told = summaries.map(({ startMs, endMs, consumption, billE5, ...summary }) => ({
    ...summary,
    start: instantOf(startMs),
    end: instantOf(endMs),
    overallConsumptionLastPeriod: consumption?.value.toNumber() ?? null,
    unit: consumption?.unit?.unit ?? null,
    billLastPeriodE5: billE5?.toNumber() ?? null,
  }));
  return {
    totals: totalsOf(series, told),
    series: series.map(seriesOf),
    summaries: told,
    localTime,
    findings: findings.map(({ column, fromMs, toMs, ...finding }) => ({
      ...finding,
      series: column,
      from: isoInstant(fromMs),
      to: isoInstant(toMs),
    })),
    readings,
  };
}

interface ToldSummary {
  readonly overallConsumptionLastPeriod: number | null;
  readonly billLastPeriodE5: number | null;
}

/** Of what is known; null where nothing is. */
function sum(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

const only = <T>(values: readonly T[]): T | null => (new Set(values).size === 1 ? values[0]! : null);

/** Energy that was delivered and received apart; costs of one currency. Null where there is none, or where it differs. */
function totalsOf(series: readonly GreenButtonSeries[], summaries: readonly ToldSummary[]) {
  const starts = series.flatMap(({ readings }) => readings.map(({ startMs }) => startMs));
  const energy = (isReceived: boolean): number | null =>
    sum(series.filter(({ flow }) => (flow === 'received') === isReceived).map(({ energyWh }) => energyWh?.toNumber())); // prettier-ignore
  const [first, lastStart] = starts.reduce<readonly [number | null, number | null]>(
    ([least, most], ms) => [Math.min(least ?? ms, ms), Math.max(most ?? ms, ms)],
    [null, null],
  );
  const currency = only(series.map((each) => each.currency));
  return {
    readings: starts.length,
    intervalSeconds: only(series.map(({ intervalSeconds }) => intervalSeconds)),
    energyWh: energy(false),
    receivedWh: energy(true),
    costE5:
      currency === null && series.length > 1 ? null : sum(series.map(({ costE5 }) => costE5?.toNumber())),
    currency,
    first: instantOf(first),
    lastStart: instantOf(lastStart),
    overallConsumptionLastPeriod: sum(
      summaries.map((each) => each.overallConsumptionLastPeriod ?? undefined),
    ),
    billLastPeriodE5: sum(summaries.map((each) => each.billLastPeriodE5 ?? undefined)),
  };
}

function toText({ series, summaries, findings }: ReturnType<typeof documentOf>): string {
  const rows = series.map((each) => [
    each.title ?? each.id.slice(-40),
    String(each.readings),
    each.total === null ? '' : `${each.total} ${each.unit}`,
    each.flow ?? '',
    `${each.intervalSeconds} s`,
    each.first ?? '',
    each.lastStart ?? '',
    each.costE5 === null ? '' : `${(each.costE5 / 1e5).toFixed(2)} ${each.currency ?? ''}`.trim(),
  ]);
  return [
    tableText(['series', 'readings', 'total', 'flow', 'interval', 'first', 'last', 'cost'], rows),
    ...summaries.map(
      ({ start, end, overallConsumptionLastPeriod: stated, unit, billLastPeriodE5: bill, currency }) =>
        `by the publisher, ${start ?? '?'} to ${end ?? '?'}: ${stated ?? '?'} ${unit ?? ''}, bill ${bill === null ? '?' : (bill / 1e5).toFixed(2)} ${currency ?? ''}`.trimEnd(),
    ),
    ...(series.every(({ readings }) => readings === 0)
      ? ['no readings: only what the publisher sums up']
      : []),
    ...(findings.length === 0 ? ['no findings'] : findings.map(({ severity, code, message }) => `${severity.padEnd(7)}  ${code}: ${message}`)), // prettier-ignore
  ].join('\n');
}
